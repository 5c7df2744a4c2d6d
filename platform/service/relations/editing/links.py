"""Sheets of what a relation is to another, from when to when; and of taking away what was wrong (R25)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ....linked import Link, keep
from ....office.database.tables import relation_links
from ....office.exchange import Edit, Entry
from ....office.relations.links import RelationLink, list_links
from ....period import in_words
from ....words import RELATION_LINK_WORDS
from .sheets import LABELS, At, Away, Draft, Field, Sheet, Typed, as_typed, take

FILE = "links.csv"
_WHO = "Het nummer van de andere relatie."
_UNTIL = "Leeg: tot nader order. Wat is geëindigd, krijgt hier de laatste dag."


def make_entry(relation: str, cells: Mapping[str, str], called: Mapping[str, str] = {}) -> Entry:
    """Return the row that says a link, told from this relation."""
    return Entry(FILE, {"relation": relation, **cells}, called)


def find_key(relation: str, link: Link, other: str, since: date) -> tuple[Any, ...]:
    """Return the key under which a link is kept."""
    return (*keep(relation, link, other), since)


@dataclass(frozen=True)
class LinkSheet:
    """A link of this relation with another; `since` is None for one that is new."""

    link: str = ""
    other: str = ""
    since: date | None = None

    def describe(self, at: At) -> Sheet | None:
        """Return the sheet; None where there is no such link."""
        if self.since is None:
            return Sheet(
                relation=at.relation,
                title="Verband vastleggen",
                fields=(
                    Field(
                        name="link",
                        label=f"De ander is van {at.relation.name} de of het",
                        kind="choice",
                        value=("partner",),
                        options=tuple(RELATION_LINK_WORDS.items()),
                    ),
                    Field(name="other", label=LABELS["other"], hint=_WHO, required=True),
                    Field(name="since", label=LABELS["since"], kind="date", required=True),
                    _until(None),
                    Field(
                        name="anyway",
                        label="Eerste dag ver van vandaag",
                        kind="choices",
                        options=(("ja", "Toch, die dag is zo bedoeld"),),
                        hint="Alleen nodig bij een dag die meer dan 100 jaar terug of 2 jaar vooruit ligt.",
                    ),
                ),
                version=0,
                notes=("Een verband staat bij beide relaties, en wordt één keer vastgelegd.",),
            )
        found = _find(at, self.link, self.other, self.since)
        return (
            found
            if found is None
            else Sheet(
                relation=at.relation,
                title="Verband wijzigen",
                fields=(_until(found.until),),
                version=0,
                notes=(_say(found),),
            )
        )

    def draft(self, at: At, typed: Typed) -> Draft | Away:
        """Return the change."""
        cells = take(typed, ("link", "other", "since", "until"))
        if self.since is not None:
            if _find(at, self.link, self.other, self.since) is None:
                return _away(self.link, self.other, self.since)
            cells |= {"link": self.link, "other": self.other, "since": self.since.isoformat()}
        adds = None if self.since else (relation_links, "other")
        entry = make_entry(at.relation.number, cells, LABELS)
        return Draft(Edit(at.relation.number, [entry], adds=adds), anyway="ja" in typed.get("anyway", ()))


@dataclass(frozen=True)
class WrongLinkSheet:
    """Taking away a link that never was: recorded by mistake."""

    link: str
    other: str
    since: date

    def describe(self, at: At) -> Sheet | None:
        """Return the sheet; None where there is no such link."""
        found = _find(at, self.link, self.other, self.since)
        return (
            found
            if found is None
            else Sheet(
                relation=at.relation,
                title="Verband verwijderen",
                fields=(),
                version=0,
                notes=(
                    _say(found),
                    "Verwijder alleen wat nooit zo was. Is het geëindigd, leg dan de laatste dag vast.",
                ),
                button="Verwijder het verband",
            )
        )

    def draft(self, at: At, typed: Typed) -> Draft | Away:
        """Return the change."""
        found = _find(at, self.link, self.other, self.since)
        if found is None:
            return _away(self.link, self.other, self.since)
        key = find_key(at.relation.number, found.link, found.other, found.since)
        return Draft(Edit(at.relation.number, removed=[(relation_links, key)]))


def _find(at: At, link: str, other: str, since: date) -> RelationLink | None:
    named = (link, other, since)
    every = list_links(at.connection, at.relation.number)
    return next((one for one in every if (one.link, one.other, one.since) == named), None)


def _away(link: str, other: str, since: date) -> Away:
    return Away(relation_links.name, f"{link}/{other}/{since.isoformat()}")


def _say(found: RelationLink) -> str:
    until = f" tot en met {in_words(found.until)}" if found.until else ""
    word = RELATION_LINK_WORDS[found.link]
    return f"{found.name} ({found.other}): {word} vanaf {in_words(found.since)}{until}."


def _until(known: date | None) -> Field:
    return Field(name="until", label=LABELS["until"], kind="date", value=as_typed(known), hint=_UNTIL)
