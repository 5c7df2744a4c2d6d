"""A scenario written from what happened: from the events of a simulation, or of a filing that really ran.

Only acts are told, and what the world did; what follows from them is what the scenario expects. It has no
names and numbers of people: they are called klant, klant-2, or by their role.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from ..compiler.language.scenario import Scenario
from ..days import add_working_days
from ..filing import events
from ..filing.commands import AnyCommand, FindLinked, Follow, Resolve, Send, Watch
from ..filing.events import Actor, AnyEvent, Start
from ..filing.outcome import Refusal, Step
from ..filing.placing import find_role
from ..filing.state import State
from ..filing.step import step
from ..plan import Office, Plan, To, WaitFor
from ..rights import RIGHTS
from .cast import list_holders
from .engine import END, NeverAtRestError
from .replacing import Replacing
from .scenario_yaml import scenario_as_yaml
from .scenarios import LostError, Played
from .story import Mail

CLIENT = "klant"
ALL_ROLES = "Wie dit doet, heeft ook deze rol"
"""Why work is given to somebody in a scenario, whose people have one role each."""


class Recorded(NamedTuple):
    """A scenario as the text of its file, and in English what it could not tell as it was."""

    text: str
    notes: tuple[str, ...]


class UnrecordableError(Exception):
    """The events cannot be read again on this plan; the message says why."""


def write_scenario(
    plan: Plan,
    office: Office,
    happened: Iterable[AnyEvent],
    last: date,
    title: str,
    replacing: Replacing,
    wanted: Sequence[dict[str, Any]] = (),
    *,
    corrected: str | None = None,
) -> Recorded:
    """Return a scenario of these events of a filing, until a day. Raises UnrecordableError.

    `replacing` says what is put in the place of what people wrote; `wanted` is expected at the end besides
    what comes of it. `corrected` is the template of the filing that this one corrected: whether there is a
    scenario of that one is not known here, so the text and the notes say what is to be added.
    """
    history = list(_read(plan, happened))
    writer = _Writer(plan, history, replacing)
    data = writer.write(title, last)
    left_out = (_say_corrected(corrected),) if corrected else ()
    notes = [*left_out, *writer.notes]
    return _expect(plan, office, data, history[-1].after, notes, wanted, left_out)


def _say_corrected(template: str) -> str:
    return (
        f"it corrected a filing of {template}, which is left out; "
        f"make a scenario of that one too, and add 'corrects: {template}/NAME' here"
    )


class Trial(NamedTuple):
    """A scenario that only tries what may happen: its data, its text, and what it could not tell."""

    data: dict[str, Any]
    text: str
    notes: tuple[str, ...]


def write_trial(
    plan: Plan,
    happened: Iterable[AnyEvent],
    last: date,
    title: str,
    replacing: Replacing,
    expect: Sequence[dict[str, Any]],
    *,
    says_who: bool = False,
) -> Trial:
    """Return a scenario of these events in which each step expects the same, and nothing of their outcome.

    Where it `says_who` acts, each act is told with its colleague: the same one wherever it was the same, to
    whom the work of another role is given first. Raises UnrecordableError as `write_scenario` does.
    """
    writer = _Writer(plan, list(_read(plan, happened)), replacing, _Casting(plan) if says_who else None)
    data = writer.write(title, last)
    for step_ in data["steps"]:
        step_["expect"] = [dict(one) for one in expect]
    return Trial(data, scenario_as_yaml(data), tuple(dict.fromkeys(writer.notes)))


class _Happened(NamedTuple):
    """An event, how the filing was before and after it, and the command that it answers."""

    event: AnyEvent
    before: State | None
    after: State
    entered: tuple[str, ...]
    """Phases that began by it."""
    answers: AnyCommand | None


def _read(plan: Plan, happened: Iterable[AnyEvent]) -> Iterator[_Happened]:
    state: State | None = None
    commands: dict[int, AnyCommand] = {}
    for event in happened:
        taken = step(plan, state, event)
        if isinstance(taken, Refusal):
            raise UnrecordableError(f"an event of {event.at:%Y-%m-%d} is refused now ({taken.code})")
        if taken.repeated:
            continue
        commands |= {command.number: command for command in taken.commands}
        answered = commands.get(event.number) if isinstance(event, events.Result) else None
        yield _Happened(event, state, taken.state, tuple(_list_entered(taken)), answered)
        state = taken.state


def _list_entered(taken: Step) -> Iterator[str]:
    yield from (entry.phase for entry in taken.entries if entry.what == "phase_entered" and entry.phase)


# --- what is written ----------------------------------------------------------------------------------------


class _Item(NamedTuple):
    """An act as a scenario has it, with the event that it was."""

    said: dict[str, Any]
    event: events.Act


class _Casting:
    """Who of a scenario's people each colleague of a filing is: somebody of the role that they did first."""

    def __init__(self, plan: Plan) -> None:
        self._people = [holder for role in plan.roles for holder in list_holders(role.id)]
        self._names: dict[str, str] = {}
        self._assigned: dict[str, str] = {}

    def name(self, person: str, role: str) -> str | None:
        """Return what a scenario calls a colleague who does the work of a role; None where all are taken."""
        if person not in self._names:
            free = [one for one in (*list_holders(role), *self._people) if one not in self._names.values()]
            if not free:
                return None
            self._names[person] = free[0]
        return self._names[person]

    def hand_over(self, person: str, role: str) -> bool:
        """Say whether a role's work is to be given to somebody first; from then on it counts as given."""
        now = self._assigned.get(role)
        if now == person or (now is None and person in list_holders(role)):
            return False
        self._assigned[role] = person
        return True


