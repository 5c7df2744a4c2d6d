"""What an import takes away from work that goes on: told before it is done.

The office is read before and after the import is written, in one transaction that can still be undone:
whatever was in order before and is not after is a loss, from whichever file it came.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from ...plan import Plan
from ...rights import DECIDING
from ..database.tables import (
    ONE_SUB_NUMBER,
    OPEN,
    filings,
    relation_products,
    relation_roles,
    team,
    work,
)
from ..filings.filing import short_name
from ..relations.readiness import Needs, find_missing_of
from ..relations.recipients import find_authority
from ..relations.snapshot import load_snapshot

NAMED = 5
"""So many relations are named in a sentence; the others are counted."""
_ENDED = {"no_product", "not_active", "not_accepted", "no_relation"}
"""Why nothing starts for a relation anymore: what else it lacks then is in nobody's way."""


class Order(NamedTuple):
    """How the office's work goes."""

    lacking: Mapping[str, Mapping[str, str]]
    """By relation the sentences that say what it lacks, each with its code."""
    running: frozenset[str]
    """Relations with an open filing."""
    agreed: frozenset[str]
    """Open filings whose product is agreed in their period."""
    deciding: frozenset[tuple[str, str]]
    """Contacts with an open filing that they were asked to decide about, and may."""
    here: frozenset[str]
    """Who works here."""


def read_order(connection: Connection, plans: Iterable[Plan], needs: Needs, on: date) -> Order:
    """Read how the office's work goes, as a day of office time has it."""
    lacking: dict[str, dict[str, str]] = {}
    for (relation, _), missing in find_missing_of(connection, plans, needs, on).items():
        lacking.setdefault(relation, {}).update({one.text: one.code for one in missing})
    return Order(
        lacking=lacking,
        running=frozenset(connection.execute(select(filings.c.relation).where(OPEN)).scalars()),
        agreed=frozenset(connection.execute(_AGREED).scalars()),
        deciding=frozenset(_read_deciding(connection, on)),
        here=frozenset(connection.execute(select(team.c.id).where(team.c.active)).scalars()),
    )


def find_losses(connection: Connection, before: Order, after: Order) -> tuple[str, ...]:
    """Return a Dutch sentence about each thing that was in order and, after an import, is not."""
    return (
        *_of_who_left(connection, before.here - after.here),
        *(
            f"{short_name(filing)} loopt, en in die periode is het product niet meer afgesproken"
            for filing in sorted(before.agreed - after.agreed)
        ),
        *(
            f"{contact} is gevraagd over {short_name(filing)} te beslissen, en is vóór het einde van de "
            "termijn niet meer bevoegd"
            for contact, filing in sorted(before.deciding - after.deciding)
        ),
        *_of_relations(before, after),
    )


def _read_deciding(connection: Connection, on: date) -> Iterator[tuple[str, str]]:
    """Yield who was asked to decide about an open filing and may, until its deadline too."""
    rows = connection.execute(_ASKED).all()
    snapshot = load_snapshot(connection, {row.relation for row in rows})
    for filing, relation, product, due, asked in rows:
        held = snapshot.held[relation]
        for contact in (one for one in held.contacts if one.id in asked):
            days = (on, max(on, due or on))
            rights = [find_authority(snapshot, held, contact, product, day).may for day in days]
            if all({*DECIDING} & {*may} for may in rights):
                yield contact.id, filing


def _of_who_left(connection: Connection, left: Collection[str]) -> Iterator[str]:
    """Yield who left with roles that nobody else has, and the open work of those."""
    held: dict[str, set[tuple[str, str]]] = {}
    for member, *at in connection.execute(select(*_ROLES)) if left else ():
        held.setdefault(member, set()).add((at[0], at[1]))
    asked = connection.execute(_OPEN_WORK).all() if {*left} & held.keys() else ()
    for member in sorted({*left} & held.keys()):
        items = sum(any((relation, role) in held[member] for role in roles) for relation, roles in asked)
        yield (
            f"{member} is weg en houdt rollen{f' met open werk ({items})' if items else ''} bij "
            f"{_name({relation for relation, _ in held[member]})}; geef die rollen een ander met roles.csv"
        )


def _of_relations(before: Order, after: Order) -> Iterator[str]:
    """Yield what relations lack that did not lack it; a sentence once, with those that it is about."""
    new: dict[str, list[str]] = {}
    for relation, known in before.lacking.items():
        found = {text: code for text, code in after.lacking.get(relation, {}).items() if text not in known}
        ends = _ENDED & {*after.lacking.get(relation, {}).values()}
        for text in found if relation in after.running or not ends else ():
            new.setdefault(text, []).append(relation)
    for text, relations in new.items():
        yield f"{text} ({_name(relations)})"


def _name(relations: Collection[str]) -> str:
    named = ", ".join(sorted(relations)[:NAMED])
    more = len(relations) - NAMED
    return f"relatie {named}" + (f" en {more} andere" if more > 0 else "")


_ROLES = (relation_roles.c.member, relation_roles.c.relation, relation_roles.c.role)
_OPEN_WORK = select(filings.c.relation, work.c.roles).join(filings, filings.c.id == work.c.filing).where(OPEN)
_ASKED = (
    select(filings.c.id, filings.c.relation, filings.c.product, filings.c.due, work.c.contacts)
    .join(filings, filings.c.id == work.c.filing)
    .where(OPEN, work.c.kind == "decide")
)
_AGREED = (
    select(filings.c.id)
    .join(
        relation_products,
        (relation_products.c.relation == filings.c.relation)
        & (relation_products.c.product == filings.c.product)
        & (
            (relation_products.c.sub_number == filings.c.sub_number)
            | (filings.c.sub_number == ONE_SUB_NUMBER)
        ),
    )
    .where(
        OPEN,
        relation_products.c.since <= filings.c.last_day,
        relation_products.c.until.is_(None) | (relation_products.c.until >= filings.c.first_day),
    )
)
