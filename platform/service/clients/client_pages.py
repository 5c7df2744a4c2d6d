"""What a client reads on the pages: what waits, one filing, and all that is theirs to read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

from sqlalchemy import Connection

from ...audience import Viewer
from ...filing.view import OfferView, View, read_view
from ...office.filings.chat_lines import has_unread
from ...office.filings.filing import Filing, list_filings
from ...office.office_clock import office_now
from ...office.overviews.informed import MOST_INFORMED, list_informing
from ...office.overviews.rejections import find_offered_to
from ...office.overviews.worklist import work_of
from ...office.people import find_person, relations_of
from ...office.pilots import find_pilot_of
from ...office.relations.relation import all_relations
from ...period import Period
from ...plan import Model, Planner
from ...words import CLIENT_ASK_WORDS, CLIENT_STATUS_WORDS, WAY_WORDS
from ..access import Visitor, keys_of
from ..desk import Desk
from ..filings.audiences import ClientNote, find_versions, list_notes
from ..overviews.reading import Waiting, work
from ..results import Refusal
from .client_cases import (
    ClientCase,
    ClientEvent,
    ClientHead,
    find_client_case,
    list_events,
    make_head,
    say_event,
    say_period,
)
from .client_offers import ClientOffer, list_offers
from .client_requests import ClientFile, Status, list_sent, list_statuses, make_file
from .client_tasks import ClientTask, list_tasks

WaitingKind = Literal["decide", "request", "task"]

INFORMED = WAY_WORDS["information"]
_PLACES: dict[WaitingKind, str] = {"decide": "aanbieding", "request": "uitvraag", "task": "taak"}


class WaitingLine(Model):
    """One thing that waits for a client: where it is, what is asked, and by when it is wanted."""

    path: str
    kind: WaitingKind
    asks: str
    title: str
    filing: str
    period: str
    relation: str
    due: date | None
    late: bool
    missing: tuple[str, ...]


class ObjectionLine(Model):
    """What a client was informed of and may object to: where it is, of which filing, and until which day."""

    path: str
    filing: str
    period: str
    relation: str
    until: date


class ClientHome(Model):
    """A client's first page."""

    waiting: tuple[WaitingLine, ...]
    objections: tuple[ObjectionLine, ...] = ()
    more_objections: bool = False
    """Whether there are more filings to which they may object than these of."""


class RequestLine(Model):
    """What was asked in a filing, and how it is."""

    id: str
    title: str
    status: Status


class DocumentLine(Model):
    """A document that is for a client, by its hashes."""

    title: str
    hash: str
    rendering: str | None


class FilingForClient(Model):
    """One filing as a client reads it."""

    head: ClientHead
    waiting: tuple[WaitingLine, ...]
    offers: tuple[ClientOffer, ...]
    requests: tuple[RequestLine, ...]
    tasks: tuple[ClientTask, ...]
    documents: tuple[DocumentLine, ...]
    """Those that no offer shows."""
    sent: tuple[ClientFile, ...]
    notes: tuple[ClientNote, ...]
    events: tuple[ClientEvent, ...]
    unread: bool
    """Whether a colleague wrote in the chat what they have not read."""
    pilot: bool
    """Whether it is of a pilot that runs, on which they can remark."""


class OverviewLine(Model):
    """A filing in a client's overview, with what of it can be read."""

    key: str
    title: str
    period: str
    status: str
    since: date
    documents: tuple[DocumentLine, ...]
    object_until: date | None = None
    """The last day on which they can object to what it informed them of, while they can."""


class OverviewYear(Model):
    """The filings of one relation over one year, the latest first."""

    relation: str
    year: str
    filings: tuple[OverviewLine, ...]


def read_home(desk: Desk, visitor: Visitor) -> ClientHome:
    """Return what waits for a client, what is due first coming first. Raises DatabaseError."""
    objections, more = desk.read(lambda connection: _list_objections(connection, visitor))
    return ClientHome(waiting=_list_waiting(desk, visitor), objections=objections, more_objections=more)


