"""What the service returns: its own lines and pages, and what of machine and office is a result as it is.

A face takes its types from here and from the service's other modules, never from below.
"""

from datetime import date
from typing import Any, Literal

from ..filing.outcome import Refusal, gather_refusals
from ..filing.view import (
    CheckpointView,
    DeadlineView,
    DocumentView,
    FactView,
    OfferView,
    PhaseView,
    View,
    WorkItem,
)
from ..office.filings.filing import Filing, How, Status
from ..office.filings.links import Link
from ..office.filings.notes import Note
from ..office.filings.notices import StoredNotice
from ..office.filings.recurrences import Recurrence
from ..office.filings.standing import Standing, judge_standing
from ..office.overviews.acceptance import Acceptance
from ..office.overviews.insights import RelationLine
from ..office.overviews.planner import Cell, PlannerGrid, PlannerRow
from ..office.overviews.relation_page import ContactLine, FieldLine, RoleLine, StandingLine
from ..office.overviews.timeline import TimelineLine
from ..office.people import Authority
from ..office.relations.links import RelationLink
from ..office.relations.next_starts import JudgedStart
from ..office.relations.readiness import Missing
from ..office.relations.relation import Relation, RelationProduct
from ..plan import Model, Plan, Planner
from ..words import say_recurrence
from .names import recurrence_name, short_name
from .plan_standing import PlanStanding

__all__ = [
    "Acceptance",
    "Authority",
    "Cell",
    "CheckpointView",
    "ContactLine",
    "DeadlineView",
    "DocumentView",
    "FactView",
    "FieldLine",
    "FilingLine",
    "FilingPage",
    "JudgedStart",
    "Link",
    "Missing",
    "Note",
    "NoticeLine",
    "OfferView",
    "PhaseView",
    "PlannerGrid",
    "PlannerRow",
    "Readiness",
    "RecurrenceLine",
    "Refusal",
    "Relation",
    "RelationLine",
    "RelationLink",
    "RelationPage",
    "RelationProduct",
    "RoleLine",
    "StandingLine",
    "TimelineLine",
    "View",
    "WorkItem",
    "filing_line",
    "gather_refusals",
    "notice_line",
    "recurrence_line",
]


class FilingLine(Model):
    """A filing as lists show it; `name` is how people write it, `id` the workflow id.

    `again_of` are the filings that a further one's reason is about, the first one first.
    `planner` is its state today, `phases` are those that are active, `due` the earliest open deadline,
    `recorded` the number of its last step in the database (0: none yet). `plan` is the digest of its plan.
    """

    id: str
    name: str
    template: str
    relation: str
    period: str
    sub_number: str
    sequence: int
    product: str
    plan: str
    title: str
    start_date: date
    due: date | None
    again_reason: str
    again_of: tuple[str, ...]
    without_automations: bool
    status: Status
    planner: Planner
    phases: tuple[str, ...]
    recorded: int
    ended: How | None
    due_unknown: bool = False
    """It has a deadline, whose day hangs on something that is not known yet."""
    standing: Standing = ""
    """What it waits for, where it does not go on."""


def filing_line(filing: Filing, today: date) -> FilingLine:
    """Return a filing's row as people see it today."""
    shown = filing.model_dump(include={*FilingLine.model_fields})
    seen = {"name": short_name(filing.id), "planner": filing.compute_planner(today)}
    unknown = filing.due is None and filing.ended is None and has_unknown_deadline(filing.view)
    waits = judge_standing((one["kind"], one["client"]) for one in (filing.view or {}).get("work", ()))
    return FilingLine.model_validate(shown | seen | {"due_unknown": unknown, "standing": waits})


def has_unknown_deadline(view: dict[str, Any] | None) -> bool:
    """Say whether a view, as it was recorded, has an open deadline whose day is not known yet."""
    deadlines = view["deadlines"] if view else ()
    return any(one["due"] is None and one["status"] == "open" for one in deadlines)


class KeptAnswer(Model):
    """What is kept of a judgement: the authority's answer as it came, or the proof of what a person recorded.

    `hash` is that of the document; `receipt` says that it is what counts as the filing's receipt now.
    """

    hash: str
    title: str
    receipt: bool


