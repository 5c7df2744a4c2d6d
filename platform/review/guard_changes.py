"""What changes of an office's own rules for reviews, one by one: classes of parts, and waivers."""

from collections.abc import Iterator, Mapping

from .guards import Guarded, Guards, Waiver, identify
from .rules.base import CLASSES, Rule
from .rules.table import RULES
from .saying import quote

_RULES: Mapping[str, Rule] = {rule.part: rule for rule in RULES}
BY_PLACE = "the one that follows from where it is"
UNKNOWN_ID = "nothing of this change has that id"


def find_guard_changes(before: Guards, after: Guards, told: Mapping[str, str]) -> Iterator[Guarded]:
    """Yield which rules come, go or are others; `told` has the sentences of what changes too, by id."""
    yield from _compare_classes(dict(before.classes), dict(after.classes))
    gone = [one for one in before.waivers if one not in after.waivers]
    new = [one for one in after.waivers if one not in before.waivers]
    for one in new:
        was = next((two for two in gone if two.change == one.change), None)
        if was is not None:
            gone.remove(was)
        yield Guarded(
            name=one.change,
            id=identify("guards", was, one),
            stricter=was is not None and _lets_no_more_pass(was, one),
            sentence=_say_waiver(one, was, told.get(one.change)),
        )
    for one in gone:
        said = f"The waiver of {one.change} by {one.owner}, until {one.until.isoformat()}, is gone."
        yield Guarded(name=one.change, id=identify("guards", one, None), stricter=True, sentence=said)


def _compare_classes(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Guarded]:
    for part in sorted({*before, *after}):
        rule = _RULES.get(part)
        usual = rule.cls if rule and isinstance(rule.cls, str) else ""
        was, becomes = before.get(part, usual), after.get(part, usual)
        if before.get(part) == after.get(part):
            continue
        about = f" ({rule.promise})" if rule else ""
        said = (
            f"Changes of {quote(part)}{about} get the class {becomes or BY_PLACE} instead of "
            f"{was or BY_PLACE}."
        )
        yield Guarded(
            name=part,
            id=identify("guards", part, before.get(part), after.get(part)),
            stricter=becomes == "legal" or bool(was and becomes and _is_graver(becomes, was)),
            sentence=said,
        )


def _is_graver(one: str, other: str) -> bool:
    order: tuple[str, ...] = CLASSES
    return order.index(one) >= order.index(other)


def _lets_no_more_pass(was: Waiver, becomes: Waiver) -> bool:
    """Say whether a waiver holds on no day on which it did not."""
    later = was.since is None or (becomes.since is not None and becomes.since >= was.since)
    return later and becomes.until <= was.until


def _say_waiver(one: Waiver, was: Waiver | None, told: str | None) -> str:
    what = f"{one.change} ({told.rstrip('.') if told else UNKNOWN_ID})"
    first = f"from {one.since.isoformat()} " if one.since else ""
    instead = ""
    if was is not None:
        began = f"from {was.since.isoformat()} " if was.since else ""
        instead = f" instead of {began}until {was.until.isoformat()}"
    return (
        f"A waiver lets {what} pass every gate {first}until {one.until.isoformat()}{instead}, "
        f"by {one.owner}: {one.reason}"
    ).rstrip(".") + "."
