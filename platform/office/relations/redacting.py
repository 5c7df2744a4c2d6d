"""What readiness asks of relations and team, without who they are, to be judged away from the office.

An allow-list: kept are yes and no, days, rights, statuses, and words of the office's definitions. Of a number
is kept that there is one and who has the same, of an address whether it is one, of a name nothing.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from ...context import LEGAL_FORMS
from ...data import Struct
from ...emails import valid_email
from ...plan import Office
from ...words import DOSSIER_KIND_WORDS
from ..database.tables import ONE_SUB_NUMBER
from ..people import GivenRights, StandingAuthority
from .demands import ChecksSenders, Needs
from .relation import RelationProduct
from .snapshot import (
    SENT,
    ContactFacts,
    Held,
    MemberFacts,
    Planned,
    RelationFacts,
    Snapshot,
    Upcoming,
    share_numbers,
)
from .taxpayers import NUMBERS, base_of

SOME_ADDRESS, NO_ADDRESS = "iemand@voorbeeld.example", "geen adres"
"""What stands for an e-mail address that is one, and for one that is not."""
TITLES = frozenset({"AA", "RA", "RB"})

_SUB_NUMBER = re.compile(r"[A-Z]\d{2}")


class RedactedRelation(Struct):
    """What the office holds of one relation, as `Held` has it, under invented names."""

    facts: RelationFacts
    products: tuple[RelationProduct, ...] = ()
    roles: dict[str, str]
    named: dict[str, str]
    contacts: tuple[ContactFacts, ...] = ()
    rights: tuple[GivenRights, ...] = ()
    standing: tuple[StandingAuthority, ...] = ()
    dossier: tuple[str, ...] | None = None
    planned: tuple[Planned, ...] = ()
    filed: tuple[tuple[str, str, date], ...] = ()
    """By template and sub-number the last day over which anything was filed, where nothing is planned."""


class RedactedRelations(Struct):
    """Relations and team under invented names; of the `undeliverable` members no return can name one."""

    relations: tuple[RedactedRelation, ...] = ()
    team: dict[str, MemberFacts]
    undeliverable: tuple[str, ...] = ()


def redact_relations(snapshot: Snapshot, needs: Needs, invent: Callable[[str], str]) -> RedactedRelations:
    """Return what the office holds without who it is about; relations are named by what `invent` says."""
    return _Redacting(snapshot, invent).redact(needs)


def restore_snapshot(redacted: RedactedRelations) -> Snapshot:
    """Return redacted relations as readiness asks them; without the office's definitions, which differ."""
    held = {
        one.facts.number: Held(
            relation=one.facts,
            products=one.products,
            roles=one.roles,
            named=one.named,
            contacts=one.contacts,
            rights=one.rights,
            standing=one.standing,
            dossier=None if one.dossier is None else frozenset(one.dossier),
        )
        for one in redacted.relations
    }
    upcoming = {
        one.facts.number: Upcoming(one.planned, {(name, sub): day for name, sub, day in one.filed})
        for one in redacted.relations
    }
    return Snapshot(None, redacted.team, held, share_numbers(held.values()), upcoming)


class RedactedNeeds(dict[str, tuple[str, ...]]):
    """Needs of reports that know of redacted members whether a return can name them."""

    def __init__(self, needs: Needs, undeliverable: Sequence[str]) -> None:
        super().__init__(needs)
        self._undeliverable = frozenset(undeliverable)

    def check_sender(self, name: str, phone: str, initials: str, prefix: str, surname: str) -> list[str]:
        """Return why no return can name this member, without saying what is wrong."""
        return ["-"] if name in self._undeliverable else []


