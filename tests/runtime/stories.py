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
    Check,
    Complete,
    Decide,
    Enclosure,
    Hold,
    NotApplicable,
    Note,
    Notice,
    Reassign,
    RecordDelivery,
    RecordFact,
    Release,
    ResolveAgain,
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
    Deliver,
    Escalate,
    FactDefinition,
    FilingAwaited,
    Form,
    FormField,
    GiveUp,
    LeaveNote,
    LiteralValue,
    Name,
    NoticeAwaited,
    Outcome,
    Phase,
    Plan,
    Remind,
    Request,
    StartFiling,
    To,
    WaitFor,
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

    def stands(self, until: date) -> None:
        """Have the client have given a standing authority until this day."""

    def reaches(self, filing: str, how: Literal["phase", "none"] = "phase") -> None:
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

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.driver = Driver(plan)

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

    def stands(self, until: date) -> None:
        self.driver.resolution["standing_until"] = until

    def reaches(self, filing: str, how: Literal["phase", "none"] = "phase") -> None:
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
    async def begin(cls, env: WorkflowEnvironment, world: World, plan: Plan) -> "Workflow":
        real = await env.get_current_time()
        stage = cls(env, world, await start(env.client, world, plan, office_clock(real)), real)
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

    def stands(self, until: date) -> None:
        self.world.stands = until

    def reaches(self, filing: str, how: Literal["phase", "none"] = "phase") -> None:
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
    "mended": (ASKING, mended),
}
"""By construct a small plan and a story of it."""
