"""Two members of a fiscal unit, with one OB number, race to the transaction that writes a delivery (R63).

Each in a process of its own, on one real database, many times over: exactly one may send, and the other is
told whose return is in the way. What lies before it (who may start) and after it (Digipoort) is in the other
scenes.
"""

import multiprocessing
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

from kantoor.office.database.engine import Database, open_database, sqlite_url
from kantoor.office.database.migrate import upgrade
from kantoor.office.database.tables import filings, plans, relations
from kantoor.office.filings.deliveries import Delivery, NewDelivery, begin_delivery
from kantoor.office.filings.overlaps import FiledAlready

from ..material import PRODUCT, TEMPLATE

TITLE = "of two returns under one OB number one goes out, and the other is told"
MEMBERS = ("1001", "2001")
SECONDS = 60
_FIRST_YEAR = 2000


@dataclass(frozen=True)
class Raced:
    """What each member was told, race by race: `sends`, the filing that is in the way, or something else."""

    told: tuple[tuple[str, str], ...]

    def lines(self) -> Iterator[str]:
        """Yield what to print."""
        first = sum(one == "sends" for one, _ in self.told)
        yield f"{'raced under one OB number':<32}{len(self.told)} times, the first member sent {first} times"

    def violations(self) -> Iterator[str]:
        """Yield every sentence of what should not be so."""
        for number, told in enumerate(self.told):
            winners = [place for place in (0, 1) if told[place] == "sends"]
            if len(winners) != 1:
                yield f"race {number}: {len(winners)} of two may send: {told}"
            elif told[1 - winners[0]] != name_of(MEMBERS[winners[0]], number):
                yield f"race {number}: the other was told {told[1 - winners[0]]!r}"


def race(times: int, home: Path) -> Raced:
    """Let both race so often, each time over another month, on an office database in `home`."""
    home.mkdir(parents=True, exist_ok=True)
    url = sqlite_url(home / "kantoor.db")
    database = open_database(url)
    upgrade(database)
    _write_filings(database, times)
    database.close()
    processes = multiprocessing.get_context("spawn")
    barrier, told = processes.Barrier(len(MEMBERS)), processes.SimpleQueue()
    runners = [processes.Process(target=_run, args=(url, member, times, barrier, told)) for member in MEMBERS]
    for one in runners:
        one.start()
    found: dict[str, Sequence[str]] = dict(told.get() for _ in MEMBERS)
    for one in runners:
        one.join(SECONDS)
    return Raced(tuple(zip(*(found[member] for member in MEMBERS), strict=True)))


def name_of(member: str, number: int) -> str:
    """Return the id of a member's filing in a race."""
    return f"filing/{TEMPLATE}/{member}/{_month(number):%Y-%m}/-/1"


def _run(
    url: str, member: str, times: int, barrier: Barrier, told: "SimpleQueue[tuple[str, list[str]]]"
) -> None:
    """Race as one member: begin each delivery at the moment at which the other does."""
    database = open_database(url)
    said: list[str] = []
    try:
        for number in range(times):
            barrier.wait(SECONDS)
            said.append(_begin(database, member, number))
    finally:
        said += ["broke off"] * (times - len(said))
        told.put((member, said))
        database.close()


def _begin(database: Database, member: str, number: int) -> str:
    now = datetime.now(UTC)
    new = NewDelivery(
        filing=name_of(member, number),
        number=1,
        attempt=1,
        relation=member,
        identity_digest=f"the OB number of race {number}",  # else the race before is still unanswered
        message_kind="Omzetbelasting",
        document="aangifte",
        sha256="ab" * 32,
        aanleverkenmerk=f"K-{member}-{number}",
        begun_at=now,
        expires_at=now + timedelta(minutes=5),
    )
    with database.write() as connection:
        begun = begin_delivery(connection, new)
        if isinstance(begun, Delivery):
            return "sends"
        return begun.filing if isinstance(begun, FiledAlready) else type(begun).__name__


def _month(number: int) -> date:
    years, month = divmod(number, 12)
    return date(_FIRST_YEAR + years, month + 1, 1)


def _write_filings(database: Database, times: int) -> None:
    """Write both members and a filing of each over every month that is raced about."""
    at = datetime.now(UTC)
    with database.write() as connection:
        connection.execute(
            plans.insert().values(digest="plan", template=TEMPLATE, json="{}", published_at=at, active=True)
        )
        for member in MEMBERS:
            connection.execute(
                relations.insert().values(number=member, name=f"Lid {member}", kind="organisation")
            )
            connection.execute(filings.insert(), [_row(member, number) for number in range(times)])


def _row(member: str, number: int) -> dict[str, object]:
    first = _month(number)
    return {
        "id": name_of(member, number),
        "template": TEMPLATE,
        "relation": member,
        "period": f"{first:%Y-%m}",
        "sub_number": "-",
        "sequence": 1,
        "product": PRODUCT,
        "plan": "plan",
        "start_date": first,
        "first_day": first,
        "last_day": _month(number + 1) - timedelta(days=1),
    }
