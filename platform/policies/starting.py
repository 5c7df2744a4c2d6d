"""The filings that policies are held against: one for each way in which conditions answer at the start."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from ..context import LEGAL_FORMS
from ..data import Scalar
from ..exploring.telling_apart import Telling
from ..filing.conditions import Values, holds, values_of
from ..filing.events import Start
from ..filing.state import origin_of
from ..period import Period, PeriodKind
from ..plan import Office, Plan
from ..simulation.starting import invent_product, invent_relation, make_start

YEAR = 2027
PERIODS: dict[PeriodKind, str] = {
    "month": f"{YEAR}-01",
    "quarter": f"{YEAR}-Q1",
    "half_year": f"{YEAR}-H1",
    "year": f"{YEAR}",
    "four_weeks": f"{YEAR}-P02",
    "book_year": f"{YEAR}-07..{YEAR + 1}-06",
    "range": f"{YEAR}-03-01..{YEAR}-04-15",
    "none": f"{YEAR}-03-15",
}
"""The period that is invented, by its kind."""


def list_starts(plan: Plan, office: Office, telling: Telling) -> tuple[Start, ...]:
    """Return an invented start for each way in which the conditions that decide the course answer.

    Of the kinds of period in which the products can be agreed, the first stands for others that make no
    difference to a condition.
    """
    found: dict[Any, Start] = {}
    atoms = telling.at_the_start
    for start in _list_all(plan, office, telling):
        values = values_of(plan, origin_of(start))
        answers = tuple(holds(atom, values) for atom in atoms)
        found.setdefault((answers, _choose_due(plan, values)), start)
    return tuple(found.values())


def _choose_due(plan: Plan, values: Values) -> tuple[int | None, ...]:
    """Return which alternative each deadline takes at the start."""
    return tuple(
        next((place for place, due in enumerate(one.due) if holds(due.condition, values)), None)
        for one in plan.deadlines
    )


def _list_all(plan: Plan, office: Office, telling: Telling) -> Iterator[Start]:
    named = {path for path in telling.names if path[0] in ("relation", "product", "period")}
    by_form = bool(named & {("relation", "legal_form"), ("relation", "natural_person")})
    forms = sorted(LEGAL_FORMS if by_form else ("bv",), key=lambda form: form != "bv")
    flags = [name for group, name in sorted(named) if group == "product" and name in _FLAGS]
    fields = [one.id for one in office.fields if ("relation", one.id) in named and one.type == "yes_no"]
    for kind in _list_kinds(plan, office):
        period = Period.parse(PERIODS[kind])
        for form, said in product(forms, product((False, True), repeat=len(flags) + len(fields))):
            own: dict[str, Scalar] = dict(zip(flags, said, strict=False))
            true: dict[str, Scalar] = dict(zip(fields, said[len(flags) :], strict=False))
            relation = invent_relation(office, form) | true
            yield make_start(plan, office, period, relation, invent_product(office, plan, kind) | own)


_FLAGS = ("foreign", "kor", "fiscal_unit")


def _list_kinds(plan: Plan, office: Office) -> tuple[PeriodKind, ...]:
    if plan.period != "by_product":
        return (plan.period,)
    agreed = [kind for one in office.products if one.id in plan.products for kind in one.frequencies]
    return tuple(dict.fromkeys(agreed)) or ("month",)
