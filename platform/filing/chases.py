"""Chasing (herinneren en escaleren): one shape for whatever waits for somebody.

The next reminder counts from the last one, or from the day the wait began, and reminders stop at the
escalation. So one that fell due while nothing ran is sent once and not made up for: nobody gets three at
once.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from ..data import replace
from ..plan import Offer, Phase
from .construct import Construct, Order, Wait
from .issuing import issue
from .permissions import chase_subject
from .turn import Reader, Turn


class Chases(Construct):
    """Reminders and escalations of active phases."""

    def begin(self, turn: Turn, phase: Phase) -> None:
        """Begin to chase again in each round."""
        _forget(turn, frozenset({phase.id}))

    def withdraw(self, turn: Turn, phases: frozenset[str]) -> None:
        """Forget how phases were chased that are to be done again."""
        _forget(turn, phases)

    def dates(self, reader: Reader) -> Iterator[Wait]:
        """Yield the days of the next reminder and of the escalation of each active phase."""
        for phase in reader.active_phases():
            if phase.chase is None:
                continue
            escalation = escalation_day(reader, phase)
            if escalation:
                yield Wait(escalation, Order.ESCALATE, phase.id)
            reminder = reminder_day(reader, phase)
            if reminder:
                yield Wait(reminder, Order.REMIND, phase.id)


def escalation_day(reader: Reader, phase: Phase) -> date | None:
    """Return the day on which an active phase escalates, or None when it does not or did."""
    chase = phase.chase
    if chase is None or chase.escalate is None or reader.chased_for(chase_subject(phase)).escalated:
        return None
    return reader.rules.target_day(chase.escalate.on)


def give_up_day(reader: Reader, phase: Phase) -> date | None:
    """Return the day on which a phase waits no more, where its chase says one that is known."""
    give_up = phase.chase.give_up if phase.chase else None
    return reader.rules.target_day(give_up.on) if give_up else None


def reminder_day(reader: Reader, phase: Phase) -> date | None:
    """Return the day of the next reminder, or None when none is due yet or none is left."""
    remind = phase.chase.remind if phase.chase else None
    since = waiting_since(reader, phase)
    if remind is None or since is None:
        return None
    chased = reader.chased_for(chase_subject(phase))
    if chased.escalated or (remind.at_most is not None and len(chased.reminded) >= remind.at_most):
        return None
    escalation = escalation_day(reader, phase)
    given_up = give_up_day(reader, phase)
    day = max((since, *chased.reminded)) + timedelta(days=remind.every_days)
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
    chased = turn.chased_for(chase_subject(phase))
    reminded = (*chased.reminded, *_list_places(turn, phase, wait))
    turn.put_chased(replace(chased, reminded=reminded))
    turn.tell("reminded", None, phase.id, title=phase.title, number=str(len(reminded)))
    issue(turn, "send", phase, purpose="reminder")


def _list_places(turn: Turn, phase: Phase, wait: Wait) -> Iterator[date]:
    """Yield the days that one reminder counts for: today.

    In a filing of format 1 its own place in a schedule from the first day, and every later one that has come:
    its digests and recorded timers go by that.
    """
    remind = phase.chase.remind if phase.chase else None
    if turn.state.format != 1 or remind is None or remind.at_most is None:
        yield turn.now.date()
        return
    left = remind.at_most - len(turn.chased_for(chase_subject(phase)).reminded)
    passed = (turn.now.date() - wait.on).days // remind.every_days
    for place in range(min(passed + 1, left)):
        yield wait.on + timedelta(days=remind.every_days * place)


def _escalate(turn: Turn, phase: Phase, wait: Wait) -> None:
    """Let another role share the work from now on."""
    chase = phase.chase
    if chase is None or chase.escalate is None:
        return
    turn.put_chased(replace(turn.chased_for(chase_subject(phase)), escalated=turn.now.date()))
    role = chase.escalate.role
    title = turn.rules.role(role).title
    turn.tell("escalated", None, phase.id, title=phase.title, role=role, role_title=title)
    issue(turn, "send", phase, purpose="escalation")


def _forget(turn: Turn, phases: frozenset[str]) -> None:
    kept = tuple(c for c in turn.case.chased if c.subject.partition(":")[2] not in phases)
    if kept != turn.case.chased:
        turn.set(chased=kept)


CHASES = Chases()
Chases.fires = {Order.ESCALATE: _escalate, Order.REMIND: _remind}
