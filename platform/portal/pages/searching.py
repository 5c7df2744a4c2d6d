"""What a word, a number or an address finds."""

from starlette.responses import Response

from ...service.overviews.browsing import identifies_somebody, look_up
from ...service.visiting.front import read_front
from ..answers import go, show
from ..call import Call
from ..filtering import address_of, read_filter
from ..routes import Page


def search(call: Call) -> Response:
    """Look for what was typed; a word goes into the address, what tells who somebody is never does."""
    text = call.read_text("q")[:200]
    return show_hits(call, text) if identifies_somebody(text) else go(call, address_of("/zoek", q=text))


def show_found(call: Call) -> Response:
    """Show what the word in the address finds."""
    return show_hits(call, read_filter(call, "q"))


def show_hits(call: Call, text: str) -> Response:
    """Show what a text finds; a relation with exactly this number opens at once."""
    front = read_front(call.desk)
    hits = look_up(call.desk, text, front.now.date()) if text else None
    if hits is not None and hits.exact:
        return go(call, f"/relaties/{hits.exact}")
    return show(call, "search.html.j2", front=front, text=text, hits=hits)


PAGES = (Page("/zoek", "team", show_found), Page("/zoek", "team", search, "POST", acts=False))
