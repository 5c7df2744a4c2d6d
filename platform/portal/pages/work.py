"""What a team member has to do: their own work, that of absent colleagues, and what nobody has."""

from itertools import groupby
from typing import get_args

from starlette.responses import Response

from ...period import Period
from ...service.clients.chats import UnreadChat, list_unread, list_unread_of_both
from ...service.lists import say_kind, say_round, say_sent_back
from ...service.names import short_name
from ...service.overviews.reading import NOT_COVERED, RECURRENCE, WAITS, Waiting
from ...service.overviews.team_pages import WorkList, WorkPage, WorkQuery, read_work, say_when
from ...words import WORK_WORDS
from ..answers import show
from ..call import Call
from ..filtering import address_of, read_page
from ..page import Page

MOST_CHATS = 100
"""So many chats are shown, the oldest first; the others are counted, and follow once these are read."""
_WHEN = ("Te laat", "Had al moeten beginnen", "Vandaag", "Deze week", "Later", "Zonder datum")


def show_work(call: Call) -> Response:
    """Show the work of who is signed in, what is due first coming first; what is asked is in the address."""
    query = _read_query(call)
    found = read_work(call.desk, call.me, query)
    unread, chats = _list_chats(call, query)
    grouped = groupby(found.lines, lambda one: _group(one, found))
    return show(
        call,
        "work.html.j2",
        found=found,
        query=query,
        groups=[(title, list(lines)) for title, lines in grouped],
        chats=chats[:MOST_CHATS],
        waiting=len(chats),
        unread=len(unread),
        words=WORK_WORDS,
        say_kind=say_kind,
        say_round=say_round,
        say_sent_back=say_sent_back,
        when=lambda line: say_when(line.day, found.today),
        lead=_lead,
        period=lambda line: Period.parse(line.period).words,
        address=lambda **changed: _address(query, **changed),
        turn=lambda page: _address(query, page=page),
    )


def _list_chats(call: Call, query: WorkQuery) -> tuple[tuple[UnreadChat, ...], tuple[UnreadChat, ...]]:
    """Return what clients wrote that waits for who is signed in, and that for a reader of this list.

    Its first page alone has them, and a filter is about other work.
    """
    shown = not (query.kind or query.template or query.late or query.list == "afwezig" or query.page > 1)
    if shown and query.list != "mijn":
        return list_unread_of_both(call.desk, call.me)
    own = list_unread(call.desk, call.me)
    return own, own if shown else ()


def _read_query(call: Call) -> WorkQuery:
    """Return what the address asks for; what it cannot ask for is left out."""
    asked = call.query.get("lijst", "")
    return WorkQuery(
        list=next((one for one in get_args(WorkList) if one == asked), "mijn"),
        kind=next((one for one in WORK_WORDS if one == call.query.get("wat")), ""),
        template=call.query.get("werkproces", "")[:100],
        late=call.query.get("te-laat") == "ja",
        page=read_page(call),
    )


def _address(query: WorkQuery, **changed: object) -> str:
    """Return the address of this list with something changed; the first page again unless that is changed."""
    new = query.model_copy(update={"page": 1, **changed})
    facts: dict[str, object] = {
        "lijst": new.list if new.list != "mijn" else "",
        "wat": new.kind,
        "werkproces": new.template,
        "te-laat": "ja" if new.late else "",
        "pagina": str(new.page) if new.page > 1 else "",
    }
    return address_of("/werk", **facts)


def _lead(line: Waiting) -> str:
    """Return where a line leads: to its phase, else to where what does not go by itself is mended."""
    if line.phase:
        place = "verplaatsen" if line.kind == "move" else f"fase-{line.phase}"
        return f"/opdrachten/{short_name(line.filing)}#{place}"
    if line.filing.startswith("recurrence/") and line.kind != RECURRENCE:
        _, template, _, sub_number = line.filing.split("/")
        return f"/relaties/{line.relation}/vanzelf/{template}/{sub_number}"
    if line.kind in WAITS:
        return f"/opdrachten/{short_name(line.filing)}"
    base = f"/relaties/{line.relation}"
    if line.kind == NOT_COVERED:
        return address_of(f"{base}/starten/{line.template}", periode=line.period)
    return f"{base}/gereed" if line.kind == RECURRENCE else base


def _group(line: Waiting, found: WorkPage) -> str:
    late, passed, today, week, later, never = _WHEN
    if line.late:
        return late
    if line.place is None:
        return never
    days = (line.place - found.today).days
    if days < 0:
        return passed
    if days == 0:
        return today
    return week if days <= 6 - found.today.weekday() else later


PAGES = (Page("/werk", "team", show_work),)
