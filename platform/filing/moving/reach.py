"""What of a plan a filing can still meet: active phases, those ahead, and those that a way back leads to."""

from collections.abc import Iterator
from typing import Any

from ...data import Struct, replace
from ...plan import Deadline, Phase, Plan
from ..deadlines import deadline_status
from ..rules import ByIdentity
from ..turn import Reader

PARTS = ("documents", "deadlines", "facts", "messages", "forms", "roles", "ends")
ALWAYS = ("title", "office", "when_closed", "corrected_by", "corrections", "corrected_with")


def list_met(reader: Reader) -> tuple[Phase, ...]:
    """Return the phases that a filing can still meet, in the order of the plan."""
    place = {phase.id: number for number, stage in enumerate(reader.rules.stages) for phase in stage}
    stage = reader.current_stage()
    if not stage:
        return ()
    first = place[stage[0].id]
    while True:
        back = [place[p.back_to] for p in reader.plan.phases if p.back_to and place[p.id] >= first]
        earliest = min((first, *back))
        if earliest == first:
            return tuple(p for p in reader.plan.phases if place[p.id] >= first)
        first = earliest


def read_met(reader: Reader) -> dict[str, Any]:
    """Return what a plan says of whatever a filing can still meet; equal where that is the same.

    Nobody changes it: filings that can meet the same phases and deadlines get the same one.
    """
    phases = list_met(reader)
    deadlines = tuple(
        one
        for one in reader.plan.deadlines
        if reader.rules.holds(one.condition) and deadline_status(reader, one.id) in ("open", "missed")
    )
    kept = _MET.get((reader.plan,), _Kept)
    key = (tuple(one.id for one in phases), tuple(one.id for one in deadlines))
    if key not in kept:
        kept[key] = _read(reader.plan, phases, deadlines)
    return kept[key]


class _Kept(dict[tuple[tuple[str, ...], tuple[str, ...]], dict[str, Any]]):
    """What was read of one plan, by the phases and deadlines that can be met: there are few of these."""


_MET = ByIdentity(64)


def _read(plan: Plan, phases: tuple[Phase, ...], deadlines: tuple[Deadline, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(plan, name) for name in ALWAYS}
    found["phases"] = tuple(replace(phase, was=()) for phase in phases)
    found |= {f"deadlines.{one.id}": one for one in deadlines}
    names = {phase.id for phase in phases}
    found |= {f"documents.{one.id}": one for one in plan.documents if one.made_in in names}
    found |= {f"facts.{one.id}": one for one in plan.facts if names & set(one.set_in)}
    while True:
        words = set(_list_words(tuple(found.values())))
        more = {
            f"{part}.{item.id}": item for part in PARTS for item in getattr(plan, part) if item.id in words
        }
        if more.keys() <= found.keys():
            return found
        found |= more


def _list_words(part: Any) -> Iterator[str]:
    """Yield every text of a part and its dotted pieces: among them are the ids that it names."""
    if isinstance(part, str):
        yield part
        if len(part) < 100:
            yield from part.split(".")
    elif isinstance(part, Struct):
        for name in part.__struct_fields__:
            yield from _list_words(getattr(part, name))
    elif isinstance(part, tuple):
        for item in part:
            yield from _list_words(item)
    elif isinstance(part, dict):
        for item in part.values():
            yield from _list_words(item)
