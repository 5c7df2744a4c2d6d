"""What a filing does with others, of its relation and of those linked to it: watch, start, leave a note."""

import asyncio
from datetime import date, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection
from temporalio import activity

from ...data import replace
from ...filing.events import SYSTEM, Failed, Linked, NoteLeft, Reached, Started, Withdrawn
from ...filing.state import Origin
from ...filing_names import short_name
from ...keys.ring import KeyRing
from ...office.database.engine import Database
from ...office.database.tables import ONE_SUB_NUMBER
from ...office.filings.filing import Filing, list_filings
from ...office.filings.links import find_started, is_linked, link_filings
from ...office.filings.notes import NewNote, leave_note
from ...office.office_clock import office_now
from ...office.people import find_holder
from ...office.plans import plan_in_force
from ...office.relations.links import find_linked
from ...office.relations.relation import RelationProduct, products_of
from ...period import Period, PeriodKind, in_words, say_over
from ...plan import SamePeriod
from ...words import RELATION_LINK_WORDS
from ..commands import FIND, NOTE, START, WATCH
from ..inputs import Answer, FindInput, NoteInput, StartInput, WatchInput
from ..preparing import NotReady, StartRequest, agreed_products
from ..starter import Starter
from .latest_state import read_latest
from .message_texts import Person, TextError, write_note
from .retrying import delay_of_attempt, polling

OVER = "er wordt niet meer op gewacht"


class OtherFilings:
    """The activities that are about other filings, of the relation and of those that are linked to it.

    A watch looks again after `poll`, doubling up to `most`; `ring` opens the recorded state.
    """

    def __init__(
        self, database: Database, ring: KeyRing, starter: Starter, *, poll: timedelta, most: timedelta
    ) -> None:
        self._database = database
        self._ring = ring
        self._starter = starter
        self._poll = poll
        self._most = most

    @activity.defn(name=WATCH, no_thread_cancel_exception=True)
    def watch(self, input: WatchInput) -> Answer:
        """Say that the other filing is so far, as soon as it is; or that nobody waits for it any more.

        Both are linked from the moment that the other one is there.
        """
        at, command = input.at, input.command
        with self._database.read() as connection:
            if self._is_over(connection, input):
                return Answer(result=Withdrawn(at=at, number=command.number, reason=OVER))
            other = _find_awaited(connection, input)
            linked = other is not None and is_linked(connection, input.workflow_id, other.id, "waits_for")
            none = other is None and command.optional and not _is_agreed(connection, input)
        if other is not None and not linked:
            with self._database.write() as connection:
                link_filings(connection, input.workflow_id, other.id, "waits_for", command.number)
        if none:
            return Answer(result=Reached(at=at, number=command.number, filing=command.template, how="none"))
        how = _judge(other, command.until) if other else None
        if other is None or how is None:
            raise polling("the other filing is not so far yet", self._delay())
        path = other.id.removeprefix("filing/")
        return Answer(result=Reached(at=at, number=command.number, filing=path, how=how))

    @activity.defn(name=START)
    async def start(self, input: StartInput) -> Answer:
        """Start the filing if the relation is ready, once per command; one that runs already is linked."""
        at, number = input.at, input.command.number
        wanted = await asyncio.to_thread(self._find_start, input)
        if isinstance(wanted, str):
            return Answer(result=Started(at=at, number=number, filing=wanted.removeprefix("filing/")))
        outcome = await self._starter.start(wanted)
        if isinstance(outcome, NotReady):
            text = f"{wanted.template} {say_over(Period.parse(wanted.period).words)}: {outcome.text}"
            return Answer(result=Failed(at=at, number=number, error=text))
        await asyncio.to_thread(self._link_started, input.workflow_id, outcome.filing, number)
        path = outcome.filing.removeprefix("filing/")
        return Answer(result=Started(at=at, number=number, filing=path, new=not outcome.again))

    @activity.defn(name=FIND, no_thread_cancel_exception=True)
    def find(self, input: FindInput) -> Answer:
        """Say which relations are linked so on the day on which it was asked."""
        command, day = input.command, input.at.date()
        with self._database.read() as connection:
            found = find_linked(connection, input.origin.filing.relation, command.link, day)
        if found or command.optional:
            return Answer(result=Linked(at=input.at, number=command.number, relations=found))
        error = (
            f"Op {in_words(day)} is bij deze relatie geen {RELATION_LINK_WORDS[command.link]} vastgelegd. "
            "Leg dat verband vast bij de gegevens van de relatie, en probeer het opnieuw."
        )
        return Answer(result=Failed(at=input.at, number=command.number, error=error))

    @activity.defn(name=NOTE, no_thread_cancel_exception=True)
    def leave_note(self, input: NoteInput) -> Answer:
        """Leave the note with its text as it reads now; the next filing of its template shows it."""
        number, at, key = input.command.number, input.at, input.origin.filing
        with self._database.read() as connection:
            assigned = {one.role: one.person for one in input.assigned}
            day = at.date()
            member = find_holder(connection, key.relation, input.role, input.roles, day, assigned)
        office = input.office
        sender = Person(
            name=member.name if member else office.name,
            phone=(member.phone if member else "") or office.phone,
            email=member.email if member else office.email,
        )
        try:
            text = write_note(input, sender)
        except TextError as error:
            return Answer(result=Failed(at=at, number=number, error=str(error)))
        new = NewNote(
            filing=input.workflow_id,
            number=number,
            relation=key.relation,
            template=input.command.template,
            title=text.subject,
            text=text.body,
            at=at,
        )
        with self._database.write() as connection:
            leave_note(connection, new, self._ring.seal, self._ring.open_sealed)
        return Answer(result=NoteLeft(at=at, number=number))

    def _is_over(self, connection: Connection, input: WatchInput) -> bool:
        """Say whether the wait was left meanwhile; a command that is not recorded yet was asked for after."""
        latest = read_latest(connection, input.workflow_id, self._ring.open_sealed)
        in_flight = latest[1].journal.in_flight if latest else ()
        return any(one.withdrawn for one in in_flight if one.number == input.command.number)

    def _find_start(self, input: StartInput) -> StartRequest | str:
        """Return the filing that this command started before, or what it is to start."""
        command = input.command
        with self._database.read() as connection:
            before = find_started(connection, input.workflow_id, command.number)
            if before is not None:
                return before
            relation = command.relation or input.origin.filing.relation
            meant = _find_meant(connection, input.origin, command.template, command.period, relation)
            there = [one for one in meant.filings if one.ended != "cancelled"]
            last = there[-1] if there else None
            again = max((one.sequence for one in meant.filings), default=0) + 1
            today = office_now(connection).date()
        return StartRequest(
            template=command.template,
            relation=relation,
            period=meant.period.code,
            sub_number=meant.sub_number,
            sequence=last.sequence if last else again,
            start_date=last.start_date if last else today,
            reason=last.again_reason if last else _say_why(input.workflow_id, again),
            by=SYSTEM,
        )

    def _link_started(self, filing: str, other: str, number: int) -> None:
        with self._database.write() as connection:
            link_filings(connection, filing, other, "started", number)

    def _delay(self) -> timedelta:
        return delay_of_attempt(self._poll, self._most)


