"""Reference data that lies beside the repository on some machines and is never part of it."""

from pathlib import Path

import pytest

_FOLDER = Path(__file__).parents[4] / "shared" / "sbr"


def reference(name: str) -> Path:
    """Return a reference file, or skip the test with the reason."""
    file = _FOLDER / name
    if not file.exists():
        pytest.skip(f"reference data ../shared/sbr/{name} is not on this machine")
    return file
