"""What a worker looks after beside its tasks."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from temporalio.client import Client

from kantoor.office.database.tables import sessions
from kantoor.office.visits.sessions import begin_session
from kantoor.office.visits.tokens import digest_token
from kantoor.runtime.rounds import make_rounds

from .office import make_office


async def test_visits_that_are_over_are_forgotten(dev_client: Client, tmp_path: Path) -> None:
    office, now, hour = make_office(tmp_path / "home"), datetime.now(UTC), timedelta(hours=1)
    with office.database.write() as connection:
        begin_session(connection, "ans", at=now - hour, until=now - hour)
        token = begin_session(connection, "ans", at=now, until=now + hour)

    def list_sessions() -> list[str]:
        with office.database.read() as connection:
            return list(connection.execute(select(sessions.c.token)).scalars())

    rounds = asyncio.create_task(make_rounds(office.equipment, dev_client))
    async with asyncio.timeout(30):
        while len(list_sessions()) > 1:
            await asyncio.sleep(0.05)
    assert list_sessions() == [digest_token(token)]
    rounds.cancel()
    with suppress(asyncio.CancelledError):
        await rounds
    office.equipment.close()
