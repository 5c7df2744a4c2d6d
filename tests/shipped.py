"""The shipped definitions, which a process of tests compiles once."""

from functools import cache
from pathlib import Path

from kantoor.compiler import Compilation, compile_definitions

DEFINITIONS = Path(__file__).parents[1] / "definitions"


@cache
def compile_shipped() -> Compilation:
    """Return the shipped definitions, compiled; nobody changes them."""
    return compile_definitions(DEFINITIONS)