def read_filing(desk: Desk, visitor: Visitor, key: str) -> FilingForClient | None:
    """Return a filing as a client reads it; None where it is not of their relation.

    Raises DatabaseError, DocumentError, UnreadableStateError, KeyFileError and BrokenSealError.
    """
    case = desk.read(lambda connection: find_client_case(connection, desk, visitor, key))
    if case is None:
        return None

    lines, head = desk.read(lambda c: (list_events(c, desk, case), make_head(c, case)))
    offers = list_offers(desk, case, lines)  # they read for themselves: one connection at a time

    def ask(connection: Connection) -> FilingForClient:
        offered = {one.hash for offer in offers for one in offer.documents}
        tasks = list_tasks(case, head)
        return FilingForClient(
            head=head,
            waiting=tuple(_find_waiting(case, head, offers, tasks)),
            offers=offers,
            requests=tuple(
                RequestLine(id=one.id, title=one.title, status=status) for one, status in list_statuses(case)
            ),
            tasks=tasks,
            documents=tuple(
                DocumentLine(title=document.title, hash=shown.hash, rendering=shown.rendering)
                for document, shown in find_versions(case.view, case.viewer).values()
                if shown.hash not in offered
            ),
            sent=tuple(
                {(one.hash, one.name): make_file(one) for one in list_sent(connection, desk, case)}.values()
            ),
            notes=tuple(
                ClientNote(title=note.title, text=note.text, at=note.at)
                for note in list_notes(connection, desk, case.filing, case.viewer)
            ),
            events=tuple(reversed([say_event(line, visitor.id) for line in lines])),
            unread=has_unread(connection, case.filing.id, visitor.id),
            pilot=find_pilot_of(connection, case.filing.plan, case.filing.relation) is not None,
        )

    return desk.read(ask)


def read_overview(desk: Desk, visitor: Visitor) -> tuple[OverviewYear, ...]:
    """Return all filings in which something is for a client, by relation and year, the latest year first."""

    def ask(connection: Connection) -> tuple[OverviewYear, ...]:
        numbers = relations_of(connection, visitor.id)
        waiting = _find_filings_that_wait(connection, visitor)
        rows = list_filings(connection, relations=numbers)
        keys = keys_of(connection, [row.id for row in rows])
        views = {row.id: read_view(row.view) for row in rows if row.view}
        theirs = {name: _list_documents(seen, visitor) for name, seen in views.items()}
        bare = {name for name, seen in views.items() if not theirs[name] and not seen.requests}
        offered = find_offered_to(connection, bare, visitor.id)
        names = {one.number: one.name for one in all_relations(connection, numbers)}
        found: defaultdict[tuple[str, str], list[OverviewLine]] = defaultdict(list)  # by number and year
        for row in sorted(rows, key=lambda one: (one.start_date, one.id), reverse=True):
            if row.id in views.keys() - bare or row.id in offered:
                line = _make_line(
                    *(row, views[row.id], theirs[row.id], keys[row.id], visitor.id), waits=row.id in waiting
                )
                found[row.relation, Period.parse(row.period).year_words].append(line)
        latest_first = sorted(found, key=lambda one: one[1], reverse=True)
        order = sorted(latest_first, key=lambda one: (names[one[0]], one[0]))
        return tuple(
            OverviewYear(relation=_tell_apart(number, names), year=year, filings=tuple(found[number, year]))
            for number, year in order
        )

    return desk.read(ask)


def _find_waiting(
    case: ClientCase, head: ClientHead, offers: Iterable[ClientOffer], tasks: Iterable[ClientTask]
) -> Iterator[WaitingLine]:
    """Yield what waits for a contact in one filing."""
    due = {phase.id: phase.due for phase in case.view.phases}

    def line(kind: WaitingKind, item: str, asks: str, title: str, day: date | None) -> WaitingLine:
        return WaitingLine(
            path=f"/mijn/{case.key}/{_PLACES[kind]}/{item}",
            kind=kind,
            asks=asks,
            title=title,
            filing=head.filing,
            period=head.period,
            relation=head.relation,
            due=day,
            late=day is not None and day < case.now.date(),
            missing=(),
        )

    for offer in offers:
        if offer.status == "open":
            yield line("decide", offer.phase, CLIENT_ASK_WORDS[offer.way], "", offer.due)
    for request, status in list_statuses(case):
        if status in ("open", "sent_back"):
            yield line("request", request.id, CLIENT_ASK_WORDS["request"], request.title, due[request.phase])
    for task in tasks:
        if task.status == "open":
            yield line("task", task.id, CLIENT_ASK_WORDS["task"], task.title, due.get(task.id.split(".")[0]))


