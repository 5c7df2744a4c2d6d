"""A review as every face shows it: groups of changes by template and class, in one order, with headings."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from ..calendar import Day, say_weekday
from ..guards import Guarded
from ..moving import MovesAlong
from ..review import ORDER, Change, Review
from ..rules.base import Class
from ..runs import TemplateRuns
from ..safeguards import Finding
from ..saying import count
from .saying_runs import say_all_counts

WHOM = {
    "clients": "for clients",
    "staff": "for staff",
    "authority": "for the authority",
    "office": "for the office",
}
COMMON = "The office, and what templates have in common"
GUARDS = (
    "The office’s own rules for reviews (definitions/review) change too. This review was made by those of the"
    " base; the new ones hold from the next change on."
)


class Group(NamedTuple):
    """What changes of one template, or of the office (None), by class."""

    template: str | None
    heading: str
    classes: tuple[tuple[Class, tuple[Change, ...]], ...]
    safeguards: tuple[Finding, ...]
    moves: tuple[MovesAlong, ...]
    runs: TemplateRuns | None = None


def group_changes(review: Review) -> Iterator[Group]:
    """Yield what changes by template, what is the office's first."""
    names = {one.template for one in review.changes}
    names |= {one.template for one in review.safeguards} | {one.template for one in review.moves}
    runs = {one.template: one for one in (review.runs.templates if review.runs else ()) if one.is_touched}
    names |= runs.keys()
    for name in sorted(names, key=lambda one: one or ""):
        mine = [one for one in review.changes if one.template == name]
        title = review.titles.get(name or "") or (runs[name].title if name in runs else "")
        yield Group(
            name,
            f"{title} ({name})" if name else COMMON,
            tuple((cls, tuple(found)) for cls, found in groupby(mine, key=lambda one: one.cls)),
            tuple(one for one in review.safeguards if one.template == name),
            tuple(one for one in review.moves if one.template == name),
            runs.get(name or ""),
        )


MOST_GUARDED = 10
"""Rules, policies or scenarios that change or go, which are named: a folder that goes has them all."""


def say_guards(review: Review) -> Iterator[str]:
    """Yield what is said of rules for reviews, policies and scenarios of the base that change or go."""
    if review.guards_changed:
        yield GUARDS
    for one in review.guards[:MOST_GUARDED]:
        yield f"{one.sentence} ({say_id(one)}{', stricter' if one.stricter else ''})"
    if len(review.guards) > MOST_GUARDED:
        yield f"{len(review.guards) - MOST_GUARDED} rules for reviews more change{_MORE}."
    policies = (*review.policies_changed, *review.policies_new)
    for one in policies[:MOST_GUARDED]:
        stricter = ", stricter" if one.stricter and one in review.policies_changed else ""
        lost = " What it kept from happening may happen." if one.is_loss else ""
        yield f"{review.tell_policy(one)} ({say_id(one)}{stricter}){lost}"
    if len(policies) > MOST_GUARDED:
        yield f"{len(policies) - MOST_GUARDED} policies more change, come or go{_MORE}."
    gone = [one for one in review.scenarios_changed if one.is_loss]
    if len(gone) == 1:
        yield f"{review.tell_scenario(gone[0])} ({say_id(gone[0])}) {_UNTRIED}"
    elif gone:
        named = _list_some((f"{one.name} {one.lost} ({say_id(one)})" for one in gone), "; ")
        yield f"{len(gone)} scenarios of the base are gone or try less: {named}. {_UNTRIED}"
    otherwise = [
        f"{one.name}{f': {one.sentence}' if one.sentence else ''} ({say_id(one)})"
        for one in review.scenarios_changed
        if one.otherwise
    ]
    if otherwise:
        says = "scenario of the base says" if len(otherwise) == 1 else "scenarios of the base say"
        yield f"{len(otherwise)} {says} otherwise now: {_list_some(otherwise, '; ')}."
    moved = [f"{one.name} is {one.moved_to}" for one in review.scenarios_changed if one.moved_to]
    if moved:
        has, says = ("has", "says") if len(moved) == 1 else ("have", "say")
        scenarios = count(len(moved), "scenario")
        yield f"{scenarios} {has} another name and {says} the same: {_list_some(moved)}."


_UNTRIED = "From the next change on nothing tries what is lost with that."
_MORE = " (kantoor diff --format json)"


def _list_some(named: Iterable[str], between: str = ", ") -> str:
    """Return the first of what changes or goes, and how many more there are."""
    every = list(named)
    more = len(every) - MOST_GUARDED
    rest = f", and {more} more{_MORE}" if more > 0 else ""
    return f"{between.join(every[:MOST_GUARDED])}{rest}"


def say_id(one: Guarded | Finding) -> str:
    """Return what a waiver names it by, and the waiver that it has."""
    waived = say_waiver(one)
    return f"{one.id}, {waived}" if waived else one.id


def say_totals(review: Review) -> str:
    """Return how many changes there are, by class, and how much less is looked at from now on."""
    counts = Counter(one.cls for one in review.changes)
    said = ", ".join(f"{counts[cls]} {cls}" for cls in ORDER if counts[cls])
    total = count(len(review.changes), "change") + (f" ({said})" if said else "")
    lost = len(review.safeguards)
    total += f"; {count(lost, 'safeguard')} removed or weakened" if lost else ""
    for found, one, more, weaker in (
        (review.policies_changed, "policy", "policies", "gone or weaker"),
        (review.scenarios_changed, "scenario", "scenarios", "gone or trying less"),
        (review.guards, "rule for reviews", "rules for reviews", "looser"),
    ):
        number = sum(guarded.is_loss for guarded in found)
        total += f"; {number} {one if number == 1 else more} {weaker}" if number else ""
    return total + (f"; of what runs, {say_all_counts(review.runs)}" if review.runs else "")


def say_where(change: Change) -> str:
    """Return in which templates a change is that several have in common; nothing for other changes."""
    if change.template is not None or len(change.templates) < 2:
        return ""
    return f"in {len(change.templates)} templates: {', '.join(change.templates)}"


def say_waiver(change: Change | Guarded | Finding) -> str:
    """Return why a change may pass a gate; nothing where it has no waiver."""
    waiver = change.waiver
    if waiver is None:
        return ""
    return f"waived until {waiver.until.isoformat()} by {waiver.owner}: {waiver.reason}"


def shows_words(change: Change) -> bool:
    """Say whether a text is shown word by word: not where its sentence has both whole, as of a title."""
    both = (change.before, change.after)
    whole = all(isinstance(one, str) and one in change.sentence for one in both)
    return len(change.words) > 1 and not whole


def list_days(days: tuple[Day, ...]) -> list[tuple[str, str, str]]:
    """Return days as rows: period, before, after."""
    return [(day.period, say_weekday(day.before), say_weekday(day.after)) for day in days]
