"""What must hold between the rows of a folder and what the office holds already."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table

from ...period import Period
from ...plan import Office
from ..people import DECIDING
from ..tables import contacts, relation_contacts, relations, team
from .doubts import REFERENCES, Doubts
from .holdings import Holdings, Record
from .persons import check_persons
from .problems import Problem
from .reading import Row

_WORDS: dict[Table, str] = {relations: "relatie", contacts: "contactpersoon", team: "teamlid"}


def check(rows: list[Row], holdings: Holdings, office: Office) -> Iterator[Problem]:
    """Yield every mistake that shows only when the rows are laid beside one another and the database.

    Judged is what a row results in, with what is known already where the file has no column for it. Of a row
    with a cell that could not be read the others are checked all the same.
    """
    repeated = _repeated(rows)
    doubts = Doubts(rows, repeated)
    for place, first in repeated.items():
        kind = first.kind
        yield rows[place].problem(kind.key[0], f"nog een rij met {kind.shared} (ook op regel {first.line})")
    for row in rows:
        yield from _references(row, holdings, doubts)
        yield from _dates(row)
        if row.file == "contacts.csv":
            yield from _check_contact(row)
        elif row.file == "authorities.csv":
            yield from _check_authority(row, holdings, doubts)
            yield from _check_rights(row, holdings.merged(row))
        elif row.file == "products.csv":
            yield from _check_product(row, holdings.merged(row), office)
    yield from check_persons(rows, holdings)


def _repeated(rows: list[Row]) -> Mapping[int, Row]:
    """Return by place the first row with the same key, for every row whose key was there already."""
    seen: dict[tuple[Any, ...], Row] = {}
    found: dict[int, Row] = {}
    for place, row in enumerate(rows):
        if row.knows(*row.kind.key):
            first = seen.setdefault((row.file, *(row.values.get(name) for name in row.kind.key)), row)
            if first is not row:
                found[place] = first
    return found


def _references(row: Row, holdings: Holdings, doubts: Doubts) -> Iterator[Problem]:
    """Every relation, contact and team member that is named must be there."""
    for column, table in REFERENCES:
        name = row.values.get(column)
        if name is not None and not holdings.has(table, name) and not doubts.named(row, column, table):
            yield row.problem(column, f"er is geen {_WORDS[table]} '{name}', hier noch in de database")


def _dates(row: Row) -> Iterator[Problem]:
    since, until = row.values.get("since"), row.values.get("until")
    if since is not None and until is not None and until < since:
        yield row.problem("until", "de laatste dag ligt voor de eerste")


def _check_contact(row: Row) -> Iterator[Problem]:
    serves = row.filled("functions") or row.filled("primary")
    if serves and row.knows("relation") and row.values.get("relation") is None:
        yield row.problem("relation", "een functie of eerste contactpersoon geldt voor een relatie")


def _check_authority(row: Row, holdings: Holdings, doubts: Doubts) -> Iterator[Problem]:
    contact, relation = row.values.get("contact"), row.values.get("relation")
    known = holdings.has(contacts, contact) and holdings.has(relations, relation)
    if known and contact is not None and relation is not None:
        serves = holdings.has(relation_contacts, relation, contact) or doubts.serves(contact, relation)
        if not serves:
            yield row.problem("contact", f"'{contact}' is geen contactpersoon van relatie '{relation}'")


def _check_rights(row: Row, merged: Record) -> Iterator[Problem]:
    may = {*merged.get("may", ())}
    more = {*merged.get("jointly", ())} - may
    if more and "may" in merged:
        yield row.problem("jointly", f"wat alleen samen mag, staat ook bij may: {' '.join(sorted(more))}")
    if may & {*DECIDING} and not merged.get("proof", True):
        yield row.problem("proof", "wie akkoord geeft of ondertekent, moet dat met een stuk kunnen bewijzen")


def _check_product(row: Row, merged: Record, office: Office) -> Iterator[Problem]:
    product = next((p for p in office.products if p.id == merged.get("product")), None)
    frequency, first = merged.get("frequency"), merged.get("first_period")
    if frequency is None:
        return
    if product is not None and frequency not in product.frequencies:
        offered = ", ".join(product.frequencies)
        yield row.problem(
            "frequency", f"product '{product.id}' kan met frequentie {offered}, niet met {frequency}"
        )
    if first is not None and Period.parse(first).kind != frequency:
        yield row.problem("first_period", f"'{first}' is geen periode van de frequentie {frequency}")
