"""`kantoor doctor`: what is wrong with this office on this machine, and how to mend it."""

from .examination import examine
from .findings import Finding

__all__ = ["Finding", "examine"]
