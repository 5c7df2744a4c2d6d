"""Filters of lists: typed in a form that is sent, and then kept in the address, so that going back works.

A form is sent by POST since somebody may type a number or an address in it, which no address bar may show.
"""

from collections.abc import Collection
from urllib.parse import urlencode

from starlette.responses import Response

from ..filters import FilterError
from ..filters import read_filter as read_typed_filter
from ..service.overviews.browsing import identifies_somebody
from ..service.overviews.insights import find_private
from ..words import say_too_long
from .answers import go
from .call import Call

LONGEST_FILTER = 100
"""Signs of a filter in an address, and of a search."""


def address_of(path: str, **filters: object) -> str:
    """Return the address of a list with these filters; what is not filled in is left out."""
    given = {name: str(value) for name, value in filters.items() if value not in ("", None)}
    return f"{path}?{urlencode(given)}" if given else path


def keep_filters(call: Call, path: str, names: Collection[str]) -> Response | None:
    """Return the way to a list with what was typed.

    None where that would tell who somebody is, or is longer than a filter may be.
    """
    given = {name: call.read_text(name) for name in names}
    if any(identifies_somebody(one) or say_too_long(one, LONGEST_FILTER) for one in given.values()):
        return None
    return go(call, address_of(path, **given))


def tells_somebody(filter_text: str) -> bool:
    """Say whether a typed filter holds what tells who somebody is; of one that cannot be read, as a text."""
    if isinstance(read_typed_filter(filter_text), FilterError):
        return identifies_somebody(filter_text)
    return bool(find_private(filter_text))


def read_page(call: Call, name: str = "pagina") -> int:
    """Return which page of a list is asked; the first where that is not a number."""
    asked = call.query.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def read_filter(call: Call, name: str) -> str:
    """Return a filter of the address; one that tells who somebody is counts for nothing."""
    value = call.query.get(name, "").strip()[:LONGEST_FILTER]
    return "" if identifies_somebody(value) else value
