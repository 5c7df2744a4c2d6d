"""Running a scenario: its steps on the virtual calendar, and what did not come as expected."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from dataclasses import replace as alter
from datetime import timedelta
from typing import Any, TypeVar

from ..compiler.diagnostics import Span
from ..compiler.language import scenario as written
from ..compiler.language.base import Definition
from ..data import replace
from ..filing.outcome import Refusal
from ..filing.requests import find_request, list_items
from ..filing.state import Origin
from ..period import Period
from ..plan import Office, Plan
from .cast import Client
from .engine import END, NeverAtRestError, Simulation
from .expecting import Keeps, Seen, find_actual, keep_none
from .habits import ClientHabits, OfficeHabits, People
from .inventing import invent_answers
from .starting import find_last_day, invent_product, invent_relation, make_start
from .story import Story
from .world import Verdict, World

LONGEST = timedelta(days=5 * 366)
"""How long a scenario waits after the filing's horizon: an assessment may take years."""


@dataclass(frozen=True)
class Failure:
    """One thing that did not come as the scenario says, and where it says so."""

    span: Span
    expected: str
    actual: str
    standing: str | None = None
    """How the filing stood then: the day, and the phases that were active."""
    follows: bool = False
    """Whether a step before it failed, or what its own step does: it may follow from that."""


@dataclass(frozen=True)
class Outcome:
    """The outcome of a scenario: its story (None where it could not start) and its failures in order."""

    story: Story | None
    failures: tuple[Failure, ...]


@dataclass(frozen=True)
class Corrected:
    """What a scenario corrects: the other scenario, and how its filing came out."""

    scenario: written.Scenario
    outcome: Outcome


def run_scenario(
    scenario: written.Scenario,
    plan: Plan,
    office: Office,
    keeps: Keeps = keep_none,
    corrected: Corrected | None = None,
) -> Outcome:
    """Run a scenario of a template. It goes on after a failure: one run shows all that is wrong.

    `keeps` holds the policies that it expects to be kept. What it `corrects` was lived before.

    Only where it waits for what never comes it ends there. What the scenario names wrongly, such as a period
    that cannot be read, is a failure at its place.
    """
    try:
        played = Played(scenario, plan, office, keeps, corrected)
    except ValueError as error:
        return Outcome(None, (Failure(scenario.place("period"), "a period", str(error)),))
    failures = [*_judge_correction(scenario, played.simulation.scene.state.origin, plan, corrected)]
    try:
        for step in scenario.steps:
            failed_before = bool(failures)
            for failure in played.play(step):
                failures.append(alter(failure, follows=True) if failed_before else failure)
    except LostError:
        pass  # what was to happen after that has nothing to happen after
    except NeverAtRestError as error:
        failures.append(Failure(scenario.key_place("steps"), "that it comes to rest", str(error)))
    return Outcome(played.simulation.tell(), tuple(failures))


def _judge_correction(
    scenario: written.Scenario, origin: Origin, plan: Plan, corrected: Corrected | None
) -> Iterator[Failure]:
    """Yield why a filing is not corrected so: as `kantoor start --corrects` has it, and over its period."""
    if corrected is None:
        return
    story, at = corrected.outcome.story, scenario.place("corrects")
    ended = story.state.case.ended if story else None
    if corrected.outcome.failures or story is None:
        yield Failure(at, f"that {scenario.corrects} passes", "it fails")
        return
    if ended is None or ended.how == "cancelled":
        found = "it is cancelled" if ended else "it goes on"
        yield Failure(at, f"that the filing of {scenario.corrects} is closed", found)
        return
    before, by = story.plan, origin.filing.template
    if by not in (before.corrected_by, *before.corrected_with) and before.template not in plan.corrects:
        ways = ", ".join(dict.fromkeys(filter(None, (before.corrected_by, *before.corrected_with))))
        expected = f"that {before.template} is corrected with {by}"
        yield Failure(at, expected, f"it is corrected with {ways or 'nothing'}")
    about, own = story.start.period, origin.period
    if own.kind != "none" and not own.start <= about.end <= own.end:
        place = scenario.place("period")
        yield Failure(place, f"a period in which {about.code} ends, which it corrects", own.code)
    if origin.start_date < ended.at.date():
        place, day = scenario.place("start"), f"{ended.at:%Y-%m-%d}"
        yield Failure(place, f"a start from {day} on, when what it corrects ended", f"{origin.start_date}")


class LostError(Exception):
    """A story waits for what never comes; its last failure says for what."""