class _Redacting:
    def __init__(self, snapshot: Snapshot, invent: Callable[[str], str]) -> None:
        self.snapshot = snapshot
        self.invent = invent
        self.members = {id: f"m{place}" for place, id in enumerate(snapshot.team, 1)}
        self.bases: dict[tuple[str, str], int] = {}
        office = snapshot.office
        self.functions = frozenset(office.functions) if office else frozenset[str]()
        self.roles = frozenset(role.id for role in office.roles) if office else frozenset[str]()
        self.products = {product.id for product in office.products} if office else set[str]()

    def redact(self, needs: Needs) -> RedactedRelations:
        return RedactedRelations(
            relations=tuple(self._relation(one) for one in self.snapshot.held.values() if one.products),
            team={self.members[id]: self._member(id, one) for id, one in self.snapshot.team.items()},
            undeliverable=tuple(
                self.members[id]
                for id, one in self.snapshot.team.items()
                if _is_undeliverable(one, self.snapshot.office, needs)
            ),
        )

    def _member(self, id: str, one: MemberFacts) -> MemberFacts:
        return MemberFacts(
            name=self.members[id],
            qualifications=tuple(title for title in one.qualifications if title in TITLES),
            undated=tuple(title for title in one.undated if title in TITLES),
            phone="",
            initials="",
            prefix="",
            surname="",
        )

    def _relation(self, held: Held) -> RedactedRelation:
        facts = held.relation
        number, upcoming = self.invent(facts.number), self.snapshot.upcoming.get(facts.number, Upcoming())
        contacts = {one.id: f"c{place}" for place, one in enumerate(held.contacts, 1)}
        return RedactedRelation(
            facts=RelationFacts(
                number=number,
                name="",
                kind="natural_person" if facts.natural_person else "organisation",
                legal_form=facts.legal_form if facts.legal_form in (None, "", *LEGAL_FORMS) else "-",
                sbr_enabled=facts.sbr_enabled,
                ideal_enabled=facts.ideal_enabled,
                status=facts.status,
                **{field: self._number(field, getattr(facts, field)) for field in NUMBERS},
            ),
            products=tuple(
                self._product(number, one) for one in held.products if one.product in self.products
            ),
            roles=self._roles(held.roles),
            named=self._roles(held.named),
            contacts=tuple(self._contact(contacts[one.id], one) for one in held.contacts),
            rights=tuple(
                replace(one, contact=contacts[one.contact], product=product)
                for one in held.rights
                if (product := self._any_product(one.product)) and one.contact in contacts
            ),
            standing=tuple(
                replace(one, product=product)
                for one in held.standing
                if (product := self._any_product(one.product))
            ),
            dossier=tuple(sorted((held.dossier or frozenset()) & {*DOSSIER_KIND_WORDS, SENT})),
            planned=tuple(
                replace(one, sub_number=_keep_sub_number(one.sub_number)) for one in upcoming.planned
            ),
            filed=tuple(
                (template, _keep_sub_number(sub_number), day)
                for (template, sub_number), day in upcoming.filed.items()
            ),
        )

    def _roles(self, roles: Mapping[str, str]) -> dict[str, str]:
        return {role: self.members.get(member, "m0") for role, member in roles.items() if role in self.roles}

    def _any_product(self, product: str) -> str | None:
        return product if product == "*" or product in self.products else None

    def _product(self, number: str, one: RelationProduct) -> RelationProduct:
        known = one.recipient is None or one.recipient in self.functions | {"primary_contact"}
        return replace(
            one,
            relation=number,
            sub_number=_keep_sub_number(one.sub_number),
            recipient=one.recipient if known else "-",
        )

    def _contact(self, id: str, one: ContactFacts) -> ContactFacts:
        email = one.email and (SOME_ADDRESS if valid_email(one.email) else NO_ADDRESS)
        functions = tuple(name for name in one.functions if name in self.functions)
        return ContactFacts(id=id, name=id, email=email, functions=functions, primary=one.primary)

    def _number(self, field: str, number: str | None) -> str | None:
        """Return a number that is the same where the true ones may be one taxpayer's, and no more."""
        if not number:
            return number
        base = base_of(field, number)
        place = self.bases.setdefault((field, base), len(self.bases) + 1)
        suffix = number[len(base) :]
        return f"{place:09}{suffix if _SUB_NUMBER.fullmatch(suffix) else ''}"


def _keep_sub_number(sub_number: str) -> str:
    return sub_number if _SUB_NUMBER.fullmatch(sub_number) else ONE_SUB_NUMBER


def _is_undeliverable(one: MemberFacts, office: Office | None, needs: Needs) -> bool:
    phone = one.phone or (office.text.phone if office else "")
    return isinstance(needs, ChecksSenders) and bool(
        needs.check_sender(one.name, phone, one.initials, one.prefix, one.surname)
    )
