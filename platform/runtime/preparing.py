"""Starting filings: what they start with, and their rows; used by people's start and by recurrence.

The row is written first and refuses a second one. When the process dies before the workflow was started, the
next start of the same filing finds the row, and starts the workflow that is missing.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from ..data import ListLine, replace
from ..filing.events import Actor, Calendars, FilingKey, Start
from ..filing.view import due_at_start
from ..office.calendars import calendars
from ..office.filings.filing import Filing, FilingExists, NewFiling, create_filings
from ..office.filings.overlaps import FilingOver
from ..office.plans import PublishedPlan, plan_by_digest, plans_in_force
from ..office.relations.demands import Demands, Needs
from ..office.relations.readiness import Missing, find_missing
from ..office.relations.relation import (
    Days,
    Relation,
    RelationProduct,
    all_relations,
    pick_product,
    product_values,
    relation_values,
)
from ..office.relations.snapshot import Snapshot, load_snapshot
from ..period import LOOSE, Period
from ..plan import Model, Office
from ..words import FREQUENCY_WORDS
from .repeating import Seen, ask_reason, find_repeated, has_more, see_filed

HORIZON = timedelta(days=500)
"""How far after the period working days are known to a filing; its dates lie within it."""


class StartRequest(ListLine):
    """A filing that somebody, or a recurrence, wants to start. `reason` is needed for a further one."""

    template: str
    relation: str
    period: str
    sub_number: str = "-"
    sequence: int = 1
    start_date: date
    reason: str = ""
    without_automations: bool = False
    by: Actor

    @property
    def key(self) -> FilingKey:
        """Return what makes the filing unique."""
        return FilingKey(
            template=self.template,
            relation=self.relation,
            period=self.period,
            sub_number=self.sub_number,
            sequence=self.sequence,
        )


class NotReady(Model):
    """Why a filing cannot start: everything that is missing, at once."""

    missing: tuple[Missing, ...]

    @property
    def text(self) -> str:
        """Return the reasons as Dutch prose."""
        return " ".join(one.text for one in self.missing)


class Prepared(Model):
    """A filing that can start: its row, the plan that it starts on, and its start event."""

    new: NewFiling
    plan: str
    start: Start


class Started(Model):
    """A filing that runs, by workflow id; `again` when it was started before by the same request."""

    filing: str
    again: bool


def judge_start(
    snapshot: Snapshot,
    demands: Demands,
    relation: str,
    sub_number: str,
    period: Period,
    on: date,
    repeated: Sequence[FilingOver] = (),
) -> RelationProduct | NotReady:
    """Return the product that a relation's filing over a period is about, or everything that is missing.

    Pure: of one relation or of many, from a snapshot and what the plan demands; `on` is the office's day.
    What another relation has filed of these days is judged by the reason (`ask_reason`); what it has yet to
    file stands in the way, whatever the reason.
    """
    held = snapshot.held.get(relation)
    agreed = agreed_products(held.products if held else (), demands.products)
    taken = pick_product(agreed, sub_number, period.start)
    filed: dict[str, list[Days]] = {}
    for one in (one for one in repeated if one.behind):
        filed.setdefault(one.relation, []).append(Days(one.first_day, one.last_day))
    missing = find_missing(snapshot, demands, relation, on, taken, Days(period.start, period.end), filed)
    if taken and not taken.covers(period):
        missing = (*missing, Missing(code="period_not_agreed", text=_say_agreed(taken, period)))
    return NotReady(missing=missing) if missing or taken is None else taken


def _say_agreed(taken: RelationProduct, period: Period) -> str:
    """Say that a product is not agreed for a period, and which period the relation has instead."""
    text = f"Voor {period.words} is dit product niet met de relatie afgesproken."
    if taken.frequency in LOOSE or period.kind == taken.frequency:
        return text
    own = Period.holding(taken.frequency, period.start, taken.since)
    often = FREQUENCY_WORDS[taken.frequency]
    return f"{text} De relatie neemt het per {often} af: kies {own.words} ({own.code})."


def agreed_products(agreed: Sequence[RelationProduct], products: tuple[str, ...]) -> list[RelationProduct]:
    """Return which of a plan's products are agreed."""
    return [one for one in agreed if one.product in products]


def prepare(connection: Connection, wanted: StartRequest, at: datetime, needs: Needs) -> Prepared | NotReady:
    """Return all that a filing starts with on the plan in force for its relation, or everything missing.

    `at` is office time. Reads only: in the transaction that writes the row, nothing is filed twice.
    """
    return prepare_all(connection, [wanted], at, needs).outcomes[0]


class PreparedAll(NamedTuple):
    """What became of many starts, and the filings beside which they were judged."""

    outcomes: list[Prepared | NotReady]
    seen: Seen
    known: frozenset[str]

    def holds(self, connection: Connection) -> bool:
        """Say whether no other filing was written meanwhile that stands in the way, or was cancelled."""
        return not has_more(connection, self.seen, self.known)


