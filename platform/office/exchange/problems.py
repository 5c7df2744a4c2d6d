"""What is wrong with an import folder: all of it at once, each with file, line and column."""

from pydantic import Field

from ...plan import Model


class Problem(Model):
    """One mistake, in Dutch; line and column count from 1, and the column is one of the sheet (B is 2).

    `name` is what the file calls the column of a cell, or would call it where it `lacks` that. What is about
    a whole row has column 1, what is about a whole file or folder line 1 too, and no name. `plain` is the
    text for who sees no files, where it names a place in one, or an id.
    """

    file: str
    line: int = Field(default=1, ge=1)
    column: int = Field(default=1, ge=1)
    name: str = ""
    lacks: bool = False
    text: str
    plain: str = ""

    def __str__(self) -> str:
        """Return the place and the text as one line, as people read it."""
        places = [self.file]
        if self.line > 1 or self.column > 1 or self.name:
            places.append(f"regel {self.line}")
        if self.lacks:
            places.append(f"kolom '{self.name}' (niet in het bestand)")
        elif self.column > 1 or self.name:
            places.append(f"kolom {self.column}{f' ({self.name})' if self.name else ''}")
        return f"{', '.join(places)}: {self.text}"
