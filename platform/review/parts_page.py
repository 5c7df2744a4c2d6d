"""The table of docs/reviewing.md: what each part of a plan promises, to whom, and the class of its changes.

`python -m kantoor.review.parts_page docs/reviewing.md` puts it at the end of the page; a test compares it.
"""

import sys
from pathlib import Path

from ..drawing.markdown import table
from .rules.table import RULES

BEGINS = "| part | class | for | what it promises |"


def write_table() -> str:
    """Return the table of rules as Markdown."""
    rows = sorted(
        (
            f"`{rule.part}`",
            "by where it is" if callable(rule.cls) else rule.cls,
            "by where it is" if callable(rule.whom) else rule.whom,
            rule.promise,
        )
        for rule in RULES
    )
    return table(("part", "class", "for", "what it promises"), rows) + "\n"


def renew(page: str) -> str:
    """Return the page with the table as it is now at its end."""
    return page.partition(BEGINS)[0] + write_table()


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(renew(file.read_text("utf-8")), "utf-8")
