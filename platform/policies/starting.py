"""The filings that policies are held against: one for each way in which conditions answer at the start."""

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple

from ..context import LEGAL_FORMS
from ..data import Scalar, replace
from ..exploring.own_days import OwnDays
from ..exploring.reach import Reach
from ..exploring.telling_apart import Telling
from ..filing.conditions import Values, holds, list_literals, list_names, values_of
from ..filing.events import Calendars, Start
from ..filing.outcome import Refusal
from ..filing.state import origin_of
from ..filing.step import step
from ..filing.turn import Reader
from ..period import PeriodKind
from ..plan import Expression, Office, Plan
from ..simulation.starting import FLAGS, invent_product, invent_relation, make_start
from .start_values import list_periods, list_values

Path = tuple[str, ...]
ENUMERATED: frozenset[Path] = frozenset(
    {
        *(("relation", name) for name in ("legal_form", "natural_person")),
        *(("product", name) for name in ("id", "frequency", "foreign", "kor", "fiscal_unit")),
        *(("period", name) for name in ("kind", "month", "number", "last_of_year")),
        ("office", "name"),
    }
)
"""Values of which every one is tried where a condition names them, so that each answer that can be is."""
YEARLY: frozenset[Path] = ENUMERATED | {("period", "year")}
"""What of a period is tried in full, also of a kind of period that can have any first and last day."""


class Chosen(NamedTuple):
    """The filings to walk, and the parts of conditions of which they do not give every answer."""

    starts: tuple[Start, ...]
    untried: tuple[Expression, ...]


def list_starts(plan: Plan, office: Office, telling: Telling) -> tuple[Start, ...]:
    """Return an invented start for each way in which the conditions that decide the course answer."""
    return choose_starts((plan,), office, telling).starts


def choose_starts(plans: tuple[Plan, ...], office: Office, telling: Telling) -> Chosen:
    """Return an invented start for each way in which the deciding conditions of plans answer together.

    Of values and periods that make no difference to a condition, the first stands for the others.
    """
    found: dict[Any, Start] = {}
    every = telling.all_at_the_start
    answers: set[tuple[int, bool]] = set()
    for start in _list_all(plans, office, telling):
        values = [values_of(plan, origin_of(start)) for plan in plans]
        answers |= {(place, holds(atom, one)) for place, atom in enumerate(every) for one in values}
        told = tuple(holds(atom, one) for atom in telling.at_the_start for one in values)
        chosen = tuple(_choose_due(plan, one) for plan, one in zip(plans, values, strict=True))
        if (told, chosen) not in found:
            found[told, chosen] = close_until_last(plans, start)
    enumerated = ENUMERATED | {("relation", one.id) for one in office.fields if one.type == "yes_no"}
    of_any_length = {"range", "book_year"} & {kind for plan in plans for kind in _list_kinds(plan, office)}
    untried = tuple(
        atom
        for place, atom in enumerate(every)
        if not (names := set(list_names(atom))) <= enumerated
        and (
            not {(place, True), (place, False)} <= answers
            or (of_any_length and any(path[0] in ("period", "filing") for path in names - YEARLY))
        )
    )
    return Chosen(tuple(found.values()), untried)


def close_until_last(plans: tuple[Plan, ...], start: Start) -> Start:
    """Return a start with the closed days until the last day that the plans name, and none after it.

    After it days count from today, whichever it is; a closed day would make each of them another one.
    """
    began = [step(plan, None, start) for plan in plans]
    days = [
        max(OwnDays(plan, Reach(plan)).days(Reader(plan, one.state)))
        for plan, one in zip(plans, began, strict=True)
        if not isinstance(one, Refusal)
    ]
    last = max(days, default=start.start_date)
    closed = start.calendars
    office, law, bank = (
        tuple(day for day in some if day <= last) for some in (closed.office, closed.law, closed.bank)
    )
    return replace(start, calendars=Calendars(office=office, law=law, bank=bank))


def _choose_due(plan: Plan, values: Values) -> tuple[int | None, ...]:
    """Return which alternative each deadline takes at the start."""
    return tuple(
        next((place for place, due in enumerate(one.due) if holds(due.condition, values)), None)
        for one in plan.deadlines
    )


def _list_all(plans: tuple[Plan, ...], office: Office, telling: Telling) -> Iterator[Start]:
    atoms = telling.all_at_the_start
    named = {path for atom in atoms for path in list_names(atom)}
    literals = tuple(literal for atom in atoms for literal in list_literals(atom))
    of_period = {name for group, name in named if group in ("period", "filing")}
    forms: tuple[str, ...] = ("bv",)
    if named & {("relation", "legal_form"), ("relation", "natural_person")}:
        forms = tuple(sorted(LEGAL_FORMS, key=lambda form: form != "bv"))
    told_apart = tuple(_list_told_apart(plans, office, named, literals))
    for plan in plans:
        for kind in _list_kinds(plan, office):
            for period in list_periods(kind, of_period, literals):
                agreed = invent_product(office, plan, kind)
                first = make_start(plan, office, period, invent_relation(office, "bv"), agreed)
                for form, values in product(forms, product(*(values for _, _, values in told_apart))):
                    own = list(zip(told_apart, values, strict=True))
                    yield _fill_in(
                        first,
                        invent_relation(office, form) | _pick(own, "relation"),
                        agreed | _pick(own, "product"),
                    )


_ToldApart = tuple[str, str, tuple[Scalar, ...]]
"""Group and name of a value at the start, and what is tried for it."""


def _pick(own: list[tuple[_ToldApart, Scalar]], group: str) -> dict[str, Scalar]:
    """Return the values of one group that are not those of the invented relation and product."""
    return {name: value for (of, name, _), value in own if of == group and value is not None}


def _fill_in(start: Start, relation: dict[str, Scalar], product: dict[str, Scalar]) -> Start:
    key = replace(start.filing, relation=str(relation["number"]), sub_number=str(product["sub_number"]))
    return replace(start, filing=key, relation=relation, product=product)


def _list_told_apart(
    plans: tuple[Plan, ...], office: Office, named: set[Path], literals: tuple[Scalar, ...]
) -> Iterator[_ToldApart]:
    """Yield the values of relation and product that a condition names; None stands for what is invented."""
    texts = tuple(dict.fromkeys(one for one in literals if isinstance(one, str)))
    products = tuple(dict.fromkeys(name for plan in plans for name in plan.products))
    agreed = [kind for one in office.products if one.id in products for kind in one.frequencies]
    for group, name in sorted(named):
        if group == "product" and name in FLAGS:
            yield group, name, (False, True)
        elif (group, name) == ("product", "id"):
            yield group, name, products
        elif (group, name) == ("product", "frequency"):
            by_product = any(plan.period == "by_product" for plan in plans)
            yield group, name, (None,) if by_product else (None, *dict.fromkeys(agreed))
        elif (group, name) in (("product", "sub_number"), ("relation", "number"), ("relation", "name")):
            yield group, name, (None, *texts)
    for one in office.fields:
        if ("relation", one.id) in named:
            yield "relation", one.id, list_values(one.type, literals)


def _list_kinds(plan: Plan, office: Office) -> tuple[PeriodKind, ...]:
    if plan.period != "by_product":
        return (plan.period,)
    agreed = [kind for one in office.products if one.id in plan.products for kind in one.frequencies]
    return tuple(dict.fromkeys(agreed)) or ("month",)
