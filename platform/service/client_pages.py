"""What a client reads on the pages: what waits, one filing, and all that is theirs to read."""

from collections import defaultdict
from datetime import date

from sqlalchemy import Connection

from ..filing.view import read_view
from ..office.filings.filing import Filing, list_filings
from ..office.people import relations_of
from ..office.relations.relation import all_relations
from ..plan import Model
from .access import Visitor, keys_of
from .audiences import ClientNote, find_versions, find_viewer, list_notes
from .client_cases import (
    ClientEvent,
    ClientHead,
    find_client_case,
    list_events,
    make_head,
    say_event,
    say_period,
)
from .client_offers import ClientOffer, list_offers
from .client_requests import ClientFile, Status, list_sent, list_statuses
from .client_tasks import ClientTask, list_tasks
from .desk import Desk
from .reading import Waiting, work
from .results import Refusal

_ASKS = {"request": "Gegevens aanleveren", "task": "Doen"}
_WAYS = {"approval": "Lezen en akkoord geven", "signature": "Lezen en ondertekenen"}
_PLACES = {"decide": "aanbieding", "request": "uitvraag", "task": "taak"}
_STATUSES = {"bij_klant": "wacht op een ander bij u", "ingediend": "ingediend", "klaar": "klaar"}


class WaitingLine(Model):
    """One thing that waits for a client: where it is, what is asked, and by when it is wanted."""

    path: str
    kind: str
    asks: str
    title: str
    filing: str
    period: str
    relation: str
    due: date | None
    late: bool
    missing: tuple[str, ...]


class ClientHome(Model):
    """A client's first page."""

    waiting: tuple[WaitingLine, ...]


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


class OverviewLine(Model):
    """A filing in a client's overview, with what of it can be read."""

    key: str
    title: str
    period: str
    status: str
    since: date
    documents: tuple[DocumentLine, ...]


class OverviewYear(Model):
    """The filings of one relation over one year, the latest first."""

    relation: str
    year: str
    filings: tuple[OverviewLine, ...]


def read_home(desk: Desk, visitor: Visitor) -> ClientHome:
    """Return what waits for a client, what is due first coming first. Raises DatabaseError."""
    return ClientHome(waiting=_list_waiting(desk, visitor))


def read_filing(desk: Desk, visitor: Visitor, key: str) -> FilingForClient | None:
    """Return a filing as a client reads it; None where it is not of their relation.

    Raises DatabaseError, DocumentError, UnreadableStateError, KeyFileError and BrokenSealError.
    """
    case = desk.read(lambda connection: find_client_case(connection, desk, visitor, key))
    if case is None:
        return None

    def ask(connection: Connection) -> FilingForClient:
        lines, head = list_events(connection, desk, case), make_head(connection, case)
        offers = list_offers(desk, case, lines)
        offered = {one.hash for offer in offers for one in offer.documents}
        return FilingForClient(
            head=head,
            waiting=tuple(one for one in _list_waiting(desk, visitor) if one.path.split("/")[2] == key),
            offers=offers,
            requests=tuple(
                RequestLine(id=one.id, title=one.title, status=status) for one, status in list_statuses(case)
            ),
            tasks=list_tasks(case, head),
            documents=tuple(
                DocumentLine(title=document.title, hash=shown.hash, rendering=shown.rendering)
                for document, shown in find_versions(case.view, case.viewer).values()
                if shown.hash not in offered
            ),
            sent=tuple(
                {
                    one.hash: ClientFile(hash=one.hash, name=one.name, at=one.at)
                    for one in list_sent(connection, desk, case)
                }.values()
            ),
            notes=tuple(
                ClientNote(title=note.title, text=note.text, at=note.at)
                for note in list_notes(connection, desk, case.filing, case.viewer)
            ),
            events=tuple(reversed([say_event(line) for line in lines])),
        )

    return desk.read(ask)


def read_overview(desk: Desk, visitor: Visitor) -> tuple[OverviewYear, ...]:
    """Return all filings in which something is for a client, by relation and year, the latest year first."""

    def ask(connection: Connection) -> tuple[OverviewYear, ...]:
        numbers = relations_of(connection, visitor.id)
        rows = list_filings(connection, relations=numbers)
        keys = keys_of(connection, [row.id for row in rows])
        names = {one.number: one.name for one in all_relations(connection, numbers)}
        found: defaultdict[tuple[str, str], list[OverviewLine]] = defaultdict(list)
        for row in sorted(rows, key=lambda one: (one.start_date, one.id), reverse=True):
            line = _make_line(connection, row, visitor, keys[row.id])
            if line is not None:
                found[names[row.relation], row.period[:4]].append(line)
        order = sorted(sorted(found), key=lambda one: one[1], reverse=True)
        order.sort(key=lambda one: one[0])
        return tuple(
            OverviewYear(relation=name, year=year, filings=tuple(found[name, year])) for name, year in order
        )

    return desk.read(ask)


def _list_waiting(desk: Desk, visitor: Visitor) -> tuple[WaitingLine, ...]:
    lines = work(desk, visitor.id)
    if isinstance(lines, Refusal):
        return ()
    theirs = [line for line in lines if line.kind in _PLACES]
    keys = desk.read(lambda connection: keys_of(connection, {line.filing for line in theirs}))
    return tuple(_make_waiting(line, keys[line.filing]) for line in theirs)


def _make_waiting(line: Waiting, key: str) -> WaitingLine:
    return WaitingLine(
        path=f"/mijn/{key}/{_PLACES[line.kind]}/{line.item}",
        kind=line.kind,
        asks=_WAYS.get(line.way or "", "Lezen") if line.kind == "decide" else _ASKS[line.kind],
        title=line.title if line.kind != "decide" else "",
        filing=line.filing_title,
        period=say_period(line.period),
        relation=line.relation_name,
        due=line.due,
        late=line.late,
        missing=line.missing,
    )


def _make_line(connection: Connection, filing: Filing, visitor: Visitor, key: str) -> OverviewLine | None:
    """Return a filing's line; None where nothing in it is for this contact."""
    view = read_view(filing.view) if filing.view else None
    viewer = find_viewer(connection, filing, visitor.id)
    if view is None or isinstance(viewer, Refusal):
        return None
    versions = find_versions(view, viewer)
    if not versions and not view.requests:
        return None
    mine = [offer for offer in view.offers if visitor.id in offer.recipients]
    return OverviewLine(
        key=key,
        title=filing.title,
        period=say_period(filing.period),
        status=_say_status(view.planner, view.ended, mine and any(visitor.id in one.waiting for one in mine)),
        since=filing.start_date,
        documents=tuple(
            DocumentLine(title=document.title, hash=shown.hash, rendering=shown.rendering)
            for document, shown in versions.values()
        ),
    )


def _say_status(planner: str, ended: str | None, waits: object) -> str:
    if ended == "cancelled":
        return "vervallen"
    if waits:
        return "wacht op u"
    return _STATUSES.get(planner, "bij ons in behandeling")
