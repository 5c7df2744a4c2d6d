"""Checks: one module each, with `check` and its codes. They are discovered by walking this package."""
