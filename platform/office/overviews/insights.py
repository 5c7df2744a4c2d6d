"""Relation insights (R29): relations filtered on what they take, who works for them, and what is missing."""

from datetime import date

from sqlalchemy import Connection, select

from ...identifiers import mask_number
from ...period import PeriodKind
from ...plan import Model, Office, Plan
from ..database.tables import filings
from ..people import all_members, filled_roles
from ..plans import active_office, active_plans
from ..relations.readiness import CODES, Missing, readiness
from ..relations.relation import Relation, RelationProduct, RelationStatus, all_relations, products_of
from .leftovers import leftovers


class Filter(Model):
    """What is asked; everything that is given must hold. `missing` is a code of readiness, or 'any'."""

    product: str | None = None
    frequency: PeriodKind | None = None
    role: str | None = None
    member: str | None = None
    status: RelationStatus | None = None
    sbr: bool | None = None
    running: bool | None = None
    missing: str | None = None


class RelationLine(Model):
    """A relation as lists show it, its number masked; `missing` is told over all templates it can start."""

    number: str
    name: str
    legal_form: str | None
    status: RelationStatus
    ob_number: str
    products: tuple[RelationProduct, ...]
    roles: dict[str, str]
    sbr_enabled: bool
    open_filings: int
    missing: tuple[Missing, ...]


def list_relations(connection: Connection, wanted: Filter, on: date) -> tuple[RelationLine, ...]:
    """Return the relations that a filter lets through, by number. What is missing depends on the day."""
    taken: dict[str, list[RelationProduct]] = {}
    for product in products_of(connection):
        taken.setdefault(product.relation, []).append(product)
    running = _open_filings(connection)
    found: list[RelationLine] = []
    for relation in all_relations(connection):
        products = taken.get(relation.number, [])
        roles = filled_roles(connection, relation.number)
        opened = running.get(relation.number, 0)
        if not _matches(wanted, relation, products, roles, opened):
            continue
        missing = missing_of(connection, relation, products, on)
        if wanted.missing is None or _lacks(missing, wanted.missing):
            found.append(_line(relation, products, roles, opened, missing))
    return tuple(found)


def unknown_in(connection: Connection, wanted: Filter) -> Missing | None:
    """Return what a filter names that the office does not have, so that it can let nothing through.

    What relations still use of older definitions may be asked for.
    """
    office = active_office(connection)
    left = leftovers(connection, office) if office else ()
    roles = [role.id for role in office.roles] if office else []
    products = [product.id for product in office.products] if office else []
    known = {
        "product": ("geen product", [*products, *(one.name for one in left if one.kind == "product")]),
        "role": ("geen rol", [*roles, *(one.name for one in left if one.kind == "rol")]),
        "member": ("geen teamlid", [member.id for member in all_members(connection)]),
        "missing": ("niets dat kan ontbreken met de code", ["any", *CODES]),
    }
    for name, (said, names) in known.items():
        value = getattr(wanted, name)
        if value is not None and value not in names:
            text = f"Er is {said} '{value}'. Deze zijn er: {', '.join(names) or 'geen'}."
            return Missing(code=f"unknown_{name}", text=text)
    return None


def missing_of(
    connection: Connection, relation: Relation, products: list[RelationProduct], on: date
) -> tuple[Missing, ...]:
    """Return what a relation lacks for the templates of the products that it takes."""
    office = active_office(connection)
    if office is None:
        return ()
    plans = [published.plan for published in active_plans(connection)]
    found = [m for plan in plans for m in _lacking(connection, plan, office, relation, products, on)]
    return tuple(dict.fromkeys(found))


def _lacking(
    connection: Connection,
    plan: Plan,
    office: Office,
    relation: Relation,
    products: list[RelationProduct],
    on: date,
) -> tuple[Missing, ...]:
    if not {*plan.products} & {product.product for product in products}:
        return ()
    return readiness(connection, plan, office, relation.number, on)


def _matches(
    wanted: Filter,
    relation: Relation,
    products: list[RelationProduct],
    roles: dict[str, str],
    opened: int,
) -> bool:
    fits = [
        p for p in products if wanted.product in (None, p.product) and wanted.frequency in (None, p.frequency)
    ]
    return (
        ((wanted.product is None and wanted.frequency is None) or bool(fits))
        and (wanted.role is None or wanted.role in roles)
        and (wanted.member is None or wanted.member in _held(roles, wanted.role))
        and wanted.status in (None, relation.status)
        and wanted.sbr in (None, relation.sbr_enabled)
        and wanted.running in (None, opened > 0)
    )


def _held(roles: dict[str, str], role: str | None) -> set[str]:
    return {member for name, member in roles.items() if role in (None, name)}


def _lacks(missing: tuple[Missing, ...], wanted: str) -> bool:
    return bool(missing) if wanted == "any" else any(m.code == wanted for m in missing)


def _open_filings(connection: Connection) -> dict[str, int]:
    counts: dict[str, int] = {}
    query = select(filings.c.relation).where(filings.c.status != "afgesloten")
    for relation in connection.execute(query).scalars():
        counts[relation] = counts.get(relation, 0) + 1
    return counts


def _line(
    relation: Relation,
    products: list[RelationProduct],
    roles: dict[str, str],
    opened: int,
    missing: tuple[Missing, ...],
) -> RelationLine:
    return RelationLine(
        number=relation.number,
        name=relation.name,
        legal_form=relation.legal_form,
        status=relation.status,
        ob_number=mask_number(relation.ob_number),
        products=tuple(products),
        roles=roles,
        sbr_enabled=relation.sbr_enabled,
        open_filings=opened,
        missing=missing,
    )