class FilingPage(Model):
    """One filing with everything that happened; `view` is None while it is only planned."""

    filing: FilingLine
    view: View | None
    timeline: tuple[TimelineLine, ...]
    today: date
    links: tuple[Link, ...] = ()
    notes: tuple[Note, ...] = ()
    """What earlier filings left for this one."""
    answers: tuple[KeptAnswer, ...] = ()
    """What is kept of judgements, the authority's or recorded (`filing document --receipt` or `--proof`)."""
    pilot: bool = False
    """Whether it is of a pilot that runs."""
    move_waits: tuple[str, ...] = ()
    """What keeps a move of it that waits (`view.moving`), in Dutch."""
    plans: PlanStanding | None = None
    """The plan that it runs on beside the one in force; None where it has ended, or nobody asks who moves."""
    corrections: tuple[str, ...] = ()
    """How it is put right, now that it is closed."""
    waits: tuple[str, ...] = ()
    """What of it Digipoort does not answer for long, and what was recorded meanwhile, in Dutch."""


def find_corrections(plan: Plan, view: View | None) -> tuple[str, ...]:
    """Return how a filing is put right, where it was closed and not cancelled."""
    return plan.corrections if view and view.ended in ("completed", "end") else ()


class NoticeLine(Model):
    """A notice in the inbox; `filing` is the one that it is for, `taken` when that filing went on by it."""

    id: str
    relation: str
    kind: str
    date: date
    reference: str | None
    filing: str | None
    taken: bool


def notice_line(notice: StoredNotice) -> NoticeLine:
    """Return a notice as lists show it."""
    return NoticeLine(
        id=notice.id,
        relation=notice.relation,
        kind=notice.kind,
        date=notice.date,
        reference=notice.reference,
        filing=short_name(notice.filing) if notice.filing else None,
        taken=notice.taken_at is not None,
    )


class RecurrenceLine(Model):
    """What starts by itself for a relation: its next period and day; `once` ends it after that start.

    `problem` says in Dutch why it could not start yet; empty when nothing is in the way. What is not `begun`
    is only planned: a worker begins it.
    """

    name: str
    template: str
    relation: str
    sub_number: str
    product: str
    next_period: str
    next_start: date
    once: bool
    without_automations: bool
    status: Literal["running", "paused", "stopped"]
    problem: str
    begun: bool

    @property
    def state(self) -> str:
        """Return in Dutch how it stands."""
        return say_recurrence(self.status, once=self.once, begun=self.begun)


def recurrence_line(recurrence: Recurrence) -> RecurrenceLine:
    """Return a recurrence's row as people see it."""
    name = recurrence_name(recurrence.workflow_id)
    seen = recurrence.model_dump(include=set(RecurrenceLine.model_fields))
    return RecurrenceLine.model_validate(seen | {"name": name})


class RelationPage(Model):
    """Everything about a relation on a day; identifying numbers are masked unless they were asked for.

    What is missing and advised is so for what `starts` next, as of the day on which it does.
    """

    day: date
    relation: Relation
    fields: tuple[FieldLine, ...]
    contacts: tuple[ContactLine, ...]
    standing: tuple[StandingLine, ...]
    roles: tuple[RoleLine, ...]
    products: tuple[RelationProduct, ...]
    filings: tuple[FilingLine, ...]
    planned: tuple[RecurrenceLine, ...]
    missing: tuple[Missing, ...]
    advice: tuple[Missing, ...]
    starts: tuple[JudgedStart, ...]
    uncovered: tuple[str, ...]
    links: tuple[RelationLink, ...]


class Readiness(Model):
    """Everything that a filing of a template would lack for a relation; nothing when it can start.

    `advice` is what the template advises, and stops nothing. `days` are those of the starts that it was
    judged for, where nobody gave a day.
    """

    relation: str
    template: str
    missing: tuple[Missing, ...]
    advice: tuple[Missing, ...] = ()
    days: tuple[date, ...] = ()
