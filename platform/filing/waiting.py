"""Waiting (wachten) for what comes from outside: a notice of an authority, another filing, a day.

A phase that waits is left by whichever comes first, and on the day that its chase gives up. What is awaited
and when is derived from the plan; only what ended the wait is kept, until the phase is left for it.
"""

from collections.abc import Iterator
from datetime import date

from ..linked import SAID
from ..period import in_words
from ..plan import Awaited, DayAwaited, FilingAwaited, GiveUp, NoticeAwaited, Phase, WaitFor
from ..words import say_id
from .chases import give_up_day
from .commands import CommandKind
from .construct import Construct, Forward, Leaving, Order, Wait, WorkItem
from .deliveries import accepted_phases, refuse_under_way
from .events import Notice, Reached
from .facts import refuse_day_to_come, take_day
from .issuing import awaited_key, issue
from .outcome import Refusal
from .permissions import refuse_role, responsible_roles
from .state import Pending, WaitState
from .turn import Reader, Turn

_PERIODS = {"same": "dezelfde periode", "previous": "de vorige periode", "next": "de volgende periode"}


class Waiting(Construct):
    """Phases that wait."""

    def begin(self, turn: Turn, phase: Phase) -> None:
        """Wait afresh in each round, and have the other filings watched."""
        if not isinstance(phase.block, WaitFor):
            return
        _forget(turn, frozenset({phase.id}))
        for awaited in phase.block.awaited:
            if isinstance(awaited, FilingAwaited):
                what: CommandKind = "find" if awaited.of else "watch"
                issue(turn, what, phase, awaited=awaited_key(phase.block, awaited))

    def dates(self, reader: Reader) -> Iterator[Wait]:
        """Yield the days that are awaited, and that on which a phase waits no more."""
        for phase in reader.active_phases():
            if not isinstance(phase.block, WaitFor) or reader.wait_state(phase.id):
                continue
            for awaited in phase.block.awaited:
                day = reader.rules.target_day(awaited.on) if isinstance(awaited, DayAwaited) else None
                if day:
                    yield Wait(day, Order.AWAITED, phase.id)
            last = give_up_day(reader, phase.chase)
            if last:
                yield Wait(last, Order.GIVE_UP, phase.id)

    def leaving(self, reader: Reader, phase: Phase) -> Leaving | None:
        """Leave a phase whose wait is over: on, or to where its chase leads when it is given up.

        An end waits until the deliveries beside it are judged and, when accepted, left; then the filing goes
        on, since what was accepted cannot be undone.
        """
        ended = reader.wait_state(phase.id) if isinstance(phase.block, WaitFor) else None
        if ended is None:
            return None
        given_up = _give_up(phase) if ended.met == "given_up" else None
        if given_up is None:
            return Forward(phase, None)
        if given_up.end:
            beside = frozenset(one.id for one in reader.current_stage())
            accepted = accepted_phases(reader) & beside
            if refuse_under_way(reader, beside) or any(map(reader.is_active, accepted)):
                return None
            if accepted:
                return Forward(phase, None)
        return Forward(phase, None, to=given_up.then, end=given_up.end)

    def finish(self, turn: Turn, phase: Phase) -> None:
        """Watch no more for a phase that is left."""
        if isinstance(phase.block, WaitFor):
            turn.withdraw(lambda one: one.awaited is not None and one.phase == phase.id)
            _forget(turn, frozenset({phase.id}))

    def withdraw(self, turn: Turn, phases: frozenset[str]) -> None:
        """Forget what ended the waits of phases that are to be done again."""
        _forget(turn, phases)

    def work_items(self, reader: Reader) -> Iterator[WorkItem]:
        """Yield the phases that wait, with what for; their role records what comes by post."""
        for phase in reader.active_phases():
            if isinstance(phase.block, WaitFor):
                yield WorkItem(
                    kind="wait",
                    id=phase.id,
                    phase=phase.id,
                    title=phase.title,
                    roles=responsible_roles(reader, phase),
                    due=reader.rules.target_day(phase.due) if phase.due else give_up_day(reader, phase.chase),
                    missing=tuple(_say_one(reader, one) for one in phase.block.awaited),
                )


def awaited_notices(phase: Phase) -> tuple[str, ...]:
    """Return the kinds of notice that a phase waits for."""
    return tuple(one.notice for one in _awaited_notices(phase))


def _awaited_notices(phase: Phase) -> tuple[NoticeAwaited, ...]:
    awaited = phase.block.awaited if isinstance(phase.block, WaitFor) else ()
    return tuple(one for one in awaited if isinstance(one, NoticeAwaited))


def say_awaited(reader: Reader, block: WaitFor) -> str:
    """Say in Dutch what a phase waits for."""
    return " of ".join(_say_one(reader, one) for one in block.awaited)


