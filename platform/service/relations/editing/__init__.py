"""Editing a relation: sheets with what can be changed, and the acts that change it (R25)."""
