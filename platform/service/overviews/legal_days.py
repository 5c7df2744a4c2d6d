"""By when something must be delivered that was never started: it is late once that day has passed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from ...data import replace
from ...filing.state import Origin
from ...filing.view import first_day
from ...office.alarms import NOT_BEGUN
from ...office.database.questions import ask_at_once
from ...office.overviews.worklist import NOT_COVERED, RECURRENCE, WorkLine
from ...office.plans import PublishedPlan, active_office, plans_in_force
from ...office.relations.relation import RELATIONS, Relation, RelationProduct
from ...office.relations.snapshot import PRODUCTS
from ...period import Period, in_words
from ...plan import Office, Plan
from ..origins import make_origin

_NOT_STARTED = (NOT_COVERED, RECURRENCE, NOT_BEGUN)


def judge_not_started(
    connection: Connection, lists: Sequence[Sequence[WorkLine]], on: date
) -> tuple[tuple[WorkLine, ...], ...]:
    """Return lists, with of what was never started its last day by the plan and when it had to start.

    By an accountant's measure: a start that was missed is told, and it is late once the last day has passed.
    """
    numbers = {line.relation for lines in lists for line in lines if line.kind in _NOT_STARTED}
    office = active_office(connection) if numbers else None
    if office is None:
        return tuple(map(tuple, lists))
    in_force = plans_in_force(connection)
    found, products = ask_at_once(connection, RELATIONS, PRODUCTS.of_some, numbers=sorted(numbers))
    relations = {one.number: one for one in found}

    def judge(line: WorkLine) -> WorkLine:
        if line.kind not in _NOT_STARTED:
            return line
        published = in_force.find(line.template, line.relation)
        return _judge(line, published, relations.get(line.relation), products, office, on)

    return tuple(tuple(judge(line) for line in lines) for lines in lists)


def _judge(
    line: WorkLine,
    published: PublishedPlan | None,
    relation: Relation | None,
    products: Mapping[str, Sequence[RelationProduct]],
    office: Office,
    on: date,
) -> WorkLine:
    plan = published.plan if published else None
    origin = (
        next(_list_origins(line, plan, relation, products.get(line.relation, ()), office, on), None)
        if plan and relation
        else None
    )
    deadline = first_day(plan, origin) if plan and origin else None
    start = _say_start(line.due, on) if line.due else ""
    why = tuple(f"{start}{one}" for one in line.missing[:1])
    late = deadline is not None and deadline < on
    missing = (*why, *line.missing[1:])
    return replace(line, due=None, deadline=deadline, late=late, missing=missing, start=line.due)


def _say_start(due: date, on: date) -> str:
    if due == on:
        return "Moet vandaag starten. "
    return f"{'Had moeten starten' if due < on else 'Start'} op {in_words(due)}. "


def _list_origins(
    line: WorkLine,
    plan: Plan,
    relation: Relation,
    taken: Sequence[RelationProduct],
    office: Office,
    on: date,
) -> Iterator[Origin]:
    """Yield what a filing would start with today, by the agreement over its period first."""
    period, start = Period.parse(line.period), line.due or on
    sub_number = line.filing.split("/")[-1 if line.filing.startswith("recurrence/") else -2]
    theirs = [one for one in taken if one.product in plan.products and one.sub_number == sub_number]
    for product in sorted(theirs, key=lambda one: one.frequency != period.kind):
        yield make_origin(office, line.template, relation, product, period, start)
