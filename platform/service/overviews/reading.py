"""What people look at: their work, the planner, a filing with its timeline, its documents."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from ...audience import Viewer
from ...data import replace
from ...filing.format_1 import read_state
from ...filing.state import State
from ...filing.view import read_view, view
from ...office.database.questions import ask_at_once
from ...office.filings.filing import VIEWS, Filing, list_filings
from ...office.filings.links import links_of
from ...office.filings.notices import list_notices
from ...office.filings.records import MANY_RECORDED, Recorded, UnreadableStateError, open_state
from ...office.filings.went_back import SentBackBy
from ...office.office_clock import office_now
from ...office.overviews.halted import WAITS, list_waits
from ...office.overviews.planner import PlannerGrid
from ...office.overviews.sendings_back import find_sent_back
from ...office.overviews.worklist import (
    NOT_COVERED,
    RECURRENCE,
    WorkLine,
    in_order,
    work_of,
    work_of_both,
    work_of_nobody,
)
from ...office.people import Contact, TeamMember, find_person, relations_of
from ...office.pilots import find_pilot_of
from ...office.plans import active_office, find_plans, latest_plan
from ...office.relations.relation import all_relations, find_relation
from ...plan import Model, Plan, Way
from ...suggest import say_what_is_meant
from ..desk import Desk
from ..filings.audiences import (
    find_read_here,
    find_versions,
    find_viewer,
    list_documents,
    list_entries,
    list_notes,
)
from ..filings.cases import find_by_name
from ..filings.kept_proofs import find_proof, list_answers
from ..filings.move_verdicts import say_waits
from ..filings.states import read_state_of
from ..filings.unjudged import list_recorded
from ..names import short_name
from ..plan_standing import find_standing
from ..results import (
    FilingLine,
    FilingPage,
    NoticeLine,
    Refusal,
    filing_line,
    find_corrections,
    has_unknown_deadline,
    notice_line,
)
from ..unknown import refuse_person, refuse_relation, refuse_template
from ..uploads import find_ending
from .legal_days import judge_not_started
from .planner_pages import read_grid

__all__ = [
    "NOT_COVERED",
    "RECURRENCE",
    "WAITS",
    "Informed",
    "Waiting",
    "document_bytes",
    "filing_page",
    "filings",
    "inbox",
    "list_informed",
    "list_of_nobody",
    "mark_sent_back",
    "planner_grids",
    "proof_bytes",
    "read_lists",
    "receipt_bytes",
    "work",
    "work_as_shown",
]


class Waiting(WorkLine):
    """One thing that waits; a client's decision has how it is offered, and which documents.

    `sent_back` says of work of a phase who sent it back, if anybody did (`mark_sent_back`).
    `due_unknown` and `deadline_unknown`: there is such a day, and it hangs on something not known yet.
    """

    way: Way | None = None
    sent_back: SentBackBy | None = None
    documents: tuple[str, ...] = ()
    due_unknown: bool = False
    deadline_unknown: bool = False


_PAGE_OF_OFFICE = "Deze pagina is van het kantoor; een klant leest alleen wat voor de klant is."
_RECEIPT_OF_OFFICE = "De ontvangstbevestiging is van het kantoor; vraag er zo nodig een kopie van."


def work(desk: Desk, who: str) -> tuple[Waiting, ...] | Refusal:
    """Return what waits for a person, what is due first coming first."""

    def ask(connection: Connection) -> tuple[Waiting, ...] | Refusal:
        person = find_person(connection, who)
        if person is None:
            return refuse_person(connection, who)
        today = office_now(connection).date()
        (lines,) = judge_not_started(connection, [work_of(connection, person, today)], today)
        return _complete(connection, desk, lines, person.id, today)

    return desk.read(ask)


def work_as_shown(desk: Desk, who: str) -> tuple[Waiting, ...] | Refusal:
    """Return what waits for a person, with who sent back which of it."""
    found = work(desk, who)
    return found if isinstance(found, Refusal) else mark_sent_back(desk, found)


def read_lists(desk: Desk, who: str, *, nobody: bool) -> tuple[tuple[Waiting, ...], tuple[Waiting, ...]]:
    """Return what waits for a team member, and where it is asked what waits for a role that nobody has today.

    Raises DatabaseError and UnreadableStateError.
    """

    def ask(connection: Connection) -> tuple[tuple[Waiting, ...], tuple[Waiting, ...]]:
        person = find_person(connection, who)
        if not isinstance(person, TeamMember):
            return (), ()
        today = office_now(connection).date()
        found = (
            work_of_both(connection, person, today) if nobody else (work_of(connection, person, today), ())
        )
        own, nobodys = judge_not_started(connection, found, today)
        whole = _complete(connection, desk, own, person.id, today)
        return whole, tuple(map(_make_bare, in_order(nobodys, today)))

    return desk.read(ask)


def mark_sent_back(desk: Desk, lines: Sequence[Waiting]) -> tuple[Waiting, ...]:
    """Return lines with who sent their work back: of those that are shown, as it reads timelines."""
    ids = {line.filing for line in lines if line.kind == "phase"}
    found = desk.read(lambda connection: find_sent_back(connection, ids))
    return tuple(
        replace(line, sent_back=by)
        if line.kind == "phase" and (by := found.get((line.filing, line.phase)))
        else line
        for line in lines
    )


def _complete(
    connection: Connection, desk: Desk, found: Sequence[WorkLine], who: str, on: date
) -> tuple[Waiting, ...]:
    """Return lines in order, with what is in the views and states of their filings."""
    lines = in_order(found, on)
    asked = sorted({line.filing for line in lines if line.kind == "decide" or _lacks_day(line)})
    held = sorted({line.filing for line in lines if line.kind == "held"})
    views, recorded = ask_at_once(connection, VIEWS, MANY_RECORDED, asked=asked, ids=held)
    reasons = _find_reasons(connection, desk, recorded)
    shown = (
        replace(line, missing=(reasons[line.filing],))
        if line.kind == "held" and line.filing in reasons
        else line
        for line in lines
    )
    return tuple(_waiting(line, views.get(line.filing), who) for line in shown)


def list_of_nobody(desk: Desk) -> tuple[Waiting, ...]:
    """Return what waits for a role that nobody has today. Raises DatabaseError."""

    def ask(connection: Connection) -> tuple[Waiting, ...]:
        today = office_now(connection).date()
        (lines,) = judge_not_started(connection, [work_of_nobody(connection, today)], today)
        return tuple(map(_make_bare, in_order(lines, today)))

    return desk.read(ask)


def _make_bare(line: WorkLine) -> Waiting:
    return Waiting(**{name: getattr(line, name) for name in line.__struct_fields__})


def _find_reasons(connection: Connection, desk: Desk, held: Sequence[Recorded]) -> dict[str, str]:
    """Return why filings are held, which is in their sealed states alone: of those that can be opened."""
    reasons: dict[str, str] = {}
    plans = find_plans(connection, {one.plan for one in held}, ()).by_digest if held else {}
    for known in held:
        plan = plans.get(known.plan)
        try:
            content = open_state(known, desk.equipment.document_ring.open_sealed)
        except UnreadableStateError:
            continue
        seen = view(plan, read_state(plan, content)) if plan and content else None
        if seen and seen.held and seen.held.reason:
            reasons[known.filing] = seen.held.reason
    return reasons


def _lacks_day(line: WorkLine) -> bool:
    return line.deadline is None or (line.due is None and line.kind == "phase")


def _waiting(line: WorkLine, view: dict[str, Any] | None, who: str) -> Waiting:
    """Return the line with how a client's decision is offered, where it is one, and what is not known yet."""
    offers = read_view(view).offers if view else ()
    offer = next((o for o in offers if o.phase == line.phase), None)
    facts = {name: getattr(line, name) for name in WorkLine.__struct_fields__}
    if offer:
        facts |= {"way": offer.way, "documents": tuple(shown.document for shown in offer.shown_to(who))}
    if view and _lacks_day(line):
        phase = next((p for p in read_view(view).phases if p.id == line.phase), None)
        facts["due_unknown"] = line.kind == "phase" and phase is not None and phase.due_unknown
        facts["deadline_unknown"] = line.deadline is None and has_unknown_deadline(view)
    return Waiting(**facts)


