"""The files of an import folder and their columns: one table for import, export and documentation."""

from typing import Any, NamedTuple

from sqlalchemy import Table

from ...plan import Office, RelationField
from ...rights import DECIDING
from ...words import (
    FREQUENCY_WORDS,
    KIND_WORDS,
    RELATION_LINK_WORDS,
    RELATION_STATUS_WORDS,
    RIGHT_WORDS,
    WAY_WORDS,
)
from ..database import tables
from ..database.tables import ANY_PRODUCT, ONE_SUB_NUMBER
from ..presence import EVERY_ROLE
from . import cells
from .cells import Kind, one_of, some_of


class Column(NamedTuple):
    """A column: what its cells hold, whether it must be filled in, and what an empty cell means."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    empty: Any = None


DUTCH = {
    "number": "nummer",
    "name": "naam",
    "kind": "soort",
    "legal_form": "rechtsvorm",
    "ob_number": "ob-nummer",
    "btw_id": "btw-id",
    "kvk": "kvk-nummer",
    "sbr_enabled": "sbr",
    "ideal_enabled": "ideal",
    "status_since": "status sinds",
    "language": "taal",
    "group": "groep",
    "contact": "contactpersoon",
    "salutation": "aanhef",
    "email": "e-mailadres",
    "relation": "relatie",
    "functions": "functies",
    "link": "verband",
    "other": "verbonden relatie",
    "primary": "eerste contactpersoon",
    "may": "bevoegdheden",
    "jointly": "alleen samen",
    "since": "vanaf",
    "until": "tot en met",
    "proof": "bewijsstuk",
    "member": "medewerker",
    "initials": "voorletters",
    "prefix": "tussenvoegsel",
    "surname": "achternaam",
    "phone": "telefoon",
    "qualifications": "titels",
    "active": "actief",
    "qualification": "titel",
    "stand_in": "waarnemer",
    "role": "rol",
    "process_team": "procesteam",
    "sub_number": "subnummer",
    "frequency": "frequentie",
    "first_period": "eerste periode",
    "foreign": "buitenlands",
    "fiscal_unit": "fiscale eenheid",
    "way": "aanbiedwijze",
    "recipient": "ontvanger",
}
"""The Dutch name that a column may have in a header too; a column without one is called the same."""


_TITLES = ("AA", "RA", "RB")


class FileKind(NamedTuple):
    """A file: its columns, those that name a row, what it is, and what rows with one key share (Dutch).

    A row makes at most one record in each of its `tables`.
    """

    name: str
    tables: tuple[Table, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    meaning: str
    shared: str


_FIELD_KINDS: dict[str, Kind] = {
    "text": cells.TEXT,
    "number": cells.NUMBER,
    "yes_no": cells.YES_NO,
    "date": cells.DAY,
}


def file_kinds(office: Office) -> dict[str, FileKind]:
    """Return the files by name, in the order in which they are imported, for what this office defines."""
    kinds = (
        _relations(office.fields),
        _contacts(office),
        _authorities(office),
        _standing_authorities(office),
        _team(),
        _qualifications(),
        _absences(),
        _stand_ins(office),
        _process_teams(office),
        _roles(office),
        _products(office),
        _links(),
    )
    return {kind.name: kind for kind in kinds}


def _relations(fields: tuple[RelationField, ...]) -> FileKind:
    kinds = one_of("onbekende soort", KIND_WORDS)
    statuses = one_of("onbekende status", RELATION_STATUS_WORDS)
    automations = some_of("onbekende automatisering", None)
    columns = (
        Column("number", cells.ID, "the office's own number of the relation", required=True),
        Column("name", cells.TEXT, "name", required=True),
        Column("kind", kinds, "organisation or natural_person; by default it follows from the legal form"),
        Column("legal_form", cells.TEXT, "rechtsvorm, such as bv, vof or eenmanszaak"),
        Column("ob_number", cells.IDENTIFIER, "omzetbelastingnummer"),
        Column("rsin", cells.IDENTIFIER, "RSIN, of an organisation"),
        Column("bsn", cells.IDENTIFIER, "BSN, of a natural person"),
        Column("btw_id", cells.IDENTIFIER, "btw-id"),
        Column("kvk", cells.IDENTIFIER, "number in the trade register"),
        Column("sbr_enabled", cells.YES_NO, "whether returns are delivered over SBR", empty=False),
        Column("ideal_enabled", cells.YES_NO, "whether the client gets a payment link", empty=False),
        Column("status", statuses, "status; empty is active", empty="active"),
        Column("status_since", cells.DAY, "day on which the status began, not later than today"),
        Column("language", cells.LANGUAGE, "language of the relation; empty is nl", empty="nl"),
        Column("automations_off", automations, "automations it does not want", empty=()),
        Column("group", cells.TEXT, "the group (relatiegroep) that it is in, by name, which many may have"),
    )
    own = tuple(Column(field.id, _FIELD_KINDS[field.type], field.title) for field in fields)
    meaning, shared = "one row a relation", "hetzelfde nummer"
    return FileKind("relations.csv", (tables.relations,), columns + own, ("number",), meaning, shared)


def _contacts(office: Office) -> FileKind:
    functions = some_of("onbekende functie", office.functions)
    columns = (
        Column("contact", cells.PERSON, "the office's own id of the contact", required=True),
        Column("name", cells.TEXT, "name", required=True),
        Column(
            "salutation",
            cells.TEXT,
            "how texts begin: Beste mevrouw Jansen; empty: Beste, or Dear, and the name",
            empty="",
        ),
        Column("email", cells.EMAIL, "e-mail address, nobody else's"),
        Column("phone", cells.PHONE, "telephone number", empty=""),
        Column("language", cells.LANGUAGE, "language of the contact; empty is nl", empty="nl"),
        Column("relation", cells.ID, "a relation that they serve; another row for another relation"),
        Column("functions", functions, "their functions there, with spaces between them", empty=()),
        Column("primary", cells.YES_NO, "whether they are its primary contact", empty=False),
    )
    key = ("contact", "relation")
    meaning, shared = "one row a contact and relation", "dezelfde contactpersoon en relatie"
    return FileKind(
        "contacts.csv", (tables.contacts, tables.relation_contacts), columns, key, meaning, shared
    )


def _authorities(office: Office) -> FileKind:
    deciding = some_of(
        "onbekende bevoegdheid om samen te beslissen", {name: RIGHT_WORDS[name] for name in DECIDING}
    )
    titles = {p.id: p.title for p in office.products}
    products = one_of("onbekend product", {ANY_PRODUCT: "alle", **titles})
    columns = (
        Column("contact", cells.PERSON, "the contact", required=True),
        Column("relation", cells.ID, "the relation that they serve", required=True),
        Column("product", products, "the product; empty or * is every product", empty=ANY_PRODUCT),
        Column(
            "may", some_of("onbekende bevoegdheid", RIGHT_WORDS), "see, answer, approve, sign", required=True
        ),
        Column("jointly", deciding, "approve, sign: what of it only together with another", empty=()),
        Column("since", cells.DAY, "first day", required=True),
        Column("until", cells.DAY, "last day; empty is until further notice"),
        Column("proof", cells.TEXT, "the document that proves it; needed to approve or sign", empty=""),
    )
    key = ("contact", "relation", "product", "since")
    shared = "dezelfde contactpersoon, relatie en begindag en hetzelfde product"
    return FileKind(
        "authorities.csv", (tables.authorities,), columns, key, "what contacts may do (R57)", shared
    )


def _standing_authorities(office: Office) -> FileKind:
    titles = {p.id: p.title for p in office.products}
    products = one_of("onbekend product", {ANY_PRODUCT: "alle", **titles})
    columns = (
        Column("relation", cells.ID, "the relation", required=True),
        Column("product", products, "the product; empty or * is every product", empty=ANY_PRODUCT),
        Column("since", cells.DAY, "first day", required=True),
        Column("until", cells.DAY, "last day", required=True),
        Column("proof", cells.TEXT, "the document that proves it", required=True),
    )
    key = ("relation", "product", "since")
    meaning = "to deliver after informing only (R19)"
    shared = "dezelfde relatie en begindag en hetzelfde product"
    return FileKind("standing_authorities.csv", (tables.standing_authorities,), columns, key, meaning, shared)


def _team() -> FileKind:
    columns = (
        Column("member", cells.PERSON, "the office's own id of the team member", required=True),
        Column("name", cells.TEXT, "name", required=True),
        Column("initials", cells.TEXT, "initials in a return; by default read from the name", empty=""),
        Column("prefix", cells.TEXT, "prefix in a return: van der", empty=""),
        Column("surname", cells.TEXT, "surname in a return; by default read from the name", empty=""),
        Column("email", cells.EMAIL, "e-mail address, nobody else's", required=True),
        Column("phone", cells.PHONE, "telephone number", empty=""),
        Column("qualifications", some_of("onbekende titel", _TITLES), "AA, RA or RB", empty=()),
        Column("active", cells.YES_NO, "nee for who left; empty is ja", empty=True),
    )
    return FileKind(
        "team.csv", (tables.team,), columns, ("member",), "one row a team member", "dezelfde medewerker"
    )


def _qualifications() -> FileKind:
    titles = one_of("onbekende titel", {title: title for title in _TITLES})
    columns = (
        Column("member", cells.PERSON, "the team member", required=True),
        Column("qualification", titles, "AA, RA or RB", required=True),
        Column("since", cells.DAY, "first day", required=True),
        Column("until", cells.DAY, "last day; empty is until further notice"),
    )
    key = ("member", "qualification", "since")
    meaning, shared = "titles with their dates (R2)", "dezelfde medewerker, titel en begindag"
    return FileKind("qualifications.csv", (tables.qualifications,), columns, key, meaning, shared)


def _absences() -> FileKind:
    columns = (
        Column("member", cells.PERSON, "the team member", required=True),
        Column("since", cells.DAY, "first day", required=True),
        Column("until", cells.DAY, "last day; empty is until further notice"),
    )
    meaning, shared = "who is absent when (R2)", "dezelfde medewerker en begindag"
    return FileKind("absences.csv", (tables.absences,), columns, ("member", "since"), meaning, shared)


def _stand_ins(office: Office) -> FileKind:
    roles = {EVERY_ROLE: "alle", **{role.id: role.title for role in office.roles}}
    every = "the role; empty or * is every role of theirs"
    columns = (
        Column("member", cells.PERSON, "the team member whose work it is", required=True),
        Column("role", one_of("onbekende rol", roles), every, empty=EVERY_ROLE),
        Column("since", cells.DAY, "first day", required=True),
        Column("until", cells.DAY, "last day; empty is until further notice"),
        Column("stand_in", cells.PERSON, "the colleague who does it", required=True),
    )
    key = ("member", "role", "since")
    meaning, shared = "who does a colleague's work when (R2)", "dezelfde medewerker, rol en begindag"
    return FileKind("stand_ins.csv", (tables.stand_ins,), columns, key, meaning, shared)


def _process_teams(office: Office) -> FileKind:
    roles = one_of("onbekende rol", {role.id: role.title for role in office.roles})
    columns = (
        Column("process_team", cells.TEXT, "the name of the team", required=True),
        Column("role", roles, "the role", required=True),
        Column("member", cells.PERSON, "who fills it; empty takes the role out of the team"),
    )
    meaning, shared = (
        "who fills the roles that a process team brings (R2)",
        "hetzelfde procesteam en dezelfde rol",
    )
    key = ("process_team", "role")
    return FileKind("process_teams.csv", (tables.process_teams,), columns, key, meaning, shared)


def _roles(office: Office) -> FileKind:
    columns = (
        Column("relation", cells.ID, "the relation", required=True),
        Column(
            "role", one_of("onbekende rol", {r.id: r.title for r in office.roles}), "the role", required=True
        ),
        Column("member", cells.PERSON, "who has it; empty leaves it unfilled"),
    )
    meaning, shared = "who has which role of a relation (R2)", "dezelfde relatie en rol"
    return FileKind("roles.csv", (tables.relation_roles,), columns, ("relation", "role"), meaning, shared)


def _products(office: Office) -> FileKind:
    products = one_of("onbekend product", {p.id: p.title for p in office.products})
    ways = one_of("onbekende aanbiedwijze", WAY_WORDS)
    frequencies = one_of("onbekende frequentie", FREQUENCY_WORDS)
    primary = {"primary_contact": DUTCH["primary"]}
    recipients = one_of("onbekende ontvanger", primary | {name: name for name in office.functions})
    columns = (
        Column("relation", cells.ID, "the relation", required=True),
        Column("product", products, "the product", required=True),
        Column("sub_number", cells.SUB_NUMBER, "such as B01, where it has several", empty=ONE_SUB_NUMBER),
        Column("frequency", frequencies, f"{', '.join(list(FREQUENCY_WORDS)[:-1])} or none", required=True),
        Column("first_period", cells.PERIOD, "first period that is done here, or done so: a change is a row"),
        Column("until", cells.DAY, "last day on which it is taken so"),
        Column("foreign", cells.YES_NO, "foreign business", empty=False),
        Column("kor", cells.YES_NO, "small-business scheme", empty=False),
        Column("fiscal_unit", cells.YES_NO, "files in a fiscal unit", empty=False),
        Column("way", ways, "approval, signature or information; empty follows the template"),
        Column("recipient", recipients, "primary_contact or a function; empty follows the template"),
    )
    key = ("relation", "product", "sub_number", "first_period")
    shared = "dezelfde relatie, hetzelfde product en subnummer en dezelfde eerste periode"
    return FileKind(
        "products.csv", (tables.relation_products,), columns, key, "what relations take (R25)", shared
    )


def _links() -> FileKind:
    links = one_of("onbekend verband", RELATION_LINK_WORDS)
    columns = (
        Column("relation", cells.ID, "the relation", required=True),
        Column("link", links, f"what the other is to it: {', '.join(RELATION_LINK_WORDS)}", required=True),
        Column("other", cells.ID, "the other relation", required=True),
        Column("since", cells.DAY, "first day", required=True),
        Column("until", cells.DAY, "last day; empty is until further notice"),
    )
    key = ("relation", "link", "other", "since")
    meaning, shared = "what relations are to each other (R25)", "dezelfde twee relaties, verband en begindag"
    return FileKind("links.csv", (tables.relation_links,), columns, key, meaning, shared)