def prepare_all(
    connection: Connection, wanted: Sequence[StartRequest], at: datetime, needs: Needs
) -> PreparedAll:
    """Do for each of many starts what `prepare` does, reading the office once for all of them.

    Of several over the same days the first is prepared, and stands in the way of those after it.
    """
    numbers = {one.relation for one in wanted}
    snapshot = load_snapshot(connection, numbers)
    in_force = plans_in_force(connection)
    plans = {at: in_force.find(*at) for at in {(one.template, one.relation) for one in wanted}}
    demands = {one.digest: Demands(one.plan, needs) for one in plans.values() if one}
    held = _Office(
        at=at,
        snapshot=snapshot,
        seen=see_filed(connection, snapshot, numbers, [one.period for one in wanted], needs),
        relations={relation.number: relation for relation in all_relations(connection, numbers)},
        plans={at: (found, demands[found.digest]) for at, found in plans.items() if found},
    )
    known = held.seen.ids
    outcomes = []
    for one in wanted:
        found = _prepare(held, one)
        if isinstance(found, Prepared):
            held.seen.add(found.new)
        outcomes.append(found)
    return PreparedAll(outcomes, held.seen, known)


class _Office(NamedTuple):
    """What of the office starts are prepared from, as it is at a moment of office time."""

    at: datetime
    snapshot: Snapshot
    seen: Seen
    relations: dict[str, Relation]
    plans: dict[tuple[str, str], tuple[PublishedPlan, Demands]]


def _prepare(held: _Office, wanted: StartRequest) -> Prepared | NotReady:
    office = held.snapshot.office
    at = (wanted.template, wanted.relation)
    if office is None or at not in held.plans:
        text = f"Het werkproces '{wanted.template}' is niet gepubliceerd."
        return NotReady(missing=(Missing(code="not_deployed", text=text),))
    published, demands = held.plans[at]
    period, today = Period.parse(wanted.period), held.at.date()
    again = find_repeated(held.snapshot, demands, wanted.key, held.seen)
    taken = judge_start(held.snapshot, demands, wanted.relation, wanted.sub_number, period, today, again)
    if isinstance(taken, NotReady):
        return taken
    if asked := ask_reason(again, wanted.key, wanted.reason):
        return NotReady(missing=(asked,))
    start = _start(wanted, office, held.relations[wanted.relation], taken, held.at)
    row = make_row(start, published, wanted.reason, tuple(one.id for one in again))
    return Prepared(new=row, plan=published.text, start=start)


def write_row(connection: Connection, prepared: Prepared) -> Prepared | Started:
    """Write the filing's row as gepland, or return the state of the existing one.

    Needs a writing connection. A row without a workflow, left by a process that died, is begun again, on the
    plan that the row names.
    """
    return write_rows(connection, [prepared])[0]


def write_rows(connection: Connection, prepared: Sequence[Prepared]) -> list[Prepared | Started]:
    """Write the rows of different filings as `write_row` does, all of them or none."""
    rows = create_filings(connection, [one.new for one in prepared])
    return [
        _begin_again(connection, one, row.filing) if isinstance(row, FilingExists) else one
        for one, row in zip(prepared, rows, strict=True)
    ]


def _begin_again(connection: Connection, prepared: Prepared, there: Filing) -> Prepared | Started:
    """Return what is to be started for an existing row, if it was not."""
    if there.begun:
        return Started(filing=there.id, again=True)
    published = plan_by_digest(connection, there.plan)
    if published is None:
        raise LookupError(f"the plan of {there.id} is not published")
    start_date = {"start_date": there.start_date, "without_automations": there.without_automations}
    start = replace(prepared.start, **start_date)
    return prepared.model_copy(update={"plan": published.text, "start": start})


def _start(
    wanted: StartRequest, office: Office, relation: Relation, taken: RelationProduct, at: datetime
) -> Start:
    period = Period.parse(wanted.period)
    first = min(wanted.start_date, at.date(), period.start)
    days = calendars(office.closing_days, first, max(period.end, at.date()) + HORIZON)
    return Start(
        at=at,
        filing=wanted.key,
        period=period,
        start_date=wanted.start_date,
        relation=relation_values(relation, office),
        product=product_values(taken, office),
        calendars=Calendars(office=days.office, law=days.law, bank=days.bank),
        opening_hour=office.opening_hour,
        automations_off=relation.automations_off,
        without_automations=wanted.without_automations,
        begun_on=at.date(),
        by=wanted.by,
    )


def make_row(
    start: Start, published: PublishedPlan, reason: str = "", again: tuple[str, ...] = ()
) -> NewFiling:
    """Return the row of a filing, from what it starts with; `again` is what the reason is about."""
    key = start.filing
    return NewFiling(
        id=key.workflow_id,
        template=key.template,
        relation=key.relation,
        period=key.period,
        sub_number=key.sub_number,
        sequence=key.sequence,
        product=str(start.product["id"]),
        plan=published.digest,
        title=published.plan.title,
        start_date=start.start_date,
        due=due_at_start(published.plan, start),
        again_reason=reason,
        again_of=again,
        reports=published.plan.delivered_reports,
        without_automations=start.without_automations,
    )
