"""A small VAT plan, written by hand: what the machine must do does not depend on the compiler."""

from kantoor.data import replace
from kantoor.plan import (
    Automation,
    Chase,
    Checkpoint,
    Compare,
    CreateTask,
    DateRule,
    Deadline,
    Deliver,
    Document,
    DueChoice,
    End,
    Escalate,
    LiteralValue,
    Message,
    Name,
    Offer,
    OfficeText,
    Phase,
    Plan,
    Remind,
    Role,
    SendMessage,
    Text,
    To,
    WhenClosed,
    Work,
)

BEFORE_DUE = "deadlines.aangifte"


def _message(name: str) -> Message:
    return Message(id=name, title=name, channels=("email",), texts={"nl": Text(subject=name, body="…")})


def period_is(kind: str) -> Compare:
    return Compare(by="eq", left=Name(path=("period", "kind")), right=LiteralValue(value=kind))


DEADLINE = Deadline(
    id="aangifte",
    title="Indienen en betalen",
    law="AWR art. 10 en 19",
    earliest=DateRule(anchor="period.end", day=24),
    due=(
        DueChoice(condition=period_is("year"), rule=DateRule(anchor="period.end", months=3, day="last")),
        DueChoice(
            condition=Name(path=("product", "foreign")),
            rule=DateRule(anchor="period.end", months=2, day="last"),
        ),
        DueChoice(rule=DateRule(anchor="period.end", months=1, day="last")),
    ),
)

COLLECT = Phase(
    id="verzamelen",
    title="Stukken opvragen",
    role="administratie",
    not_before=DateRule(anchor="period.end", days=1),
    due=DateRule(anchor=BEFORE_DUE, workdays=-12),
    automations=(
        Automation(id="stukken", at="entered", send=SendMessage(message="btw-stukken", to=To())),
        Automation(
            id="bellen",
            at=DateRule(anchor="period.end", days=10),
            task=CreateTask(title="Bel over ontbrekende stukken", to=To(kind="role", name="administratie")),
        ),
        Automation(
            id="uploaden",
            at="entered",
            task=CreateTask(title="Lever bankafschriften", to=To(), proof="document"),
        ),
    ),
    checkpoints=(
        Checkpoint(id="bank_compleet", title="Bank is compleet", required=True),
        Checkpoint(
            id="kilometers",
            title="Kilometers zijn ontvangen",
            required=True,
            condition=Name(path=("period", "last_of_year")),
        ),
        Checkpoint(id="kas", title="Kas is bijgewerkt"),
    ),
    block=Work(),
)
PREPARE = Phase(id="opstellen", title="Opstellen", role="administratie", block=Work())
REVIEW = Phase(
    id="controle",
    title="Controle",
    role="accountant",
    reviews=("aangifte",),
    four_eyes=("verzamelen", "opstellen"),
    back_to="opstellen",
    block=Work(),
)
OFFER = Phase(
    id="aanbieden",
    title="Aanbieden aan de klant",
    role="relatiebeheerder",
    back_to="opstellen",
    block=Offer(
        documents=("aangifte",),
        on_behalf_of="relatiebeheerder",
        to=To(),
        message="btw-ter-accordering",
        pay="now",
        chase=Chase(
            remind=Remind(every_days=4, at_most=2),
            escalate=Escalate(on=DateRule(anchor=BEFORE_DUE, workdays=-4), role="accountant"),
        ),
        may_end="niet_ingediend",
    ),
)
DELIVER = Phase(
    id="indienen",
    title="Indienen bij de Belastingdienst",
    role="fiscaal",
    back_to="opstellen",
    block=Deliver(document="aangifte", deadline="aangifte", on_behalf_of="relatiebeheerder", pay="now"),
)
CLOSE = Phase(id="afronden", title="Afronden", role="administratie", block=Work())

VAT = Plan(
    format=2,
    template="btw-aangifte",
    title="Aangifte BTW",
    products=("aangifte-btw",),
    period="by_product",
    created=DateRule(anchor="period.start", days=-1),
    start="at_creation",
    when_closed=WhenClosed(),
    office=OfficeText(name="Kantoor De Linde", phone="020 123 45 67", email="info@linde.example"),
    documents=(
        Document(
            id="aangifte", title="Aangifte omzetbelasting", made_in="opstellen", report="omzetbelasting"
        ),
    ),
    deadlines=(DEADLINE,),
    phases=(COLLECT, PREPARE, REVIEW, OFFER, DELIVER, CLOSE),
    ends=(End(id="niet_ingediend", title="Niet ingediend", planner="te_laat"),),
    roles=(
        Role(id="administratie", title="Administratie"),
        Role(id="accountant", title="Accountant"),
        Role(id="fiscaal", title="Fiscaal"),
        Role(id="relatiebeheerder", title="Relatiebeheerder"),
    ),
    messages=(_message("btw-stukken"), _message("btw-ter-accordering"), _message("btw-klaar")),
)


def with_phase(phase: Phase, plan: Plan = VAT) -> Plan:
    """Return the plan with the phase of that id replaced."""
    phases = tuple(phase if p.id == phase.id else p for p in plan.phases)
    return replace(plan, phases=phases)
