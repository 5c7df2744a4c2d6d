"""What of the office a simulation takes for one of its relations: what a start would find, and who reads."""

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from ...data import Scalar
from ...filing.outcome import Refusal
from ...office.people import authority_of, contacts_of, last_standing_day
from ...office.relations.demands import Demands
from ...office.relations.relation import (
    find_relation,
    pick_product,
    product_values,
    products_of,
    relation_values,
)
from ...office.relations.snapshot import load_snapshot
from ...period import Period
from ...plan import Office, Plan
from ...runtime.preparing import NotReady, agreed_products, judge_start
from ...simulation.cast import Client
from ...simulation.starting import invent_product
from ...simulation.world import World
from ..desk import Desk
from ..unknown import refuse_relation


class Taken(NamedTuple):
    """What a simulation takes of a relation; `notes` say in Dutch what a real start would stumble over."""

    relation: dict[str, Scalar]
    product: dict[str, Scalar]
    automations_off: tuple[str, ...]
    world: World
    notes: tuple[str, ...]


def take_relation(
    desk: Desk, plan: Plan, office: Office, number: str, period: Period, on: date
) -> Taken | Refusal:
    """Return what the office holds of a relation for a filing of a plan, which need not be published.

    `office` are the definitions that the plan was compiled with, `on` is the day of the start. Reads only.
    Raises DatabaseError.
    """
    return desk.read(lambda connection: _take(connection, desk, plan, office, number, period, on))


def _take(
    connection: Connection, desk: Desk, plan: Plan, office: Office, number: str, period: Period, on: date
) -> Taken | Refusal:
    relation = find_relation(connection, number)
    if relation is None:
        return refuse_relation(connection, number, "unknown_relation")
    snapshot = load_snapshot(connection, [number])
    agreed = agreed_products(products_of(connection, number), plan.products)
    taken = pick_product(agreed, "-", period.start)
    product = product_values(taken, office) if taken else invent_product(office, plan, period.kind)
    clients = _list_clients(connection, number, str(product["id"]), on)
    world = World(
        clients=clients or (Client(),),
        unreachable=tuple(one.id for one in contacts_of(connection, number) if not one.email),
        standing_until=last_standing_day(snapshot.held[number].standing, str(product["id"]), on),
        way=taken.way if taken else None,
        recipient=taken.recipient if taken else None,
    )
    missing: tuple[str, ...] = ()
    if snapshot.office is not None:
        demands = Demands(plan, desk.equipment.reports.identity_needs())
        judged = judge_start(snapshot, demands, number, "-", period, on)
        missing = tuple(one.text for one in judged.missing) if isinstance(judged, NotReady) else ()
    notes = (f"Een echte opdracht zou nu niet starten. {' '.join(missing)}",) if missing else ()
    return Taken(relation_values(relation, office), product, relation.automations_off, world, notes)


def _list_clients(connection: Connection, number: str, product: str, on: date) -> tuple[Client, ...]:
    found = []
    for one in contacts_of(connection, number):
        rights = authority_of(connection, one.id, number, product, on)
        found.append(
            Client(
                id=one.id,
                name=one.name,
                salutation=one.salutation,
                primary=one.primary,
                functions=one.functions,
                may=rights.may,
                jointly=rights.jointly,
                language=one.language,
            )
        )
    return tuple(found)
