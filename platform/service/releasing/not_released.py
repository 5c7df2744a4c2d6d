"""Why a release is refused: what has to be promoted or rolled back first, and what a pilot cannot do."""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from ...office.office_clock import office_now
from ...office.pilots import list_pilots
from ...office.plans import Published
from ...office.relations.relation import all_numbers, products_of
from ...plan import Model, Plan

MOST_RELATIONS = 5


class NotReleased(Model):
    """Why nothing was released: a stable code, a sentence, and what to do, where it is not a command.

    `template` is the one that it is about, where it is about one.
    """

    code: str
    text: str
    mend: str = ""
    template: str = ""


def refuse_beside_pilots(
    connection: Connection, published: Collection[Published], *, pilot: bool
) -> NotReleased | None:
    """Return why something cannot be published while pilots run, or None where it can.

    A deploy cannot at all; another pilot can of templates that have none.
    """
    running = {one.template for one in list_pilots(connection, running=True)}
    changed = {one.template for one in published if one.change != "unchanged"}
    meant = sorted(running & changed if pilot else running)
    if not meant:
        return None
    text = f"a pilot of {', '.join(meant)} runs"
    return NotReleased(code="pilot_runs", text=text, template=meant[0])


def refuse_pilot(
    connection: Connection,
    published: Collection[Published],
    plans: Mapping[str, Plan],
    relations: Sequence[str],
    *,
    office_changes: bool,
) -> NotReleased | None:
    """Return why these plans, by template, cannot be put on pilot for these relations, or None."""
    changes = {one.change for one in published}
    if len(set(relations)) > MOST_RELATIONS:
        return NotReleased(
            code="too_many_relations",
            text=f"a pilot is for one to {MOST_RELATIONS} relations, and these are {len(set(relations))}",
        )
    unknown = sorted({*relations} - {*all_numbers(connection)})
    if unknown:
        return NotReleased(code="no_relation", text=f"there is no relation {', '.join(unknown)}")
    if office_changes:
        return NotReleased(
            code="office_changes",
            text="products, roles or statutory tables change too, and these hold for everyone at once",
            mend="Deploy a revision in which they alone change first, then put the plans on pilot.",
        )
    if changes & {"new", "withdrawn"}:
        names = ", ".join(one.template for one in published if one.change in ("new", "withdrawn"))
        return NotReleased(
            code="new_or_gone",
            text=f"{names} would be new or gone, and a pilot has a plan before it for everyone else",
            mend="Deploy that first; a new template starts for nobody until somebody starts it.",
        )
    if "changed" not in changes:
        return NotReleased(
            code="nothing_changed", text="no plan of these definitions is another than is in force"
        )
    asked = {name for one in published if one.change == "changed" for name in plans[one.template].products}
    on = office_now(connection).date()
    takers = {
        one.relation
        for one in products_of(connection)
        if one.product in asked and (one.until is None or one.until >= on)
    }
    idle = sorted({*relations} - takers)
    if idle:
        return NotReleased(
            code="no_takers", text=f"relation {', '.join(idle)} takes no product that these plans are for"
        )
    return None
