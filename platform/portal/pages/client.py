"""What a client sees: what waits for them, one filing, and all that is theirs to read."""

from starlette.responses import Response

from ...service.clients.chats import list_unread
from ...service.clients.client_cases import say_period
from ...service.clients.client_pages import read_filing, read_home, read_overview
from ...service.relations.dossier import list_client_documents
from ...words import DOSSIER_KIND_WORDS
from ..answers import show
from ..call import Call, not_there
from ..page import Page


def show_home(call: Call) -> Response:
    """Show what waits for a client."""
    home, chats = read_home(call.desk, call.me), list_unread(call.desk, call.me)
    return show(call, "client_home.html.j2", home=home, chats=chats, say_period=say_period)


def show_filing(call: Call) -> Response:
    """Show one filing: what waits, what can be read, what was sent, what happened."""
    return show_page(call)


def show_page(call: Call, wrong: str = "", typed: str = "", status: int = 200) -> Response:
    """Show one filing to a client, with what is wrong with a remark that they sent."""
    found = read_filing(call.desk, call.me, call.path["key"]) or not_there()
    given = {"filing": found, "head": found.head, "wrong": wrong, "typed": typed}
    return show(call, "client_filing.html.j2", status=status, **given)


def show_overview(call: Call) -> Response:
    """Show the filings of which something is for a client, by relation and year."""
    return show(
        call,
        "client_overview.html.j2",
        years=read_overview(call.desk, call.me),
        documents=list_client_documents(call.desk, call.me),
        kinds=DOSSIER_KIND_WORDS,
    )


PAGES = (
    Page("/mijn", "client", show_home),
    Page("/aangiften", "client", show_overview),
    Page("/mijn/{key}", "client", show_filing),
)
