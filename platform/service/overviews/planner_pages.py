"""The planner as colleagues leaf through it: relations by periods of a product, fifty relations a page."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import Connection

from ...office.overviews.planner import (
    add_agreed,
    find_planner_relations,
    is_agreed_in,
    list_planner_years,
    planner,
)
from ...office.overviews.uncovered import plans_by_product
from ...office.plans import active_office
from ...plan import Model
from ..desk import Desk
from ..paging import Leaf, turn_to
from ..results import PlannerGrid, Refusal
from ..unknown import NOT_DEPLOYED

__all__ = ["Sheet", "find_first_product", "read_sheet", "read_whole_grid"]

SIZE = 50
UNKNOWN_PRODUCT = Refusal(code="unknown_product", text="Dit product heeft het kantoor niet.")


class Sheet(Model):
    """A page of the planner; `products` are all of the office, `years` those with something in them."""

    product: str
    products: dict[str, str]
    year: int
    years: tuple[int, ...]
    leaf: Leaf
    grid: PlannerGrid


def find_first_product(desk: Desk) -> str | Refusal:
    """Return the product whose planner opens first: the first that the office offers."""
    office = desk.read(active_office)
    return office.products[0].id if office and office.products else NOT_DEPLOYED


def read_sheet(
    desk: Desk, product: str, today: date, *, year: int | None, word: str, page: int
) -> Sheet | Refusal:
    """Return a page of a product's planner.

    Unless a year is asked it is this one, or the last with something where this one has nothing. Of a product
    that begins next year it is that year.

    A page beyond the last has no rows. Raises DatabaseError.
    """

    def ask(connection: Connection) -> Sheet | Refusal:
        office = active_office(connection)
        if office is None:
            return NOT_DEPLOYED
        products = {one.id: one.title for one in office.products}
        if product not in products:
            return UNKNOWN_PRODUCT
        years = list_planner_years(connection, product)
        shown = year or _choose_year(connection, product, years, today.year)
        skip = (page - 1) * SIZE
        numbers, count = find_planner_relations(connection, product, shown, word, skip, SIZE)
        return Sheet(
            product=product,
            products=products,
            year=shown,
            years=tuple(sorted({*years, shown})),
            leaf=turn_to(page, count, SIZE),
            grid=read_grid(connection, product, today, shown, numbers),
        )

    return desk.read(ask)


def _choose_year(connection: Connection, product: str, years: Sequence[int], this: int) -> int:
    if years:
        return this if this in years else years[-1]
    agreed = (one for one in (this, this + 1) if is_agreed_in(connection, product, one))
    return next(agreed, this)


def read_grid(
    connection: Connection,
    product: str,
    today: date,
    year: int | None,
    numbers: Collection[str] | None = None,
) -> PlannerGrid:
    """Return the planner of a product with all who take it, also where nothing was started yet."""
    grid = planner(connection, product, today, year=year, numbers=numbers)
    plan = plans_by_product(connection).get(product)
    return add_agreed(connection, grid, plan.template if plan else "", year, numbers)


def read_whole_grid(desk: Desk, product: str, today: date, *, year: int, word: str) -> PlannerGrid | Refusal:
    """Return all relations of a product's planner in a year, to be kept as a file. Raises DatabaseError."""

    def ask(connection: Connection) -> PlannerGrid | Refusal:
        office = active_office(connection)
        if office is None or not any(one.id == product for one in office.products):
            return UNKNOWN_PRODUCT
        if not word:
            return read_grid(connection, product, today, year)
        numbers, _ = find_planner_relations(connection, product, year, word)
        return read_grid(connection, product, today, year, numbers)

    return desk.read(ask)