class Informed(Model):
    """What a client was informed of: documents of a filing, to be read."""

    filing: str
    filing_title: str
    relation: str
    relation_name: str
    period: str
    phase: str
    documents: tuple[str, ...]
    object_until: date | None = None
    """The last day on which they can still object."""


def list_informed(desk: Desk, who: str) -> tuple[Informed, ...]:
    """Return the last filing of each kind that a contact was informed of; none of them asks for an answer."""

    def ask(connection: Connection) -> tuple[Informed, ...]:
        person = find_person(connection, who)
        if not isinstance(person, Contact):
            return ()
        numbers = relations_of(connection, person.id)
        names = {one.number: one.name for one in all_relations(connection, numbers)}
        rows = list(list_filings(connection, relations=numbers))
        rows.sort(key=lambda filing: (filing.start_date, filing.id))
        last = {
            (f.template, f.relation, f.sub_number): found
            for f in rows
            for found in _find_informed(f, person.id, names[f.relation])
        }
        return tuple(last.values())

    return desk.read(ask)


def _find_informed(filing: Filing, contact: str, relation_name: str) -> Iterator[Informed]:
    view = read_view(filing.view) if filing.view else None
    if view is None or view.ended == "cancelled":
        return
    for offer in view.offers:
        if (offer.outcome == "informed" or offer.object_until) and contact in offer.recipients:
            yield Informed(
                filing=filing.id,
                filing_title=filing.title,
                relation=filing.relation,
                relation_name=relation_name,
                period=filing.period,
                phase=offer.phase,
                documents=tuple(shown.document for shown in offer.shown_to(contact)),
                object_until=offer.object_until,
            )


