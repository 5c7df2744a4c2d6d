"""What must hold between the rows of a folder and what the office holds already."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Table

from ...period import Period
from ...plan import Office
from ..tables import (
    contacts,
    relation_contacts,
    relations,
    team,
)
from .columns import FileKind
from .holdings import Holdings
from .problems import Problem
from .reading import Row


def check(
    rows: Iterable[Row], kinds: dict[str, FileKind], holdings: Holdings, office: Office
) -> Iterator[Problem]:
    """Yield every mistake that shows only when the rows are laid beside one another and the database."""
    everything = list(rows)
    sound = [row for row in everything if row.sound]
    yield from _twice(everything, kinds)
    for row in sound:
        yield from _references(row, holdings)
        yield from _dates(row)
        yield from _CHECKS.get(row.file, _nothing)(row, holdings, office)
    yield from _details_differ(sound)
    yield from _same_address(sound, holdings)
    yield from _two_primaries(sound, holdings)


def _twice(rows: list[Row], kinds: dict[str, FileKind]) -> Iterator[Problem]:
    seen: dict[tuple[Any, ...], int] = {}
    for row in rows:
        kind = kinds[row.file]
        empty = {column.name: column.empty for column in kind.columns}
        key = (row.file, *(row.values.get(name, empty[name]) for name in kind.key))
        if kind.key[0] in row.values and key in seen:
            said = ", ".join(kind.key)
            yield row.problem(kind.key[0], f"dezelfde {said} staat ook op regel {seen[key]}")
        seen.setdefault(key, row.line)


def _references(row: Row, holdings: Holdings) -> Iterator[Problem]:
    """Every relation, contact and team member that is named must be there."""
    named: tuple[tuple[str, Table, str], ...] = (
        ("relation", relations, "relatie"),
        ("contact", contacts, "contactpersoon"),
        ("member", team, "teamlid"),
    )
    for column, table, word in named:
        value = row.values.get(column)
        if value is not None and not holdings.has(table, value):
            yield row.problem(column, f"er is geen {word} '{value}', hier noch in de database")


def _dates(row: Row) -> Iterator[Problem]:
    since, until = row.values.get("since"), row.values.get("until")
    if since is not None and until is not None and until < since:
        yield row.problem("until", "de laatste dag ligt voor de eerste")


def _nothing(row: Row, holdings: Holdings, office: Office) -> Iterator[Problem]:
    yield from ()


def _check_contact(row: Row, holdings: Holdings, office: Office) -> Iterator[Problem]:
    if (row.values["contact"],) in holdings.records(team):
        yield row.problem("contact", "dit id heeft al een teamlid")
    if row.values.get("relation") is None and (row.values.get("functions") or row.values.get("primary")):
        yield row.problem("relation", "een functie of eerste contactpersoon geldt voor een relatie")


def _check_member(row: Row, holdings: Holdings, office: Office) -> Iterator[Problem]:
    if (row.values["member"],) in holdings.records(contacts):
        yield row.problem("member", "dit id heeft al een contactpersoon")


def _check_authority(row: Row, holdings: Holdings, office: Office) -> Iterator[Problem]:
    contact, relation = row.values["contact"], row.values["relation"]
    known = holdings.has(contacts, contact) and holdings.has(relations, relation)
    if known and not holdings.has(relation_contacts, relation, contact):
        yield row.problem("contact", f"'{contact}' is geen contactpersoon van relatie '{relation}'")
    if {"approve", "sign"} & {*row.values["may"]} and not row.values.get("proof"):
        yield row.problem("proof", "wie akkoord geeft of ondertekent, moet dat met een stuk kunnen bewijzen")


def _check_product(row: Row, holdings: Holdings, office: Office) -> Iterator[Problem]:
    product = next((p for p in office.products if p.id == row.values["product"]), None)
    frequency = row.values["frequency"]
    if product is not None and frequency not in product.frequencies:
        offered = ", ".join(product.frequencies)
        yield row.problem("frequency", f"'{product.id}' kan per {offered}, niet per {frequency}")
    first = row.values.get("first_period")
    if first is not None and Period.parse(first).kind != frequency:
        yield row.problem("first_period", f"'{first}' is geen periode van de frequentie {frequency}")


_CHECKS = {
    "contacts.csv": _check_contact,
    "team.csv": _check_member,
    "authorities.csv": _check_authority,
    "products.csv": _check_product,
}


def _details_differ(rows: list[Row]) -> Iterator[Problem]:
    """The rows of one contact must say the same about him."""
    first: dict[str, Row] = {}
    for row in rows:
        if row.file != "contacts.csv":
            continue
        one = first.setdefault(row.values["contact"], row)
        for column in ("name", "salutation", "email", "language"):
            if row.values.get(column) != one.values.get(column):
                yield row.problem(column, f"anders dan op regel {one.line} voor dezelfde contactpersoon")


def _same_address(rows: list[Row], holdings: Holdings) -> Iterator[Problem]:
    """An e-mail address is one person's, in the team or among the contacts."""
    owners: dict[str, set[tuple[str, str]]] = {}
    for table in (contacts, team):
        for (name,), record in holdings.records(table).items():
            if record["email"]:
                owners.setdefault(record["email"], set()).add((table.name, name))
    for row in rows:
        email = row.values.get("email")
        if email and len(owners.get(email, ())) > 1:
            yield row.problem("email", "dit e-mailadres is ook van een ander")


def _two_primaries(rows: list[Row], holdings: Holdings) -> Iterator[Problem]:
    counts: dict[str, int] = {}
    for (relation, _), record in holdings.records(relation_contacts).items():
        counts[relation] = counts.get(relation, 0) + bool(record["primary"])
    for row in rows:
        relation = row.values.get("relation")
        if row.file == "contacts.csv" and row.values.get("primary") and counts.get(relation or "", 0) > 1:
            yield row.problem("primary", f"relatie '{relation}' heeft meer dan één eerste contactpersoon")
