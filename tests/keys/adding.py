"""Further keys, as they come into an office's folder when its keys are changed."""

import base64
import secrets
from pathlib import Path

from kantoor.keys.ring import HISTORIES, KEY_BYTES


def add_key(folder: Path, number: int, purpose: str = HISTORIES) -> None:
    """Put one more key into the folder."""
    secret = base64.b64encode(secrets.token_bytes(KEY_BYTES))
    (folder / f"{purpose}-{number}.key").write_bytes(secret + b"\n")
