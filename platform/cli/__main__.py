"""`python -m kantoor.cli` is `kantoor`."""

from .main import run

run()
