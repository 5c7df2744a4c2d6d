"""Sheets of the people of a relation: somebody new, somebody the office knows, a change, and taking away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Table

from ....emails import comparable
from ....office.database.tables import authorities, contacts, relation_contacts
from ....office.exchange import THERE_ALREADY, Edit, Entry
from ....office.overviews.worklist import WorkLine
from ....office.people import Contact, RelationContact, contacts_of, find_person, relations_of, rights_at
from ....words import LANGUAGE_WORDS, say_id
from ..waiting import find_waiting, name_filings
from .sheets import (
    LABELS,
    SALUTATION_HINT,
    YES_NO,
    At,
    Away,
    Draft,
    Field,
    Sheet,
    Typed,
    Wrong,
    as_typed,
    first,
    keep_present,
    take,
)

FILE = "contacts.csv"
_DETAILS = ("name", "salutation", "email", "phone", "language")
_HERE = ("functions", "primary")
_LINK = "link_to"
"""The field that has a new link sent to another address."""
_AFTER_ANOTHER = (
    "Na een ander e-mailadres werken de links in eerdere mails niet meer. Wie met zo'n link is ingelogd, "
    "wordt uitgelogd."
)
_NOBODY = "Geen contactpersoon van kantoor heeft dit e-mailadres of kenmerk."
_NO_PRIMARY = "Een relatie heeft één eerste contactpersoon. Kies hier ja, of maak eerst een ander de eerste."
_IS_PRIMARY = "Dit is de eerste contactpersoon. Maak eerst een ander de eerste contactpersoon."


@dataclass(frozen=True)
class ContactSheet:
    """A contact of a relation; `new` is one that the office does not know yet."""

    contact: str
    new: bool = False

    def describe(self, at: At) -> Sheet | None:
        """Return the sheet; None for somebody who does not serve the relation."""
        serving = contacts_of(at.connection, at.relation.number)
        known = next((one for one in serving if one.id == self.contact), None)
        if known is None and not self.new:
            return None
        waiting = find_waiting(at.connection, known, at.today) if known else ()
        return Sheet(
            relation=at.relation,
            title=f"{known.name} wijzigen" if known else "Contactpersoon toevoegen",
            fields=(
                *_list_details(known),
                *((_ask_for_link(known.name),) if known and waiting else ()),
                *_list_here(at, known, serving),
            ),
            version=0,
            notes=(
                *_tell_others(at, self.contact),
                *((_tell_waiting(known, waiting),) if known and waiting else ()),
            ),
        )

    def draft(self, at: At, typed: Typed) -> Draft | Away:
        """Return the change."""
        serving = contacts_of(at.connection, at.relation.number)
        if not self.new and self.contact not in {one.id for one in serving}:
            return Away(relation_contacts.name, self.contact)
        adds = (contacts, "name") if self.new else None
        cells = take(typed, (*_DETAILS, *_HERE))
        found = _draft(at, self.contact, cells, serving, adds)
        known = next((one for one in serving if one.id == self.contact), None)
        if known is None or comparable(cells["email"]) == comparable(known.email or ""):
            return found
        sends = bool(cells["email"]) and first(typed, _LINK) == "ja"
        told = _tell_dead_links(
            known, find_waiting(at.connection, known, at.today), cells["email"], sends=sends
        )
        return replace(found, edit=replace(found.edit, told=told), link_to=known.id if told and sends else "")


@dataclass(frozen=True)
class KnownContactSheet:
    """Somebody whom the office knows already, as a contact of one more relation."""

    def describe(self, at: At) -> Sheet:
        """Return the sheet."""
        known = Field(
            name="contact",
            label="E-mailadres of kenmerk",
            hint="Van iemand die al contactpersoon van een andere relatie is.",
            required=True,
        )
        serving = contacts_of(at.connection, at.relation.number)
        return Sheet(
            relation=at.relation,
            title="Een bekende contactpersoon toevoegen",
            fields=(known, *_list_here(at, None, serving)),
            version=0,
        )

    def draft(self, at: At, typed: Typed) -> Draft | Wrong:
        """Return the change."""
        found = find_person(at.connection, first(typed, "contact")) if first(typed, "contact") else None
        if not isinstance(found, Contact):
            return Wrong(mistakes=(("contact", _NOBODY),))
        serving, cells = contacts_of(at.connection, at.relation.number), take(typed, _HERE)
        here = next((one for one in serving if one.id == found.id), None)
        if here and cells != {
            "functions": " ".join(here.functions),
            "primary": "".join(as_typed(here.primary)),
        }:
            return Wrong(mistakes=(("contact", THERE_ALREADY),))
        return _draft(at, found.id, cells, serving)


@dataclass(frozen=True)
class LeavingContactSheet:
    """Taking a contact away from a relation, with what they may do there; the office still knows them."""

    contact: str

    def describe(self, at: At) -> Sheet | None:
        """Return the sheet, in which there is nothing to fill in."""
        known = self._find(at)
        if known is None:
            return None
        note = (
            "Deze persoon krijgt voor deze relatie geen berichten meer, en kan er niets meer voor lezen, "
            "antwoorden of beslissen. De bevoegdheden bij deze relatie vervallen."
        )
        title = f"{known.name} weghalen bij deze relatie"
        return Sheet(
            relation=at.relation, title=title, fields=(), version=0, notes=(note,), button="Verwijderen"
        )

    def draft(self, at: At, typed: Typed) -> Draft | Wrong:
        """Return the change; whoever is first among others stays, and who has gone already is gone."""
        known, number = self._find(at), at.relation.number
        if known is None:
            return Draft(Edit(number))
        if known.primary and len(contacts_of(at.connection, number)) > 1:
            return Wrong(mistakes=(("", _IS_PRIMARY),))
        rights = rights_at(at.connection, number).get(self.contact, ())
        theirs = [(authorities, (self.contact, number, one.product, one.since)) for one in rights]
        removed = (*theirs, (relation_contacts, (number, self.contact)))
        return Draft(Edit(number, removed=removed, contacts=frozenset({self.contact})))

    def _find(self, at: At) -> RelationContact | None:
        serving = contacts_of(at.connection, at.relation.number)
        return next((one for one in serving if one.id == self.contact), None)


def _draft(
    at: At,
    contact: str,
    cells: dict[str, str],
    serving: Sequence[RelationContact],
    adds: tuple[Table, str] | None = None,
) -> Draft:
    """Return the change of a contact; who becomes the primary one takes the place of who was."""
    number = at.relation.number
    other = next((one.id for one in serving if one.primary and one.id != contact), None)
    wrong = (("primary", _NO_PRIMARY),) if cells["primary"] != "ja" and other is None else ()
    entries = [Entry(FILE, {"contact": contact, "relation": number, **cells}, LABELS)]
    if other and cells["primary"] == "ja":
        entries.append(Entry(FILE, {"contact": other, "relation": number, "primary": "nee"}, LABELS))
    edit = Edit(number, entries, contacts=frozenset({contact}), adds=adds)
    return Draft(edit, lines=("", "primary"), wrong=wrong)


def _ask_for_link(name: str) -> Field:
    return Field(
        name=_LINK,
        label="Bij een ander e-mailadres",
        kind="choices",
        value=("ja",),
        options=(("ja", f"Stuur {name} een nieuwe link naar het nieuwe adres"),),
    )


def _tell_waiting(known: RelationContact, waiting: Sequence[WorkLine]) -> str:
    return f"Wacht op {known.name}: {name_filings(waiting)}."


def _tell_dead_links(
    known: RelationContact, waiting: Sequence[WorkLine], address: str, *, sends: bool
) -> tuple[str, ...]:
    """Return what another address does to somebody with something in hand: their links stop working."""
    if not waiting:
        return ()
    if sends:
        way = f"{known.name} krijgt een nieuwe link op {address}"
    elif address:
        way = f"{known.name} krijgt geen nieuwe link, en kan die op de inlogpagina aanvragen met {address}"
    else:
        way = f"Zonder adres kan {known.name} niet inloggen"
    named = name_filings(waiting)
    return (
        f"Op {known.name} wacht {named}, en links in eerdere mails werken dan niet meer. "
        f"Wie met zo'n link is ingelogd, wordt uitgelogd. {way}",
    )


def _list_details(known: RelationContact | None) -> tuple[Field, ...]:
    def value(name: str) -> tuple[str, ...]:
        return as_typed(getattr(known, name)) if known else ()

    languages = tuple(LANGUAGE_WORDS.items())
    return (
        Field(name="name", label=LABELS["name"], value=value("name"), required=True),
        Field(
            name="salutation",
            label=LABELS["salutation"],
            value=value("salutation"),
            hint=SALUTATION_HINT,
        ),
        Field(
            name="email",
            label=LABELS["email"],
            kind="email",
            value=value("email"),
            hint=_AFTER_ANOTHER if known else "",
        ),
        Field(name="phone", label=LABELS["phone"], kind="phone", value=value("phone")),
        Field(
            name="language",
            label=LABELS["language"],
            kind="choice",
            value=value("language") or ("nl",),
            options=languages,
        ),
    )


def _list_here(
    at: At, known: RelationContact | None, serving: Sequence[RelationContact]
) -> tuple[Field, ...]:
    functions = tuple((one, say_id(one)) for one in at.office.functions)
    primary = known.primary if known else not any(one.primary for one in serving)
    return (
        Field(
            name="functions",
            label=LABELS["functions"],
            kind="choices",
            value=known.functions if known else (),
            options=keep_present(functions, known.functions if known else ()),
        ),
        Field(
            name="primary",
            label=LABELS["primary"],
            kind="yes_no",
            value=as_typed(primary),
            options=YES_NO,
            hint="Een relatie heeft er één. Kiest u ja, dan is wie het nu is het niet meer.",
        ),
    )


def _tell_others(at: At, contact: str) -> tuple[str, ...]:
    others = [one for one in relations_of(at.connection, contact) if one != at.relation.number]
    if not others:
        return ()
    named = ", ".join(others[:5]) + (f" en {len(others) - 5} andere" if len(others) > 5 else "")
    return (
        f"Deze persoon is ook contactpersoon van relatie {named}. Naam, aanhef, adres, telefoon en taal zijn "
        "overal dezelfde; functies gelden alleen hier.",
    )
