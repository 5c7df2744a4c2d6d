"""`make demo`: a month of VAT returns in a practice office, played through the same calls as the commands."""

from .play import play

__all__ = ["play"]