def _list_waiting(desk: Desk, visitor: Visitor) -> tuple[WaitingLine, ...]:
    lines = work(desk, visitor.id)
    if isinstance(lines, Refusal):
        return ()
    theirs = [(line, kind) for line in lines for kind in _PLACES if line.kind == kind]
    keys = desk.read(lambda connection: keys_of(connection, {line.filing for line, _ in theirs}))
    names = {line.relation: line.relation_name for line, _ in theirs}
    return tuple(
        _make_waiting(line, kind, keys[line.filing], _tell_apart(line.relation, names))
        for line, kind in theirs
    )


def _make_waiting(line: Waiting, kind: WaitingKind, key: str, relation: str) -> WaitingLine:
    return WaitingLine(
        path=f"/mijn/{key}/{_PLACES[kind]}/{line.item}",
        kind=kind,
        asks=CLIENT_ASK_WORDS[(line.way or "information") if kind == "decide" else kind],
        title=line.title if kind != "decide" else "",
        filing=line.filing_title,
        period=say_period(line.period),
        relation=relation,
        due=line.due,
        late=line.late,
        missing=line.missing,
    )


def _list_objections(connection: Connection, visitor: Visitor) -> tuple[tuple[ObjectionLine, ...], bool]:
    """Return what a contact may object to, the earliest last day first, and whether there is more."""
    informing = list_informing(connection, visitor.id)
    rows = informing[:MOST_INFORMED]
    names = {row.relation: row.relation_name for row in rows}
    found = [
        (until, row.id, offer.phase, row)
        for row in rows
        for offer, until in _find_objections(read_view(row.view), visitor.id)
    ]
    lines = tuple(
        ObjectionLine(
            path=f"/mijn/{row.key}/{_PLACES['decide']}/{phase}",
            filing=row.title,
            period=say_period(row.period),
            relation=_tell_apart(row.relation, names),
            until=until,
        )
        for until, _, phase, row in sorted(found, key=lambda one: one[:3])
    )
    return lines, len(informing) > len(rows)


def _find_objections(view: View, contact: str) -> Iterator[tuple[OfferView, date]]:
    """Yield the offers to which a contact can object now, with the last day."""
    if view.ended or view.held:
        return
    for offer in view.offers:
        if offer.object_until and contact in offer.waiting:
            yield offer, offer.object_until


def _list_documents(view: View, visitor: Visitor) -> tuple[DocumentLine, ...]:
    versions = find_versions(view, Viewer(client=True, id=visitor.id))
    return tuple(
        DocumentLine(title=document.title, hash=shown.hash, rendering=shown.rendering)
        for document, shown in versions.values()
    )


def _find_filings_that_wait(connection: Connection, visitor: Visitor) -> set[str]:
    """Return the filings in which something waits for a client, as their first page has it."""
    person = find_person(connection, visitor.id)
    found = work_of(connection, person, office_now(connection).date()) if person else ()
    return {line.filing for line in found if line.kind in _PLACES}


def _make_line(
    filing: Filing,
    view: View,
    documents: tuple[DocumentLine, ...],
    key: str,
    contact: str,
    *,
    waits: bool,
) -> OverviewLine:
    until = min((day for _, day in _find_objections(view, contact)), default=None)
    return OverviewLine(
        key=key,
        title=filing.title,
        period=say_period(filing.period),
        status=_say_status(view.planner, view.ended, waits=waits) if waits or not until else INFORMED,
        since=filing.start_date,
        documents=documents,
        object_until=until,
    )


def _tell_apart(number: str, names: Mapping[str, str]) -> str:
    """Return the name of a relation, with its number where another of these has the same."""
    same = [one for one in names.values() if one == names[number]]
    return names[number] if len(same) == 1 else f"{names[number]} ({number})"


def _say_status(planner: Planner, ended: str | None, *, waits: bool) -> str:
    if ended == "cancelled":
        return "vervallen"
    if waits:
        return "wacht op u"
    return CLIENT_STATUS_WORDS[planner]
