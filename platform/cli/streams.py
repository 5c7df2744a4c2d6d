"""Standard output and error as this terminal has them: what they cannot show is replaced, never an error."""

import codecs
import io
import os
import sys
from typing import TextIO


def prepare_streams() -> None:
    """Have both streams take any text: characters outside their encoding become '?'.

    Where standard output is closed, what belongs there goes to standard error; where both are, nowhere.
    """
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if stream is None:
            os.open(os.devnull, os.O_RDWR)  # takes its number, which a file of ours would get else
    sys.stderr = sys.stderr or _open_nowhere()
    sys.stdout = sys.stdout or sys.stderr
    sys.stdout, sys.stderr = _prepare(sys.stdout), _prepare(sys.stderr)


class _AsciiStream(io.TextIOWrapper):
    """A stream that is asked for ASCII; it says UTF-8, since click takes ASCII for a mistake."""

    def write(self, text: str) -> int:
        """Write a text with what is not ASCII replaced."""
        return super().write(text.encode("ascii", "replace").decode("ascii"))


def _prepare(stream: TextIO) -> TextIO:
    if not isinstance(stream, io.TextIOWrapper) or isinstance(stream, _AsciiStream):
        return stream
    if codecs.lookup(stream.encoding).name == "ascii":
        lines = stream.line_buffering
        return _AsciiStream(stream.detach(), encoding="utf-8", line_buffering=lines)
    stream.reconfigure(errors="replace")
    return stream


def _open_nowhere() -> io.TextIOWrapper:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  it is open as long as the program
