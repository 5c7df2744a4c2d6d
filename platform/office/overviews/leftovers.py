"""What relations still use and the definitions no longer know: a role or product that was renamed."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, select

from ...plan import Model, Office
from ..database.tables import relation_products, relation_roles

NAMED = 5
"""So many relations are named in a sentence; the others are counted."""


class Leftover(Model):
    """A role or product that is gone, with the numbers of the relations that use it."""

    kind: str
    name: str
    relations: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the sentence that says so, and what to do."""
        count = len(self.relations)
        who = ", ".join(self.relations[:NAMED]) + (", …" if count > NAMED else "")
        if self.kind == "rol":
            return (
                f"role '{self.name}' is not defined anymore; relations with this role ({count}): {who}. "
                "Give them another role with roles.csv."
            )
        return (
            f"product '{self.name}' is not defined anymore; relations with this product ({count}): {who}. "
            "Give them another product with products.csv."
        )


def leftovers(connection: Connection, office: Office) -> tuple[Leftover, ...]:
    """Return every filled role and taken product that the office does not define, by kind and name."""
    roles = {role.id for role in office.roles}
    products = {product.id for product in office.products}
    return (
        *_unknown(connection, "rol", relation_roles.c.role, relation_roles.c.relation, roles),
        *_unknown(connection, "product", relation_products.c.product, relation_products.c.relation, products),
    )


def _unknown(
    connection: Connection, kind: str, name: Column[str], relation: Column[str], known: Collection[str]
) -> tuple[Leftover, ...]:
    query = select(name, relation).where(name.not_in(known)).distinct().order_by(name, relation)
    found: dict[str, list[str]] = {}
    for left, number in connection.execute(query):
        found.setdefault(left, []).append(number)
    return tuple(Leftover(kind=kind, name=left, relations=tuple(who)) for left, who in found.items())
