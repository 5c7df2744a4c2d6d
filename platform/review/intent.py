"""What a change means to change, as its author declares it: what else it changes is found.

A declaration narrows and never widens: it lets nothing pass a gate.
"""

import re
from typing import NamedTuple

from ..suggest import nearest
from .review import Review
from .rules.base import CLASSES
from .saying import quote

KINDS = (*CLASSES, "safeguard", "policy", "scenario", "guards")
OFFICE = "office"
"""Stands for what is the office's own where a template is named."""
_ID = re.compile("[0-9a-f]{10}")
_TEMPLATE = re.compile("[a-z][a-z0-9_-]*")


class IntentError(Exception):
    """A declaration cannot be read; the message says where, the hint what to write."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


class Declared(NamedTuple):
    """One line: the id of a change, or a kind, a template, or a kind in a template."""

    text: str
    id: str | None = None
    kind: str | None = None
    template: str | None = None


def read_intent(text: str) -> tuple[Declared, ...]:
    """Read a declaration, a line each; what follows # is a comment. Raises IntentError."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if words:
            found.append(_read_line(number, words))
    return tuple(found)


def _read_line(number: int, words: list[str]) -> Declared:
    said = " ".join(words)
    first, rest = words[0], words[1:]
    if not rest and _ID.fullmatch(first):
        return Declared(said, id=first)
    if first in KINDS and not rest:
        return Declared(said, kind=first)
    if first in KINDS and len(rest) == 1 and _TEMPLATE.fullmatch(rest[0]):
        return Declared(said, kind=first, template=rest[0])
    near = nearest(first, KINDS)
    if not rest and near is None and _TEMPLATE.fullmatch(first):
        return Declared(said, template=first)
    hint = f"Did you mean {near}? " if near else ""
    raise IntentError(
        f"line {number} declares nothing that is known: {quote(said)}",
        f"{hint}Write the id of a change, a kind ({', '.join(KINDS)}), a template, or a kind and a template.",
    )


def list_undeclared(review: Review, intent: tuple[Declared, ...]) -> tuple[str, ...]:
    """Return a sentence for everything that changes and is not declared.

    What templates have in common is declared when it is in each of them.
    """
    found = []
    for change in review.changes:
        by_id = any(one.id == change.id for one in intent)
        places = change.templates or (OFFICE,)
        if not by_id and not all(_covers(intent, change.cls, place) for place in places):
            found.append(f"{change.sentence} ({change.cls}, {', '.join(places)}; {change.id})")
    for lost in review.safeguards:
        if not _covers(intent, "safeguard", lost.template or OFFICE, by_template=False):
            found.append(f"{lost.sentence} (safeguard, {lost.template or OFFICE})")
    if not _covers(intent, "policy", OFFICE, by_template=False):
        found += [review.tell_policy(one) for one in (*review.policies_changed, *review.policies_new)]
    if not _covers(intent, "scenario", OFFICE, by_template=False):
        found += [review.tell_scenario(one) for one in review.scenarios_changed if one.moved_to is None]
    if review.guards_changed and not _covers(intent, "guards", OFFICE, by_template=False):
        found += [one.sentence for one in review.guards] or ["The office’s own rules for reviews change."]
    return tuple(found)


def _covers(intent: tuple[Declared, ...], kind: str, place: str, *, by_template: bool = True) -> bool:
    """Say whether a line declares a kind of change in a template; a template alone declares its classes."""
    return any(
        one.id is None
        and one.template in (None, place)
        and (one.kind == kind or (one.kind is None and by_template))
        for one in intent
    )
