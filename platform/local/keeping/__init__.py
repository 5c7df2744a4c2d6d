"""`kantoor backup` and `kantoor restore`: an office in one archive, and back."""

from .backup import BackedUp, back_up
from .restore import Restored, restore

__all__ = ["BackedUp", "Restored", "back_up", "restore"]