class _Writer:
    """Writes the events of one filing as the data of a scenario."""

    def __init__(
        self, plan: Plan, history: list[_Happened], replacing: Replacing, casting: _Casting | None = None
    ) -> None:
        start = history[0].event
        assert isinstance(start, Start), "a filing begins with its start"
        self._plan = plan
        self._history = history
        self._start = start
        self._replacing = replacing
        self._casting = casting
        self._people = _Contacts(plan, history)
        self._used: dict[str, list[Any]] = {}
        self.notes: list[str] = []

    def write(self, title: str, last: date) -> dict[str, Any]:
        """Return the scenario, still without what it expects."""
        start = self._start
        known = {"number", "name", "legal_form", "natural_person"}
        fields = {
            k: v for k, v in start.relation.items() if k not in known and self._replacing.keeps_field(v)
        }
        relation = {"legal_form": start.relation["legal_form"]} | ({"fields": fields} if fields else {})
        product = {k: True for k in ("foreign", "kor", "fiscal_unit") if start.product.get(k)}
        off = [one.partition("/")[2] for one in start.automations_off]
        if start.without_automations:
            self.notes.append("it ran without automations, which a scenario cannot say")
        data: dict[str, Any] = {
            "title": title,
            "period": start.period.code,
            "start": start.start_date.isoformat(),
        }
        data |= {"relation": relation} | ({"product": product} if product else {})
        data |= {"contacts": contacts} if (contacts := self._people.list_given()) else {}
        data |= {"office": {"rests": True}}
        data |= {"world": world} if (world := self._write_world()) else {}
        data |= {"automations_off": off} if off else {}
        return data | {"steps": self._write_steps(last)}

    def _write_steps(self, last: date) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = []
        group: list[_Item] = []
        day, entered = date.min, ""
        for one in self._history[1:]:
            event = one.event
            said = self._say(one) if isinstance(event, events.Act) else None
            if said is None or not isinstance(event, events.Act):
                entered = one.entered[-1] if one.entered else entered
                continue
            today = event.at.date()
            if not group or today > day or entered:
                self._close(steps, group)
                steps.append(
                    {"on": today.isoformat()} if today > day else {"reach": entered} if entered else {}
                )
                group, day = [], today
            entered = ""
            group += (_Item(act, event) for act in self._tell_who(said, event))
        self._close(steps, group)
        final = self._history[-1]
        ended = final.after.case.ended is not None
        if ended and not isinstance(final.event, events.Act):
            steps.append({"reach": END})
        elif not ended and last > day:
            steps.append({"on": last.isoformat()})
        return steps or [{"on": last.isoformat()}]

    def _tell_who(self, said: dict[str, Any], event: events.Act) -> Iterator[dict[str, Any]]:
        """Yield an act with who did it, where that is to be told, after what gives them the work."""
        role = find_role(self._plan, event)
        if (
            self._casting is None
            or role is None
            or event.by.kind != "team"
            or getattr(event, "contact", None)
        ):
            yield said
            return
        person = self._casting.name(event.by.id, role)
        if person is None:
            self.notes.append("more colleagues act than a scenario has")
            yield said
            return
        if self._casting.hand_over(person, role):
            yield {"reassign": role, "person": person, "reason": ALL_ROLES}
        yield said | {"by": person}

    def _close(self, steps: list[dict[str, Any]], group: list[_Item]) -> None:
        if group:
            short = group if self._casting else self._shorten(group)
            steps[-1]["do"] = [item.said for item in short]

    def _shorten(self, group: list[_Item]) -> list[_Item]:
        """Return acts with all that one phase of work asked, and its completion, as one: finish."""
        if any(isinstance(item.event, events.Uncheck) for item in group):
            return group
        finished = {
            item.event.phase
            for item in group
            if isinstance(item.event, events.Complete) and "by" not in item.said
        }
        short: list[_Item] = []
        for item in group:
            event = item.event
            if isinstance(event, events.Complete) and "complete" in item.said and event.phase in finished:
                outcome = {"outcome": event.outcome} if event.outcome else {}
                short.append(_Item({"finish": event.phase} | outcome, event))
            elif not ("by" not in item.said and self._is_asked(event, finished)):
                short.append(item)
        return short

    def _is_asked(self, event: events.Act, finished: set[str]) -> bool:
        """Say whether an act is one that finishing a phase does too: a required tick, a document."""
        if isinstance(event, events.Check) and event.phase in finished:
            points = self._plan.phase(event.phase).checkpoints
            return any(point.id == event.checkpoint and point.required for point in points)
        if isinstance(event, events.Attach):
            document = self._plan.document(event.shown.document)
            return document.made_in in finished and not document.optional
        return False

    def _say(self, one: _Happened) -> dict[str, Any] | None:
        """Return an act as a scenario says it; None for what only the system does."""
        event, replacing = one.event, self._replacing
        assert isinstance(event, events.Act)
        said: dict[str, Any]
        match event:
            case events.Check():
                said = {"check": event.checkpoint}
            case events.Uncheck():
                said = {"uncheck": event.checkpoint}
            case events.Complete():
                said = {"complete": event.phase} | ({"outcome": event.outcome} if event.outcome else {})
            case events.Back():
                said = {"back": replacing.write_reason(event.reason)}
            case events.Attach():
                said = {"attach": event.shown.document}
            case events.Release():
                said = {"release": event.phase}
            case events.Decide():
                return self._say_decision(event)
            case events.RecordDelivery():
                said = {"delivered": event.phase} | _say_day(event.on, event)
            case events.RecordFact():
                said = self._say_fact(event, one)
            case events.TaskDone():
                said = {"task": event.task.split(".")[1]}
            case events.AnswerRequest():
                said = self._say_answer(event)
            case events.AcceptItem():
                said = {"accept": event.item or event.request.split(".")[1]}
            case events.SendBackItem():
                said = {"send_back": event.item or event.request.split(".")[1]}
                said["reason"] = replacing.write_reason(event.reason)
            case events.NotApplicable():
                said = {"not_applicable": event.item or event.request.split(".")[1]}
                said |= {"reason": replacing.write_reason(event.reason)} if event.reason else {}
            case events.Note():
                said = {"note": replacing.write_reason(event.text)}
            case events.Cancel():
                said = {"cancel": replacing.write_reason(event.reason)}
            case events.Hold():
                until = {"until": event.until.isoformat()} if event.until else {}
                said = {"hold": replacing.write_reason(event.reason)} | until
            case events.Resume():
                said = {"resume": True}
            case events.Reassign():
                said = {"reassign": event.role, "reason": replacing.write_reason(event.reason)}
                said |= {"person": self._name_holder(event.person, event.role)} if event.person else {}
            case events.Retry():
                said = {"retry": event.phase}
            case events.Notice():
                said = {"notice": event.notice} | _say_day(event.on, event)
                return said
            case events.Waive():
                self._note("an exception from four eyes", event)
                return None
            case _:
                return None
        return self._with_who(said, event)

    def _note(self, what: str, event: AnyEvent) -> None:
        """Note what a scenario cannot tell."""
        self.notes.append(f"{what} on {event.at:%Y-%m-%d} is not told")

    def _with_who(self, said: dict[str, Any], event: events.Act) -> dict[str, Any]:
        """Return an act with its phase where several are active, and who did it where not the usual one."""
        phase = getattr(event, "phase", None) or str(getattr(event, "request", "")).split(".")[0]
        if isinstance(event, events.TaskDone):
            phase = event.task.split(".")[0]
        named = next((one for one in self._plan.phases if one.id == phase), None)
        if named and named.group and next(iter(said)) in ("check", "uncheck", "back"):
            said = said | {"phase": named.id}
        contact = getattr(event, "contact", None)
        by = event.by if contact is None else contact
        if by.kind == "contact":
            return said | ({"by": self._people.name_of(by.id)} if self._people.are_several else {})
        if by.kind == "system":
            return said | {"by": by.id}
        if isinstance(event, events.AnswerRequest):
            return said  # for a client, who is said to have done it
        if isinstance(event, events.Attach):
            made_in = self._plan.document(event.shown.document).made_in
            named = self._plan.phase(made_in)
        role = named.role if named else None
        if role in by.roles or not by.roles:
            return said
        return said | {"by": self._name_holder(by, "")}

    def _name_holder(self, person: Actor, role: str) -> str:
        if role in person.roles:
            return f"{role}-2"
        known = [one.id for one in self._plan.roles]
        return next((one for one in person.roles if one in known), self._plan.phases[0].role)

    def _say_decision(self, event: events.Decide) -> dict[str, Any]:
        phase = self._plan.phase(event.phase)
        where = {"phase": phase.id} if phase.group else {}
        if event.answer == "not_deliver":
            return self._with_who({"not_deliver": self._replacing.write_reason(event.reason)} | where, event)
        who = (event.contact or event.by).id
        if event.answer == "reject":
            by = {"by": self._people.name_of(who)} if self._people.are_several else {}
            return {"reject": self._replacing.write_reason(event.reason)} | where | by
        return {event.answer: self._people.name_of(who)} | where

    def _say_fact(self, event: events.RecordFact, one: _Happened) -> dict[str, Any]:
        used = self._used.setdefault(event.fact, [])
        value = self._replacing.write_fact(self._plan, one.after, event.fact, event.value, used)
        used.append(value)
        said: dict[str, Any] = {"fact": event.fact, "value": value}
        active = {phase.id for phase in one.after.case.phases if phase.entered and not phase.ended}
        said |= {} if event.phase in active else {"phase": event.phase}
        return said | ({"reason": self._replacing.write_reason(event.reason)} if event.reason else {})

    def _say_answer(self, event: events.AnswerRequest) -> dict[str, Any]:
        _, automation, _ = event.request.split(".")
        phase = self._plan.phase(event.request.split(".")[0])
        request = next(one.request for one in phase.automations if one.id == automation)
        form = self._plan.form(request.form) if request else None
        if form is None or form.kind == "list":
            return {"answer": event.item or automation}
        values = self._replacing.write_answers(form, event.values)
        return {"answer": automation} | ({"values": values} if values else {})

    # --- the world --------------------------------------------------------------------------------------

    def _write_world(self) -> dict[str, Any]:
        world: dict[str, Any] = {}
        if verdicts := self._list_verdicts():
            world["verdicts"] = verdicts
        waits = [phase.block for phase in self._plan.phases if isinstance(phase.block, WaitFor)]
        if waits:
            world |= {"no_notices": True, "no_others": True}
        others = dict(self._list_others())
        world |= {"others": others} if others else {}
        if absent := self._list_absent():
            world["no_filings"] = absent
        linked = {
            str(one.answers.link): len(one.event.relations)
            for one in self._history
            if isinstance(one.event, events.Linked) and isinstance(one.answers, FindLinked)
        }
        world |= {"linked": linked} if linked else {}
        for one in self._history:
            if isinstance(one.event, events.Resolved):
                if one.event.problem:
                    self._note("that nobody can answer an offer", one.event)
                way, until = one.event.way, one.event.standing_until
                world |= {"way": way} if way else {}
                world |= {"standing_until": until.isoformat()} if until else {}
            if isinstance(one.event, events.Failed) and isinstance(one.answers, Send):
                self._note("a message that did not arrive", one.event)
        return world

    def _list_verdicts(self) -> list[dict[str, Any]]:
        found: dict[int, dict[str, Any]] = {}
        for one in self._history:
            if not isinstance(one.answers, Follow):
                continue
            place = one.answers.attempt
            if isinstance(one.event, events.Judged):
                found[place] = {} if one.event.accepted else {"refused": one.event.code}
                if not one.event.accepted:
                    found[place] |= self._replacing.write_verdict(one.event.text)
            elif isinstance(one.event, events.Failed) and one.event.over:
                found[place] = {"failed": 999}
        wrong = [place for place, verdict in found.items() if verdict]
        return [found.get(place, {}) for place in range(1, max(wrong, default=0) + 1)]

    def _list_others(self) -> Iterator[tuple[str, int]]:
        asked: dict[int, date] = {}
        closed = self._start.calendars.office
        for one in self._history:
            for pending in one.after.journal.in_flight:
                asked.setdefault(pending.number, one.event.at.date())
            reached = one.event if isinstance(one.event, events.Reached) else None
            if reached and reached.how != "none" and isinstance(one.answers, Watch):
                day, count = asked.get(reached.number, reached.at.date()), 0
                while add_working_days(day, count, closed) < reached.at.date():
                    count += 1
                yield one.answers.template, count

    def _list_absent(self) -> list[str]:
        """Return the templates of which there was no filing to wait for."""
        return sorted(
            {
                one.answers.template
                for one in self._history
                if isinstance(one.event, events.Reached) and isinstance(one.answers, Watch)
                if one.event.how == "none"
            }
        )


