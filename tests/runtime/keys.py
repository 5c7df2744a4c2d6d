"""Further keys, as they come into an office's folder when its keys are changed."""

import base64
import secrets
from pathlib import Path

from kantoor.runtime.keys import HISTORIES, KEY_BYTES


def add_key(folder: Path, number: int) -> None:
    """Put one more key of histories into the folder."""
    secret = base64.b64encode(secrets.token_bytes(KEY_BYTES))
    (folder / f"{HISTORIES}-{number}.key").write_bytes(secret + b"\n")