class Played:
    """A scenario that is played step by step: what was there when the last step was over counts as seen.

    Raises ValueError where the scenario's period cannot be read.
    """

    def __init__(
        self,
        scenario: written.Scenario,
        plan: Plan,
        office: Office,
        keeps: Keeps = keep_none,
        corrected: Corrected | None = None,
    ) -> None:
        period = Period.parse(scenario.period)
        before = corrected.outcome.story if corrected else None
        given = scenario.relation
        if corrected and not scenario.has_key("relation"):
            given = corrected.scenario.relation
        relation = invent_relation(office, given.legal_form)
        relation |= {"name": given.name} if given.name else {}
        relation.update(given.fields)
        product = invent_product(office, plan, period.kind) | scenario.product.model_dump()
        off = tuple(f"{plan.template}/{one}" for one in scenario.automations_off)
        closed = before.state.case.ended if before else None
        day = scenario.start or (closed.at.date() if closed else None)
        start = make_start(plan, office, period, relation, product, on=day, automations_off=off)
        if before and before.start.filing == start.filing:  # the same work again is a further filing
            further = replace(start.filing, sequence=before.start.filing.sequence + 1)
            start = replace(start, filing=further)
        self._clients = tuple(_client(one) for one in scenario.contacts) or (Client(),)
        self._last = find_last_day(start) + LONGEST
        self._seen = Seen()
        self._keeps = keeps
        self._office, self._client, self._world = scenario.office, scenario.client, scenario.world
        people = People(office=_office_habits(self._office), client=_client_habits(self._client))
        self.simulation = Simulation(plan, start, _world(self._world, self._clients), people)

    def play(self, step: written.Step) -> Iterator[Failure]:
        """Play a step and yield what did not come as it says.

        Raises LostError, after what it yielded, where time went on and what the step waits for never came.
        """
        self._change(step)
        failed = False
        if any(one.policy for one in step.expect):
            self._try(step)
        else:
            for failure in self._do(step):
                yield alter(failure, follows=failed)
                failed = True
        for one in step.expect:
            found = find_actual(one, self.simulation, self._seen, self._keeps)
            if found is not None:
                yield alter(self._fail(_place_of(one), *found), follows=failed)
        self._seen = Seen.of(self.simulation.told)

    def _do(self, step: written.Step) -> Iterator[Failure]:
        """Let time pass and do the acts of a step; yield what of that cannot be."""
        yield from self._wait(step)
        yield from self._list_refused(step)

    def _try(self, step: written.Step) -> None:
        """Do of a step what can be done: what is refused, or does not come, breaks no policy."""
        with suppress(LostError):
            tuple(self._wait(step))
        self._list_refused(step)

    def _list_refused(self, step: written.Step) -> list[Failure]:
        """Do the acts of a step; return those that were refused though the step does not expect that."""
        refused = [(place, act, self._act(act)) for place, act in enumerate(step.do)]
        codes = {refusal.code for _, _, refusal in refused if refusal}
        expected = {one.refused for one in step.expect if one.refused}
        if expected - codes:
            return []  # what was expected instead is told where the step expects it
        failures = []
        for place, act, refusal in refused:
            if refusal and refusal.code not in expected:
                named = act if isinstance(act, str) else next(k for k in written.ACT_KEYS if _has(act, k))
                at = step.place("do", place) if isinstance(act, str) else act.key_place(named)
                said = f"it was refused ({refusal.code}): {refusal.text}"
                failures.append(self._fail(at, f"that '{named}' may be done", said))
        return failures

    def _change(self, step: written.Step) -> None:
        """Take up what people and the world do from here on; what a step leaves out stays as it was."""
        self._office = _merge(self._office, step.office)
        self._client = _merge(self._client or written.Habits(), step.client) if step.client else self._client
        self._world = _merge(self._world, step.world)
        simulation = self.simulation
        simulation.people = People(office=_office_habits(self._office), client=_client_habits(self._client))
        if step.world:
            simulation.world = _world(self._world, self._clients)

    def _wait(self, step: written.Step) -> Iterator[Failure]:
        """Let time pass as the step says."""
        simulation = self.simulation
        if step.on:
            if step.on < simulation.now.date():
                now = f"it is {simulation.now:%Y-%m-%d} already"
                yield self._fail(step.place("on"), f"that {step.on} is still to come", now)
            simulation.on(step.on)
        if step.after:
            simulation.after(workdays=step.after.workdays, days=step.after.days)
        if step.reach and not simulation.reach(step.reach, self._last):
            end = step.reach == END
            wanted = "that the filing ends" if end else f"that it comes to {step.reach}"
            yield self._fail(step.place("reach"), f"{wanted} by {self._last}", "it does not")
            raise LostError

    def _fail(self, span: Span, expected: str, actual: str) -> Failure:
        now, view = self.simulation.now, self.simulation.view
        active = " and ".join(one.id for one in view.phases if one.status == "active")
        where = "the filing has ended" if view.ended else f"the filing is in {active or 'no phase'}"
        return Failure(span, expected, actual, f"on {now:%Y-%m-%d} {where}")

    def _act(self, act: str | written.Do) -> Refusal | None:
        """Do an act; return why it was refused."""
        simulation = self.simulation
        if isinstance(act, str):
            outcome = simulation.act(act)
            return outcome if isinstance(outcome, Refusal) else None
        name = next(key for key in written.ACT_KEYS if _has(act, key))
        main: Any = getattr(act, name)
        said: dict[str, Any] = {
            _FIELDS.get(key, key): getattr(act, key)
            for key in ("phase", "outcome", "reason", "value", "contact", "person", "day", "until")
            if _has(act, key)
        }
        if name == "finish":
            outcome = simulation.finish(main, act.outcome, act.by)
        elif name in ("approve", "sign"):
            outcome = simulation.act(name, act.by or main, **said)
        else:
            said |= self._say_main(name, main, act)
            outcome = simulation.act(name, act.by, **said)
        return outcome if isinstance(outcome, Refusal) else None

    def _say_main(self, name: str, main: Any, act: written.Do) -> dict[str, Any]:
        if name in ("answer", "accept", "send_back", "not_applicable"):
            return self._say_request(main, act)
        return {} if name == "resume" else {_MAIN[name]: main}

    def _say_request(self, name: str, act: written.Do) -> dict[str, Any]:
        """Return the request that its automation, its form or one of its items names, with its answers."""
        scene = self.simulation.scene
        found = (find_request(scene.reader, state) for state in scene.state.case.requests)
        every = [one for one in found if one]
        every.sort(key=lambda one: not scene.reader.is_active(one.phase.id))
        for asked in every:
            said: dict[str, Any] = {"request": asked.state.id}
            if name in (asked.state.automation, asked.form.id):
                answers = asked.form.kind == "form" and act.answer is not None
                invented = invent_answers(asked.form, scene.now.date(), act.values or {}) if answers else None
                return said | ({"values": invented} if answers else {})
            if any(item.id == name for item in list_items(scene.reader, asked)):
                return said | {"item": name}
        return {"request": name}


