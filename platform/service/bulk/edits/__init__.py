"""Edits of relations in bulk: by the rules of their pages, written in one transaction (R25, R30)."""
