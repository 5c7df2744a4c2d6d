"""Small random plans, and policies of every form about what happens in them."""

from collections.abc import Iterator
from datetime import date, datetime
from random import Random

from kantoor.data import replace
from kantoor.filing.events import SYSTEM, Calendars, FilingKey, Start
from kantoor.period import Period
from kantoor.plan import (
    Automation,
    Chase,
    Checkpoint,
    Compare,
    CreateTask,
    DateRule,
    DayAwaited,
    Deadline,
    Deliver,
    Document,
    DueChoice,
    End,
    Escalate,
    Expression,
    FactDefinition,
    Form,
    FormField,
    GiveUp,
    LiteralValue,
    Message,
    Name,
    NoticeAwaited,
    Offer,
    OfficeText,
    Outcome,
    Phase,
    Plan,
    Remind,
    Request,
    Role,
    Text,
    To,
    WaitFor,
    WhenClosed,
    Work,
)
from kantoor.policy import Observed, Policy

FORM = Form(
    id="lijst",
    title="Lijst",
    kind="list",
    fields=(FormField(id="a", title="A", kind="document", required=True),),
)
IF_GROOT: Expression = Compare(by="eq", left=Name(path=("facts", "groot")), right=LiteralValue(value=True))


def make_plan(seed: int) -> Plan:
    """Return a plan of two to six phases that end with an offer, a delivery, a wait, or work.

    Whoever is informed of what is offered has time to object in most of them; after some offers there is work
    that nothing is waited for in, and long after it work that has an escalation.
    """
    chance, more = Random(seed), Random(f"{seed}, more")
    phases = [_prepare(chance)]
    if chance.random() < 0.5:
        phases.append(_review(chance))
    last = chance.choice(("offer", "deliver", "both", "wait"))
    if last in ("offer", "both"):
        phases.append(_offer(chance))
        phases[-1] = _give_time(phases[-1], more.choice((0, 1, 2, 2)))
        if more.random() < 0.3:
            phases += _finish(more)
    if last in ("deliver", "both"):
        phases.append(_deliver(chance))
    if last == "wait":
        phases.append(_wait(chance))
    facts = ()
    if chance.random() < 0.3:
        facts = (FactDefinition(id="groot", title="Groot", type="yes_no", set_in=("maken",)),)
        phases.append(Phase(id="extra", title="Extra", role="ene", condition=IF_GROOT, block=Work()))
    return Plan(
        format=2,
        template="klein",
        title="Klein",
        products=("klein",),
        period="month",
        created=DateRule(anchor="period.start"),
        start="by_hand",
        when_closed=WhenClosed(),
        office=OfficeText(name="Kantoor", phone="0", email="a@b.example"),
        facts=facts,
        documents=(Document(id="stuk", title="Stuk", made_in="maken"),),
        deadlines=(
            Deadline(
                id="dag", title="Dag", law="wet", due=(DueChoice(rule=DateRule(anchor="period.end", days=9)),)
            ),
        ),
        phases=tuple(phases),
        ends=(End(id="niet", title="Niet", planner="klaar"),),
        roles=(Role(id="ene", title="Ene"), Role(id="andere", title="Andere")),
        messages=tuple(
            Message(id=one, title=one, channels=("email",), texts={"nl": Text(subject=one, body="…")})
            for one in ("bericht", "herinnering")
        ),
        forms=(FORM,),
    )


def _prepare(chance: Random) -> Phase:
    points = tuple(
        Checkpoint(id=f"p{n}", title=f"P{n}", required=chance.random() < 0.7)
        for n in range(chance.randint(0, 2))
    )
    asks = []
    if chance.random() < 0.3:
        request = Request(form="lijst", to=To(), required=chance.random() < 0.5, message="bericht")
        asks.append(Automation(id="vraag", at="entered", request=request, chase=_chase(chance)))
    elif chance.random() < 0.3:
        task = CreateTask(title="Taak", to=To())
        asks.append(Automation(id="taak", at="entered", task=task, chase=_chase(chance)))
    return Phase(
        id="maken",
        title="Maken",
        role="ene",
        due=DateRule(anchor="period.end", days=chance.choice((2, 12))),
        checkpoints=points,
        automations=tuple(asks),
        outcomes=(Outcome(id="door", title="Door"), Outcome(id="op", title="Op", end="niet"))
        if chance.random() < 0.2
        else (),
        block=Work(chase=Chase(escalate=_escalate(chance)) if chance.random() < 0.5 else None),
    )


def _review(chance: Random) -> Phase:
    return Phase(
        id="zien",
        title="Zien",
        role="andere",
        reviews=("stuk",),
        four_eyes=("maken",) if chance.random() < 0.5 else (),
        back_to="maken",
        block=Work(),
    )


