"""Relation insights (R29): relations filtered on what they take, who works for them, and what is missing."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import islice

from sqlalchemy import ColumnElement, Connection, Table, exists, func, select

from ...data import ListLine
from ...identifiers import mask_number
from ...period import PeriodKind
from ...plan import Model
from ...suggest import say_what_is_meant
from ..database.columns import among_numbers
from ..database.tables import OPEN, filings, relation_products, relation_roles, relations, team
from ..people import all_members
from ..plans import PublishedPlan, active_office, active_plans
from ..relations.readiness import CODES, Demands, Missing, Needs, find_missing
from ..relations.relation import RelationProduct, RelationStatus
from ..relations.snapshot import Held, Snapshot, load_snapshot
from .leftovers import leftovers
from .uncovered import UNCOVERED, find_uncovered


class Filter(Model):
    """What is asked; all that is given must hold. `missing` is a code of readiness, `any`, or UNCOVERED."""

    product: str | None = None
    frequency: PeriodKind | None = None
    role: str | None = None
    member: str | None = None
    status: RelationStatus | None = None
    sbr: bool | None = None
    running: bool | None = None
    missing: str | None = None


class RelationLine(ListLine):
    """A relation as lists show it, its number masked; `missing` covers all templates that it can start.

    `uncovered` are the agreed periods that have no filing and no planned start, each with why (Dutch).
    """

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
    uncovered: tuple[str, ...]


class Page(Model):
    """A part of a list: at most `size` relations, with numbers after `after`, the last of the page before."""

    size: int
    after: str | None = None


def list_relations(
    connection: Connection, wanted: Filter, on: date, needs: Needs, page: Page | None = None
) -> tuple[RelationLine, ...]:
    """Return the relations that a filter lets through, by number. What is missing depends on the day.

    `needs` says which identity each report needs. The database finds what it can; what relations lack is
    worked out from their snapshot, so that a filter on `missing` reads all that the rest lets through.
    """
    numbers = _numbers(connection, wanted, on, page)
    snapshot = load_snapshot(connection, numbers, on)
    opened = _open_filings(connection, numbers)
    demands = active_demands(connection, needs)
    uncovered = uncovered_by_relation(connection, on, numbers)
    lines = (
        _line(held, opened.get(number, 0), missing, uncovered.get(number, ()))
        for number, held in snapshot.held.items()
        for missing in [missing_of(snapshot, demands, held, on)]
        if wanted.missing is None
        or (number in uncovered if wanted.missing == UNCOVERED else _lacks(missing, wanted.missing))
    )
    return tuple(islice(lines, page.size if page else None))


def unknown_in(connection: Connection, wanted: Filter) -> Missing | None:
    """Return what a filter names that the office does not have, so that it can let nothing through.

    What relations still use of older definitions may be asked for.
    """
    office = active_office(connection)
    left = leftovers(connection, office) if office else ()
    roles = [role.id for role in office.roles] if office else []
    products = [product.id for product in office.products] if office else []
    known = {
        "product": ("Product", [*products, *(one.name for one in left if one.kind == "product")]),
        "role": ("Rol", [*roles, *(one.name for one in left if one.kind == "rol")]),
        "member": ("Medewerker", [member.id for member in all_members(connection)]),
        "missing": ("Code", ["any", *CODES, UNCOVERED]),
    }
    for name, (word, names) in known.items():
        value = getattr(wanted, name)
        if value is not None and value not in names:
            text = f"{word} '{value}' bestaat niet. {say_what_is_meant(value, names)}"
            return Missing(code=f"unknown_{name}", text=text)
    return None


def active_demands(connection: Connection, needs: Needs) -> tuple[Demands, ...]:
    """Return what the active plans demand of relations."""
    return tuple(_demands_of(published, needs) for published in active_plans(connection))


def _demands_of(published: PublishedPlan, needs: Needs) -> Demands:
    """Return what a plan demands; worked out once while reports need the same."""
    known = _DEMANDS.get(published.digest)
    if known is None or known[0] is not type(needs) or known[1] != dict(needs):
        known = type(needs), dict(needs), Demands(published.plan, needs)
        _DEMANDS[published.digest] = known
    return known[2]


_DEMANDS: dict[str, tuple[type[Needs], dict[str, tuple[str, ...]], Demands]] = {}
"""By digest of the plan; an office has few."""


def uncovered_by_relation(
    connection: Connection, on: date, numbers: Collection[str] | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the agreed periods that nothing covers as sentences, by relation."""
    found: dict[str, tuple[str, ...]] = {}
    for one in find_uncovered(connection, on, numbers):
        said = f"{one.plan.title} over {one.period.words}: {one.why}"
        found[one.relation] = (*found.get(one.relation, ()), said)
    return found


