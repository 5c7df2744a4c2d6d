"""Small plans in which every construct of the machine occurs, and people who act on them."""

from ..data import replace
from ..filing.events import Actor, ResolvedContact
from ..plan import (
    Automation,
    Chase,
    Checkpoint,
    CreateTask,
    DateRule,
    DayAwaited,
    Deadline,
    Deliver,
    Document,
    DueChoice,
    End,
    Escalate,
    FactDefinition,
    FilingAwaited,
    Form,
    FormField,
    GiveUp,
    LeaveNote,
    LiteralValue,
    Message,
    NoticeAwaited,
    Offer,
    OfficeText,
    Outcome,
    Phase,
    Plan,
    Remind,
    Request,
    Role,
    StartFiling,
    Text,
    To,
    WaitFor,
    WhenClosed,
    Work,
)

ROLE = "medewerker"
MAKER = Actor(kind="team", id="maker", roles=(ROLE,), qualifications=("RA",))
"""Makes the document; whoever checks it is somebody else."""
COLLEAGUE = replace(MAKER, id="colleague")
CLIENT = Actor(kind="contact", id="client", may=("see", "answer", "approve", "sign"))
PARTNER = replace(CLIENT, id="partner")
RECIPIENTS = tuple(ResolvedContact(contact=one.id, may=one.may) for one in (CLIENT, PARTNER))

_TEXT = Text(subject="Aangifte", body="…")
_NEVER = LiteralValue(value=False)

RETURN = Document(id="aangifte", title="Aangifte", made_in="opstellen")
COPY = Document(id="kopie", title="Kopie", made_in="opstellen", source="aangifte")
SPARE = Document(id="bijlage", title="Bijlage", made_in="opstellen", condition=_NEVER)
COLLECT = Phase(
    id="verzamelen",
    title="Verzamelen",
    role=ROLE,
    not_before=DateRule(anchor="period.end", days=1),
    checkpoints=(Checkpoint(id="bank", title="Bank is compleet", required=True),),
    automations=(
        Automation(
            id="stukken", at="entered", task=CreateTask(title="Lever stukken", to=To(), proof="document")
        ),
        Automation(
            id="bellen",
            at=DateRule(anchor="period.end", days=5),
            task=CreateTask(title="Bel de klant", to=To(kind="role", name=ROLE)),
        ),
    ),
    block=Work(),
)
PREPARE = Phase(id="opstellen", title="Opstellen", role=ROLE, block=Work())
CHECK = Phase(
    id="controle",
    title="Controle",
    role=ROLE,
    qualification=("RA",),
    reviews=("aangifte",),
    four_eyes=("opstellen",),
    four_eyes_exception=ROLE,
    back_to="opstellen",
    block=Work(),
)
SIGNING = Phase(
    id="ondertekenen",
    title="Ondertekenen",
    role=ROLE,
    qualification=("RA",),
    signs=("aangifte",),
    block=Work(),
)
OFFER = Offer(
    documents=("aangifte",),
    on_behalf_of=ROLE,
    to=To(),
    message="bericht",
    chase=Chase(
        remind=Remind(every_days=3, at_most=1),
        escalate=Escalate(on=DateRule(anchor="deadlines.aangifte", days=-3), role="manager"),
    ),
    may_end="niet_ingediend",
)
OFFERING = Phase(id="aanbieden", title="Aanbieden", role=ROLE, back_to="opstellen", block=OFFER)
DELIVERY = Phase(
    id="indienen",
    title="Indienen",
    role=ROLE,
    back_to="opstellen",
    block=Deliver(document="aangifte", deadline="aangifte", on_behalf_of=ROLE),
)
OBJECTION = Phase(id="bezwaar", title="Bezwaar", role=ROLE, condition=_NEVER, block=Work())
CLOSE = Phase(id="afronden", title="Afronden", role=ROLE, back_to="opstellen", block=Work())

BALANCE = FactDefinition(id="saldo", title="Saldo", type="money", set_in=("vastleggen",))
NOTICED = FactDefinition(id="ontdekt_op", title="Ontdekt op", type="date", set_in=("vastleggen",), past=True)
RECORDING = Phase(id="vastleggen", title="Vastleggen", role=ROLE, block=Work())
ASK = Phase(
    id="uitvraag",
    title="Uitvraag",
    role=ROLE,
    automations=(
        Automation(id="vragen", at="entered", request=Request(form="situatie", to=To())),
        Automation(id="lijst", at="entered", request=Request(form="stukken", to=To(), required=False)),
    ),
    block=Work(),
)
FORMS = (
    Form(
        id="situatie",
        title="Uw situatie",
        kind="form",
        fields=(FormField(id="auto", title="Auto", kind="yes_no", required=True),),
    ),
    Form(
        id="stukken",
        title="Stukken",
        kind="list",
        fields=(FormField(id="giften", title="Giften", kind="document"),),
    ),
)
NOTICE = "beschikking"
_STARTS = Automation(id="starten", at="entered", start=StartFiling(template="jaarrekening"))
_NOTES = Automation(id="notitie", at="completed", note=LeaveNote(template="aangifte", message="bericht"))
WAITING = Phase(
    id="wachten",
    title="Wachten",
    role=ROLE,
    automations=(_STARTS,),
    block=WaitFor(
        awaited=(NoticeAwaited(notice=NOTICE), FilingAwaited(template="jaarrekening")),
        chase=Chase(
            remind=Remind(every_days=10, at_most=1),
            give_up=GiveUp(on=DateRule(anchor="period.end", days=5), then="afronden"),
        ),
    ),
)
_FOR_OTHERS = Phase(
    id="wachten",
    title="Wachten",
    role=ROLE,
    automations=(
        Automation(id="starten", at="entered", start=StartFiling(template="jaarrekening", of="business")),
    ),
    block=WaitFor(
        awaited=(FilingAwaited(template="aangifte", of="partner", optional=True),),
        chase=Chase(give_up=GiveUp(on=DateRule(anchor="period.end", days=5), then="afronden")),
    ),
)
_TILL_A_DAY = Phase(
    id="wachten",
    title="Wachten",
    role=ROLE,
    automations=(_NOTES,),
    block=WaitFor(awaited=(DayAwaited(on=DateRule(anchor="period.end", days=5)),)),
)

