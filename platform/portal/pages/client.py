"""What a client sees: what waits for them, one filing, and all that is theirs to read."""

from starlette.responses import Response

from ...service.clients.chats import list_unread
from ...service.clients.client_cases import say_period
from ...service.clients.client_pages import read_filing, read_home, read_overview
from ...service.relations.dossier import list_client_documents
from ...words import DOSSIER_KIND_WORDS
from ..answers import show
from ..call import Call, not_there
from ..drafts import open_draft
from ..page import Page


def show_home(call: Call) -> Response:
    """Show what waits for a client."""
    home, chats = read_home(call.desk, call.me), list_unread(call.desk, call.me)
    return show(call, "client_home.html.j2", home=home, chats=chats, say_period=say_period)


def show_filing(call: Call) -> Response:
    """Show one filing: what waits, what can be read, what was sent, what happened, and a remark."""
    key = call.path["key"]
    call = open_draft(call, f"/mijn/{key}")
    found, refusal = read_filing(call.desk, call.me, key) or not_there(), call.told.refusal
    return show(
        call,
        "client_filing.html.j2",
        filing=found,
        head=found.head,
        wrong=refusal.text if refusal else "",
        typed=call.read_text("opmerking"),
    )


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
