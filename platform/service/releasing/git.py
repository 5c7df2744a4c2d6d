"""What Git says of a folder: its revision and whose that is."""

import subprocess
from collections.abc import Collection
from pathlib import Path


def revision_of(folder: Path) -> str:
    """Return the git revision that a folder is at, with '+' when it holds changes; empty without git.

    A folder that git is told to ignore is at none, whatever repository it lies in. Where git does not say
    whether it is ignored the folder is at none either, and where it does not say whether it holds changes, it
    does: what nobody committed is never taken for a revision.
    """
    head = None if _may_be_ignored(folder) else _run_git(folder, "rev-parse", "--short=12", "HEAD")
    if not head:
        return ""
    changed = _run_git(folder, "status", "--porcelain", "--", ".")
    return head if changed == "" else f"{head}+"


def author_of(folder: Path) -> str:
    """Return who made the git revision that a folder is at; empty where it is at none."""
    return "" if _may_be_ignored(folder) else _run_git(folder, "log", "-1", "--format=%an") or ""


def _may_be_ignored(folder: Path) -> bool:
    """Say whether git ignores a folder, or does not say that it does not."""
    return _run_git(folder, "check-ignore", ".", answers=(0, 1)) != ""


def _run_git(folder: Path, *words: str, answers: Collection[int] = (0,)) -> str | None:
    """Return what git prints, or None where it fails, is not there or takes too long.

    `answers` are the exit statuses by which it answers.
    """
    try:
        ran = subprocess.run(  # noqa: S603  fixed words, no shell
            ["git", "-C", str(folder), *words],  # noqa: S607  whichever git the admin uses
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return ran.stdout.strip() if ran.returncode in answers else None
