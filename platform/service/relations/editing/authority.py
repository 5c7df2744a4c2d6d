"""Sheets of what contacts may do, and of the client's consent for a time: with the proof of it (R57, R19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Table, select

from ....office.database.tables import ANY_PRODUCT, authorities, standing_authorities
from ....office.exchange import Edit, Entry
from ....office.people import contacts_of
from ....period import in_words
from ....rights import DECIDING
from ....words import RIGHT_WORDS
from .sheets import LABELS, At, Draft, Field, Sheet, Typed, as_typed, take

_PROOF_HINT = "Het stuk waaruit dit blijkt, zoals een uittreksel van het handelsregister of een volmacht."


@dataclass(frozen=True)
class AuthoritySheet:
    """What a contact may do about a product from a day on; `since` is None for one that is new."""

    contact: str = ""
    product: str = ANY_PRODUCT
    since: date | None = None

    def describe(self, at: At) -> Sheet | None:
        """Return the sheet; None where nothing of this kind is recorded."""
        people = {one.id: one.name for one in contacts_of(at.connection, at.relation.number)}
        known: Mapping[str, Any] = {}
        if self.since is not None:
            found = _find(at, authorities, {"contact": self.contact, **_key(at, self.product, self.since)})
            if found is None:
                return None
            known = found
        title = "Bevoegdheid vastleggen"
        fields: tuple[Field, ...] = ()
        if self.since is None:
            chosen = (self.contact,) if self.contact in people else (*people,)[:1]
            who = Field(
                name="contact",
                label=LABELS["contact"],
                kind="choice",
                value=chosen,
                options=tuple(people.items()),
            )
            fields = (who, _choose_product(at), _since())
        else:
            title = f"Bevoegdheid van {people.get(self.contact, self.contact)} wijzigen"
        deciding = tuple((one, RIGHT_WORDS[one]) for one in DECIDING)
        rights = (
            Field(
                name="may",
                label=LABELS["may"],
                kind="choices",
                value=as_typed(known.get("may")),
                options=tuple(RIGHT_WORDS.items()),
            ),
            Field(
                name="jointly",
                label=LABELS["jointly"],
                kind="choices",
                value=as_typed(known.get("jointly")),
                options=deciding,
                hint="Wat deze persoon niet alleen mag.",
            ),
            _until(known, "Leeg: tot nader order. Wie nu niets meer mag, krijgt hier de laatste dag."),
            _proof(known, f"Nodig om akkoord te geven of te ondertekenen. {_PROOF_HINT}").model_copy(
                update={"sometimes": True}
            ),
        )
        return Sheet(
            relation=at.relation,
            title=title,
            fields=(*fields, *rights),
            version=0,
            notes=_say_key(at, self.product, self.since),
        )

    def draft(self, at: At, typed: Typed) -> Draft:
        """Return the change."""
        cells = take(typed, ("contact", "product", "since", "may", "jointly", "until", "proof"))
        if self.since is not None:
            cells |= {"contact": self.contact, "product": self.product, "since": self.since.isoformat()}
        entry = Entry("authorities.csv", {"relation": at.relation.number, **cells}, LABELS)
        adds = None if self.since else (authorities, "since")
        return Draft(Edit(at.relation.number, [entry], adds=adds))


@dataclass(frozen=True)
class StandingSheet:
    """The client's consent for a time; `since` is None for one that is new."""

    product: str = ANY_PRODUCT
    since: date | None = None

    def describe(self, at: At) -> Sheet | None:
        """Return the sheet; None where nothing of this kind is recorded."""
        known: Mapping[str, Any] = {}
        if self.since is not None:
            found = _find(at, standing_authorities, _key(at, self.product, self.since))
            if found is None:
                return None
            known = found
        named = () if self.since else (_choose_product(at), _since())
        asked = (_until(known, "De laatste dag waarop de machtiging geldt."), _proof(known, _PROOF_HINT))
        fields = (*named, *(one.model_copy(update={"required": True}) for one in asked))
        return Sheet(
            relation=at.relation,
            title="Doorlopende machtiging wijzigen" if self.since else "Doorlopende machtiging vastleggen",
            fields=fields,
            version=0,
            notes=(
                "Met een doorlopende machtiging wordt ingediend na informeren, zonder telkens akkoord.",
                *_say_key(at, self.product, self.since),
            ),
        )

    def draft(self, at: At, typed: Typed) -> Draft:
        """Return the change."""
        cells = take(typed, ("product", "since", "until", "proof"))
        if self.since is not None:
            cells |= {"product": self.product, "since": self.since.isoformat()}
        entry = Entry("standing_authorities.csv", {"relation": at.relation.number, **cells}, LABELS)
        adds = None if self.since else (standing_authorities, "since")
        return Draft(Edit(at.relation.number, [entry], adds=adds))


def _key(at: At, product: str, since: date) -> dict[str, Any]:
    return {"relation": at.relation.number, "product": product, "since": since}


def _find(at: At, table: Table, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
    query = select(table).where(*(table.c[name] == value for name, value in key.items()))
    row = at.connection.execute(query).mappings().first()
    return None if row is None else dict(row)


def _say_key(at: At, product: str, since: date | None) -> tuple[str, ...]:
    if since is None:
        return ()
    titles = {one.id: one.title for one in at.office.products}
    named = "alle producten" if product == ANY_PRODUCT else titles.get(product, product)
    return (f"Voor {named}, vanaf {in_words(since)}.",)


def _choose_product(at: At) -> Field:
    titles = ((one.id, one.title) for one in at.office.products)
    return Field(
        name="product",
        label=LABELS["product"],
        kind="choice",
        value=(ANY_PRODUCT,),
        options=((ANY_PRODUCT, "alle producten"), *titles),
    )


def _since() -> Field:
    return Field(name="since", label=LABELS["since"], kind="date", required=True)


def _until(known: Mapping[str, Any], hint: str) -> Field:
    return Field(
        name="until", label=LABELS["until"], kind="date", value=as_typed(known.get("until")), hint=hint
    )


def _proof(known: Mapping[str, Any], hint: str) -> Field:
    return Field(name="proof", label=LABELS["proof"], value=as_typed(known.get("proof")), hint=hint)