def _chase(chance: Random) -> Chase | None:
    remind = Remind(every_days=chance.choice((1, 3)), at_most=chance.choice((1, 2)), message="herinnering")
    return Chase(
        remind=remind if chance.random() < 0.6 else None,
        escalate=_escalate(chance) if chance.random() < 0.5 else None,
    )


def _escalate(chance: Random) -> Escalate:
    return _escalate_after(chance.choice((1, 4, 11)))


def _escalate_after(days: int) -> Escalate:
    return Escalate(on=DateRule(anchor="period.end", days=days), role="andere")


def _offer(chance: Random) -> Phase:
    way = chance.choice(("approval", "signature"))
    block = Offer(
        documents=("stuk",),
        on_behalf_of="ene",
        forward=chance.choice(("automatic", "by_hand")),
        offer_as=way,
        to=To(decide=chance.choice(("one", "all"))),
        message="bericht",
        chase=_chase(chance),
        may_end=chance.choice((None, "niet")),
    )
    return Phase(id="bieden", title="Bieden", role="ene", back_to="maken", block=block)


def _give_time(phase: Phase, workdays: int) -> Phase:
    assert phase.offer is not None
    return replace(phase, block=replace(phase.offer, workdays_to_object=workdays))


def _finish(chance: Random) -> Iterator[Phase]:
    yield Phase(id="nazien", title="Nazien", role="ene", back_to="maken", block=Work())
    chase = Chase(escalate=_escalate_after(chance.choice((20, 60))))
    yield Phase(id="sluiten", title="Sluiten", role="andere", block=Work(chase=chase))


def _deliver(chance: Random) -> Phase:
    due = DateRule(anchor="deadlines.dag", days=chance.choice((-2, 2)))
    block = Deliver(document="stuk", deadline="dag", on_behalf_of="ene", by_hand=chance.random() < 0.5)
    return Phase(id="sturen", title="Sturen", role="ene", back_to="maken", due=due, block=block)


def _wait(chance: Random) -> Phase:
    awaited = chance.choice(
        (
            (NoticeAwaited(notice="brief"),),
            (DayAwaited(on=DateRule(anchor="period.end", days=3)),),
        )
    )
    chase = Chase(give_up=GiveUp(on=DateRule(anchor="period.end", days=6), end="niet"))
    return Phase(
        id="wachten",
        title="Wachten",
        role="ene",
        block=WaitFor(awaited=awaited, chase=chase if chance.random() < 0.5 else None),
    )


def start_of(plan: Plan) -> Start:
    """Return the start of a filing, some days before its dates come."""
    return Start(
        at=datetime(2027, 1, 31, 8),
        filing=FilingKey(template=plan.template, relation="1", period="2027-01", sub_number="-"),
        period=Period.parse("2027-01"),
        start_date=date(2027, 1, 31),
        relation={},
        product={},
        calendars=Calendars(),
        opening_hour=8,
        by=SYSTEM,
    )


def see(*words: str) -> tuple[Observed, ...]:
    """Return observations of these words."""
    return tuple(Observed(word=word) for word in words)


def _policy(id: str, **said: object) -> Policy:
    return Policy(id=id, title=id, **said)  # type: ignore[arg-type]


POLICIES = (
    _policy("never", form="never", first=see("delivered"), unless=see("is_approved")),
    _policy("offered", form="never", first=see("offered"), unless=see("is_reviewed")),
    _policy("soon", form="never", first=see("delivered"), second=see("informed"), days=2),
    _policy("before", form="before", first=see("reviewed"), second=see("completed"), since=see("attached")),
    _policy("differs", form="differs", first=see("reviewed"), second=see("attached"), same="document"),
    _policy(
        "followed",
        form="followed",
        first=see("asked"),
        second=see("reminded", "escalated"),
        unless=see("left", "ended", "is_escalated"),
        same="phase",
    ),
    _policy("order", form="order", first=see("planned_delivery"), second=see("statutory_deadline")),
    _policy("late", form="order", first=see("escalation"), second=see("statutory_deadline")),
    _policy("once", form="at_most", first=see("reminded"), most=1, per="phase"),
    _policy("attached", form="at_most", first=see("attached"), most=1),
    _policy("given up", form="never", first=see("given_up")),
    _policy("missed", form="never", first=see("missed")),
    _policy("ended", form="never", first=see("ended"), unless=see("entered")),
    _policy(
        "cancelled", form="never", first=see("cancelled"), unless=(Observed(word="is_active", name="maken"),)
    ),
    _policy(
        "kept on",
        form="never",
        first=(Observed(word="ended", name="niet"),),
        unless=(Observed(word="is_completed", name="maken"),),
    ),
    _policy(
        "stays",
        form="followed",
        first=see("attached"),
        second=see("delivered"),
        unless=(Observed(word="is_active", name="maken"),),
    ),
)
"""Of every form; most plans break some of them."""
