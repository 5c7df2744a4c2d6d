"""What must hold between the rows of a folder and what the office holds already."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Table

from ...period import Period
from ...plan import Office
from ..tables import ANY_PRODUCT, authorities, contacts, relation_contacts, relations, team
from .columns import FileKind
from .doubts import REFERENCES, Doubts
from .holdings import Holdings
from .persons import check_persons
from .problems import Problem
from .reading import Row

_WORDS: dict[Table, str] = {relations: "relatie", contacts: "contactpersoon", team: "teamlid"}


def check(
    rows: list[Row], kinds: dict[str, FileKind], holdings: Holdings, office: Office
) -> Iterator[Problem]:
    """Yield every mistake that shows only when the rows are laid beside one another and the database.

    Of a row with a cell that could not be read the others are checked all the same.
    """
    repeated = _repeated(rows, kinds)
    doubts = Doubts(rows, repeated)
    for place, first in repeated.items():
        kind = kinds[first.file]
        yield rows[place].problem(kind.key[0], f"nog een rij met {kind.shared} (ook op regel {first.line})")
    for row in rows:
        yield from _references(row, holdings, doubts)
        yield from _dates(row)
    for row in rows:
        if row.file == "contacts.csv":
            yield from _check_contact(row)
        elif row.file == "authorities.csv":
            yield from _check_authority(row, holdings, doubts)
        elif row.file == "products.csv":
            yield from _check_product(row, office)
    yield from check_persons(rows, holdings)


def _repeated(rows: list[Row], kinds: dict[str, FileKind]) -> Mapping[int, Row]:
    """Return by place the first row with the same key, for every row whose key was there already."""
    seen: dict[tuple[Any, ...], Row] = {}
    found: dict[int, Row] = {}
    for place, row in enumerate(rows):
        kind = kinds[row.file]
        if not row.knows(*kind.key):
            continue
        empty = {column.name: column.empty for column in kind.columns}
        first = seen.setdefault((row.file, *(row.values.get(name, empty[name]) for name in kind.key)), row)
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
    more = {*row.values.get("jointly", ())} - {*row.values.get("may", ())}
    if more and row.knows("may"):
        yield row.problem("jointly", f"wat alleen samen mag, staat ook bij may: {' '.join(sorted(more))}")
    if (
        {"approve", "sign"} & {*row.values.get("may", ())}
        and row.knows("proof")
        and not _proof(row, holdings)
    ):
        yield row.problem("proof", "wie akkoord geeft of ondertekent, moet dat met een stuk kunnen bewijzen")


def _proof(row: Row, holdings: Holdings) -> str:
    """Return the proof of an authority; where the file has no column for it, the one that is known."""
    product = row.values.get("product", ANY_PRODUCT)
    key = (row.values.get("contact"), row.values.get("relation"), product, row.values.get("since"))
    known = holdings.before[authorities.name].get(key, {"proof": ""})
    return str(row.values.get("proof", known["proof"]))


def _check_product(row: Row, office: Office) -> Iterator[Problem]:
    product = next((p for p in office.products if p.id == row.values.get("product")), None)
    frequency, first = row.values.get("frequency"), row.values.get("first_period")
    if frequency is None:
        return
    if product is not None and frequency not in product.frequencies:
        offered = ", ".join(product.frequencies)
        yield row.problem(
            "frequency", f"product '{product.id}' kan met frequentie {offered}, niet met {frequency}"
        )
    if first is not None and Period.parse(first).kind != frequency:
        yield row.problem("first_period", f"'{first}' is geen periode van de frequentie {frequency}")