def planner_grids(desk: Desk, product: str | None, year: int | None) -> tuple[PlannerGrid, ...] | Refusal:
    """Return the planner of one product, or of every product that has filings."""

    def ask(connection: Connection) -> tuple[PlannerGrid, ...] | Refusal:
        office = active_office(connection)
        known = [p.id for p in office.products] if office else []
        if product and product not in known:
            text = f"Product '{product}' bestaat niet. {say_what_is_meant(product, known)}"
            return Refusal(code="unknown_product", text=text)
        today = office_now(connection).date()
        grids = (read_grid(connection, one, today, year) for one in ([product] if product else known))
        return tuple(grid for grid in grids if grid.rows)

    return desk.read(ask)


def filings(
    desk: Desk, template: str | None, relation: str | None, period: str | None
) -> tuple[FilingLine, ...] | Refusal:
    """Return the filings that match everything given, as they stand today; an unknown name is refused."""

    def ask(connection: Connection) -> tuple[FilingLine, ...] | Refusal:
        today = office_now(connection).date()
        found = list_filings(connection, template=template, relation=relation, period=period)
        if not found and template is not None and latest_plan(connection, template) is None:
            return refuse_template(connection, template)
        if not found and relation is not None and find_relation(connection, relation) is None:
            return refuse_relation(connection, relation)
        return tuple(filing_line(filing, today) for filing in found)

    return desk.read(ask)


def inbox(desk: Desk, *, open_only: bool = False) -> tuple[NoticeLine, ...]:
    """Return the notices in the inbox, the latest first; `open_only` those that no filing took."""
    return tuple(
        map(
            notice_line,
            desk.read(
                lambda connection: list_notices(connection, desk.equipment.document_ring, open_only=open_only)
            ),
        )
    )


def filing_page(desk: Desk, name: str, who: str | None = None) -> FilingPage | Refusal:
    """Return one filing with its timeline: what is for a colleague, or for the whole office (None).

    Its client reads `audiences.client_page`. Raises DatabaseError, KeyFileError and BrokenSealError.
    """

    def ask(connection: Connection) -> FilingPage | Refusal:
        read = find_read_here(connection, name, who, _PAGE_OF_OFFICE)
        if isinstance(read, Refusal):
            return read
        filing, viewer = read
        today = office_now(connection).date()
        found = _read_opened(connection, desk, filing)
        seen = view(*found) if found else read_view(filing.view) if filing.view else None
        return FilingPage(
            filing=filing_line(filing, today),
            view=replace(seen, documents=list_documents(seen, viewer)) if seen else None,
            timeline=list_entries(connection, desk, filing, viewer),
            today=today,
            links=links_of(connection, filing.id),
            notes=list_notes(connection, desk, filing, viewer),
            answers=list_answers(connection, filing.id),
            pilot=find_pilot_of(connection, filing.plan, filing.relation) is not None,
            move_waits=say_waits(connection, *found) if found else (),
            plans=find_standing(connection, filing),
            corrections=find_corrections(found[0], seen) if found else (),
            waits=(
                *(list_recorded(connection, filing.id, found[1]).values() if found else ()),
                *list_waits(connection, filing.id, today),
            ),
        )

    return desk.read(ask)


