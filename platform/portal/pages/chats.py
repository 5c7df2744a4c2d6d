"""Chats: what a contact and colleagues write each other about one filing, on a page of each."""

from starlette.responses import Response

from ...service.clients.chat_writing import Written, confirm_read, write
from ...service.clients.chats import (
    find_own_filing,
    read_chats,
    read_own_chat,
)
from ...service.clients.client_requests import read_request
from ...service.results import Refusal
from ..answers import go, refuse, show
from ..call import Call, not_there
from ..drafts import lead_back, open_draft
from ..page import Page

UNKNOWN = ("no_chat", "no_filing", "several_filings")
"""Refusals of what is not there."""


def show_own(call: Call) -> Response:
    """Show a client their own chat about a filing, with what they typed."""
    path = f"/mijn/{call.path['key']}/gesprek"
    call = open_draft(call, path)
    found = read_own_chat(call.desk, call.me, call.path["key"]) or not_there()
    return show(
        call,
        "client_chat.html.j2",
        found=found,
        head=found.head,
        path=path,
        refusal=call.told.refusal,
        text=call.read_text("bericht") or _begin_text(call),
    )


def take_own(call: Call) -> Response:
    """Take what a client wrote, or that they have read what we wrote."""
    path = f"/mijn/{call.path['key']}/gesprek"
    name = find_own_filing(call.desk, call.me, call.path["key"]) or not_there()
    done = _take(call, name, call.me.id)
    if isinstance(done, Refusal):
        return lead_back(call, show_own, path, refusal=done)
    return go(call, path, _say_to_client(done) if done else "U hebt dit gelezen.")


def show_chats(call: Call) -> Response:
    """Show a colleague the chats of a filing, with what they typed."""
    name, path = call.path["name"], _path(call)
    call = open_draft(call, path)
    found = read_chats(call.desk, call.me, name)
    if isinstance(found, Refusal):
        return not_there() if found.code in UNKNOWN else refuse(call, found, back=f"/opdrachten/{name}")
    return show(
        call,
        "chats.html.j2",
        found=found,
        path=path,
        refusal=call.told.refusal,
        sent=call.read_text("contact"),
        text=call.read_text("bericht"),
    )


def take_chat(call: Call) -> Response:
    """Take what a colleague wrote to a contact, or that they have read what the contact wrote."""
    name = call.path["name"]
    done = _take(call, name, call.read_text("contact"))
    if isinstance(done, Refusal):
        return lead_back(call, show_chats, _path(call), refusal=done)
    return go(call, _path(call), "Uw bericht is verstuurd." if done else "Gelezen.")


def _path(call: Call) -> str:
    return f"/opdrachten/{call.path['name']}/gesprek"


def _take(call: Call, name: str, contact: str) -> Written | Refusal | None:
    last = call.read_text("laatste")
    seen = int(last) if last.isascii() and last.isdigit() and len(last) < 16 else 0
    if call.read_text("doen") == "gelezen":
        return confirm_read(call.desk, call.me, name, contact, seen)
    return write(call.desk, call.me, name, contact, call.act_id, call.read_text("bericht"), seen=seen)


def _say_to_client(done: Written) -> str:
    if not done.closed:
        return "Uw bericht is verstuurd."
    return f"Uw bericht is verstuurd aan {done.reader or 'ons kantoor'}."


def _begin_text(call: Call) -> str:
    """Return how a message begins that somebody writes about what is asked of them and they do not have."""
    request, item = call.query.get("uitvraag", ""), call.query.get("stuk", "")
    asked = read_request(call.desk, call.me, call.path["key"], request) if request and item else None
    title = next((one.title for one in asked.items if one.id == item), "") if asked else ""
    return f"‘{title}’ heb ik niet, omdat " if title else ""


PAGES = (
    Page("/mijn/{key}/gesprek", "client", show_own),
    Page("/mijn/{key}/gesprek", "client", take_own, "POST", acts=False),
    Page("/opdrachten/{name:path}/gesprek", "team", show_chats),
    Page("/opdrachten/{name:path}/gesprek", "team", take_chat, "POST", acts=False),
)
