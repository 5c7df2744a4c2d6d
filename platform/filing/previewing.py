"""What a move would do, as a list that the move itself is held to: nothing is done that was not shown."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from ..plan import Plan
from .commands import AnyCommand, Deliver, LeaveNote, Send, StartFiling, Watch
from .construct import WorkItem
from .events import SYSTEM, Move
from .mapping import Effect, Mapping
from .moving import Cannot, Later, Moved, Stays, Verdict, move
from .moving.dates import compare_dates
from .moving.moves import carry_out
from .outcome import Refusal, Step
from .saying_moves import list_renamed, say_effects, say_verdict
from .state import State
from .step import step
from .turn import Reader
from .work_changes import pair_work


class Preview(NamedTuple):
    """The verdict on a move, and what it does where it moves now."""

    verdict: Verdict
    effects: tuple[Effect, ...]


def preview(
    old: Plan, new: Plan, state: State, mapping: Mapping, at: datetime, *, later: bool = False
) -> Preview:
    """Return the verdict on a move at a moment of office time, with every effect of it. Pure.

    With `later` also what a move that is not safe yet would do as the filing stands.
    """
    verdict = move(old, new, state, mapping)
    moved = verdict
    if later and isinstance(verdict, Later):
        moved = carry_out(old, new, state, mapping)
    if not isinstance(moved, Moved):
        return Preview(verdict, ())
    act = Move(at=at, id="", by=SYSTEM, before="", plan="", mapping=mapping)
    after = step(old, state, act, new)
    if not isinstance(after, Step):
        raise TypeError(f"a move that is safe is refused: {after.code}")
    effects = _list_effects(old, new, state, mapping, moved, after.state)
    return Preview(verdict, (*effects, *map(_describe_command, after.commands)))


def refuse_verdict(old: Plan, new: Plan, verdict: Verdict) -> Refusal | None:
    """Return the refusal of a move with another verdict than that it moves now."""
    text = say_verdict(old, new, verdict)
    match verdict:
        case Later():
            return Refusal(code="move_later", text=text)
        case Stays():
            return Refusal(code="move_stays", text=text)
        case Cannot():
            return Refusal(code="move_cannot", text=text)
        case _:
            return None


def refuse_move(old: Plan, new: Plan, state: State, act: Move) -> Refusal | None:
    """Return why a move that is asked now is refused: its verdict, or that it would do what was not shown."""
    if state.case.ended or any(one.id == act.id for one in state.journal.answered):
        return None  # `step` answers
    found = preview(old, new, state, act.mapping, act.at)
    return refuse_verdict(old, new, found.verdict) or refuse_otherwise(old, new, found.effects, act.told)


def refuse_otherwise(
    old: Plan, new: Plan, found: tuple[Effect, ...], told: tuple[Effect, ...]
) -> Refusal | None:
    """Return why a move is refused that does anything else than was shown (`told`), with what it is."""
    if found == told:
        return None
    more = say_effects(old, new, [one for one in found if one not in told])
    less = say_effects(old, new, [one for one in told if one not in found])
    changed = [f"Nu ook: {' '.join(more)}"] if more else []
    changed += [f"Niet meer: {' '.join(less)}"] if less else []
    text = f"Er is iets veranderd sinds is bekeken wat het verplaatsen doet. {' '.join(changed)}"
    return Refusal(code="move_changed", text=text.rstrip())


def _list_effects(
    old: Plan, new: Plan, state: State, mapping: Mapping, moved: Moved, after: State
) -> Iterator[Effect]:
    before, now = Reader(old, state), Reader(new, after)
    for old_id, new_id in list_renamed(before, mapping):
        yield Effect(what="renamed", before=old_id, after=new_id)
    was = ", ".join(mapping.phases.get(phase.id, phase.id) for phase in before.active_phases())
    becomes = ", ".join(phase.id for phase in now.active_phases())
    if was != becomes:
        yield Effect(what="active", before=was or None, after=becomes or None)
    for reason in moved.reasons:
        yield Effect(what="told", code=reason.code, phase=reason.phase, item=reason.item)
    for loss in moved.losses:
        yield Effect(what="lost", code=loss.code, phase=loss.phase, item=loss.item)
    for name in mapping.without:
        yield Effect(what="without", item=name)
    for kept in moved.kept:
        yield Effect(
            what="kept", phase=kept.phase, item=kept.item, before=_iso(kept.before), after=_iso(kept.after)
        )
    for one in compare_dates(before, now, mapping.phases):  # also those of phases that begin again
        before_after = {"before": _iso(one.before), "after": _iso(one.after)}
        yield Effect(what="date", code=one.what, phase=one.phase, item=one.item or None, **before_after)
    yield from _compare_work(before, now, mapping)


def _describe_command(command: AnyCommand) -> Effect:
    about: str | None = None
    match command:
        case Send() | LeaveNote():
            about = command.message
        case Deliver():
            about = command.document
        case Watch() | StartFiling():
            about = command.template
        case _:  # what it is about has no name
            pass
    return Effect(what="command", code=command.kind, phase=command.phase, item=about)


def _compare_work(before: Reader, after: Reader, mapping: Mapping) -> Iterator[Effect]:
    """Yield open work that comes or goes, or that is another's, is called otherwise or is due another day."""
    for kind, phase, was, now in pair_work(before, after, mapping.phases):
        if was is None or now is None:
            left, right = was.title if was else None, now.title if now else None
            code = "new" if now else "gone"
            yield Effect(what="work", code=code, phase=phase, item=kind, before=left, after=right)
            continue
        for code, left, right in (
            ("title", was.title, now.title),
            ("whose", _whose(was), _whose(now)),
            ("due", _iso(was.due), _iso(now.due)),
        ):
            if left != right:
                yield Effect(what="work", code=code, phase=phase, item=now.title, before=left, after=right)


def _whose(item: WorkItem) -> str | None:
    if item.person:
        return item.person
    return ", ".join((*item.roles, *item.contacts, *(("client",) if item.client else ()))) or None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