class _Meant(NamedTuple):
    """Which filings of another template are meant: over which period, under which sub-number."""

    period: Period
    sub_number: str
    filings: list[Filing]


def _find_meant(
    connection: Connection, origin: Origin, template: str, which: SamePeriod, relation: str
) -> _Meant:
    """Return the filings of another template, of a relation, that go with one, by sequence.

    Their period is of the kind in which that template runs for the relation. Their sub-number is the only one
    under which the relation has that product, else the filing's own; that of another relation is none's.
    """
    key = origin.filing
    published = plan_in_force(connection, template, relation)
    agreed: list[RelationProduct] = []
    if published is not None:
        agreed = agreed_products(products_of(connection, relation), published.plan.products)
    numbers = {one.sub_number for one in agreed}
    own = key.sub_number if relation == key.relation else ONE_SUB_NUMBER
    sub_number = numbers.pop() if len(numbers) == 1 else own
    kinds = {one.frequency for one in agreed if one.sub_number == sub_number}
    kind: PeriodKind = origin.period.kind
    if published is not None and published.plan.period != "by_product":
        kind = published.plan.period
    elif len(kinds) == 1:
        kind = kinds.pop()
    begun = next((one.since for one in agreed if one.frequency == "book_year" and one.since), None)
    period = other_period(origin.period, which, kind, begun)
    every = [
        one
        for one in list_filings(connection, template=template, relation=relation)
        if one.sub_number == sub_number
    ]
    same = [one for one in every if one.period == period.code]
    if not same and kind in ("book_year", "none"):
        same = [one for one in every if _goes_with(Period.parse(one.period), origin.period, which)]
        period = Period.parse(same[-1].period) if same else period
    return _Meant(period, sub_number, [one for one in same if one.period == period.code])


def other_period(own: Period, which: SamePeriod, kind: PeriodKind, begun: date | None = None) -> Period:
    """Return the period of a kind that goes with a filing's own: where its last day lies, or beside that.

    Of a range it is the same days; of a book year that which began on `begun`, or twelve months from then on.
    """
    if kind == own.kind:
        same = own
    elif kind == "range":
        same = replace(own, kind="range")
    else:
        same = Period.holding(kind, own.end, begun)
    return same.next() if which == "next" else same.previous() if which == "previous" else same


def _goes_with(other: Period, own: Period, which: SamePeriod) -> bool:
    """Say whether a period of no fixed length goes with a filing's own; one of no period always does."""
    if other.kind == "none":
        return True
    if which == "previous":
        return other.end + timedelta(days=1) == own.start
    if which == "next":
        return other.start == own.end + timedelta(days=1)
    return other.start <= own.end <= other.end


def _find_awaited(connection: Connection, input: WatchInput) -> Filing | None:
    """Return the filing that is waited for, the latest; one that was cancelled never gets so far."""
    command = input.command
    relation = command.relation or input.origin.filing.relation
    meant = _find_meant(connection, input.origin, command.template, command.period, relation)
    there = [one for one in meant.filings if one.ended != "cancelled" and one.id != input.workflow_id]
    return there[-1] if there else None


def _is_agreed(connection: Connection, input: WatchInput) -> bool:
    """Say whether the relation takes what the other template is for, in the period that is meant."""
    command = input.command
    relation = command.relation or input.origin.filing.relation
    published = plan_in_force(connection, command.template, relation)
    if published is None:
        return False
    meant = _find_meant(connection, input.origin, command.template, command.period, relation)
    taken = products_of(connection, relation)
    return any(one.covers(meant.period) for one in agreed_products(taken, published.plan.products))


def _judge(other: Filing, until: str | None) -> Literal["phase", "ended"] | None:
    """Say how far the other filing is, once it is far enough: its phase completed, or it has ended."""
    phases = (other.view or {}).get("phases", [])
    if until and any(phase["id"] == until and phase["status"] == "completed" for phase in phases):
        return "phase"
    return "ended" if other.ended else None


def _say_why(workflow_id: str, sequence: int) -> str:
    """Return the reason of a further filing over a period whose earlier ones were cancelled."""
    return f"Gestart vanuit {short_name(workflow_id)}" if sequence > 1 else ""
