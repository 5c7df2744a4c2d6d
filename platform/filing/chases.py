"""Chasing (herinneren en escaleren): one shape for whatever waits for somebody.

The next reminder counts from the last one, or from the day the wait began, and reminders stop at the
escalation. So one that fell due while nothing ran is sent once and not made up for: nobody gets three at
once.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from ..data import replace
from ..days import add_working_days, move_to_working_day
from ..plan import Chase, Offer, Phase
from .construct import Construct, Order, Wait
from .deadlines import list_open_days
from .informing import is_open_to_objection
from .issuing import issue
from .permissions import chase_subject, request_subject, task_subject
from .requests import find_request, waiting_since_of
from .state import RequestState, TaskState
from .tasks import find_automation, find_task
from .turn import Reader, Turn


class Waiting(NamedTuple):
    """Something that somebody is waited for in an active phase: its offer or work, a request, a task.

    `since` is the day on which the wait began, None while nobody is waited for yet.
    """

    subject: str
    title: str
    chase: Chase
    since: date | None
    automation: str | None = None


class Chases(Construct):
    """Reminders and escalations of active phases, and of what their automations ask of somebody."""

    def begin(self, turn: Turn, phase: Phase) -> None:
        """Begin to chase again in each round."""
        _forget(turn, frozenset({phase.id}))

    def withdraw(self, turn: Turn, phases: frozenset[str]) -> None:
        """Forget how phases were chased that are to be done again."""
        _forget(turn, phases)

    def dates(self, reader: Reader) -> Iterator[Wait]:
        """Yield the days of the next reminder and of the escalation of whatever is waited for."""
        for phase in reader.active_phases():
            for waiting in list_waiting(reader, phase):
                key = waiting.automation or ""
                escalation = escalation_day(reader, waiting)
                if escalation:
                    yield Wait(escalation, Order.ESCALATE, phase.id, key)
                reminder = reminder_day(reader, waiting)
                if reminder:
                    yield Wait(reminder, Order.REMIND, phase.id, key)


def list_waiting(reader: Reader, phase: Phase) -> Iterator[Waiting]:
    """Yield whatever somebody is waited for and chased in an active phase; who is only informed is not."""
    offer = reader.offer_state(phase.id) if isinstance(phase.block, Offer) else None
    if phase.chase and not (offer and is_open_to_objection(reader, offer)):
        yield Waiting(chase_subject(phase), phase.title, phase.chase, waiting_since(reader, phase))
    if all(automation.chase is None for automation in phase.automations):
        return
    for request in reader.case.requests:
        asked = find_request(reader, request) if request.phase == phase.id else None
        since = waiting_since_of(reader, asked) if asked else None
        if asked and asked.chase and since:
            yield Waiting(
                request_subject(request.id), asked.form.title, asked.chase, since, request.automation
            )
    for task in reader.case.tasks:
        definition, automation = find_task(reader, task), find_automation(reader, task)
        chase = automation.chase if automation else None
        if task.phase == phase.id and task.done is None and definition and chase:
            subject = task_subject(task.id)
            yield Waiting(subject, definition.title, chase, task.made.date(), task.automation)


def is_waited_for(reader: Reader, phase: Phase, automation: str) -> bool:
    """Say whether what an automation of an active phase asked is still to come."""
    for request in reader.case.requests:
        asked = find_request(reader, request)
        if asked and (request.phase, request.automation) == (phase.id, automation):
            return waiting_since_of(reader, asked) is not None
    tasks = (task for task in reader.case.tasks if (task.phase, task.automation) == (phase.id, automation))
    return any(task.done is None for task in tasks)


def escalation_day(reader: Reader, waiting: Waiting) -> date | None:
    """Return the day on which a wait escalates, or None when it does not or did."""
    escalate = waiting.chase.escalate
    if escalate is None or reader.chased_for(waiting.subject).escalated:
        return None
    day = reader.rules.target_day(escalate.on)
    begun = reader.state.origin.begun_on
    if day is None or begun is None or day > begun:
        return day
    began = find_begin(reader, waiting.subject)
    return _give_time(reader, reader.rules.phase(phase_of(waiting.subject)), day, began) if began else day


def is_given_time(reader: Reader, waiting: Waiting) -> bool:
    """Say whether a wait is still to escalate, later than the plan says: its filing began too late."""
    escalate, day = waiting.chase.escalate, escalation_day(reader, waiting)
    return bool(escalate and day and day != reader.rules.target_day(escalate.on))


def find_begin(reader: Reader, subject: str) -> date | None:
    """Return the day on which the phase was entered, or the request or task made, that is waited for."""
    kind, _, of = subject.partition(":")
    if kind not in ("request", "task"):
        state = reader.phase_state(phase_of(subject))
        return state.entered.date() if state and state.entered else None
    made: tuple[RequestState | TaskState, ...] = (*reader.case.requests, *reader.case.tasks)
    return next((one.made.date() for one in made if one.id == of), None)


def _give_time(reader: Reader, phase: Phase, day: date, began: date) -> date:
    """Return when something escalates that was to by the day on which its filing began: nobody was late.

    From its own begin it gets as long as lies between the target of its phase and that day, until the working
    day before the first deadline to come at the most, and the next working day at the least.
    """
    closed = reader.rules.origin.calendars.office
    due = reader.rules.target_day(phase.due) if phase.due else None
    time = max(day - due, timedelta()) if due else timedelta()
    own = move_to_working_day(began + time, "next_workday", closed)
    coming = [one for one in list_open_days(reader) if one > began]
    last = add_working_days(min(coming), -1, closed) if coming else own
    return max(min(own, last), add_working_days(began, 1, closed))


def give_up_day(reader: Reader, chase: Chase | None) -> date | None:
    """Return the day on which nothing is waited for any more, where the chase says one that is known."""
    give_up = chase.give_up if chase else None
    return reader.rules.target_day(give_up.on) if give_up else None


def reminder_day(reader: Reader, waiting: Waiting) -> date | None:
    """Return the day of the next reminder, or None when none is due yet or none is left."""
    remind, since = waiting.chase.remind, waiting.since
    if remind is None or since is None:
        return None
    chased = reader.chased_for(waiting.subject)
    if chased.escalated or (remind.at_most is not None and len(chased.reminded) >= remind.at_most):
        return None
    escalation = escalation_day(reader, waiting)
    given_up = give_up_day(reader, waiting.chase)
    resumed = (hold.ended.date() for hold in reader.case.holds if hold.ended)
    day = max((since, *chased.reminded, *resumed)) + timedelta(days=remind.every_days)
    if reader.state.format == 1:  # until the hour at which the escalation comes
        return None if reader.rules.has_come(escalation, reader.now) else day
    stops = min((stop for stop in (escalation, given_up) if stop), default=None)
    return None if stops and stops <= max(day, reader.now.date()) else day


def waiting_since(reader: Reader, phase: Phase) -> date | None:
    """Return the day since which somebody is waited for: an offer is waited for once it is sent."""
    if isinstance(phase.block, Offer):
        offer = reader.offer_state(phase.id)
        waiting = offer and offer.sent and not offer.outcome and reader.offered_as(phase.id) != "information"
        return offer.sent.date() if offer and offer.sent and waiting else None
    state = reader.phase_state(phase.id)
    return state.entered.date() if state and state.entered else None


def _remind(turn: Turn, phase: Phase, wait: Wait) -> None:
    """Send a reminder; it counts for all that were due by now."""
    waiting = _find(turn, phase, wait)
    chased = turn.chased_for(waiting.subject)
    reminded = (*chased.reminded, *_list_places(turn, waiting, wait))
    turn.put_chased(replace(chased, reminded=reminded))
    turn.tell("reminded", None, phase.id, title=waiting.title, number=str(len(reminded)))
    issue(turn, "send", phase, purpose="reminder", automation=waiting.automation)


def _find(turn: Turn, phase: Phase, wait: Wait) -> Waiting:
    """Return what a date is about that has come."""
    return next(w for w in list_waiting(turn, phase) if (w.automation or "") == wait.key)


def _list_places(turn: Turn, waiting: Waiting, wait: Wait) -> Iterator[date]:
    """Yield the days that one reminder counts for: today.

    In a filing of format 1 its own place in a schedule from the first day, and every later one that has come:
    its digests and recorded timers go by that.
    """
    remind = waiting.chase.remind
    if turn.state.format != 1 or remind is None or remind.at_most is None:
        yield turn.now.date()
        return
    left = remind.at_most - len(turn.chased_for(waiting.subject).reminded)
    passed = (turn.now.date() - wait.on).days // remind.every_days
    for place in range(min(passed + 1, left)):
        yield wait.on + timedelta(days=remind.every_days * place)


def _escalate(turn: Turn, phase: Phase, wait: Wait) -> None:
    """Let another role share the work from now on."""
    waiting = _find(turn, phase, wait)
    escalate = waiting.chase.escalate
    if escalate is None:
        return
    turn.put_chased(replace(turn.chased_for(waiting.subject), escalated=turn.now.date()))
    title = turn.rules.role(escalate.role).title
    said = {"title": waiting.title, "role": escalate.role, "role_title": title}
    if waiting.automation is None:
        turn.tell("escalated", None, phase.id, **said)
    else:
        turn.tell("escalated_asked", None, phase.id, **said)
    issue(turn, "send", phase, purpose="escalation", automation=waiting.automation)


def _forget(turn: Turn, phases: frozenset[str]) -> None:
    kept = tuple(c for c in turn.case.chased if phase_of(c.subject) not in phases)
    if kept != turn.case.chased:
        turn.set(chased=kept)


def phase_of(subject: str) -> str:
    """Return the phase in which something is waited for."""
    return subject.partition(":")[2].partition(".")[0]


CHASES = Chases()
Chases.fires = {Order.ESCALATE: _escalate, Order.REMIND: _remind}
