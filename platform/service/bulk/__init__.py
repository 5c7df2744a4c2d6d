"""Doing one thing for many relations at once: shown first, confirmed, carried out line by line (R30)."""
