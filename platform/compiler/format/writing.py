"""Writing: arranged parts as the lines of a file."""

from .arranging import room_for, write_in_one_line, write_key
from .parts import Part
from .rules import COMMENT_COLUMN
from .scalars import STEP, write_scalar

GAP = 3
"""The least number of spaces between a long line and its comment."""

Line = tuple[str, str | None]
"""A line and the comment beside it."""


def write_parts(whole: Part, head: list[str]) -> str:
    """Return a file from its arranged parts and the comments at its top."""
    writer = _Writer()
    writer.lines += [(line, None) for line in head]
    writer.write_below(whole, "", "")
    writer.lines += [] if whole.parts else [("{}", None)]
    writer.write_comments(whole.end, "")
    return "".join(f"{line}\n" for line in _align(writer.lines))


class _Writer:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.keeps = False
        """Whether empty lines would be part of the text that ends here."""

    def write_comments(self, comments: list[str], indent: str) -> None:
        """Write comments and empty lines, each on a line of its own."""
        for line in comments:
            if line:
                self.lines.append((f"{indent}{line}", None))
                self.keeps = False
            elif not self.keeps:
                self.lines.append(("", None))

    def write_below(self, part: Part, indent: str, start: str) -> None:
        """Write the parts of a mapping or list; `start` is what the line of the first one begins with."""
        for number, child in enumerate(part.parts):
            self.write_comments(child.above, indent)
            self._write(child, indent, start if number == 0 else indent)
            self.write_comments(child.below, indent)

    def _write(self, part: Part, indent: str, start: str) -> None:
        lead = f"{start}{write_key(part) or '-'}"
        room = room_for(part, len(indent))
        below = f"{indent}{STEP}"
        self.keeps = False
        if not isinstance(part.node.value, dict | list):
            written = write_scalar(part, len(below), room)
            self.lines.append((f"{lead} {written.head}".rstrip(), part.beside))
            self.lines += [(f"{below}{line}" if line else "", None) for line in written.lines]
            self.keeps = written.head.endswith("+") and bool(written.lines)
        else:
            inline = write_in_one_line(part, room)
            if inline is not None:
                self.lines.append((f"{lead} {inline}", part.beside))
            elif part.is_item:
                self.write_below(part, below, f"{lead} ")
            else:
                self.lines.append((lead, part.beside))
                self.write_below(part, below, below)
        self.write_comments(part.end, below)


def _align(lines: list[Line]) -> list[str]:
    """Return the lines with their comments: in one column, or that of the longest of adjoining long lines."""
    aligned: list[str] = []
    run: list[Line] = []
    for line in [*lines, ("", None)]:
        text, comment = line
        if comment is not None and len(text) + 2 > COMMENT_COLUMN:
            run.append(line)
            continue
        column = max((len(long) for long, _ in run), default=0) + GAP
        aligned += [f"{long:{column}}{said}" for long, said in run]
        run = []
        aligned.append(f"{text:{COMMENT_COLUMN}}{comment}" if comment is not None else text)
    return aligned[:-1]
