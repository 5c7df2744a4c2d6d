"""Starting one filing: what it starts with, the row, the workflow; used by people's start and by recurrence.

The row is written first and refuses a second one. When the process dies in between, the next start of the
same filing finds the row, and starts the workflow that is missing.
"""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from ..data import replace
from ..filing.events import Actor, Calendars, FilingKey, Start
from ..filing.outcome import Refusal
from ..filing.step import step
from ..filing.view import view
from ..office.calendars import calendars
from ..office.filings.filing import Filing, FilingExists, NewFiling, create_filing
from ..office.plans import PublishedPlan, active_office, active_plan, plan_by_digest
from ..office.relations.readiness import Missing, readiness
from ..office.relations.relation import (
    Relation,
    RelationProduct,
    find_relation,
    product_values,
    products_of,
    relation_values,
)
from ..period import Period
from ..plan import Model, Office, Plan

HORIZON = timedelta(days=500)
"""How far after the period working days are known to a filing; its dates lie within it."""


class StartRequest(Model):
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
    """A filing that runs; `again` when it was started before by the same request."""

    filing: Filing
    again: bool


def prepare(connection: Connection, wanted: StartRequest, at: datetime) -> Prepared | NotReady:
    """Return all that a filing starts with on the plan that is active now, or everything that is missing.

    `at` is office time. Reads only; a dry run ends here.
    """
    published, office = active_plan(connection, wanted.template), active_office(connection)
    relation = find_relation(connection, wanted.relation)
    if published is None or office is None:
        text = f"Het werkproces '{wanted.template}' is niet in gebruik genomen (kantoor deploy)."
        return _missing("not_deployed", text)
    if relation is None:
        return _missing("no_relation", f"Er is geen relatie met nummer {wanted.relation}.")
    taken = product_taken(connection, published.plan, wanted.relation, wanted.sub_number)
    period = Period.parse(wanted.period)
    missing = readiness(connection, published.plan, office, wanted.relation, at.date(), taken)
    if taken and not taken.covers(period):
        text = f"Over {period.words} is dit product niet met de relatie afgesproken."
        missing = (*missing, Missing(code="period_not_agreed", text=text))
    if missing or taken is None:
        return NotReady(missing=missing)
    start = _start(wanted, office, relation, taken, at)
    return Prepared(new=_row(start, published, wanted), plan=published.text, start=start)


def product_taken(
    connection: Connection, plan: Plan, relation: str, sub_number: str
) -> RelationProduct | None:
    """Return which of the plan's products a relation takes under this sub-number, or None."""
    taken = [t for t in products_of(connection, relation) if t.product in plan.products]
    exact = next((t for t in taken if t.sub_number == sub_number), None)
    return exact or (taken[0] if len(taken) == 1 and sub_number == "-" else None)


def write_row(connection: Connection, prepared: Prepared) -> Prepared | Started:
    """Write the filing's row as gepland, or return how the one that is there stands.

    Needs a writing connection. A row without a workflow, left by a process that died, is begun again, on the
    plan that the row names.
    """
    written = create_filing(connection, prepared.new)
    if not isinstance(written, FilingExists):
        return prepared
    there = written.filing
    if there.recorded or there.status != "gepland":
        return Started(filing=there, again=True)
    published = plan_by_digest(connection, there.plan)
    if published is None:
        raise LookupError(f"the plan of {there.id} is not published")
    start_date = {"start_date": there.start_date, "without_automations": there.without_automations}
    start = replace(prepared.start, **start_date)
    return prepared.model_copy(update={"plan": published.text, "start": start})


def _missing(code: str, text: str) -> NotReady:
    return NotReady(missing=(Missing(code=code, text=text),))


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
        by=wanted.by,
    )


def _row(start: Start, published: PublishedPlan, wanted: StartRequest) -> NewFiling:
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
        due=_due(published.plan, start),
        again_reason=wanted.reason,
        without_automations=wanted.without_automations,
    )


def _due(plan: Plan, start: Start) -> date | None:
    """Return the first deadline as the machine itself will see it."""
    begun = step(plan, None, start)
    return None if isinstance(begun, Refusal) else view(plan, begun.state).due
