"""Plans that are published for a while in the office that runs for all tests, and moves to them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from kantoor.data import replace
from kantoor.office.plans import active_office, active_plans, publish
from kantoor.office.visits.managers import make_manager, unmake_manager
from kantoor.plan import Checkpoint, Plan
from kantoor.runtime.activities.latest_state import read_latest
from kantoor.service.desk import Desk

from .town import Return, Town

BY_HAND = "met-de-hand"


@contextmanager
def published(town: Town, plan: Plan) -> Iterator[None]:
    """Have a plan be the active one of its template for a while."""

    def put(desk: Desk, plans: list[Plan]) -> None:
        with desk.equipment.database.write() as connection:
            office = active_office(connection)
            assert office is not None
            publish(connection, plans, office, revision="r9", author="Ans", at=datetime.now(UTC))

    async def scene(desk: Desk) -> list[Plan]:
        return [one.plan for one in desk.read(active_plans)]

    before = town.play(scene)
    others = [one for one in before if one.template != plan.template]

    def playing(plans: list[Plan]) -> Any:
        async def act(desk: Desk) -> None:
            put(desk, plans)

        return act

    town.play(playing([*others, plan]))
    try:
        yield
    finally:
        town.play(playing(before))


@contextmanager
def managing(town: Town, member: str) -> Iterator[str]:
    """Have a colleague have the right beheer for a while."""

    async def give(desk: Desk) -> None:
        with desk.equipment.database.write() as connection:
            make_manager(connection, member, datetime.now(UTC))

    async def take(desk: Desk) -> None:
        with desk.equipment.database.write() as connection:
            unmake_manager(connection, member)

    town.play(give)
    yield member
    town.play(take)


def plan_of(town: Town, template: str = BY_HAND) -> Plan:
    """Return the active plan of a template."""

    async def scene(desk: Desk) -> Plan:
        return next(one.plan for one in desk.read(active_plans) if one.template == template)

    return town.play(scene)


def offering_otherwise(plan: Plan) -> Plan:
    """Return the plan with an offer without payment, and one more mandatory checkpoint in its last phase."""
    phases = [
        replace(one, block=replace(one.offer, pay="nothing")) if one.offer else one for one in plan.phases
    ]
    last = phases[-1]
    more = (*last.checkpoints, Checkpoint(id="nagekeken", title="Nagekeken", required=True))
    return replace(plan, phases=(*phases[:-1], replace(last, checkpoints=more)))


def asking_more(plan: Plan) -> Plan:
    """Return the plan with one more mandatory checkpoint in its first phase."""
    first = plan.phases[0]
    more = (*first.checkpoints, Checkpoint(id="nagekeken", title="Nagekeken", required=True))
    return replace(plan, phases=(replace(first, checkpoints=more), *plan.phases[1:]))


def at_rest(town: Town, template: str = BY_HAND) -> Return:
    """Start a filing, and wait until nothing of it is on its way."""
    filing = town.begun(template=template)

    async def scene(desk: Desk) -> None:
        open_sealed = desk.equipment.document_ring.open_sealed
        async with asyncio.timeout(90):
            while True:
                latest = desk.read(lambda connection: read_latest(connection, id, open_sealed))
                if latest and not latest[1].journal.in_flight:
                    return
                await asyncio.sleep(0.02)

    id = filing.now().id
    town.play(scene)
    return filing


def at_the_client(town: Town, template: str) -> Return:
    """Start a filing and have it wait at the client."""
    filing = town.begun(template=template)
    filing.to("aanbieden")
    filing.until_offer("waiting")
    return filing
