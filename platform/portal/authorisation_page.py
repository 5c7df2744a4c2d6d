"""docs/authorisation.md, made from the tables that are enforced: `make docs`."""

import sys
from collections.abc import Iterable
from inspect import getdoc
from typing import get_args

from ..service.access import MAY, Doing, Kind, Standing
from .page import Page, Who
from .routes import list_pages

_HEAD = """# Who may do what

This page is made by `make docs` from `MAY` in `platform/service/access.py` and from the pages of the
portal; a test compares them. It is the outer fence: what somebody may do to one filing (role, four eyes,
authority) the machine judges each time, and docs/portal.md says who reads what of it. Whatever is not
allowed here is answered like what does not exist, 404, also to a colleague.

## What each kind of person may do for a relation

`own`: for a client a relation of which they are a contact, for a colleague every relation. `former`: a
relation that has left the office. `other`: any other. Beheer is given per person (`kantoor portal
manager`).
"""
_PAGES = """
## Whom each page is for

`anybody` needs no session; `half` has one and has not given the second factor yet; `signed_in` is any
session; the others need one of that kind of person. A page that names a filing or a relation asks the table
above too.
"""


def authorisation_page() -> str:
    """Return the text of the page."""
    doings, pages = get_args(Doing), list_pages()
    may = [
        (kind, standing, *("yes" if one in MAY[kind, standing] else "" for one in doings if one != "manage"))
        for kind in get_args(Kind)
        for standing in get_args(Standing)
    ]
    manage = ("team, with beheer", "any", *("" for one in doings if one != "manage"))
    rows = [(*row, "") for row in may] + [(*manage, "yes")]
    table = _table(("Person", "Standing", *(one.replace("_", " ") for one in doings)), rows)
    by_who = [
        (who, page.method, f"`{page.path}`", _first_line(page))
        for who in get_args(Who)
        for page in sorted(pages, key=lambda page: (page.path, page.method))
        if page.who == who
    ]
    return f"{_HEAD}\n{table}\n{_PAGES}\n{_table(('For', 'Method', 'Page', 'What it does'), by_who)}\n"


def _first_line(page: Page) -> str:
    return (getdoc(page.answer) or "").partition("\n")[0]


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    sys.stdout.write(authorisation_page())