def _read_opened(connection: Connection, desk: Desk, filing: Filing) -> tuple[Plan, State] | None:
    """Return plan and state of a filing with all that was said; None where that cannot be opened."""
    if filing.view is None:
        return None
    try:
        return read_state_of(connection, desk, filing)
    except UnreadableStateError:
        return None


def receipt_bytes(desk: Desk, name: str, who: str | None = None) -> tuple[str, bytes] | Refusal:
    """Return the authority's last answer to a filing's delivery as it came, signed, and a name for the file.

    It is the office's: a client learns from the timeline that the authority accepted. Raises DocumentError
    when the store does not hold it.
    """

    def ask(connection: Connection) -> tuple[Filing, str | None] | Refusal:
        read = find_read_here(connection, name, who, _RECEIPT_OF_OFFICE)
        if isinstance(read, Refusal):
            return read
        filing, _ = read
        return filing, _receipt(connection, filing)

    found = desk.read(ask)
    if isinstance(found, Refusal):
        return found
    filing, receipt = found
    if receipt is None:
        text = (
            "Er is nog geen ontvangstbevestiging: de aangifte is nog niet ingediend "
            "of de uitslag is nog niet bekend."
        )
        return Refusal(code="no_receipt", text=text)
    store = desk.equipment.documents
    ending = find_ending(store.info(receipt).media_type)  # what a person recorded has a proof of any sort
    return f"{_file_name('ontvangstbevestiging', filing)}.{ending}", store.get(receipt)


def _receipt(connection: Connection, filing: Filing) -> str | None:
    """Return the hash of the last answer on the content, or None; that it was taken is not yet a receipt."""
    return next((one.hash for one in list_answers(connection, filing.id) if one.receipt), None)


def proof_bytes(desk: Desk, name: str, hash: str, who: str | None = None) -> tuple[str, bytes] | Refusal:
    """Return a proof that is kept in a filing, from how its hash begins, and a name for the file.

    Raises DatabaseError, KeyFileError, BrokenSealError, and DocumentError when the store does not hold it.
    """
    found = find_proof(desk, name, hash, who)
    if isinstance(found, Refusal):
        return found
    filing, proof = found
    store = desk.equipment.documents
    ending = find_ending(store.info(proof).media_type)
    return f"{_file_name('bewijsstuk', filing)}-{proof[:8]}.{ending}", store.get(proof)


def _file_name(document: str, filing: Filing) -> str:
    _, *place = short_name(filing.id).split("/")
    return "-".join([document, *place])


def document_bytes(
    desk: Desk, name: str, document: str | None, *, rendering: bool, who: str | None = None
) -> tuple[str, bytes] | Refusal:
    """Return the current bytes of a filing's document (or of its rendering), and a name for the file.

    Of those that are for somebody, or for the whole office (None). Raises DocumentError when the store does
    not hold them.
    """

    def ask(connection: Connection) -> tuple[Filing, Viewer] | Refusal:
        filing = find_by_name(connection, name)
        if isinstance(filing, Refusal):
            return filing
        viewer = find_viewer(connection, filing, who)
        return viewer if isinstance(viewer, Refusal) else (filing, viewer)

    found_filing = desk.read(ask)
    if isinstance(found_filing, Refusal):
        return found_filing
    filing, viewer = found_filing
    attached = find_versions(read_view(filing.view), viewer) if filing.view else {}
    chosen = [document] if document else list(attached)
    if len(chosen) != 1 or chosen[0] not in attached:
        names = ", ".join(attached)
        text = f"Kies een toegevoegd document: {names}." if names else "Er is nog geen document toegevoegd."
        return Refusal(code="which_document", text=text)
    found, shown = attached[chosen[0]]
    wanted = shown.rendering if rendering else shown.hash
    if wanted is None:
        text = "Dit document heeft geen leesbare weergave; haal het bestand zelf op."
        return Refusal(code="no_rendering", text=text)
    ending = "html" if rendering else "xbrl" if found.report else "bin"
    return f"{_file_name(found.id, filing)}.{ending}", desk.equipment.documents.get(wanted)