def take_notice(turn: Turn, act: Notice) -> Refusal | Forward:
    """Take a notice that is awaited: from the inbox, or recorded by the role with reason and proof."""
    phase = turn.active_phase(act.phase)
    if isinstance(phase, Refusal):
        return phase
    if act.by.kind != "system":
        refusal = refuse_role(turn, phase, act.by)
        if refusal:
            return refusal
    refusal = _refuse_notice(turn, phase, act)
    if refusal:
        return refusal
    by_hand = act.by.kind != "system"
    if by_hand:
        turn.add_contribution(phase.id, act.by)
    turn.tell(
        "notice_received",
        act.by.id,
        phase.id,
        notice=act.notice,
        on=act.on.isoformat(),
        proof=act.document,
        reason=act.reason.strip(),
    )
    fact = _name_fact(phase, act.notice)
    if fact:
        take_day(turn, phase, fact, act.on, act.by)
    return Forward(phase, act.by.id if by_hand else None)


def _name_fact(phase: Phase, kind: str) -> str | None:
    """Return the fact that takes the day of a kind of notice; None where none does."""
    return next((one.fact for one in _awaited_notices(phase) if one.notice == kind), None)


def _refuse_notice(turn: Turn, phase: Phase, act: Notice) -> Refusal | None:
    kinds = awaited_notices(phase)
    if not kinds:
        return Refusal(
            code="no_notice_awaited",
            text=f"De fase '{phase.title}' wacht niet op een bericht van een dienst.",
        )
    if act.notice not in kinds:
        text = (
            f"De fase '{phase.title}' wacht niet op een bericht '{act.notice}', "
            f"maar op: {' of '.join(kinds)}."
        )
        return Refusal(code="other_notice", text=text)
    if act.by.kind == "system":
        return None
    if not act.reason.strip():
        text = "Geef een reden op: hoe is het bericht ontvangen, bijvoorbeeld per post?"
        return Refusal(code="reason_missing", text=text)
    if not act.document:
        return Refusal(code="proof_missing", text="Voeg het bericht zelf toe als bewijsstuk.")
    fact = turn.rules.find_fact(_name_fact(phase, act.notice) or "")
    return refuse_day_to_come(turn, fact, act.on) if fact else None


def _take_reached(turn: Turn, phase: Phase, pending: Pending, result: Reached) -> None:
    """Take that the other filing is so far; the phase is left for it."""
    if pending.withdrawn:
        return
    if not _list_beside(turn, pending):
        turn.put_wait(WaitState(phase=phase.id, met="filing"))
    if result.how == "none" and pending.of:
        turn.tell("nothing_to_await_there", None, phase.id, template=result.filing, relation=pending.of)
    elif result.how == "none":
        turn.tell("nothing_to_await", None, phase.id, title=phase.title, template=result.filing)
    else:
        turn.tell("filing_reached", None, phase.id, filing=result.filing, reached=result.how)


def _list_beside(turn: Turn, pending: Pending) -> list[Pending]:
    """Return what is watched, or was to be, for the same: the filings of other relations that are linked so.

    The phase goes on when all of them are so far.
    """
    if pending.of is None:
        return []
    every = (*turn.in_flight, *(stall.pending for stall in turn.case.stalls))
    named = (pending.phase, pending.awaited)
    return [p for p in every if p.what == "watch" and not p.withdrawn and (p.phase, p.awaited) == named]


def await_linked(turn: Turn, phase: Phase, pending: Pending, relations: tuple[str, ...]) -> None:
    """Watch the filings of the relations that are linked; where there are none, go on without."""
    for relation in relations:
        issue(turn, "watch", phase, awaited=pending.awaited, of=relation)
    if not relations:
        turn.put_wait(WaitState(phase=phase.id, met="filing"))


def _come(turn: Turn, phase: Phase, wait: Wait) -> None:
    """Wait no more, now that the day has come."""
    turn.put_wait(WaitState(phase=phase.id, met="day"))
    turn.tell("day_came", None, phase.id, title=phase.title, day=wait.on.isoformat())


def _give_up_waiting(turn: Turn, phase: Phase, wait: Wait) -> None:
    """Wait no more: nothing came until the day on which the chase gives up."""
    turn.put_wait(WaitState(phase=phase.id, met="given_up"))
    turn.tell("given_up", None, phase.id, title=phase.title, day=wait.on.isoformat())


def _give_up(phase: Phase) -> GiveUp | None:
    return phase.chase.give_up if phase.chase else None


def _forget(turn: Turn, phases: frozenset[str]) -> None:
    kept = tuple(wait for wait in turn.case.waits if wait.phase not in phases)
    if kept != turn.case.waits:
        turn.set(waits=kept)


def _say_one(reader: Reader, awaited: Awaited) -> str:
    match awaited:
        case NoticeAwaited(notice=notice):
            return f"het bericht '{say_id(notice)}'"
        case FilingAwaited(template=template, period=period, phase=phase, of=of):
            until = f" (fase {phase})" if phase else ""
            whose = f" bij {SAID[of]}" if of else ""
            return f"{template} over {_PERIODS[period]}{whose}{until}"
        case DayAwaited(on=on):
            return _say_day(reader.rules.target_day(on))


def _say_day(day: date | None) -> str:
    return in_words(day) if day else "een dag die nog niet bekend is"


WAITING = Waiting()
Waiting.acts = {"notice": take_notice}
Waiting.results = {"reached": _take_reached}
Waiting.fires = {Order.AWAITED: _come, Order.GIVE_UP: _give_up_waiting}
