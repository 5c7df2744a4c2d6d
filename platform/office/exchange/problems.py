"""What is wrong with an import folder: all of it at once, each with file, line and column."""

from ...plan import Model


class Problem(Model):
    """One mistake; line and column count from 1, 0 where it is about the whole file. The text is Dutch."""

    file: str
    line: int = 0
    column: int = 0
    text: str

    def __str__(self) -> str:
        """Return `file:line:column: text`, as the compiler's diagnostics begin."""
        return f"{self.file}:{self.line}:{self.column}: {self.text}"
