"""What a client sees: what waits for them, and their returns."""

from starlette.responses import Response

from ...service.client_pages import read_home
from ..answers import show
from ..call import Call
from ..routes import Page


def show_home(call: Call) -> Response:
    """Show what waits for a client, and what they can read."""
    return show(call, "client_home.html.j2", home=read_home(call.desk, call.me))


PAGES = (Page("/mijn", "client", show_home),)
