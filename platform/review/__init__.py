"""Reviewing a change of definitions: what it means, in sentences, before it is merged."""
