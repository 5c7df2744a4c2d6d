"""`make demo`: a month in a practice office, played through the same calls as the commands."""

from .home import demo_home
from .play import play

__all__ = ["demo_home", "play"]
