"""What a team member has to do."""

from starlette.responses import Response

from ...service.reading import work
from ...service.results import Refusal
from ..answers import refuse, show
from ..call import Call
from ..routes import Page


def show_work(call: Call) -> Response:
    """Show the work of who is signed in, what is due first coming first."""
    found = work(call.desk, call.me.id)
    if isinstance(found, Refusal):
        return refuse(call, found)
    return show(call, "work.html.j2", lines=found)


PAGES = (Page("/werk", "team", show_work),)
