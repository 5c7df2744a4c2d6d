"""Stories of a filing over January 2026, told to whatever can run one: the bare machine, or the workflow.

Both have a world that answers at once and the same way, so that they must tell the same timeline.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, time
from typing import Any, Literal, Protocol

from temporalio.testing import WorkflowEnvironment

from kantoor.data import replace
from kantoor.filing.events import (
    SYSTEM,
    AcceptItem,
    Actor,
    AnswerRequest,
    Attach,
    Back,
    Calendars,
    Cancel,
    Check,
    Complete,
    Decide,
    Enclosure,
    FilingKey,
    Hold,
    NotApplicable,
    Note,
    Notice,
    Reassign,
    RecordDelivery,
    RecordFact,
    Release,
    ResolveAgain,
    ResolvedContact,
    Resume,
    Retry,
    SendBackItem,
    StandIn,
    TaskDone,
    Uncheck,
    Waive,
    WithdrawMove,
)
from kantoor.filing.mapping import Mapping
from kantoor.filing.moving import fill_in_phases
from kantoor.filing.outcome import Entry, Step
from kantoor.filing.view import View
from kantoor.plan import (
    Absolute,
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
    FactDefinition,
    FilingAwaited,
    Form,
    FormField,
    GiveUp,
    LeaveNote,
    ListOf,
    LiteralValue,
    Logic,
    Message,
    Name,
    NoticeAwaited,
    Option,
    Outcome,
    Phase,
    Plan,
    Remind,
    Request,
    SendMessage,
    StartFiling,
    Text,
    To,
    WaitFor,
    Way,
    WhenClosed,
    Work,
)
from kantoor.runtime.client import NotRunning, Silent, filing_state, read_filing_view
from kantoor.runtime.inputs import ActAnswer
from tests.filing.driver import ACCOUNTANT, ADMIN, CLIENT, FISCAL, MANAGER, RECIPIENT, Driver, shown
from tests.filing.plans import CLOSE, COLLECT, DELIVER, OFFER, PREPARE, REVIEW, VAT, with_phase

from .world import Filing, World, office_clock, start

PEOPLE = {actor.roles[0]: actor for actor in (ADMIN, ACCOUNTANT, MANAGER, FISCAL)}
NOON = time(12)


class Stage(Protocol):
    """Something that runs one filing."""

    plan: Plan

    async def act(self, kind: Callable[..., Any], by: Actor, **facts: Any) -> None:
        """Act, insist that it is taken, and let the world answer."""

    async def move(self, newer: Plan, mapping: Mapping) -> None:
        """Move the filing to another plan, and insist that it moves."""

    async def move_when_safe(self, newer: Plan) -> None:
        """Ask for a move at the next safe point, and insist that it waits."""

    async def view(self) -> View:
        """Return what people see."""

    async def until(self, day: date) -> None:
        """Let time pass to noon of a day."""

    def timeline(self) -> list[Entry]:
        """Return what was told."""

    def authority(self, *verdicts: tuple[bool, str]) -> None:
        """Have the authority answer so, one delivery after the other."""

    def decides(self, contact: str) -> None:
        """Have this contact decide from now on."""

    def asks(self, *contacts: ResolvedContact, way: Way | None = None) -> None:
        """Have an offer go to these contacts, in the way that the relation has of its own."""

    def stands(self, until: date) -> None:
        """Have the client have given a standing authority until this day."""

    def reaches(self, filing: str, how: Literal["phase", "ended", "none"] = "phase") -> None:
        """Have what is waited for be so far in this filing, or have there be none of this template."""

    def links(self, *relations: str) -> None:
        """Have these relations be linked, and no others."""

    def runs_already(self) -> None:
        """Have every filing that is to be started run already."""

    def nobody_decides(self, problem: str) -> None:
        """Have nobody be there who may decide, for this reason."""

    def fails(self, command: str, error: str) -> None:
        """Have the next command of this kind fail."""

    def withdraws(self, reason: str) -> None:
        """Have the next message not be sent any more."""


class BareMachine:
    """The machine on a virtual calendar."""

    def __init__(self, plan: Plan, **begun: Any) -> None:
        self.plan = plan
        self.driver = Driver(plan, **begun)

    async def act(self, kind: Callable[..., Any], by: Actor, **facts: Any) -> None:
        self.driver.must(kind, by, **facts)  # type: ignore[arg-type]

    async def move(self, newer: Plan, mapping: Mapping) -> None:
        moved = self.driver.move(newer, mapping)
        assert isinstance(moved, Step), moved
        self.plan = newer

    async def move_when_safe(self, newer: Plan) -> None:
        asked = self.driver.move_when_safe(newer)
        assert isinstance(asked, Step), asked

    async def view(self) -> View:
        return self.driver.view

    async def until(self, day: date) -> None:
        self.driver.until(day)
        self.driver.now = datetime.combine(day, NOON)

    def timeline(self) -> list[Entry]:
        return self.driver.entries

    def authority(self, *verdicts: tuple[bool, str]) -> None:
        self.driver.verdicts = iter(verdicts)

    def decides(self, contact: str) -> None:
        self.driver.resolution |= {"recipients": (replace(RECIPIENT, contact=contact),), "problem": None}

    def nobody_decides(self, problem: str) -> None:
        self.driver.resolution |= {"recipients": (), "problem": problem}

    def asks(self, *contacts: ResolvedContact, way: Way | None = None) -> None:
        self.driver.resolution |= {"recipients": contacts, "way": way}

    def stands(self, until: date) -> None:
        self.driver.resolution["standing_until"] = until

    def reaches(self, filing: str, how: Literal["phase", "ended", "none"] = "phase") -> None:
        self.driver.reached = {"filing": filing, "how": how}

    def links(self, *relations: str) -> None:
        self.driver.linked = relations

    def runs_already(self) -> None:
        self.driver.starts_new = False

    def fails(self, command: str, error: str) -> None:
        self.driver.failing.setdefault(command, []).append(error)

    def withdraws(self, reason: str) -> None:
        self.driver.withdrawing.append(reason)


class Workflow:
    """The workflow on a time-skipping server."""

    def __init__(self, env: WorkflowEnvironment, world: World, filing: Filing, began: datetime) -> None:
        self.plan = filing.plan
        self.env = env
        self.world = world
        self.filing = filing
        self.began = began

    @classmethod
    async def begin(cls, env: WorkflowEnvironment, world: World, plan: Plan, **begun: Any) -> "Workflow":
        """Begin a filing; `begun` is what its start has of its own."""
        real = await env.get_current_time()
        filing = await start(env.client, world, plan, office_clock(real), **begun)
        stage = cls(env, world, filing, real)
        await stage.settled()
        return stage

    async def act(self, kind: Callable[..., Any], by: Actor, **facts: Any) -> None:
        await self.filing.must(kind, by, **facts)
        await self.settled()

    async def move(self, newer: Plan, mapping: Mapping) -> None:
        moved = await self.filing.move(newer, mapping)
        assert isinstance(moved, ActAnswer), moved
        self.plan = newer
        await self.settled()

    async def move_when_safe(self, newer: Plan) -> None:
        self.filing.plan = self.plan
        asked = await self.filing.move_when_safe(newer)
        assert isinstance(asked, ActAnswer), asked
        await self.settled()

    async def view(self) -> View:
        found = await read_filing_view(self.env.client, self.filing.id)
        assert not isinstance(found, NotRunning | Silent)
        return found

    async def until(self, day: date) -> None:
        passed = datetime.combine(day, NOON) - datetime(2025, 12, 31, 8)
        await self.env.sleep(self.began + passed - await self.env.get_current_time())
        await self.settled()

    def timeline(self) -> list[Entry]:
        return self.world.entries

    def authority(self, *verdicts: tuple[bool, str]) -> None:
        self.world.verdicts = [*verdicts]

    def decides(self, contact: str) -> None:
        self.world.decides, self.world.undecided = contact, None

    def nobody_decides(self, problem: str) -> None:
        self.world.undecided = problem

    def asks(self, *contacts: ResolvedContact, way: Way | None = None) -> None:
        self.world.contacts, self.world.way = contacts, way

    def stands(self, until: date) -> None:
        self.world.stands = until

    def reaches(self, filing: str, how: Literal["phase", "ended", "none"] = "phase") -> None:
        self.world.reached, self.world.how = filing, how

    def links(self, *relations: str) -> None:
        self.world.linked = relations

    def runs_already(self) -> None:
        self.world.starts_new = False

    def fails(self, command: str, error: str) -> None:
        self.world.failing.setdefault(command, []).append(error)

    def withdraws(self, reason: str) -> None:
        self.world.withdrawing.append(reason)

    async def settled(self) -> None:
        """Wait until every command is answered and every step recorded."""
        async with asyncio.timeout(20):
            while True:
                state = await filing_state(self.env.client, self.filing.id)
                assert not isinstance(state, NotRunning | Silent)
                if not state.journal.in_flight and len(self.world.steps) == state.journal.sequence:
                    return


async def work(stage: Stage, phase: str, content: str = "1") -> None:
    """Do what a work phase asks of its role, and complete it."""
    by = PEOPLE[stage.plan.phase(phase).role]
    seen = next(p for p in (await stage.view()).phases if p.id == phase)
    assert seen.status == "active", seen
    for checkpoint in seen.checkpoints:
        if checkpoint.required:
            await stage.act(Check, by, phase=phase, checkpoint=checkpoint.id)
    for document in seen.documents:
        await stage.act(Attach, by, shown=shown(content, document))
    reviewed = tuple(shown(content, name) for name in stage.plan.phase(phase).reviews)
    await stage.act(Complete, by, phase=phase, documents=reviewed)


async def prepared(stage: Stage, content: str = "1") -> None:
    await work(stage, "opstellen", content)
    await work(stage, "controle", content)


async def decided(stage: Stage, answer: str, content: str = "1", **facts: Any) -> None:
    by = facts.pop("by", CLIENT)
    await stage.act(Decide, by, phase="aanbieden", answer=answer, documents=(shown(content),), **facts)


async def approved(stage: Stage) -> None:
    await stage.until(date(2026, 2, 2))
    await work(stage, "verzamelen")
    await prepared(stage)
    await stage.until(date(2026, 2, 4))
    await decided(stage, "approve")
    await stage.until(date(2026, 2, 6))
    await work(stage, "afronden")


async def rejected(stage: Stage) -> None:
    await stage.until(date(2026, 2, 2))
    await work(stage, "verzamelen")
    await prepared(stage)
    await stage.until(date(2026, 2, 4))
    await decided(stage, "reject", reason="De voorbelasting van de bus ontbreekt")
    await prepared(stage, "2")
    await stage.until(date(2026, 2, 5))
    await decided(stage, "approve", "2")
    await work(stage, "afronden")


async def silent(stage: Stage) -> None:
    """The client says nothing; the accountant, to whom it went, records what was said by telephone."""
    await stage.until(date(2026, 2, 3))
    await work(stage, "verzamelen")
    await prepared(stage)
    await stage.until(date(2026, 2, 26))
    await decided(
        stage, "approve", by=ACCOUNTANT, contact=CLIENT, reason="Telefonisch akkoord", proof="gespreksverslag"
    )
    await stage.until(date(2026, 3, 2))
    await work(stage, "afronden")


async def refused(stage: Stage) -> None:
    stage.authority((False, "De bedragen zijn niet aannemelijk"), (True, "Verwerkbaar"))
    await stage.until(date(2026, 2, 2))
    await work(stage, "verzamelen")
    await prepared(stage)
    await decided(stage, "approve")
    await stage.until(date(2026, 2, 9))
    await prepared(stage, "2")
    await decided(stage, "approve", "2")
    await work(stage, "afronden")


async def passed_on(stage: Stage) -> None:
    """Another contact decides from now on, while the offer waits."""
    await stage.until(date(2026, 2, 2))
    await work(stage, "verzamelen")
    await prepared(stage)
    await stage.until(date(2026, 2, 4))
    stage.decides("c-pietersen")
    await stage.act(ResolveAgain, SYSTEM, phase="aanbieden")
    await stage.until(date(2026, 2, 12))
    await decided(stage, "approve", by=replace(CLIENT, id="c-pietersen"))
    await work(stage, "afronden")


STORIES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "approved": approved,
    "rejected": rejected,
    "silent": silent,
    "refused": refused,
    "passed-on": passed_on,
}


# --- constructs that no shipped template uses yet ---------------------------------------------------------


_STARTS = Automation(id="jaarrekening", at="entered", start=StartFiling(template="jaarrekening"))
_NOTES = Automation(id="let_op", at="entered", note=LeaveNote(template="btw", message="btw-klaar"))
_LONG = Chase(
    remind=Remind(every_days=30, at_most=None, message="btw-stukken"),
    give_up=GiveUp(on=DateRule(anchor="period.end", months=12), then="afronden"),
)
WAITING = replace(
    VAT,
    template="aangifte-ib",
    documents=(),
    deadlines=(),
    phases=(
        Phase(
            id="opstellen",
            title="Opstellen",
            role="administratie",
            automations=(_STARTS,),
            block=Work(),
        ),
        Phase(
            id="jaarrekening",
            title="Jaarrekening afwachten",
            role="fiscaal",
            block=WaitFor(awaited=(FilingAwaited(template="jaarrekening", phase="vaststellen"),)),
        ),
        Phase(
            id="aanslag",
            title="Aanslag afwachten",
            role="fiscaal",
            automations=(_NOTES,),
            block=WaitFor(awaited=(NoticeAwaited(notice="aanslag"),), chase=_LONG),
        ),
        Phase(id="afronden", title="Afronden", role="administratie", block=Work()),
    ),
)


async def waited(stage: Stage) -> None:
    """It starts another filing, leaves a note, waits for that filing, and long for a notice."""
    stage.reaches("jaarrekening/1001/2026-01/-/1")
    await stage.until(date(2026, 1, 2))
    await work(stage, "opstellen")
    await stage.until(date(2026, 3, 12))
    notice = {"notice": "aanslag", "on": date(2026, 3, 10), "reference": "B.01", "document": "hash"}
    await stage.act(Notice, SYSTEM, phase="aanslag", **notice)
    await work(stage, "afronden")


LINKED = replace(
    WAITING,
    phases=(
        Phase(
            id="opstellen",
            title="Opstellen",
            role="administratie",
            automations=(
                replace(_STARTS, at="completed", start=StartFiling(template="jaarrekening", of="business")),
            ),
            block=Work(),
        ),
        Phase(id="nakijken", title="Nakijken", role="administratie", block=Work()),
        Phase(
            id="partner",
            title="Aangifte van de partner afwachten",
            role="fiscaal",
            block=WaitFor(awaited=(FilingAwaited(template="aangifte-ib", phase="opstellen", of="partner"),)),
        ),
        Phase(id="afronden", title="Afronden", role="administratie", block=Work()),
    ),
)


async def went_with_others(stage: Stage) -> None:
    """It starts the filings of linked relations, and waits until those of others are all so far."""
    stage.reaches("aangifte-ib/2001/2026-01/-/1")
    stage.links("2001", "2002")
    await stage.until(date(2026, 1, 2))
    await work(stage, "opstellen")
    await work(stage, "nakijken")
    await work(stage, "afronden")


_OPTIONAL = FilingAwaited(template="jaarrekening", optional=True)
WITHOUT_OTHERS = replace(
    WAITING,
    phases=(
        Phase(
            id="opstellen",
            title="Opstellen",
            role="administratie",
            automations=(replace(_STARTS, at="completed"),),
            block=Work(),
        ),
        Phase(
            id="nakijken",
            title="Nakijken",
            role="administratie",
            automations=(
                replace(
                    _STARTS,
                    at="completed",
                    start=StartFiling(template="jaarrekening", of="business", optional=True),
                ),
            ),
            block=Work(),
        ),
        Phase(id="overleg", title="Overleg", role="administratie", block=Work()),
        Phase(
            id="jaarrekening",
            title="Jaarrekening afwachten",
            role="fiscaal",
            block=WaitFor(awaited=(_OPTIONAL,)),
        ),
        Phase(
            id="ondernemingen",
            title="Jaarrekeningen van de ondernemingen afwachten",
            role="fiscaal",
            block=WaitFor(awaited=(replace(_OPTIONAL, of="business"),)),
        ),
        Phase(id="bespreken", title="Bespreken", role="administratie", block=Work()),
        Phase(
            id="partner",
            title="Aangifte van de partner afwachten",
            role="fiscaal",
            block=WaitFor(awaited=(FilingAwaited(template="aangifte-ib", of="partner", optional=True),)),
        ),
        Phase(id="afronden", title="Afronden", role="administratie", automations=(_STARTS,), block=Work()),
    ),
)


async def went_without_others(stage: Stage) -> None:
    """What it would start runs already, nobody is linked, nothing is there to wait for; a start fails.

    It ends before that start was tried again.
    """
    stage.runs_already()
    stage.links()
    stage.reaches("jaarrekening", "none")
    await stage.until(date(2026, 1, 2))
    for phase in ("opstellen", "nakijken", "overleg"):
        await work(stage, phase)
    stage.links("2001")
    stage.fails("start", "Niet afgesproken.")
    await work(stage, "bespreken")
    await work(stage, "afronden")


_SITUATION = Form(
    id="situatie",
    title="Uw situatie",
    kind="form",
    fields=(FormField(id="woning", title="Heeft u een eigen woning?", kind="yes_no", required=True),),
)
INFORMING = with_phase(
    replace(OFFER, block=replace(OFFER.block, offer_as="information", workdays_to_object=2))
)


async def informed(stage: Stage) -> None:
    """Nothing can be offered before the standing authority is there; then the client is told, and lets be."""
    await stage.until(date(2026, 2, 2))
    await work(stage, "verzamelen")
    await prepared(stage)
    stage.stands(date(2026, 12, 31))
    await stage.act(Retry, MANAGER, phase="aanbieden")
    await stage.until(date(2026, 2, 6))
    await work(stage, "afronden")


LEFT_ALONE = replace(
    VAT,
    documents=(),
    facts=(),
    forms=(_SITUATION,),
    phases=(
        Phase(
            id="uitvraag",
            title="Uitvraag",
            role="administratie",
            automations=(
                Automation(
                    id="vragen",
                    at="entered",
                    request=Request(form="situatie", to=To(), required=False),
                    chase=Chase(
                        escalate=Escalate(on=DateRule(anchor="period.end", days=3), role="accountant")
                    ),
                ),
            ),
            outcomes=(Outcome(id="kort", title="Kort", then="aanslag"), Outcome(id="lang", title="Lang")),
            block=Work(),
        ),
        Phase(id="bezwaar", title="Bezwaar", role="fiscaal", block=Work()),
        Phase(
            id="aanslag",
            title="Aanslag afwachten",
            role="fiscaal",
            block=WaitFor(
                awaited=(NoticeAwaited(notice="aanslag"),),
                chase=Chase(give_up=GiveUp(on=DateRule(anchor="period.end", months=3), then="nooit")),
            ),
        ),
        Phase(id="nooit", title="Nooit", role="fiscaal", condition=LiteralValue(value=False), block=Work()),
        Phase(id="afronden", title="Afronden", role="administratie", block=Work()),
    ),
)


async def left_alone(stage: Stage) -> None:
    """Nothing is answered and nothing comes: what dates do by themselves, and what is passed over."""
    await stage.until(date(2026, 2, 6))
    await stage.act(Complete, ADMIN, phase="uitvraag", outcome="kort")
    await stage.until(date(2026, 5, 4))
    await work(stage, "afronden")


EVA = Actor(kind="team", id="eva", roles=("accountant",))
_BALANCE = FactDefinition(id="saldo", title="Saldo", type="money", set_in=("gegevens",))
_SMALL = Compare(by="le", left=Absolute(of=Name(path=("facts", "saldo"))), right=LiteralValue(value=100_000))
TOGETHER = replace(
    VAT,
    template="suppletie",
    documents=(replace(VAT.documents[0], report=None),),
    facts=(_BALANCE,),
    forms=(_SITUATION,),
    phases=(
        Phase(
            id="uitvraag",
            title="Uitvraag",
            role="administratie",
            group="samen",
            automations=(
                Automation(id="vragen", at="entered", request=Request(form="situatie", to=To())),
                Automation(
                    id="bellen",
                    at=DateRule(anchor="filing.start", days=3),
                    task=CreateTask(title="Bel de klant", to=To(kind="role", name="administratie")),
                ),
            ),
            block=Work(),
        ),
        Phase(id="gegevens", title="Gegevens", role="fiscaal", group="samen", block=Work()),
        PREPARE,
        Phase(
            id="bepalen",
            title="Bepalen",
            role="fiscaal",
            outcomes=(
                Outcome(id="klein", title="Te klein", condition=_SMALL, end="niet_ingediend"),
                Outcome(id="plicht", title="Indienen"),
            ),
            block=Work(),
        ),
        replace(REVIEW, four_eyes=("opstellen",), four_eyes_exception="relatiebeheerder"),
        OFFER,
        replace(
            DELIVER,
            block=Deliver(
                document="aangifte", deadline="aangifte", on_behalf_of="relatiebeheerder", by_hand=True
            ),
        ),
        CLOSE,
    ),
)


async def done_together(stage: Stage) -> None:
    """Phases side by side, a request, a fact, an outcome, held, reassigned, excepted, delivered by hand."""
    await stage.until(date(2026, 1, 2))
    reassigned = {"role": "administratie", "person": EVA, "reason": "Ziek"}
    await stage.act(Reassign, MANAGER, **reassigned)
    asked = {"request": "uitvraag.vragen.1"}
    await stage.act(AnswerRequest, CLIENT, **asked, values={"woning": False})
    await stage.act(SendBackItem, EVA, **asked, reason="U heeft wel een woning")
    await stage.act(AnswerRequest, CLIENT, **asked, values={"woning": True})
    await stage.act(AcceptItem, EVA, **asked)
    await stage.until(date(2026, 1, 4))
    await stage.act(TaskDone, EVA, task="uitvraag.bellen.1")
    await stage.act(Complete, EVA, phase="uitvraag")
    balance = {"phase": "gegevens", "fact": "saldo"}
    await stage.act(RecordFact, FISCAL, **balance, value=90_000)
    await stage.act(RecordFact, FISCAL, **balance, value=900_000, reason="Verkeerd overgenomen")
    await stage.act(Hold, MANAGER, reason="Klant met vakantie", until=date(2026, 2, 20))
    await stage.until(date(2026, 1, 12))
    await stage.act(Resume, MANAGER)
    await stage.act(Complete, FISCAL, phase="gegevens")
    await stage.act(Attach, EVA, shown=shown())
    await stage.act(Complete, EVA, phase="opstellen")
    await stage.act(Complete, FISCAL, phase="bepalen", outcome="plicht")
    await stage.act(Waive, MANAGER, phase="controle", person=EVA.id, reason="Bart is ziek")
    await stage.act(Complete, EVA, phase="controle", documents=(shown(),))
    await stage.act(Hold, MANAGER, reason="Wachten op de bank", until=date(2026, 1, 20))
    await stage.until(date(2026, 1, 21))
    await decided(stage, "approve")
    await stage.until(date(2026, 1, 27))
    delivered = {"phase": "indienen", "on": date(2026, 1, 26), "proof": "hash", "reference": "B.02"}
    await stage.act(RecordDelivery, FISCAL, **delivered)
    await stage.act(Reassign, MANAGER, role="administratie", reason="Beter")
    await work(stage, "afronden")


NEWER = replace(
    VAT,
    title="Aangifte BTW, nieuw",
    phases=(
        COLLECT,
        replace(
            PREPARE,
            id="boeken",
            title="Boeken",
            checkpoints=(Checkpoint(id="vraagposten", title="Vraagposten", required=True),),
            automations=(
                Automation(
                    id="nakijken",
                    at=DateRule(anchor="period.end", days=6),
                    task=CreateTask(title="Kijk na", to=To(kind="role", name="administratie")),
                ),
            ),
        ),
        replace(REVIEW, four_eyes=("verzamelen", "boeken"), back_to="boeken"),
        replace(OFFER, back_to="boeken"),
        replace(DELIVER, back_to="boeken"),
        CLOSE,
    ),
    documents=tuple(replace(one, made_in="boeken") for one in VAT.documents),
)
"""The small VAT plan whose second phase has another id, and asks for more."""


async def moved(stage: Stage) -> None:
    """Moved while the return is prepared, back and there again; from the review back to the first plan."""
    older, there = stage.plan, Mapping(phases={"opstellen": "boeken"})
    await stage.until(date(2026, 2, 2))
    await work(stage, "verzamelen")
    await stage.act(Attach, ADMIN, shown=shown())
    await stage.move(NEWER, there)
    await stage.until(date(2026, 2, 6))
    await stage.move(older, Mapping(phases={"boeken": "opstellen"}))
    await stage.move(NEWER, there)
    await stage.act(TaskDone, ADMIN, task="boeken.nakijken.1")
    await work(stage, "boeken")
    await stage.move(older, Mapping(phases={"boeken": "opstellen"}, back_to="opstellen"))
    await prepared(stage, "2")
    await decided(stage, "approve", "2")
    await work(stage, "afronden")


UNREVIEWED = with_phase(replace(REVIEW, reviews=()))


async def unanswerable(stage: Stage) -> None:
    """Moved to a plan without a review; then nobody may answer the offer until another contact may."""
    await stage.until(date(2026, 2, 2))
    await stage.move(UNREVIEWED, Mapping(without=("review:aangifte",)))
    await work(stage, "verzamelen")
    await prepared(stage)
    stage.nobody_decides("Niemand mag akkoord geven.")
    await stage.act(ResolveAgain, SYSTEM, phase="aanbieden")
    stage.decides("c-pietersen")
    await stage.act(ResolveAgain, SYSTEM, phase="aanbieden")
    await decided(stage, "approve", by=replace(CLIENT, id="c-pietersen"))
    await work(stage, "afronden")


RENAMED = replace(
    VAT,
    phases=(
        replace(
            COLLECT,
            id="stukken",
            was=("verzamelen",),
            automations=tuple(
                replace(one, at=DateRule(anchor="period.end", days=20)) if one.id == "bellen" else one
                for one in COLLECT.automations
            ),
        ),
        PREPARE,
        replace(REVIEW, four_eyes=("stukken", "opstellen")),
        *(OFFER, DELIVER, CLOSE),
    ),
    facts=tuple(
        replace(one, set_in=tuple("stukken" if name == "verzamelen" else name for name in one.set_in))
        for one in VAT.facts
    ),
)
"""The small VAT plan whose first phase has another id, by its own `was`, and calls ten days later."""


async def kept(stage: Stage) -> None:
    """Moved while it is collected: the day of a call is kept, comes, and the filing goes on to its end."""
    await stage.until(date(2026, 2, 2))
    there = fill_in_phases(stage.plan, RENAMED, Mapping(kept=("stukken.bellen",)))
    await stage.move(RENAMED, there)
    await stage.until(date(2026, 2, 12))
    await stage.act(TaskDone, ADMIN, task="stukken.bellen.1")
    await work(stage, "stukken")
    await prepared(stage)
    await decided(stage, "approve")
    await work(stage, "afronden")


OFFERED_OTHERWISE = with_phase(replace(OFFER, block=replace(OFFER.block, pay="nothing")))
PREPARED_OTHERWISE = with_phase(replace(PREPARE, due=DateRule(anchor="period.end", days=20)))
CLOSED_OTHERWISE = replace(
    VAT,
    phases=(
        *VAT.phases[:-1],
        replace(CLOSE, checkpoints=(Checkpoint(id="gearchiveerd", title="Gearchiveerd", required=True),)),
    ),
)


async def moved_when_safe(stage: Stage) -> None:
    """Moves that wait at the client: withdrawn, carried out going back, dropped, replaced, after delivery.

    What waits is carried out by itself.
    """
    await stage.until(date(2026, 2, 2))
    await work(stage, "verzamelen")
    await prepared(stage)
    await stage.move_when_safe(OFFERED_OTHERWISE)
    await stage.act(WithdrawMove, MANAGER)
    await stage.move_when_safe(OFFERED_OTHERWISE)
    await decided(stage, "reject", reason="Klopt niet")
    stage.plan = OFFERED_OTHERWISE
    await prepared(stage, "2")
    await stage.move_when_safe(PREPARED_OTHERWISE)
    await decided(stage, "reject", "2", reason="Nog niet")
    await stage.act(WithdrawMove, MANAGER)
    await prepared(stage, "3")
    await stage.move_when_safe(VAT)
    await stage.move_when_safe(CLOSED_OTHERWISE)
    await decided(stage, "approve", "3")
    await stage.act(Check, ADMIN, phase="afronden", checkpoint="gearchiveerd")
    await stage.act(Complete, ADMIN, phase="afronden")


async def moved_without_a_checkpoint(stage: Stage) -> None:
    """A move that waits and leaves a checkpoint out, which was told when it was asked for."""
    await stage.until(date(2026, 2, 2))
    await work(stage, "verzamelen")
    await prepared(stage)
    await stage.move_when_safe(VAT)
    await decided(stage, "reject", reason="Klopt niet")
    stage.plan = VAT
    await prepared(stage, "2")
    await decided(stage, "approve", "2")
    await work(stage, "afronden")


_PAPERS = Form(
    id="stukken",
    title="Uw stukken",
    kind="list",
    fields=(FormField(id="jaaropgaaf", title="Jaaropgaaf", kind="document", required=True),),
)
ASKING = replace(
    VAT,
    forms=(_PAPERS, _SITUATION),
    phases=(
        replace(
            COLLECT,
            automations=(
                *COLLECT.automations,
                Automation(id="opvragen", at="entered", request=Request(form="stukken", to=To())),
                Automation(id="vragen", at="entered", request=Request(form="situatie", to=To())),
            ),
        ),
        PREPARE,
        replace(REVIEW, signs=("aangifte",)),
        replace(OFFER, block=replace(OFFER.block, forward="by_hand")),
        DELIVER,
        Phase(
            id="betalen",
            title="Betaling afwachten",
            role="administratie",
            block=WaitFor(awaited=(DayAwaited(on=DateRule(anchor="period.end", days=40)),)),
        ),
        CLOSE,
    ),
)
"""The small VAT plan that asks its client something, is signed, released by a person, and waits for a day."""


async def mended(stage: Stage) -> None:
    """What goes wrong and is put right: every command fails once, a tick is taken back, work goes back."""
    stage.withdraws("De stukken zijn er al.")
    stage.fails("send", "postvak vol")
    await stage.until(date(2026, 2, 2))
    paper = Enclosure(hash="hash-jaaropgaaf", name="opgaaf.pdf", media_type="application/pdf")
    given = {"request": "verzamelen.opvragen.1", "item": "jaaropgaaf"}
    await stage.act(AnswerRequest, CLIENT, **given, documents=(paper,))
    await stage.act(
        AcceptItem, replace(ADMIN, instead_of=(StandIn(role="administratie", person="eva"),)), **given
    )
    await stage.act(Note, ADMIN, text="De klant levert later", audience="client")
    skipped = {"request": "verzamelen.vragen.1", "reason": "De klant heeft geen woning"}
    await stage.act(NotApplicable, ADMIN, **skipped)
    await stage.act(Retry, ADMIN, phase="verzamelen")
    ticked = {"phase": "verzamelen", "checkpoint": "bank_compleet"}
    await stage.act(Check, ADMIN, **ticked)
    await stage.act(Uncheck, ADMIN, **ticked)
    await work(stage, "verzamelen")
    await prepared(stage)
    await stage.act(Back, MANAGER, phase="aanbieden", reason="De bus ontbreekt")
    stage.fails("resolve", "geen contactpersoon")
    await prepared(stage, "2")
    await stage.act(Retry, MANAGER, phase="aanbieden")
    await stage.act(Release, MANAGER, phase="aanbieden")
    for command in ("deliver", "follow"):
        stage.fails(command, "Digipoort antwoordt niet")
    await decided(stage, "approve", "2")
    for _ in range(2):
        await stage.act(Retry, FISCAL, phase="indienen")
    await stage.until(date(2026, 3, 13))
    await work(stage, "afronden")


def _fact(name: str) -> Name:
    return Name(path=("facts", name))


def _is(by: Literal["eq", "ne", "lt", "gt", "ge"], left: Name, value: str | int | bool) -> Compare:
    return Compare(by=by, left=left, right=LiteralValue(value=value))


def _bilingual(message: Message) -> Message:
    said = Text(subject=message.id, body="{% if facts.uren %}For {{ contact.name }}{% else %}Dear{% endif %}")
    return replace(message, texts={**message.texts, "en": said})


PARTNER = Actor(kind="contact", id="c-partner", may=CLIENT.may)
TITLED = replace(ACCOUNTANT, qualifications=("RA",))
_CHOICE = (Option(id="geen", title="Geen"), Option(id="eigen", title="Eigen"))
_LOWER = {"least": 0, "most": 100_000_00}
_PROFILE = Form(
    id="profiel",
    title="Uw situatie",
    kind="form",
    intro="Het gaat om het hele jaar.",
    fields=(
        FormField(id="woning", title="Woning", kind="yes_no", required=True, help="Ook een tweede"),
        FormField(id="postcode", title="Postcode", kind="text", pattern="^[0-9]{4}[A-Z]{2}$"),
        FormField(id="kinderen", title="Kinderen", kind="number", least=0, most=20),
        FormField(id="giften", title="Giften", kind="money", **_LOWER),
        FormField(id="verhuisd", title="Verhuisd op", kind="date", least="2025-01-01", most="2026-12-31"),
        FormField(id="uitstel", title="Uitstel", kind="choice", options=_CHOICE),
        FormField(id="landen", title="Landen", kind="choices", options=_CHOICE),
    ),
)
_ENCLOSED = Form(
    id="stukken",
    title="Uw stukken",
    kind="list",
    fields=(
        FormField(id="jaaropgaaf", title="Jaaropgaaf", kind="document", required=True),
        FormField(
            id="hypotheek",
            title="Hypotheek",
            kind="document",
            condition=Name(path=("answers", "woning")),
        ),
    ),
)
_BIG = Logic(
    by="and",
    of=(
        Compare(by="in", left=_fact("soort"), right=ListOf(items=(LiteralValue(value="eigen"),))),
        Logic(by="not", of=(_is("gt", _fact("uren"), 1225),)),
    ),
)
PARTNERS = replace(
    VAT,
    template="aangifte-ib",
    start="by_hand",
    corrects=("btw-aangifte",),
    corrected_by="suppletie",
    corrections=("Er is nog geen aanslag: dien opnieuw in.",),
    corrected_with=("aangifte-ib", "suppletie"),
    for_prospects=True,
    needs=("ideal", "identification"),
    advises=("dossier",),
    when_closed=WhenClosed(update_planner=False, close_chat=False),
    roles=tuple(
        replace(one, qualification=("RA",), fallback="relatiebeheerder") if one.id == "accountant" else one
        for one in VAT.roles
    ),
    messages=tuple(_bilingual(one) for one in VAT.messages),
    forms=(_PROFILE, _ENCLOSED),
    ends=(*VAT.ends, End(id="geen_aanslag", title="Geen aanslag", planner="klaar")),
    facts=(
        FactDefinition(
            id="soort", title="Soort uitstel", type="choice", set_in=("uitvraag",), options=_CHOICE
        ),
        FactDefinition(id="uren", title="Uren in de onderneming", type="number", set_in=("uitvraag",)),
        FactDefinition(
            id="partner_mee", title="Ook de partner", type="yes_no", set_in=("uitvraag",), optional=True
        ),
        FactDefinition(id="opmerking", title="Opmerking", type="text", set_in=("nakijken",), optional=True),
        FactDefinition(id="aanslag_op", title="Dag van de aanslag", type="date", set_in=("nakijken",)),
    ),
    documents=(
        Document(id="aangifte", title="Aangifte", made_in="opstellen", of=To()),
        Document(
            id="aangifte_partner",
            title="Aangifte van de partner",
            made_in="opstellen",
            condition=_fact("partner_mee"),
            of=To(kind="function", name="fiscale_partner"),
        ),
        Document(id="winst", title="Winstbijlage", made_in="opstellen", condition=_BIG),
        Document(id="toelichting", title="Toelichting", made_in="opstellen", optional=True),
        Document(
            id="afschrift",
            title="Afschrift",
            made_in="publiceren",
            report="omzetbelasting",
            source="aangifte",
        ),
    ),
    deadlines=(
        Deadline(
            id="aangifte",
            title="Indienen",
            law="AWR art. 9",
            due=(
                DueChoice(
                    condition=_is("eq", _fact("soort"), "eigen"),
                    rule=DateRule(anchor="period.end", months=3),
                ),
                DueChoice(rule=DateRule(anchor="facts.aanslag_op", weeks=6)),
            ),
            latest=DateRule(anchor="period.end", months=4, day="last"),
            moves="previous_workday",
            latest_moves="next_workday",
            condition=_is("ge", _fact("uren"), 0),
        ),
        Deadline(
            id="bezwaar",
            title="Bezwaar",
            law="Awb art. 6:7",
            due=(DueChoice(rule=DateRule(anchor="facts.aanslag_op", weeks=6)),),
            moves="next_workday",
        ),
        Deadline(
            id="nooit",
            title="Nooit",
            due=(DueChoice(rule=DateRule(anchor="period.end", days=1)),),
            condition=_is("lt", Name(path=("period", "year")), 2000),
        ),
    ),
    phases=(
        Phase(
            id="uitvraag",
            title="Uitvraag",
            role="administratie",
            automations=(
                Automation(
                    id="profiel",
                    at="entered",
                    request=Request(form="profiel", to=To(), message="btw-stukken"),
                ),
                Automation(id="stukken", at="entered", request=Request(form="stukken", to=To())),
                Automation(
                    id="code",
                    at="entered",
                    condition=_is("ne", Name(path=("relation", "legal_form")), "stichting"),
                    task=CreateTask(title="Geef de code door", to=To(), proof="code"),
                    chase=_LONG,
                ),
                Automation(
                    id="overslaan",
                    at="entered",
                    condition=_is("lt", Name(path=("period", "year")), 2000),
                    send=SendMessage(message="btw-klaar", to=To()),
                ),
                Automation(
                    id="partner",
                    at="completed",
                    condition=_fact("partner_mee"),
                    send=SendMessage(message="btw-klaar", to=To(kind="function", name="fiscale_partner")),
                ),
            ),
            block=Work(),
        ),
        PREPARE,
        replace(
            REVIEW,
            reviews=("aangifte", "aangifte_partner"),
            four_eyes=("opstellen",),
            qualification=("AA", "RA"),
        ),
        replace(
            OFFER,
            block=replace(
                OFFER.block,
                documents=("aangifte", "aangifte_partner"),
                to=To(decide="each"),
                pay="after_assessment",
            ),
        ),
        replace(
            DELIVER,
            block=Deliver(
                document="aangifte",
                deadline="aangifte",
                on_behalf_of="relatiebeheerder",
                pay="after_assessment",
                by_hand=True,
                chase=Chase(escalate=Escalate(on=DateRule(anchor="period.end", days=12), role="accountant")),
            ),
        ),
        Phase(
            id="publiceren",
            title="Publiceren",
            role="administratie",
            automations=(
                Automation(
                    id="vorige",
                    at="entered",
                    start=StartFiling(template="aangifte-ib", period="previous", of="partner"),
                ),
            ),
            block=Work(),
        ),
        Phase(
            id="versturen",
            title="Versturen",
            role="fiscaal",
            block=Deliver(document="afschrift", deadline=None, on_behalf_of="relatiebeheerder"),
        ),
        Phase(
            id="vorig_jaar",
            title="Vorig jaar afwachten",
            role="fiscaal",
            block=WaitFor(awaited=(FilingAwaited(template="aangifte-ib", period="previous"),)),
        ),
        Phase(
            id="aanslag",
            title="Aanslag afwachten",
            role="fiscaal",
            block=WaitFor(
                awaited=(NoticeAwaited(notice="aanslag", fact="aanslag_op"),),
                chase=Chase(give_up=GiveUp(on=DateRule(anchor="period.end", months=24), end="geen_aanslag")),
            ),
        ),
        Phase(
            id="nakijken",
            title="Nakijken",
            role="fiscaal",
            due=DateRule(anchor="deadlines.bezwaar", workdays=-20),
            outcomes=(
                Outcome(
                    id="klopt",
                    title="Klopt",
                    note=LeaveNote(template="aangifte-ib", message="btw-klaar"),
                ),
                Outcome(id="bezwaar", title="Bezwaar", condition=_is("eq", _fact("soort"), "geen")),
            ),
            block=Work(
                chase=Chase(
                    escalate=Escalate(
                        on=DateRule(anchor="facts.aanslag_op", weeks=3),
                        role="accountant",
                        message="btw-klaar",
                    )
                )
            ),
        ),
        CLOSE,
    ),
)


async def decided_by_partners(stage: Stage) -> None:
    """A code, a profile and papers are asked for; partners sign each their own; a notice fills a fact.

    The relation signs, though the template asks for an approval. What is made from what they signed goes out
    too, and of the assessment a note is left.
    """
    stage.reaches("aangifte-ib/1001/2025-12/-/1", "ended")
    stage.links("2001")
    by_hand = {"contact": CLIENT, "proof": "gespreksverslag"}
    asked = {"request": "uitvraag.profiel.1"}
    papers = {"request": "uitvraag.stukken.1"}
    given = {"woning": True, "postcode": "1234AB", "kinderen": 2, "giften": 100_00}
    given |= {"verhuisd": "2025-05-01", "uitstel": "eigen", "landen": ("geen", "eigen")}
    await stage.until(date(2026, 1, 5))
    await stage.act(AnswerRequest, ADMIN, **asked, **by_hand, values=given)
    await stage.act(AcceptItem, ADMIN, **asked)
    paper = Enclosure(hash="hash-opgaaf", name="opgaaf.pdf", media_type="application/pdf")
    await stage.act(AnswerRequest, CLIENT, **papers, item="jaaropgaaf", documents=(paper,))
    await stage.act(SendBackItem, ADMIN, **papers, item="jaaropgaaf", reason="Van een ander jaar")
    await stage.act(AnswerRequest, CLIENT, **papers, item="jaaropgaaf", documents=(paper,))
    await stage.act(AcceptItem, ADMIN, **papers, item="jaaropgaaf")
    await stage.act(NotApplicable, CLIENT, **papers, item="hypotheek")
    await stage.act(TaskDone, CLIENT, task="uitvraag.code.1", proof="ABCD-1234")
    for name, value in {"soort": "geen", "uren": 1300, "partner_mee": True}.items():
        await stage.act(RecordFact, ADMIN, phase="uitvraag", fact=name, value=value)
    await stage.act(Complete, ADMIN, phase="uitvraag")
    remarked = {"remarks": ("De rente is hoog.",), "audience": "office", "traced": True}
    await stage.act(Attach, ADMIN, shown=shown(), **remarked)
    await stage.act(Attach, ADMIN, shown=shown("1", "aangifte_partner"))
    await stage.act(Complete, ADMIN, phase="opstellen")
    both = (shown(), shown("1", "aangifte_partner"))
    stage.asks(
        replace(RECIPIENT, own=("aangifte",)),
        replace(RECIPIENT, contact=PARTNER.id, own=("aangifte_partner",)),
        way="signature",
    )
    await stage.act(Complete, TITLED, phase="controle", documents=both)
    await decided(stage, "sign")
    await stage.act(Decide, PARTNER, phase="aanbieden", answer="sign", documents=both[1:])
    await stage.until(date(2026, 2, 16))
    delivered = {"phase": "indienen", "on": date(2026, 2, 16), "proof": "hash"}
    await stage.act(RecordDelivery, FISCAL, **delivered)
    await work(stage, "publiceren")
    await stage.until(date(2026, 3, 10))
    letter = {"notice": "aanslag", "on": date(2026, 3, 9), "document": "hash", "reason": "Per post"}
    await stage.act(Notice, FISCAL, phase="aanslag", **letter)
    moved_to = {"phase": "nakijken", "fact": "aanslag_op", "value": "2026-03-06"}
    await stage.act(RecordFact, FISCAL, **moved_to, reason="Verkeerd gelezen")
    await stage.until(date(2026, 3, 30))
    await stage.act(Complete, FISCAL, phase="nakijken", outcome="klopt")
    await work(stage, "afronden")


DIRECTORS = To(kind="function", name="directeur", decide="all")
SECOND = Actor(kind="contact", id="c-bakker", may=CLIENT.may)
_BY_SIGNING = _fact("door_ondertekening")
SIGNED_BY_ALL = replace(
    VAT,
    template="jaarrekening",
    facts=(
        FactDefinition(
            id="door_ondertekening",
            title="Ondertekenen is vaststellen",
            type="yes_no",
            set_in=("opstellen",),
            optional=True,
        ),
        FactDefinition(id="vastgesteld_op", title="Vastgesteld op", type="date", set_in=("vaststellen",)),
    ),
    documents=(
        Document(id="aangifte", title="Jaarrekening", made_in="opstellen"),
        Document(id="verklaring", title="Verklaring", made_in="opstellen"),
        Document(id="stuk", title="Publicatiestuk", made_in="publicatie", source="aangifte"),
    ),
    deadlines=(
        Deadline(
            id="deponeren",
            title="Deponeren",
            law="BW 2:394",
            condition=Logic(
                by="or", of=(_is("eq", Name(path=("relation", "legal_form")), "bv"), _BY_SIGNING)
            ),
            due=(
                DueChoice(condition=_BY_SIGNING, rule=DateRule(anchor="phases.aanbieden", days=8)),
                DueChoice(rule=DateRule(anchor="facts.vastgesteld_op", days=8)),
            ),
            latest=DateRule(anchor="period.end", months=12, day="last"),
            moves="next_workday",
            latest_moves="never",
        ),
    ),
    phases=(
        PREPARE,
        replace(REVIEW, four_eyes=("opstellen",), qualification=("AA", "RA")),
        replace(
            OFFER,
            block=replace(
                OFFER.block,
                offer_as="signature",
                to=DIRECTORS,
                chase=Chase(
                    remind=Remind(every_days=7, at_most=2),
                    escalate=Escalate(on=DateRule(anchor="phases.controle", weeks=3), role="accountant"),
                ),
            ),
        ),
        Phase(
            id="verklaren",
            title="Verklaring tekenen",
            role="accountant",
            qualification=("RA",),
            signs=("verklaring",),
            block=Work(),
        ),
        Phase(
            id="vaststellen",
            title="Vaststellen",
            role="relatiebeheerder",
            condition=Logic(by="not", of=(_BY_SIGNING,)),
            block=Work(),
        ),
        Phase(id="publicatie", title="Publicatie", role="administratie", block=Work()),
        replace(
            DELIVER,
            role="administratie",
            back_to="publicatie",
            block=Deliver(
                document="stuk",
                deadline="deponeren",
                on_behalf_of="relatiebeheerder",
                by_hand=True,
            ),
        ),
    ),
)


async def signed_by_all(stage: Stage) -> None:
    """Two directors sign together, one by letter; a colleague with the title does the work of an absent one.

    The first accounts are sent back; filing hangs on the day of the last signature, then on that of adoption.
    """
    bart = StandIn(role="accountant", person=ACCOUNTANT.id)
    stand_in = replace(TITLED, id="frits", instead_of=(bart,), stands_in=(bart,))
    stage.asks(replace(RECIPIENT, jointly=RECIPIENT.may), ResolvedContact(contact=SECOND.id, may=SECOND.may))
    anna = {"phase": "opstellen", "fact": "door_ondertekening"}
    given = Actor(kind="team", id=ACCOUNTANT.id, roles=("accountant",))
    await stage.act(Reassign, MANAGER, role="accountant", person=given, reason="Kent de klant")
    await stage.until(date(2026, 1, 5))
    await stage.act(RecordFact, ADMIN, **anna, value=True)
    for round in ("1", "2"):
        for name in ("aangifte", "verklaring"):
            await stage.act(Attach, ADMIN, shown=shown(round, name))
        await stage.act(Complete, ADMIN, phase="opstellen")
        await stage.act(Complete, stand_in, phase="controle", documents=(shown(round),))
        if round == "1":
            await stage.until(date(2026, 1, 14))
            await decided(stage, "reject", reason="De voorraad klopt niet", by=SECOND)
    jointly = replace(CLIENT, jointly=CLIENT.may)
    await decided(stage, "sign", "2", by=jointly)
    letter = {"contact": SECOND, "reason": "Per brief", "proof": "hash-brief"}
    await stage.until(date(2026, 1, 19))
    await decided(stage, "sign", "2", by=MANAGER, **letter)
    await stage.until(date(2026, 1, 20))
    await stage.act(Complete, stand_in, phase="verklaren", documents=(shown("2", "verklaring"),))
    await stage.act(Attach, ADMIN, shown=shown("2", "stuk"))
    await stage.act(Complete, ADMIN, phase="publicatie")
    await stage.act(RecordDelivery, ADMIN, phase="indienen", on=date(2026, 1, 20), proof="hash")


HAPPENED = replace(
    VAT,
    template="jaarrekening",
    facts=(
        FactDefinition(
            id="vastgesteld_op", title="Vastgesteld op", type="date", set_in=("deponeren",), past=True
        ),
    ),
    documents=(),
    deadlines=(),
    phases=(
        Phase(
            id="vaststellen",
            title="Vaststelling afwachten",
            role="fiscaal",
            block=WaitFor(awaited=(NoticeAwaited(notice="vaststelling", fact="vastgesteld_op"),)),
        ),
        Phase(id="deponeren", title="Deponeren", role="administratie", block=Work()),
    ),
)


async def told_of_a_day_to_come(stage: Stage) -> None:
    """A notice names a day to come of what has happened: who does the work after it records the day."""
    await stage.until(date(2026, 3, 9))
    letter = {"phase": "vaststellen", "notice": "vaststelling", "document": "hash"}
    await stage.act(Notice, SYSTEM, **letter, on=date(2026, 3, 12))
    read_again = {"phase": "deponeren", "fact": "vastgesteld_op", "value": "2026-03-06"}
    await stage.act(RecordFact, ADMIN, **read_again)
    await work(stage, "deponeren")


async def tried(stage: Stage) -> None:
    """Started without automations, which make and send nothing; the offer ends in not delivering."""
    await stage.until(date(2026, 2, 12))
    await work(stage, "verzamelen")
    await prepared(stage)
    await stage.until(date(2026, 2, 26))
    not_delivered = {"answer": "not_deliver", "reason": "Proef"}
    await stage.act(Decide, MANAGER, phase="aanbieden", **not_delivered)


async def cancelled(stage: Stage) -> None:
    """One automation is switched off, closed days move what counts working days, and it is cancelled."""
    await stage.until(date(2026, 2, 12))
    await stage.act(Cancel, MANAGER, reason="De klant is weg")


CONSTRUCTS: dict[str, tuple[Plan, Callable[[Stage], Awaitable[None]]]] = {
    "waiting": (WAITING, waited),
    "linked": (LINKED, went_with_others),
    "without_others": (WITHOUT_OTHERS, went_without_others),
    "informed": (INFORMING, informed),
    "left_alone": (LEFT_ALONE, left_alone),
    "together": (TOGETHER, done_together),
    "moved": (VAT, moved),
    "kept": (VAT, kept),
    "unanswerable": (VAT, unanswerable),
    "moved_when_safe": (VAT, moved_when_safe),
    "moved_without_a_checkpoint": (CLOSED_OTHERWISE, moved_without_a_checkpoint),
    "mended": (ASKING, mended),
    "partners": (PARTNERS, decided_by_partners),
    "signed_by_all": (SIGNED_BY_ALL, signed_by_all),
    "happened": (HAPPENED, told_of_a_day_to_come),
    "tried": (VAT, tried),
    "cancelled": (VAT, cancelled),
}
"""By construct a small plan and a story of it."""

_CLOSED = (date(2026, 2, 9), date(2026, 2, 10))
BEGUN: dict[str, dict[str, Any]] = {
    "tried": {
        "without_automations": True,
        "filing": FilingKey(
            template="btw-aangifte", relation="1001", period="2026-01", sub_number="-", sequence=2
        ),
    },
    "cancelled": {
        "begun_on": date(2025, 12, 31),
        "automations_off": ("btw-aangifte/verzamelen/bellen",),
        "calendars": Calendars(office=_CLOSED, law=_CLOSED[:1], bank=_CLOSED[1:]),
    },
}
"""What the start of a construct's story has of its own."""
