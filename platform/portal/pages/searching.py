"""What a word, a number or an address finds."""

from starlette.responses import Response

from ...period import Period
from ...service.overviews.browsing import identifies_somebody, look_up
from ...service.visiting.front import read_front
from ...words import say_too_long
from ..answers import go, show
from ..call import Call
from ..filtering import LONGEST_FILTER, address_of, read_filter
from ..page import Page


def search(call: Call) -> Response:
    """Look for what was typed; a word goes into the address, what tells who somebody is never does."""
    text = call.read_text("q")
    if say_too_long(text, LONGEST_FILTER) or identifies_somebody(text):
        return show_hits(call, text)
    return go(call, address_of("/zoek", q=text))


def show_found(call: Call) -> Response:
    """Show what the word in the address finds."""
    return show_hits(call, read_filter(call, "q"))


def show_hits(call: Call, text: str) -> Response:
    """Show what a text finds, or that it is too long; a relation with exactly this number opens at once.

    A text that is in no address is answered so where it was sent, and is kept nowhere.
    """
    front, long = read_front(call.desk), say_too_long(text, LONGEST_FILTER)
    hits = look_up(call.desk, text, front.now.date()) if text and not long else None
    if hits is not None and hits.exact:
        return go(call, f"/relaties/{hits.exact}")
    return show(
        call,
        "search.html.j2",
        status=422 if long else 200,
        front=front,
        text=text,
        hits=hits,
        long=long,
        say_period=lambda code: Period.parse(code).words,
    )


PAGES = (Page("/zoek", "team", show_found), Page("/zoek", "team", search, "POST", acts=False))