_CALM = replace(OFFER, chase=None)
_APPROVED = replace(OFFERING, block=_CALM)
_BY_HAND = replace(OFFERING, block=replace(_CALM, forward="by_hand"))
_UNSIGNED = replace(_BY_HAND, back_to="ondertekenen")
_SIGNED = replace(OFFERING, block=replace(_CALM, offer_as="signature", to=To(decide="all"), may_end=None))
_INFORMED = replace(
    OFFERING, block=replace(_CALM, offer_as="information", forward="by_hand", workdays_to_object=2)
)
_BESIDE = replace(_BY_HAND, group="samen", back_to="verzamelen")
_UNASKED = replace(COLLECT, automations=())
_ELSEWHERE = replace(
    DELIVERY, block=Deliver(document="aangifte", deadline="aangifte", on_behalf_of=ROLE, by_hand=True)
)
_ON_ANY_DAY = Phase(
    id="deponeren",
    title="Deponeren",
    role=ROLE,
    back_to="opstellen",
    block=Deliver(document="aangifte", deadline=None, on_behalf_of=ROLE, by_hand=True),
)
_CHOOSING = replace(
    PREPARE,
    outcomes=(
        Outcome(id="verder", title="Verder"),
        Outcome(id="afronden", title="Afronden", then="afronden"),
        Outcome(id="stoppen", title="Stoppen", end="niet_ingediend"),
    ),
)


def _plan(*phases: Phase) -> Plan:
    end = DateRule(anchor="period.end", months=1, day="last")
    return Plan(
        format=2,
        template="aangifte",
        title="Aangifte",
        products=(),
        period="month",
        created=DateRule(anchor="period.start"),
        start="at_creation",
        when_closed=WhenClosed(),
        office=OfficeText(name="Kantoor", phone="", email=""),
        documents=tuple(RETURN for phase in phases if phase.id == RETURN.made_in),
        deadlines=(
            Deadline(
                id="aangifte",
                title="Indienen",
                earliest=DateRule(anchor="period.end", days=1),
                due=(DueChoice(rule=end),),
            ),
        ),
        phases=phases,
        ends=(End(id="niet_ingediend", title="Niet ingediend", planner="te_laat"),),
        roles=(Role(id=ROLE, title="Medewerker"), Role(id="manager", title="Manager")),
        messages=(
            Message(
                id="bericht", title="Bericht", channels=("email",), texts={"nl": Text(subject="", body="")}
            ),
        ),
    )


PLANS: tuple[Plan, ...] = (
    _plan(COLLECT, replace(CLOSE, back_to="verzamelen")),
    _plan(PREPARE, CHECK, _BY_HAND),
    _plan(PREPARE, SIGNING, _UNSIGNED),
    _plan(PREPARE, SIGNING, _ELSEWHERE),
    _plan(PREPARE, OFFERING),
    _plan(PREPARE, _APPROVED, DELIVERY, CLOSE),
    _plan(PREPARE, _SIGNED),
    _plan(PREPARE, _INFORMED, DELIVERY),
    _plan(_UNASKED, replace(PREPARE, group="samen"), _BESIDE),
    _plan(_CHOOSING, OBJECTION, CLOSE),
    _plan(PREPARE, _APPROVED, _ELSEWHERE),
    replace(_plan(PREPARE, _ELSEWHERE), documents=(RETURN, SPARE)),
    _plan(PREPARE, _APPROVED, _ON_ANY_DAY),
    replace(_plan(RECORDING, replace(CLOSE, back_to=None)), facts=(BALANCE,)),
    replace(
        _plan(RECORDING, replace(CLOSE, back_to=None)),
        facts=(replace(BALANCE, closes_with_phase=True),),
    ),
    replace(_plan(RECORDING, replace(CLOSE, back_to=None)), facts=(NOTICED,)),
    replace(_plan(ASK, replace(CLOSE, back_to=None)), forms=FORMS),
    replace(_plan(PREPARE, replace(CLOSE, back_to=None)), documents=(RETURN, COPY)),
    _plan(WAITING, OBJECTION, replace(CLOSE, back_to="wachten")),
    _plan(_FOR_OTHERS, replace(CLOSE, back_to=None)),
    _plan(_TILL_A_DAY, replace(CLOSE, back_to=None)),
)
"""Each construct by itself, and those together that act on each other; small, so that every step is taken."""

HELD = PLANS[-1]
"""Where the filing is held and resumed."""

REASSIGNED = PLANS[0]
"""Where work is reassigned."""

READDRESSED = PLANS[2]
"""Where an open offer is looked up again: in all of them that would be four times the moves."""
