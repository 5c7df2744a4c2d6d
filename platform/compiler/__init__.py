"""The compiler: definitions become plans, or diagnostics that say what is wrong and where."""

from .compilation import Compilation, compile_definitions

__all__ = ["Compilation", "compile_definitions"]
