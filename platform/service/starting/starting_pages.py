"""What can be started for one relation, as a page offers it: templates, and the likely periods first."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import Connection

from ...office.filings.filing import list_filings
from ...office.plans import active_office, plans_in_force
from ...office.relations.readiness import NOT_ACCEPTED, say_not_active
from ...office.relations.relation import (
    WORKED_FOR,
    RelationProduct,
    find_relation,
    products_of,
    stretches_of,
)
from ...period import LOOSE, Period, PeriodKind
from ...plan import Model, Office, Plan
from ...recurrence import Terms, start_day
from ...runtime.preparing import agreed_products
from ...runtime.recurrence_client import make_terms
from ..desk import Desk
from ..filings.cases import find_by_name
from ..relations.relations import hide_numbers
from ..results import Refusal, Relation
from ..unknown import NOT_DEPLOYED
from .wishes import say_filing

__all__ = ["STARTS_FOR", "PeriodChoice", "StartChoices", "TemplateChoice", "read_start"]

STARTS_FOR = ("prospect", *WORKED_FOR)
"""The statuses of relations for which something can start."""
BACK = 3
"""So many periods before the one of today are offered, besides it and the next."""


class TemplateChoice(Model):
    """A template that fits what the relation takes."""

    template: str
    title: str


class PeriodChoice(Model):
    """A period that can be started; `start` is the day by the template's rule, `filed` says it was before."""

    code: str
    words: str
    start: date
    filed: bool


class StartChoices(Model):
    """What a relation can have started; periods and switches are those of the chosen template.

    `asks_date` says that the template starts on a date that somebody gives, `recurs` that it can go on by
    itself; `without_period` that its filings have none, but the day of their start. `not_taken` is the
    template that was asked for where the relation does not take its product, `closed` says in Dutch why
    nothing, or nothing of what was asked for, can start for the relation as it is.
    """

    relation: Relation
    templates: tuple[TemplateChoice, ...]
    chosen: TemplateChoice | None = None
    periods: tuple[PeriodChoice, ...] = ()
    asks_date: bool = False
    recurs: bool = False
    without_period: bool = False
    not_taken: TemplateChoice | None = None
    closed: str = ""


def name_corrected(desk: Desk, name: str) -> str:
    """Return in words which filing is to be corrected; the name itself where there is none such.

    Raises DatabaseError.
    """
    found = desk.read(lambda connection: find_by_name(connection, name))
    return name if isinstance(found, Refusal) else say_filing(found)


def read_start(desk: Desk, number: str, template: str, today: date) -> StartChoices | Refusal:
    """Return what can be started for a relation; with one template that fits, that one is chosen.

    Raises DatabaseError.
    """

    def ask(connection: Connection) -> StartChoices | Refusal:
        relation, office = find_relation(connection, number), active_office(connection)
        if relation is None:
            return Refusal(code="no_relation", text="Deze relatie is er niet.")
        if office is None:
            return NOT_DEPLOYED
        if relation.status not in STARTS_FOR:
            closed = say_not_active(relation.status)
            return StartChoices(relation=hide_numbers(relation), templates=(), closed=closed)
        taken = products_of(connection, number)
        published = {one.template: one.plan for one in plans_in_force(connection).list_for(number)}
        fitting = {one: plan for one, plan in published.items() if agreed_products(taken, plan.products)}
        shown = StartChoices(relation=hide_numbers(relation), templates=())
        if relation.status == "prospect":
            early = {one: plan for one, plan in fitting.items() if plan.for_prospects}
            if fitting and (template in fitting.keys() - early.keys() or not early):
                return shown.model_copy(update={"closed": NOT_ACCEPTED})
            fitting = early
        choices = tuple(TemplateChoice(template=name, title=plan.title) for name, plan in fitting.items())
        shown = shown.model_copy(update={"templates": choices})
        name = template or (choices[0].template if len(choices) == 1 else "")
        plan = fitting.get(name)
        if plan is None and name in published:
            asked = TemplateChoice(template=name, title=published[name].title)
            return shown.model_copy(update={"not_taken": asked})
        if plan is None:
            return shown
        filed = {one.period for one in list_filings(connection, relation=number, template=name)}
        agreed = agreed_products(taken, plan.products)
        periods = _list_periods(plan, office, agreed, filed, today)
        chosen = {
            "chosen": next(one for one in choices if one.template == name),
            "periods": periods,
            "asks_date": plan.start == "on_date",
            "without_period": all(_kind_of(plan, one) == "none" for one in agreed),
            "recurs": plan.start != "by_hand" and any(_kind_of(plan, one) not in LOOSE for one in taken),
        }
        return shown.model_copy(update=chosen)

    return desk.read(ask)


def _list_periods(
    plan: Plan, office: Office, agreed: Sequence[RelationProduct], filed: set[str], today: date
) -> tuple[PeriodChoice, ...]:
    """Return the periods around a day of which a filing can be made, in the order in which they are likely.

    First what should have started and did not, the latest of it first; then what is to come; then what was
    started before.
    """
    found: dict[str, PeriodChoice] = {}
    for product in agreed:
        terms = make_terms(plan, office, stretches_of(agreed, product.sub_number), today)
        for period in _list_around(plan, product, today):
            code = period.code
            start = _say_start(terms, period, today)
            found[code] = PeriodChoice(code=code, words=_name(period), start=start, filed=code in filed)

    def likely(one: PeriodChoice) -> tuple[bool, bool, int]:
        later = one.start > today
        return one.filed, later, one.start.toordinal() * (1 if later else -1)

    return tuple(sorted(found.values(), key=likely))


def _name(period: Period) -> str:
    return "zonder periode" if period.kind == "none" else period.words


def _say_start(terms: Terms, period: Period, today: date) -> date:
    return today if period.kind in LOOSE else start_day(terms, period)


def _list_around(plan: Plan, product: RelationProduct, today: date) -> Iterator[Period]:
    """Yield the periods around a day that a product is agreed for; of days that somebody chooses none."""
    kind = _kind_of(plan, product)
    if kind == "none":
        yield Period.holding(kind, today)
    if kind in LOOSE:
        return
    period = Period.holding(kind, today, product.since)
    for _ in range(BACK):
        period = period.previous()
    around = [period]
    for _ in range(BACK + 1):
        around.append(around[-1].next())
    near = [one for one in around if kind != product.frequency or product.covers(one)]
    yield from near or _list_only(product, today)


def _list_only(product: RelationProduct, today: date) -> Iterator[Period]:
    """Yield the period of an agreement that is nearest to a day: its first one to come, or its last."""
    if product.since and product.since > today and product.first_period:
        yield product.first_period
    elif product.until and product.until < today:
        last = Period.holding(product.frequency, product.until, product.since)
        if product.covers(last):
            yield last


def _kind_of(plan: Plan, product: RelationProduct) -> PeriodKind:
    return product.frequency if plan.period == "by_product" else plan.period
