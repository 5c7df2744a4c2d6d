"""A scenario made of a filing that really ran, with what may be personal replaced."""

from sqlalchemy import Connection

from ...filing.events import AnyEvent, AnyMove
from ...filing.outcome import Refusal
from ...office.filings.filing import find_filing
from ...office.filings.links import links_of
from ...office.filings.records import read_events
from ...office.office_clock import office_now
from ...office.plans import active_office, plan_by_digest
from ...plan import Model
from ...runtime.rebuilding import read_event
from ...simulation.recording import UnrecordableError, write_scenario
from ...simulation.replacing import Replacing
from ..desk import Desk
from ..filings.cases import find_by_name


class MadeScenario(Model):
    """The text of a scenario's file, and in English what it could not tell as it was."""

    template: str
    text: str
    notes: tuple[str, ...]


def make_scenario(desk: Desk, name: str) -> MadeScenario | Refusal:
    """Return a scenario of a filing as it went until today, from the events that the office kept.

    It has no names, numbers, addresses, reasons, notes or answers in words; amounts are others. Reads only.
    Raises DatabaseError.
    """
    return desk.read(lambda connection: _make(connection, desk, name))


def _make(connection: Connection, desk: Desk, name: str) -> MadeScenario | Refusal:
    filing = find_by_name(connection, name)
    if isinstance(filing, Refusal):
        return filing
    published, office = plan_by_digest(connection, filing.plan), active_office(connection)
    happened = _read(connection, desk, filing.id)
    if published is None or office is None or not happened:
        return Refusal(code="not_started", text="Deze opdracht is gepland en nog niet gestart.")
    if any(isinstance(one, AnyMove) for one in happened):
        text = "Deze opdracht is verplaatst, of zou dat worden; een scenario gaat over één plan."
        return Refusal(code="no_scenario", text=text)
    last = happened[-1].at
    until = last if filing.ended else max(last, office_now(connection))
    title = f"{published.plan.title}, zoals een opdracht echt liep"
    try:
        made = write_scenario(
            published.plan,
            office,
            happened,
            until.date(),
            title,
            Replacing.everything(),
            corrected=_find_corrected(connection, filing.id),
        )
    except UnrecordableError:
        text = "Van deze opdracht kan geen scenario worden gemaakt: deze versie leest een gebeurtenis anders."
        return Refusal(code="no_scenario", text=text)
    return MadeScenario(template=filing.template, text=made.text, notes=made.notes)


def _read(connection: Connection, desk: Desk, filing: str) -> list[AnyEvent]:
    recorded = read_events(connection, filing, desk.equipment.document_ring.open_sealed)
    return [read_event(one.event) for one in recorded]


def _find_corrected(connection: Connection, filing: str) -> str | None:
    """Return the template of the filing that one corrects, if it corrects one."""
    others = (one.other for one in links_of(connection, filing) if one.kind == "corrects" and one.forward)
    corrected = find_filing(connection, next(others, ""))
    return corrected.template if corrected else None
