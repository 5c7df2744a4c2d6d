"""What is wrong with an import folder: all of it at once, each with file, line and column."""

from pydantic import Field

from ...plan import Model


class Problem(Model):
    """One mistake, in Dutch; line and column count from 1, and the column is one of the sheet (B is 2).

    What is about a whole file or folder has line 1, column 1: an editor that jumps there finds it.
    """

    file: str
    line: int = Field(default=1, ge=1)
    column: int = Field(default=1, ge=1)
    text: str

    def __str__(self) -> str:
        """Return `file:line:column: text`, as the compiler's diagnostics begin."""
        return f"{self.file}:{self.line}:{self.column}: {self.text}"
