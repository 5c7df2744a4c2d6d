"""The compiler: definitions become plans, or diagnostics with positions."""

from .compilation import Compilation, compile_definitions

__all__ = ["Compilation", "compile_definitions"]