def missing_of(snapshot: Snapshot, demands: Iterable[Demands], held: Held, on: date) -> tuple[Missing, ...]:
    """Return what a relation lacks for the templates of the products that it takes."""
    if snapshot.office is None:
        return ()
    taken = {product.product for product in held.products}
    fitting = (demand for demand in demands if not taken.isdisjoint(demand.products))
    found = [m for demand in fitting for m in find_missing(snapshot, demand, held.relation.number, on)]
    return tuple(dict.fromkeys(found))


def _numbers(connection: Connection, wanted: Filter, on: date, page: Page | None) -> list[str] | None:
    """Return the numbers of the relations that the database lets through; None is all of them."""
    conditions = list(_conditions(wanted, on))
    if page and page.after is not None:
        conditions.append(relations.c.number > page.after)
    size = page.size if page and wanted.missing is None else None
    if size is None and not conditions:
        return None
    query = select(relations.c.number).where(*conditions).order_by(relations.c.number).limit(size)
    return list(connection.execute(query).scalars().all())


def _conditions(wanted: Filter, on: date) -> Iterator[ColumnElement[bool]]:
    """Yield what holds of the relations that are wanted; a frequency counts unless it ended before a day."""
    number, until = relations.c.number, relation_products.c.until
    if wanted.product is not None or wanted.frequency is not None:
        agreed = [until.is_(None) | (until >= on)] if wanted.frequency else []
        taken = (relation_products.c.relation == number, *agreed)
        yield exists().where(*taken, *_equal(relation_products, wanted))
    if wanted.role is not None or wanted.member is not None:
        here = (relation_roles.c.relation == number, team.c.id == relation_roles.c.member, team.c.active)
        yield exists().where(*here, *_equal(relation_roles, wanted))
    if wanted.status is not None:
        yield relations.c.status == wanted.status
    if wanted.sbr is not None:
        yield relations.c.sbr_enabled if wanted.sbr else ~relations.c.sbr_enabled
    if wanted.running is not None:
        running = exists().where(filings.c.relation == number, OPEN)
        yield running if wanted.running else ~running


def _equal(table: Table, wanted: Filter) -> Iterator[ColumnElement[bool]]:
    """Yield that the columns of a table have what the filter wants of them."""
    for name in ("product", "frequency", "role", "member"):
        value = getattr(wanted, name)
        if value is not None and name in table.c:
            yield table.c[name] == value


def _lacks(missing: tuple[Missing, ...], wanted: str) -> bool:
    return bool(missing) if wanted == "any" else any(m.code == wanted for m in missing)


def _open_filings(connection: Connection, numbers: list[str] | None) -> dict[str, int]:
    result = (
        connection.execute(_OPEN_OF_ALL)
        if numbers is None
        else connection.execute(_OPEN_OF_SOME, {"numbers": numbers})
    )
    return {row[0]: row[1] for row in result.all()}


def _line(held: Held, opened: int, missing: tuple[Missing, ...], uncovered: tuple[str, ...]) -> RelationLine:
    relation = held.relation
    return RelationLine(
        number=relation.number,
        name=relation.name,
        legal_form=relation.legal_form,
        status=relation.status,
        ob_number=mask_number(relation.ob_number),
        products=tuple(held.products),
        roles=dict(held.named),
        sbr_enabled=relation.sbr_enabled,
        open_filings=opened,
        missing=missing,
        uncovered=uncovered,
    )


_OPEN_OF_ALL = select(filings.c.relation, func.count()).where(OPEN).group_by(filings.c.relation)
_OPEN_OF_SOME = _OPEN_OF_ALL.where(among_numbers(filings.c.relation))
