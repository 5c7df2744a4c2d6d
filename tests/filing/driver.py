"""Drive the bare machine on a virtual calendar: what people do, with the world answering by itself or not."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from kantoor.data import canonical, read
from kantoor.filing.commands import AnyCommand, Send
from kantoor.filing.digests import state_digest
from kantoor.filing.due_moves import find_due
from kantoor.filing.events import (
    AcceptItem,
    Act,
    Actor,
    AnswerRequest,
    AnyEvent,
    Attach,
    Calendars,
    Check,
    Complete,
    Decide,
    Delivered,
    Enclosure,
    Failed,
    FilingKey,
    Judged,
    Linked,
    Move,
    MoveWhenSafe,
    NoteLeft,
    Reached,
    RecordFact,
    Resolved,
    ResolvedContact,
    Sent,
    Shown,
    Start,
    Started,
    Tick,
    Withdrawn,
)
from kantoor.filing.mapping import Mapping
from kantoor.filing.new_acts import take_new
from kantoor.filing.outcome import Entry, Refusal, Step
from kantoor.filing.previewing import preview
from kantoor.filing.state import State
from kantoor.filing.step import step
from kantoor.filing.view import PhaseView, View, view
from kantoor.filing.waits import next_wake
from kantoor.period import Period
from kantoor.plan import Plan, digest

ADMIN = Actor(kind="team", id="anna", roles=("administratie",))
ACCOUNTANT = Actor(kind="team", id="bart", roles=("accountant",))
MANAGER = Actor(kind="team", id="carla", roles=("relatiebeheerder",))
FISCAL = Actor(kind="team", id="dirk", roles=("fiscaal",))
PAYROLL = Actor(kind="team", id="emma", roles=("salaris",))
SECRETARY = Actor(kind="team", id="els", roles=("secretariaat",))
CLIENT = Actor(kind="contact", id="c-jansen", may=("see", "answer", "approve", "sign"))
RECIPIENT = ResolvedContact(contact=CLIENT.id, may=CLIENT.may)


def shown(content: str = "1", document: str = "aangifte") -> Shown:
    return Shown(document=document, hash=f"hash-{content}", rendering=f"rendering-{content}")


class Driver:
    """One filing. `world` answers commands: a dict of command kind to a function of the command, or None."""

    def __init__(
        self, plan: Plan, period: str = "2026-01", begun: datetime = datetime(2025, 12, 31, 8), **start: Any
    ) -> None:
        self.plan = plan
        self.now = begun
        self.state: State | None = None
        self.entries: list[Entry] = []
        self.commands: list[AnyCommand] = []
        self.ids = count(1)
        self.resolution: dict[str, Any] = {"recipients": (RECIPIENT,), "sender": MANAGER.id}
        self.verdicts = iter(())
        self.reached: dict[str, Any] | None = None
        self.linked: tuple[str, ...] | None = None
        self.starts_new = True
        """Whether what is to be started does not run already."""
        self.hold: set[str] = set()
        self.newer: dict[str, Plan] = {}
        self.failing: dict[str, list[str]] = {}
        """By kind of command the errors of those that come next."""
        self.withdrawing: list[str] = []
        """Why the messages that come next are not sent any more."""
        read = Period.parse(period)
        facts: dict[str, Any] = {
            "filing": FilingKey(template=plan.template, relation="1001", period=period, sub_number="-"),
            "period": read,
            "start_date": self.now.date(),
            "relation": {"number": "1001", "legal_form": "bv"},
            "product": {"id": plan.products[0], "frequency": read.kind, "foreign": False},
            "calendars": Calendars(),
            "opening_hour": 8,
            "by": MANAGER,
        }
        self.send(Start(at=self.now, **(facts | start)))

    def send(self, event: AnyEvent) -> Step | Refusal:
        """Take an event and let the world answer what follows, in order."""
        if isinstance(event, Act):
            answer = take_new(self.plan, self.state, event)
        else:
            answer = step(self.plan, self.state, event)
        return self._go_on(event, answer)

    def move(self, newer: Plan, mapping: Mapping | None = None, **facts: Any) -> Step | Refusal:
        """Move the filing to another plan, as it was shown."""
        assert self.state is not None
        how = mapping or Mapping()
        if "told" not in facts:
            facts["told"] = preview(self.plan, newer, self.state, how, self.now).effects
        said: dict[str, Any] = {
            "by": Actor(kind="team", id=MANAGER.id),
            "id": f"move-{next(self.ids)}",
            "before": digest(self.plan),
            "plan": digest(newer),
        }
        act = Move(at=self.now, mapping=how, **(said | facts))
        answer = take_new(self.plan, self.state, act, newer)
        if isinstance(answer, Step) and not answer.repeated:
            self.plan = newer
        return self._go_on(act, answer)

    def move_when_safe(self, newer: Plan, mapping: Mapping | None = None, **facts: Any) -> Step | Refusal:
        """Ask for a move at the next safe point, as it was shown; the filing takes it by itself then."""
        assert self.state is not None
        how = mapping or Mapping()
        if "told" not in facts:
            facts["told"] = preview(self.plan, newer, self.state, how, self.now, later=True).effects
        said: dict[str, Any] = {
            "by": Actor(kind="team", id=MANAGER.id),
            "id": f"move-{next(self.ids)}",
            "before": digest(self.plan),
            "plan": digest(newer),
        }
        self.newer[digest(newer)] = newer
        act = MoveWhenSafe(at=self.now, mapping=how, **({"tells_left_out": True} | said | facts))
        return self._go_on(act, take_new(self.plan, self.state, act, newer))

    def _take_due_move(self) -> None:
        """Do what a filing's workflow does after every step."""
        assert self.state is not None
        waiting = self.state.case.move
        if waiting is None:
            return
        newer = self.newer[waiting.plan]
        due = find_due(self.plan, newer, self.state, self.now)
        if due is None:
            return
        answer = step(self.plan, self.state, due, newer)
        assert isinstance(answer, Step), answer
        if isinstance(due, Move):
            self.plan = newer
        self._go_on(due, answer)

    def _go_on(self, event: AnyEvent, answer: Step | Refusal) -> Step | Refusal:
        if isinstance(answer, Step):
            self.state = read(canonical(answer.state), State)
            assert self.state == answer.state
            self.entries.extend(answer.entries)
            self.commands.extend(c for c in answer.commands if c not in self.commands)
            self._take_due_move()
            for command in answer.commands:
                if command.kind not in self.hold:
                    self.answer(command)
        return answer

    def answer(self, command: AnyCommand) -> Step | Refusal | None:
        """Answer a command as a world in good order does."""
        number, at = command.number, self.now
        if errors := self.failing.get(command.kind):
            return self.send(Failed(at=at, number=number, error=errors.pop(0)))
        if command.kind == "send" and self.withdrawing:
            return self.send(Withdrawn(at=at, number=number, reason=self.withdrawing.pop(0)))
        if command.kind == "send":
            people = command.contacts or ("role-holder",)
            return self.send(Sent(at=at, number=number, recipients=people))
        if command.kind == "resolve":
            return self.send(Resolved(at=at, number=number, **self.resolution))
        if command.kind == "deliver":
            return self.send(Delivered(at=at, number=number, reference=f"kenmerk-{number}"))
        if command.kind == "start":
            path = f"{command.template}/1001/2026-01/-/1"
            return self.send(Started(at=at, number=number, filing=path, new=self.starts_new))
        if command.kind == "note":
            return self.send(NoteLeft(at=at, number=number))
        if command.kind == "find":
            found = self.linked
            return None if found is None else self.send(Linked(at=at, number=number, relations=found))
        if command.kind == "watch":
            return self.send(Reached(at=at, number=number, **self.reached)) if self.reached else None
        accepted, text = next(self.verdicts, (True, "Verwerkbaar"))
        return self.send(
            Judged(at=at, number=number, accepted=accepted, code="500" if accepted else "510", text=text)
        )

    def until(self, day: date) -> None:
        """Let time pass up to the end of a day; dates fire at their moment."""
        end = datetime.combine(day, datetime.max.time()).replace(microsecond=0)
        for _ in range(200):
            assert self.state is not None
            wake = next_wake(self.plan, self.state)
            if wake is None or wake > end:
                break
            self.now = max(self.now, wake)
            self.send(Tick(at=self.now))
        else:
            raise AssertionError("the filing never comes to rest")
        self.now = max(self.now, end - timedelta(hours=12))

    def act(self, kind: type, by: Actor, **facts: Any) -> Step | Refusal:
        """Act now, under a fresh id."""
        facts.setdefault("id", f"act-{next(self.ids)}")
        return self.send(kind(at=self.now, by=by, **facts))

    def collect(self) -> None:
        """Finish the first phase as Anna."""
        self.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
        self.must(Complete, ADMIN, phase="verzamelen")

    def prepare(self, content: str = "1") -> None:
        """Attach a return and finish preparing as Anna."""
        self.must(Attach, ADMIN, shown=shown(content))
        self.must(Complete, ADMIN, phase="opstellen")

    def review(self, content: str = "1") -> None:
        """Review the return as Bart."""
        self.must(Complete, ACCOUNTANT, phase="controle", documents=(shown(content),))

    def decide(self, answer: str = "approve", content: str = "1", **facts: Any) -> Step | Refusal:
        """Let the client answer."""
        return self.act(
            Decide, CLIENT, phase="aanbieden", answer=answer, documents=(shown(content),), **facts
        )

    def to_offer(self) -> None:
        """Go on to the offer: 1 February, everything in order."""
        self.until(date(2026, 2, 1))
        self.collect()
        self.prepare()
        self.review()

    def complete_work(self, phase: str, by: Actor, outcome: str | None = None) -> None:
        """Tick what a phase of work requires, review what it reviews, and complete it."""
        seen = self.phase(phase)
        for checkpoint in seen.checkpoints:
            if checkpoint.required and not checkpoint.by:
                self.must(Check, by, phase=phase, checkpoint=checkpoint.id)
        self.must(Complete, by, phase=phase, documents=seen.reviews, outcome=outcome)

    def must(self, kind: type, by: Actor, **facts: Any) -> Step:
        """Act, and insist that it is taken."""
        answer = self.act(kind, by, **facts)
        assert isinstance(answer, Step), answer
        return answer

    def supply(self, request: str, by: Actor, **values: Any) -> None:
        """Give everything that a request requires as the client, and accept it."""
        (asked,) = [one for one in self.view.requests if one.id == request]
        if asked.kind == "form":
            self.must(AnswerRequest, CLIENT, request=request, values=values)
            self.must(AcceptItem, by, request=request)
            return
        for item in asked.items:
            if item.required:
                paper = Enclosure(hash=f"hash-{item.id}", name="stuk.pdf", media_type="application/pdf")
                self.must(AnswerRequest, CLIENT, request=request, item=item.id, documents=(paper,))
                self.must(AcceptItem, by, request=request, item=item.id)

    def finish(
        self, name: str, by: Actor, content: str = "1", outcome: str | None = None, **facts: Any
    ) -> None:
        """Do all that a work phase requires: record facts, tick, make, review, sign; then complete."""
        for fact, value in facts.items():
            self.must(RecordFact, by, phase=name, fact=fact, value=value)
        (phase,) = [phase for phase in self.view.phases if phase.id == name]
        for checkpoint in phase.checkpoints:
            if checkpoint.required and checkpoint.by is None:
                self.must(Check, by, phase=name, checkpoint=checkpoint.id)
        for document in phase.documents:
            self.must(Attach, by, shown=shown(content, document))
        self.must(Complete, by, phase=name, documents=(*phase.reviews, *phase.signs), outcome=outcome)

    @property
    def view(self) -> View:
        assert self.state is not None
        return view(self.plan, self.state)

    def phase(self, name: str) -> PhaseView:
        """Return how a phase stands."""
        return next(phase for phase in self.view.phases if phase.id == name)

    def sent(self) -> list[str]:
        """Return the messages that were sent, in order."""
        return [c.message for c in self.commands if isinstance(c, Send)]

    @property
    def in_flight(self) -> list[AnyCommand]:
        """Return the commands that are on their way, oldest first."""
        assert self.state is not None
        numbers = {pending.number for pending in self.state.journal.in_flight}
        return [command for command in self.commands if command.number in numbers]

    @property
    def digest(self) -> str:
        assert self.state is not None
        return state_digest(self.plan, self.state)

    def told(self) -> list[str]:
        """Return the timeline as words."""
        return [entry.what for entry in self.entries]

    def active(self) -> list[str]:
        return [phase.id for phase in self.view.phases if phase.status == "active"]