def _say_day(day: date, event: events.Act) -> dict[str, Any]:
    return {} if day == event.at.date() else {"day": day.isoformat()}


class _Contacts:
    """The contacts of a filing, each by what a scenario calls them."""

    def __init__(self, plan: Plan, history: list[_Happened]) -> None:
        self._plan = plan
        self._rights: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._functions: dict[str, set[str]] = {}
        self._primary: set[str] = set()
        for one in history:
            self._see(one)

    @property
    def are_several(self) -> bool:
        """Say whether there is more than one."""
        return len(self._rights) > 1

    def name_of(self, id: str) -> str:
        """Return what a scenario calls a contact."""
        place = list(self._rights).index(id) + 1 if id in self._rights else 1
        return CLIENT if place == 1 else f"{CLIENT}-{place}"

    def list_given(self) -> list[dict[str, Any]]:
        """Return the contacts as a scenario gives them; none where there is one who may do everything."""
        found = []
        for id, (may, jointly) in self._rights.items():
            given: dict[str, Any] = {"id": self.name_of(id)}
            if self.are_several:
                given["primary"] = id in self._primary
                given["functions"] = sorted(self._functions.get(id, ()))
            given |= {"may": list(may)} if set(may) != set(RIGHTS) else {}
            given |= {"jointly": list(jointly)} if jointly else {}
            found.append(given)
        return found if len(found) > 1 or any(len(one) > 1 for one in found) else []

    def _see(self, one: _Happened) -> None:
        event, command = one.event, one.answers
        if isinstance(event, events.Act):
            for actor in (event.by, getattr(event, "contact", None)):
                if actor and actor.kind == "contact":
                    self._rights[actor.id] = (actor.may, actor.jointly)
        elif isinstance(event, events.Resolved) and isinstance(command, Resolve):
            offer = self._plan.phase(command.phase).offer
            for contact in event.recipients:
                self._rights[contact.contact] = (contact.may, contact.jointly)
                self._note_meant(contact.contact, offer.to if offer else None)
        elif isinstance(event, events.Sent) and isinstance(command, Send) and not command.contacts:
            clients = event.recipients if command.to and command.to.kind != "role" else ()
            for id in clients:
                self._rights.setdefault(id, (RIGHTS, ()))
                self._note_meant(id, command.to)

    def _note_meant(self, id: str, to: To | None) -> None:
        if to and to.kind == "primary_contact":
            self._primary.add(id)
        elif to and to.name:
            self._functions.setdefault(id, set()).add(to.name)


