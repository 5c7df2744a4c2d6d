"""Every date in the tables of the pages of templates is the machine's own for a filing of those facts."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import NamedTuple

import pytest

from kantoor.data import Scalar, replace
from kantoor.drawing.assuming import Assumed, list_assumed
from kantoor.drawing.year import list_kinds, list_periods
from kantoor.filing.rules import Rules, rules_of
from kantoor.filing.state import Fact, origin_of
from kantoor.period import Period
from kantoor.plan import Compare, DueChoice, Expression, LiteralValue, Logic, Name, Plan
from kantoor.simulation.starting import find_start_day, invent_product, make_start

from ..shipped import compile_shipped
from .shipped import ROOT, TEMPLATES, plan_of

YEAR = 2027
ASSUMED: dict[str, tuple[dict[str, Scalar], dict[str, Scalar]]] = {
    "": ({}, {}),
    "de klant een buitenlandse ondernemer is": ({"foreign": True}, {}),
    "bij ‘Uitstel’ voor ‘Uitstelregeling voor belastingconsulenten’ is gekozen": ({}, {"uitstel": "becon"}),
    "bij ‘Uitstel’ voor ‘Eigen uitstel van de klant’ is gekozen": ({}, {"uitstel": "eigen"}),
    (
        "de rechtsvorm bv is, en bij ‘Ondertekenen is ook vaststellen: alle aandeelhouders zijn bestuurder "
        "en de statuten sluiten het niet uit (BW 2:210 lid 5)’ ja is vastgelegd"
    ): ({}, {"door_ondertekening": True}),
}
"""What a table or column says that it assumes: values of the product, and facts."""

MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
DAY = re.compile(r"(?:ma|di|wo|do|vr|za|zo) (\d+) (\w{3})(?: (\d{4}))?")


class Cell(NamedTuple):
    period: str
    """As people read it; '' where the page has one."""
    when: str
    what: str
    day: date | None


def read_day(text: str) -> date | None:
    found = DAY.fullmatch(text.strip(" *."))
    return found and date(int(found[3] or YEAR), MONTHS.index(found[2]) + 1, int(found[1]))


def read_cells(template: str) -> Iterator[Cell]:
    """Yield every cell of the tables of dates of a page."""
    text = (ROOT / f"docs/templates/{template}.md").read_text("utf-8")
    part = re.split(r"\n## ", text.partition("\n## Data van ")[2])[0]
    when, heads = "", list[str]()
    for line in part.splitlines():
        if line.startswith("Als "):
            when = line.removeprefix("Als ").rstrip(":")
        if not line.startswith("| "):
            heads = heads if line.startswith("|--") else []
            continue
        first, *rest = (one.strip() for one in line.strip("|").split(" | "))
        if not heads:
            heads = [first, *rest]
        elif heads[0] == "periode":
            yield from (
                Cell(first, when, what, read_day(one)) for what, one in zip(heads[1:], rest, strict=True)
            )
        else:
            cases = [one.removeprefix("als ") if one != "dag" else "" for one in heads[1:]]
            what = first.strip("*")
            yield from (Cell("", case, what, read_day(one)) for case, one in zip(cases, rest, strict=True))


def rules_for(plan: Plan, period: Period, when: str, start: date | None) -> Rules:
    """Return the rules of a filing as a simulation starts it; nothing else is known of the relation."""
    product, facts = ASSUMED[when]
    found = compile_shipped().office
    assert found
    event = make_start(
        plan,
        found,
        period,
        {"number": "1001"} | ({"legal_form": "bv"} if "rechtsvorm bv" in when else {}),
        invent_product(found, plan, period.kind) | product,
        on=start or find_start_day(plan, period, found),
    )
    at = datetime.combine(event.start_date, time(9))
    return rules_of(
        plan, origin_of(event), tuple(Fact(id=k, value=v, by="x", at=at) for k, v in facts.items())
    )


def find_day(rules: Rules, what: str) -> tuple[bool, date | None]:
    """Return whether a heading is of a target or a deadline, and the machine's day for it."""
    for one in rules.plan.deadlines:
        if what == f"uiterlijk: {one.title}":
            return True, rules.deadline_day(one.id)
        if what == f"eerste dag: {one.title}":
            return True, rules.earliest_day(one.id)
    for phase in rules.plan.phases:
        if phase.due and re.fullmatch(rf"\w+ {re.escape(phase.title)}(: streefdatum)?", what):
            return True, rules.target_day(phase.due)
        if phase.not_before and what.endswith(f" {phase.title}: niet eerder dan"):
            return True, rules.target_day(phase.not_before)
    return False, None


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_table_of_dates_has_the_days_of_the_machine(template: str) -> None:
    plan, office = plan_of(template), compile_shipped().office
    assert office
    periods = {one.words: one for one in list_periods(list_kinds(plan, office.products), YEAR)}
    said = re.search(
        r"Gerekend alsof de opdracht begint op (.*?)\.\n",
        (ROOT / f"docs/templates/{template}.md").read_text("utf-8"),
    )
    start = read_day(said[1]) if said else None
    looked = set[str]()
    for cell in read_cells(template):
        period = periods[cell.period] if cell.period else next(iter(periods.values()))
        looked_at, day = find_day(rules_for(plan, period, cell.when, start), cell.what)
        assert not looked_at or cell.day == day, cell
        looked |= {cell.what} if looked_at else set()
    targets = sum(phase.due is not None for phase in plan.phases)
    assert len(looked) >= targets + len(plan.deadlines), looked


def test_a_year_of_a_foreign_entrepreneur_has_the_day_of_a_year() -> None:
    cells = list(read_cells("btw-aangifte"))
    foreign = [one for one in cells if one.when and one.what.startswith("uiterlijk") and one.period == "2027"]
    assert [one.day for one in foreign] == [date(2028, 3, 31)]


NUMBER = Name(path=("facts", "bedrag"))


@pytest.mark.parametrize(
    ("conditions", "assumed"),
    [
        ([Compare(by="gt", left=NUMBER, right=LiteralValue(value=1000))], [{"bedrag": 1001}]),
        ([Logic(by="not", of=(NUMBER,))], []),  # holds when nothing is known: the table of that shows it
        (
            [
                NUMBER,
                Logic(by="and", of=(NUMBER, Compare(by="eq", left=NUMBER, right=LiteralValue(value=2)))),
            ],
            [{"bedrag": True}],
        ),  # the second one never counts
    ],
    ids=["an amount", "what holds anyway", "what never counts"],
)
def test_what_is_assumed_makes_an_alternative_count(
    conditions: list[Expression], assumed: list[dict[str, Scalar]]
) -> None:
    plan = plan_of("btw-aangifte")
    first = plan.deadlines[0]
    last = first.due[-1]
    due = (*(DueChoice(condition=one, rule=last.rule) for one in conditions), last)
    changed = replace(plan, deadlines=(replace(first, due=due), *plan.deadlines[1:]))
    found = list_assumed(changed, (Period.parse("2027-01"),))
    assert found[0] == Assumed()
    assert [one.of("facts") for one in found[1:]] == assumed
