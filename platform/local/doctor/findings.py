"""What the doctor says."""

from typing import Literal

from ...plan import Model


class Finding(Model):
    """One thing that was looked at. `mend` says what to do unless it is good. No personal data."""

    state: Literal["good", "warning", "wrong"]
    subject: str
    text: str
    mend: str = ""


def good(subject: str, text: str) -> Finding:
    """Say that something is as it should be."""
    return Finding(state="good", subject=subject, text=text)


def warning(subject: str, text: str, mend: str) -> Finding:
    """Say what will become wrong, or is worth knowing."""
    return Finding(state="warning", subject=subject, text=text, mend=mend)


def wrong(subject: str, text: str, mend: str) -> Finding:
    """Say what is wrong, and how to mend it."""
    return Finding(state="wrong", subject=subject, text=text, mend=mend)
