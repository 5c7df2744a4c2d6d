"""Waiting dates on a move: they follow the newer plan, unless the office keeps one or drops it."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple

from ...data import replace
from ..construct import Order
from ..state import KeptDay
from ..turn import Reader, Turn
from ..waits import waits
from .verdicts import DateChange, Loss, Mapping


class Dated(NamedTuple):
    """A dated automation of a phase that is active, under its new id: its day before the move and after."""

    phase: str
    automation: str
    before: date | None
    after: date | None

    @property
    def name(self) -> str:
        """Return how a mapping names it."""
        return f"{self.phase}.{self.automation}"

    @property
    def can_be_kept(self) -> bool:
        """Whether it waits for a day now that the newer plan would not keep."""
        return self.before is not None and self.before != self.after


def list_dated(old: Reader, new: Reader, renamed: dict[str, str]) -> Iterator[Dated]:
    """Yield the dated automations of active phases that have yet to run. `new` has its phases renamed."""
    days = {
        (renamed.get(one.phase, one.phase), one.key): one.on
        for one in waits(old)
        if one.order == Order.AUTOMATION
    }
    for phase in new.active_phases():
        state = new.phase_state(phase.id)
        for one in phase.automations:
            if not isinstance(one.at, str) and state is not None and one.id not in state.fired:
                yield Dated(phase.id, one.id, days.get((phase.id, one.id)), new.rules.target_day(one.at))


def list_needless_dates(old: Reader, new: Reader, again: Collection[str], mapping: Mapping) -> Iterator[str]:
    """Yield the dates that a mapping drops or keeps and that this filing cannot drop or keep.

    In phases that are to be done `again` there are none: they begin by the newer plan.
    """
    if not (mapping.dropped or mapping.kept):
        return
    days = {one.name: one for one in list_dated(old, new, mapping.phases) if one.phase not in again}
    yield from (name for name in mapping.dropped if name not in days or name in mapping.kept)
    yield from (name for name in mapping.kept if name not in days or not days[name].can_be_kept)


def drop_dates(turn: Turn, mapping: Mapping) -> Iterator[Loss]:
    """Have the automations that a mapping drops not run in this round."""
    for name in mapping.dropped:
        phase, _, automation = name.partition(".")
        state = turn.phase_state(phase)
        if state is not None and automation not in state.fired:
            turn.put_phase(replace(state, fired=tuple(sorted((*state.fired, automation)))))
            text = f"'{automation}' does not run in this round of '{phase}'."
            yield Loss(code="date_dropped", text=text, phase=phase, item=automation)


def keep_dates(old: Reader, turn: Turn, mapping: Mapping) -> tuple[DateChange, ...]:
    """Put the days that a mapping keeps in place of those that earlier moves kept; return them."""
    dated = list_dated(old, turn, mapping.phases) if mapping.kept else ()
    named = {name for name in mapping.kept if name not in mapping.dropped}
    kept = [one for one in dated if one.name in named and one.before is not None]
    for state in turn.case.phases:
        days = tuple(
            KeptDay(automation=one.automation, on=one.before)
            for one in sorted(kept, key=lambda one: one.name)
            if one.phase == state.id and one.before
        )
        if days != state.kept:
            turn.put_phase(replace(state, kept=days))
    return tuple(
        DateChange(
            what="automation", phase=one.phase, item=one.automation, before=one.after, after=one.before
        )
        for one in kept
    )


def compare_dates(old: Reader, new: Reader, renamed: dict[str, str]) -> Iterator[DateChange]:
    """Yield the waiting dates that are others, phases renamed; several of one kind by the first."""
    before = {(w.order, renamed.get(w.phase, w.phase), w.key): w.on for w in sorted(waits(old), reverse=True)}
    after = {(w.order, w.phase, w.key): w.on for w in sorted(waits(new), reverse=True)}
    for key in sorted(before.keys() | after.keys()):
        if before.get(key) != after.get(key):
            order, phase, item = key
            yield DateChange(
                what=Order(order).name.lower(),
                phase=phase,
                item=item,
                before=before.get(key),
                after=after.get(key),
            )
