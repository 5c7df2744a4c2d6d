"""Dates that move although nobody changed them: they count from one that changed, or over closed days."""

from collections.abc import Iterator
from typing import Any

from ..data import ListLine, Struct, replace
from ..plan import DateRule, Deadline, DueChoice, Plan
from ..plan_parts import VALUES, list_fields_holding
from .calendar import Calendar, Day, say_first, say_shift
from .comparing import Difference, Two, find_renamed
from .matching import list_keys
from .references import Renamed, rename
from .rules.base import Told
from .rules.table import BY_PART
from .saying import quote


class MovesAlong(ListLine):
    """A date that moves along with another: of which template, where it is, what it says and its days."""

    template: str
    path: str
    sentence: str
    days: tuple[Day, ...]


class _Place(Struct):
    """A date of a plan: where it is, and the structs around it."""

    path: str
    rule: Any
    chain: Any
    owner: Any
    field: str


def find_moves(template: str, calendar: Calendar) -> Iterator[MovesAlong]:
    """Yield the dates of a template that say the same on both sides and fall on other days."""
    old, new = calendar.plans
    renamed = find_renamed(old, new)
    meant = [place.rule for place in _list_dates(rename(old, renamed), renamed)]
    before = {one.path: (one.rule, now) for one, now in zip(_list_dates(old, renamed), meant, strict=True)}
    for place in _list_dates(new, {}):
        rule, now = before.get(place.path, (None, None))
        if rule is None or now != place.rule:
            continue
        days = calendar.list_days(rule, place.rule)
        moved = tuple(day for day in days if day.before and day.after and day.before != day.after)
        if moved:
            yield MovesAlong(template=template, path=place.path, sentence=_say(place, new, moved), days=moved)
    for two in _pair_deadlines(old, new, renamed):
        if _says_the_same(two):
            days = tuple(day for day in calendar.list_last_days(two) if day.before != day.after)
            if days:
                said = f"The deadline {quote(two.after.title)} falls {say_shift(days)}: {say_first(days)}."
                yield MovesAlong(
                    template=template, path=f"deadlines.{two.after.id}", sentence=said, days=days
                )


def _pair_deadlines(old: Plan, new: Plan, renamed: Renamed) -> Iterator[Two]:
    known = {renamed.get("deadlines", {}).get(one.id, one.id): one for one in old.deadlines}
    yield from (Two(known[one.id], one) for one in new.deadlines if one.id in known)


def _says_the_same(two: Two) -> bool:
    return all(
        getattr(two.before, field) == getattr(two.after, field) for field in ("due", "latest", "moves")
    )


def _say(place: _Place, plan: Plan, days: tuple[Day, ...]) -> str:
    """Say how a date moves, in the words of its own rule where it has one."""
    rule = BY_PART[place.owner, place.field]
    difference = Difference(
        (place.path,), "changed", place.rule, place.rule, place.chain, place.owner, place.field
    )
    said = rule.say(Told(difference, _Fixed(days)))  # type: ignore[arg-type]
    lead = said.partition(": ")[0]
    return f"{lead[:1].upper()}{lead[1:]}: {say_first(days)}."


class _Fixed:
    """A calendar that answers with days that were found already."""

    def __init__(self, days: tuple[Day, ...]) -> None:
        self._days = days

    def list_days(self, *_: object) -> tuple[Day, ...]:
        """Return the days."""
        return self._days


def _list_dates(plan: Plan, renamed: Renamed) -> Iterator[_Place]:
    """Yield the dates of a plan, those of deadlines aside; paths have the ids that renamed phases have."""
    now = renamed.get("phases", {})
    for place in _walk(plan, (), (), None, ""):
        phases, _, rest = place.path.partition(".")
        phase, _, inside = rest.partition(".")
        known = phases == "phases" and phase in now
        yield replace(place, path=f"{phases}.{now[phase]}.{inside}") if known else place


def _walk(
    part: Any, path: tuple[str, ...], chain: tuple[Two, ...], owner: Any, field: str
) -> Iterator[_Place]:
    if isinstance(part, DateRule):
        yield _Place(path=".".join(path), rule=part, chain=chain, owner=owner, field=field)
    elif isinstance(part, VALUES):
        return
    elif isinstance(part, tuple) and part and isinstance(part[0], Struct):
        for (key, number), item in zip(list_keys(part), part, strict=True):
            yield from _walk(item, (*path, f"{key}{number if number != 1 else ''}"), chain, owner, field)
    elif isinstance(part, Struct) and not isinstance(part, Deadline | DueChoice):
        inside = (*chain, Two(part, part))
        for name in list_fields_holding(type(part), DateRule):
            yield from _walk(getattr(part, name), (*path, name), inside, type(part), name)
