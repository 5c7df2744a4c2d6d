"""What Git says of a folder: its revision and whose that is."""

import subprocess
from pathlib import Path


def revision_of(folder: Path) -> str:
    """Return the git revision that a folder is at, with '+' when it holds changes; empty without git.

    A folder that git is told to ignore is at none, whatever repository it lies in.
    """
    head = "" if _is_ignored(folder) else _run_git(folder, "rev-parse", "--short=12", "HEAD")
    changed = _run_git(folder, "status", "--porcelain", "--", ".") if head else ""
    return f"{head}+" if changed else head


def author_of(folder: Path) -> str:
    """Return who made the git revision that a folder is at; empty where it is at none."""
    return "" if _is_ignored(folder) else _run_git(folder, "log", "-1", "--format=%an")


def _is_ignored(folder: Path) -> bool:
    return bool(_run_git(folder, "check-ignore", "."))


def _run_git(folder: Path, *words: str) -> str:
    try:
        ran = subprocess.run(  # noqa: S603  fixed words, no shell
            ["git", "-C", str(folder), *words],  # noqa: S607  whichever git the admin uses
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""