_MAIN = {
    "complete": "phase",
    "check": "checkpoint",
    "uncheck": "checkpoint",
    "back": "reason",
    "attach": "shown",
    "release": "phase",
    "reject": "reason",
    "not_deliver": "reason",
    "delivered": "phase",
    "fact": "fact",
    "task": "task",
    "notice": "notice",
    "note": "text",
    "hold": "reason",
    "reassign": "role",
    "retry": "phase",
    "cancel": "reason",
}
"""The field of the event that an act's own key fills."""
_FIELDS = {"day": "on"}


D = TypeVar("D", bound=Definition)


def _merge(before: D, given: D | None) -> D:
    """Return settings with those in their place that were given now."""
    return (
        before.model_copy(update={key: getattr(given, key) for key in given.model_fields_set})
        if given
        else before
    )


def _has(model: Any, key: str) -> bool:
    return getattr(model, key) is not None


def _place_of(wanted: written.Expect) -> Span:
    """Return where an expectation says what is expected: its value, else what it is about."""
    for key in ("is", "contains", "times", *written.EXPECT_KEYS):
        if wanted.has_key(key):
            return wanted.place(key)
    return wanted.node.start


def _client(given: written.ClientGiven) -> Client:
    return Client(
        id=given.id,
        name=given.name or given.id,
        primary=given.primary,
        functions=None if given.functions is None else tuple(given.functions),
        may=tuple(given.may),
        jointly=tuple(given.jointly),
        language=given.language,
    )


def _office_habits(given: written.OfficeHabits) -> OfficeHabits | None:
    if given.rests:
        return None
    return OfficeHabits(
        workdays=given.workdays,
        phase_workdays=given.takes,
        thorough=given.thorough,
        facts=given.facts,
        outcomes=given.outcomes,
        leaves=tuple(given.leaves),
    )


def _client_habits(given: written.Habits | None) -> ClientHabits | None:
    if given is None:
        return None
    more: Mapping[str, Any] = {"reason": given.reason} if given.reason else {}
    return ClientHabits(
        decides=given.decides,
        decides_after=given.decides_after,
        gives=given.gives,
        gives_after=given.gives_after,
        answers=given.answers,
        **more,
    )


def _verdict(given: written.Verdict) -> Verdict:
    verdict = Verdict(code=given.refused or given.failed or Verdict().code, text=given.text or Verdict().text)
    return replace(verdict, kind="refused" if given.refused else "failed" if given.failed else "accepted")


def _world(given: written.World, clients: tuple[Client, ...]) -> World:
    return World(
        clients=clients,
        verdicts=tuple(_verdict(one) for one in given.verdicts),
        unreachable=tuple(given.unreachable),
        reachable_from=given.reachable_from,
        notice_workdays=None if given.no_notices else World().notice_workdays,
        notices_after=dict(given.notices),
        other_workdays=None if given.no_others else World().other_workdays,
        others_after=dict(given.others),
        no_filings=tuple(given.no_filings),
        linked=dict(given.linked),
        standing_until=given.standing_until,
        way=given.way,
    )
