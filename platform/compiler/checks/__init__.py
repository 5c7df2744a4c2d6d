"""Checks: one module each, with `check` and the declarations of its codes; found, never listed."""
