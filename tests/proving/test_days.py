"""What two plans do alike in the period that is walked, and not in another, is not said to behave alike."""

from datetime import date

import pytest

from kantoor.data import replace
from kantoor.filing.events import Start
from kantoor.period import Period
from kantoor.plan import (
    Automation,
    Chase,
    Compare,
    DateRule,
    Deadline,
    DueChoice,
    Escalate,
    GiveUp,
    LiteralValue,
    Name,
    NoticeAwaited,
    Phase,
    Plan,
    Remind,
    SendMessage,
    To,
    WaitFor,
    Work,
)
from kantoor.proving.lockstep import compare_machines
from kantoor.proving.proof import OTHER_PERIODS, prove
from kantoor.review.blanking import blank
from kantoor.review.review import Side, review
from kantoor.simulation.starting import invent_product, invent_relation, make_start
from tests.policies.random_plans import make_plan
from tests.review.edited import ON, shipped


def count(anchor: str, **by: int | str) -> DateRule:
    return DateRule(anchor=anchor, **by)  # type: ignore[arg-type]


def make(*phases: Phase, due: tuple[DueChoice, ...] = (), moves: str = "never") -> Plan:
    deadlines = (Deadline(id="dag", title="Dag", law="wet", due=due, moves=moves),) if due else ()  # type: ignore[arg-type]
    return replace(make_plan(4), phases=phases, deadlines=deadlines, documents=(), facts=(), forms=())


MAKE = Phase(id="maken", title="Maken", role="ene", block=Work())
NINTH = (DueChoice(rule=count("period.end", days=9)),)


def wait(role: str, message: str | None = None) -> Plan:
    """Return a plan that gives up after five working days: before it escalates, unless one is closed."""
    chase = Chase(
        escalate=Escalate(on=count("period.end", days=7), role=role, message=message),
        give_up=GiveUp(on=count("period.end", workdays=5), then="maken"),
    )
    block = WaitFor(awaited=(NoticeAwaited(notice="brief"),), chase=chase)
    return make(Phase(id="wachten", title="Wachten", role="ene", block=block), MAKE)


def choose(by: str) -> Plan:
    """Return a plan with the 28th day for some and the last day of the month for others."""
    is_bv = Compare(by=by, left=Name(path=("relation", "legal_form")), right=LiteralValue(value="bv"))  # type: ignore[arg-type]
    last = DueChoice(rule=count("period.end", months=1, day="last"))
    return make(MAKE, due=(DueChoice(condition=is_bv, rule=count("period.end", days=28)), last))


def remind(every: int) -> Plan:
    chase = Chase(
        remind=Remind(every_days=every, at_most=1, message="herinnering"),
        escalate=Escalate(on=count("period.end", workdays=3), role="andere"),
    )
    return make(replace(MAKE, block=Work(chase=chase), not_before=count("period.start")))


def tell(message: str) -> Plan:
    """Return a plan with a message for the first working day, of a phase that begins on the second day."""
    on = count("period.end", workdays=1)
    automation = Automation(id="zeg", at=on, send=SendMessage(message=message, to=To()))
    return make(replace(MAKE, automations=(automation,), not_before=count("period.end", days=2)))


HIDDEN: dict[str, tuple[Plan, Plan, str]] = {
    "a deadline that moves": (make(MAKE, due=NINTH), make(MAKE, due=NINTH, moves="next_workday"), "2027-04"),
    "who work escalates to": (wait("andere"), wait("ene"), "2027-04"),
    "with which message it escalates": (wait("ene"), wait("ene", "bericht"), "2027-04"),
    "for whom a deadline is another one": (choose("eq"), choose("ne"), "2027-03"),
    "how often somebody is reminded": (remind(40), remind(33), "2027-04"),
    "a message that is too late": (tell("bericht"), tell("herinnering"), "2027-04"),
}


def begin(plan: Plan, period: str) -> Start:
    office = shipped().office
    relation, product = invent_relation(office, "bv"), invent_product(office, plan, "month")
    start = make_start(plan, office, Period.parse(period), relation, product)
    return replace(start, start_date=min(start.start_date, date.fromisoformat(f"{period}-01")))


@pytest.mark.parametrize("what", HIDDEN)
def test_what_is_alike_in_one_period_alone_is_not_said_to_behave_alike(what: str) -> None:
    before, after, period = HIDDEN[what]
    sides = [
        Side(name, {"klein": plan}, shipped().office)
        for name, plan in zip("ab", (before, after), strict=True)
    ]
    (template,) = prove(sides[0], sides[1], review(sides[0], sides[1], ON), 500).templates
    assert (template.outcome, template.untried) == ("inconclusive", (OTHER_PERIODS,))
    found = compare_machines(blank(before), blank(after), (begin(before, period),), 500)
    assert found.parting, "in that period they part"
