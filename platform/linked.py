"""How relations are linked (R25): what the one is to the other, and the same seen from the other side."""

from typing import Literal

Link = Literal[
    "partner",
    "household",
    "holding",
    "subsidiary",
    "unit_head",
    "unit_member",
    "business",
    "owner",
]
"""What the other relation is to this one."""

REVERSE: dict[Link, Link] = {
    "partner": "partner",
    "household": "household",
    "holding": "subsidiary",
    "subsidiary": "holding",
    "unit_head": "unit_member",
    "unit_member": "unit_head",
    "business": "owner",
    "owner": "business",
}
"""What this relation is to the other one then."""

KEPT: tuple[Link, ...] = ("partner", "household", "holding", "unit_head", "owner")
"""Of each two sides that which is kept: a link is one fact, whichever side it is told from."""

ONE_AT_A_TIME: tuple[Link, ...] = ("partner", "unit_head")
"""Of these a relation has one at most on a day."""

PEOPLE: tuple[Link, ...] = ("partner", "household", "owner")
"""The other relation is a natural person; in all other links it is an organisation."""


def keep(relation: str, link: Link, other: str) -> tuple[str, Link, str]:
    """Return a link as it is kept, told from the side that is."""
    if link not in KEPT or (REVERSE[link] == link and other < relation):
        return other, REVERSE[link], relation
    return relation, link, other


SAID: dict[Link, str] = {
    "partner": "de fiscaal partner",
    "household": "wie tot het huishouden hoort",
    "holding": "de holding",
    "subsidiary": "elke dochtermaatschappij",
    "unit_head": "het hoofd van de fiscale eenheid",
    "unit_member": "elk lid van de fiscale eenheid",
    "business": "elke eigen onderneming",
    "owner": "elke eigenaar",
}
"""Whose filing is meant, in Dutch: one where a relation has one at a time, else each of them."""