# --- what is expected ---------------------------------------------------------------------------------------


def _expect(
    plan: Plan,
    office: Office,
    data: dict[str, Any],
    ended: State,
    notes: list[str],
    wanted: Sequence[dict[str, Any]],
    remarks: Sequence[str],
) -> Recorded:
    """Play a scenario, add to each step what comes of it, and say where it ends otherwise than it did.

    The remarks are put above it as comments.
    """
    scenario = Scenario.model_validate(data)
    played = Played(scenario, plan, office)
    simulation = played.simulation
    active: set[str] = set()
    mails = 0
    for said, step_ in zip(data["steps"], scenario.steps, strict=True):
        try:
            lost = [f"{one.expected}, but {one.actual}" for one in played.play(step_)]
        except (LostError, NeverAtRestError):
            lost = ["it does not come so far"]
        notes += [f"played again on {simulation.now:%Y-%m-%d}: {one}" for one in lost]
        story = simulation.tell()
        now = {phase.id for phase in story.view.phases if phase.status == "active"}
        expected: list[dict[str, Any]] = [{"phase": name} for name in sorted(now - active)]
        expected += _list_messages(story.mails[mails:])
        if expected:
            said["expect"] = expected
        active, mails = now, len(story.mails)
    story = simulation.tell()
    end = story.state.case.ended
    told = end and (end.end or end.how)
    really = ended.case.ended and (ended.case.ended.end or ended.case.ended.how)
    if told != really:
        notes.append(
            f"it ended with {really or 'nothing yet'}, and played again with {told or 'nothing yet'}"
        )
    last = data["steps"][-1].setdefault("expect", [])
    last += [
        {"deadline": one.id, "is": one.day.isoformat()}
        for one in story.current_dates
        if one.kind == "deadline" and one.day
    ]
    last += [{"ended": told or "no"}, {"planner": story.view.planner}, *wanted]
    return Recorded(scenario_as_yaml(data, remarks), tuple(dict.fromkeys(notes)))


def _list_messages(mails: tuple[Mail, ...]) -> list[dict[str, Any]]:
    counts: dict[tuple[str, str], int] = {}
    for mail in mails:
        counts[mail.message, mail.to] = counts.get((mail.message, mail.to), 0) + 1
    return [
        {"message": message, "to": to} | ({"times": count} if count > 1 else {})
        for (message, to), count in counts.items()
    ]
