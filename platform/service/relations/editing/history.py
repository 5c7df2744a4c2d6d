"""What was changed of a relation, in words."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ....office.database.columns import among
from ....office.database.tables import ANY_PRODUCT, BEGINNING, ONE_SUB_NUMBER, contacts, relation_links
from ....office.people import all_members
from ....office.plans import active_office
from ....office.relations.changes import RelationChange, list_changes
from ....office.relations.relation import Relation, find_relation
from ....period import in_words
from ....plan import Model, Office
from ....words import (
    CHANGED_WORDS,
    FREQUENCY_WORDS,
    KIND_WORDS,
    LANGUAGE_WORDS,
    LEGAL_FORM_WORDS,
    RELATION_LINK_WORDS,
    RELATION_STATUS_WORDS,
    RIGHT_WORDS,
    WAY_WORDS,
    say_id,
    yes_or_no,
)
from ...desk import Desk
from ...results import Refusal
from ..relation_pages import NO_RELATION
from ..relations import hide_numbers
from .sheets import LABELS, Changed

MOST = 100
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kind": KIND_WORDS,
    "status": RELATION_STATUS_WORDS,
    "may": RIGHT_WORDS,
    "jointly": RIGHT_WORDS,
    "way": WAY_WORDS,
    "frequency": {str(name): word for name, word in FREQUENCY_WORDS.items()},
    "recipient": {"primary_contact": "eerste contactpersoon"},
    "language": LANGUAGE_WORDS,
    "legal_form": LEGAL_FORM_WORDS,
}
_BY_ID = ("functions", "recipient", "automations_off")
_DAYS = ("since", "until", "status_since")


class History(Model):
    """What was changed of a relation, the latest first; at most so many, and whether there is more."""

    relation: Relation
    changes: tuple[Changed, ...]
    more: bool


def read_history(desk: Desk, number: str) -> History | Refusal:
    """Return what was changed of a relation. Raises DatabaseError."""

    def ask(connection: Connection) -> History | Refusal:
        relation, office = find_relation(connection, number), active_office(connection)
        if relation is None:
            return NO_RELATION
        found = list_changes(connection, number, most=MOST + 1) if office else ()
        told = tell(connection, office, found[:MOST]) if office else ()
        return History(relation=hide_numbers(relation), changes=told, more=len(found) > MOST)

    return desk.read(ask)


def tell(connection: Connection, office: Office, changes: Sequence[RelationChange]) -> tuple[Changed, ...]:
    """Return changes in words."""
    people = {one.id: one.name for one in all_members(connection)}
    query = select(contacts.c.id, contacts.c.name)
    subjects = {part for one in changes for part in one.subject.split("/")}
    people |= {row.id: row.name for row in connection.execute(query.where(among(contacts.c.id, subjects)))}
    titles = {one.id: one.title for one in office.products} | {ANY_PRODUCT: "alle producten"}
    names = {
        **people,
        **titles,
        **{one.id: one.title for one in office.roles},
        ONE_SUB_NUMBER: "",
        BEGINNING.isoformat(): "",
    }
    labels = {**LABELS, **{one.id: one.title for one in office.fields}}
    return tuple(
        Changed(
            at=one.at,
            who=one.name,
            what=_say_subject(one, names),
            lines=tuple(_say_lines(one, labels, people)),
            run=one.run,
        )
        for one in changes
    )


def _say_subject(change: RelationChange, names: Mapping[str, str]) -> str:
    if change.kind == relation_links.name:
        link, other, since = change.subject.split("/")
        parts = [f"{RELATION_LINK_WORDS[link]} {other}", f"vanaf {_say_plain(since)}"]  # type: ignore[index]
    else:
        parts = [names.get(part, _say_plain(part)) for part in change.subject.split("/") if part]
    who = ", ".join(part for part in parts if part)
    what = CHANGED_WORDS[change.kind]
    end = " weggehaald" if change.after is None else " toegevoegd" if change.before is None else ""
    return f"{what}{f' {who}' if who else ''}{end}"


def _say_lines(change: RelationChange, labels: Mapping[str, str], people: Mapping[str, str]) -> Iterable[str]:
    before, after = change.before or {}, change.after or {}
    for name in before | after:
        label = labels.get(name, name)
        was, now = (_say(name, one.get(name), people) for one in (before, after))
        if change.before is None:
            yield f"{label}: {now}"
        elif change.after is None:
            yield f"{label}: {was}"
        else:
            yield f"{label}: van {was} naar {now}"


def _say(name: str, value: Any, people: Mapping[str, str]) -> str:
    if value in (None, "", []):
        return "leeg"
    if isinstance(value, bool):
        return yes_or_no(value)
    if isinstance(value, list):
        return ", ".join(_say(name, one, people) for one in value)
    if name in _DAYS:
        return _say_plain(str(value))
    if name == "member":
        return people.get(value, value)
    said = _WORDS.get(name, {}).get(value, str(value))
    return say_id(said) if name in _BY_ID else said


def _say_plain(text: str) -> str:
    """Return a text, or in words the day that it is."""
    try:
        return in_words(date.fromisoformat(text))
    except ValueError:
        return text
