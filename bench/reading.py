"""Reading an office of real size: each list beside the SQL that a person would write to fetch the same rows.

Both are asked of the same database in turns, with the garbage collector set as `kantoor` sets it; the best
turn of each counts, in CPU time of this process (SQLite works in it), since a busy machine stretches the
clock on the wall. The SQL gives bare rows: what the lists do besides is give them types, work out what is
missing, and put them in order.

What the lists show, the SQL fetches as well: beside the columns of a row these are agreed products with
fewer filings than periods, who else has a number of the relation, and whatever it is judged by; for a page
also the years that the planner can turn to, and by how many relations a filter can be narrowed. It leaves
to the lists what a day decides: which of those periods should have started by now, by calendar and plan,
and what each relation lacks.
"""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from kantoor.cli.main import COLLECT_AFTER
from kantoor.filing.outcome import Refusal
from kantoor.filters import Filter, Term
from kantoor.office.database.engine import Database
from kantoor.office.overviews.insights import PARTS, Page, Part, list_relations
from kantoor.office.overviews.planner import planner
from kantoor.office.overviews.worklist import work_of
from kantoor.office.people import find_person
from kantoor.period import Period
from kantoor.sbr.registry import REPORTS
from kantoor.service.starting.candidates import candidates
from kantoor.service.starting.wishes import Selection, Wish

from .big_office import MEMBER, TODAY, Size, make_office
from .material import PRODUCT, TEMPLATE

TURNS = 15
PAGE = 100
MONTH = Period.parse("2026-01")
NEXT = Period.parse("2026-02")

Reads = Callable[[Connection], Sequence[Any]]


@dataclass(frozen=True)
class Read:
    """One list: how many rows it has, CPU seconds for it, and for the SQL that fetches the same rows."""

    title: str
    rows: int
    own: float
    bare: float

    def line(self) -> str:
        """Return the line to print."""
        ratio = self.own / self.bare
        own, bare = self.own * 1000, self.bare * 1000
        return f"{self.title:<42}{self.rows:6} rows{own:9.1f} ms   SQL{bare:9.1f} ms   ratio{ratio:6.2f}"


def measure(home: Path, size: Size = Size()) -> Iterator[Read]:  # noqa: B008  it is frozen
    """Make the office in `home` and yield what each list costs."""
    home.mkdir(parents=True, exist_ok=True)
    database = make_office(home, size)
    gc.set_threshold(COLLECT_AFTER)
    gc.freeze()
    try:
        for title, own, bare, turns in _READS:
            yield _compare(database, title, own, bare, turns)
    finally:
        database.close()


def _compare(database: Database, title: str, own: Reads, bare: Reads, turns: int) -> Read:
    """Ask both in turns, each in a moment of its own: what is asked again in one is answered from memory."""
    times: dict[Reads, list[float]] = {own: [], bare: []}
    counts: dict[Reads, int] = {}
    for _ in range(turns):
        for reads in (bare, own):
            with database.read() as connection:
                began = time.process_time()
                rows = reads(connection)
                times[reads].append(time.process_time() - began)
            counts[reads] = len(rows)
    assert counts[own] == counts[bare], f"{title}: {counts[own]} rows, by SQL {counts[bare]}"
    return Read(title, counts[own], min(times[own]), min(times[bare]))


def _own_work(connection: Connection) -> Sequence[Any]:
    person = find_person(connection, MEMBER)
    assert person is not None
    return work_of(connection, person, TODAY)


def _own_planner(connection: Connection) -> Sequence[Any]:
    return planner(connection, PRODUCT, TODAY, period=MONTH).rows


def _own_page(connection: Connection) -> Sequence[Any]:
    return _list_page(connection, PARTS)


def _own_bare_page(connection: Connection) -> Sequence[Any]:
    return _list_page(connection, [part for part in PARTS if part != "lacks"])


def _list_page(connection: Connection, parts: Sequence[Part]) -> Sequence[Any]:
    asked = {"product": PRODUCT, "member": MEMBER, "status": "active"}
    wanted = Filter(terms=tuple(Term(field=name, values=(value,)) for name, value in asked.items()))
    return list_relations(connection, wanted, TODAY, REPORTS.identity_needs(), Page(size=PAGE), parts)


def _own_relations(connection: Connection) -> Sequence[Any]:
    return list_relations(connection, Filter(), TODAY, REPORTS.identity_needs())


def _own_start(connection: Connection) -> Sequence[Any]:
    wish = Wish(template=TEMPLATE, period=NEXT, selection=Selection(product=PRODUCT))
    found = candidates(connection, MEMBER, wish, REPORTS.identity_needs())
    assert not isinstance(found, Refusal), found.text
    return found


def sql_work(connection: Connection) -> Sequence[Any]:
    """Return the rows of somebody's work, as a person would ask for them on SQLite."""
    names = (MEMBER, MEMBER, MEMBER)
    rows = connection.exec_driver_sql(_WORK, names).fetchall()
    stuck = connection.exec_driver_sql(_STUCK, (MEMBER, MEMBER)).fetchall()
    theirs = "IN (SELECT relation FROM relation_roles WHERE member = ?)"
    return [*rows, *stuck, *connection.exec_driver_sql(_GAPS.format(theirs), (MEMBER,)).fetchall()]


def _sql_planner(connection: Connection) -> Sequence[Any]:
    return connection.exec_driver_sql(_PLANNER, (PRODUCT, MONTH.code)).fetchall()


def sql_planner_page(connection: Connection) -> Sequence[Any]:
    """Return the filings of a page of the planner: fifty relations and a year, counted, and its years."""
    connection.exec_driver_sql(_PLANNER_YEARS, (PRODUCT, PRODUCT, PRODUCT)).fetchall()
    named = connection.exec_driver_sql(_PLANNER_RELATIONS, (PRODUCT, PRODUCT)).fetchall()
    numbers = tuple(row[0] for row in named)
    among = f"IN ({', '.join('?' * len(numbers))})"
    connection.exec_driver_sql(f"{_PLANNED} {among}", (PRODUCT, *numbers)).fetchall()
    return connection.exec_driver_sql(_PLANNER_PAGE.format(among), (PRODUCT, *numbers)).fetchall()


def sql_insights(connection: Connection) -> Sequence[Any]:
    """Return a page of relations with what is around them, and by how many the filter can be narrowed."""
    connection.exec_driver_sql(_NARROWED, (MEMBER, PRODUCT, PRODUCT)).fetchall()
    connection.exec_driver_sql("SELECT id, name FROM team").fetchall()
    return _fetch_page(connection, _AROUND)


def _sql_page(connection: Connection) -> Sequence[Any]:
    """Return a page of relations that a filter finds with what is around them, as a person would ask."""
    for statement in _PRESENCE:
        connection.exec_driver_sql(statement).fetchall()
    return _fetch_page(connection, (*_AROUND, *_JUDGED_BY))


def _sql_bare_page(connection: Connection) -> Sequence[Any]:
    return _fetch_page(connection, _SHOWN)


def _fetch_page(connection: Connection, around: Sequence[str]) -> Sequence[Any]:
    rows = connection.exec_driver_sql(_PAGE, (PRODUCT, MEMBER, PAGE)).fetchall()
    numbers = tuple(row[0] for row in rows)
    among = f"IN ({', '.join('?' * len(numbers))})"
    for statement in around:
        connection.exec_driver_sql(statement.format(among), numbers).fetchall()
    return rows


def _sql_relations(connection: Connection) -> Sequence[Any]:
    rows = connection.exec_driver_sql(_RELATIONS).fetchall()
    for statement in (*_PRESENCE, *(one.format("IS NOT NULL") for one in (*_AROUND, *_JUDGED_BY))):
        connection.exec_driver_sql(statement).fetchall()
    return rows


def _sql_start(connection: Connection) -> Sequence[Any]:
    payers = (
        f"IN (SELECT relation FROM relation_products WHERE product = '{PRODUCT}' AND frequency = 'month')"
    )
    rows = connection.exec_driver_sql(f"{_RELATIONS} WHERE number {payers} ORDER BY number").fetchall()
    for statement in (*_AROUND[:-2], *_RUNNING):
        connection.exec_driver_sql(statement.format(payers)).fetchall()
    return rows


_FALLBACK = "WITH fallback(role, other) AS (VALUES ('fiscaal', 'accountant'))"

_WORK = f"""
{_FALLBACK}
SELECT work.filing, work.kind, work.item, work.phase, work.title, work.roles, work.due, work.missing,
       work.proof, filings.template, filings.title, filings.relation, filings.period, relations.name
FROM (SELECT DISTINCT relation FROM relation_roles WHERE member = ?) AS theirs
JOIN filings ON filings.relation = theirs.relation
JOIN work ON work.filing = filings.id
JOIN relations ON relations.number = filings.relation
WHERE EXISTS (
  SELECT 1 FROM json_each(work.roles) AS asked
  WHERE EXISTS (SELECT 1 FROM relation_roles AS r
                WHERE r.relation = filings.relation AND r.role = asked.value AND r.member = ?)
     OR (NOT EXISTS (SELECT 1 FROM relation_roles AS r JOIN team ON team.id = r.member AND team.active
                     WHERE r.relation = filings.relation AND r.role = asked.value)
         AND EXISTS (SELECT 1 FROM fallback JOIN relation_roles AS r ON r.role = fallback.other
                     WHERE fallback.role = asked.value AND r.relation = filings.relation AND r.member = ?)))
ORDER BY work.due, filings.relation, work.filing, work.item
"""

_STUCK = """
SELECT recurrences.*, relations.name FROM recurrences
JOIN relations ON relations.number = recurrences.relation
JOIN relation_roles AS r ON r.relation = recurrences.relation AND r.role = 'relatiebeheerder' AND r.member = ?
WHERE recurrences.status = 'running' AND recurrences.problem <> ''
  AND recurrences.relation IN (SELECT relation FROM relation_roles WHERE member = ?)
"""

_PLANNER = """
SELECT filings.relation, filings.template, filings.sub_number, filings.period, filings.id, filings.planner,
       filings.due, filings.ended, relations.name
FROM filings JOIN relations ON relations.number = filings.relation
WHERE filings.product = ? AND filings.period = ?
ORDER BY filings.relation, filings.template, filings.sub_number, filings.sequence
"""

_PLANNER_RELATIONS = """
SELECT number, count(*) OVER () FROM relations
WHERE EXISTS (SELECT 1 FROM filings WHERE relation = number AND product = ?
              AND period >= '2026' AND period < '2027')
   OR EXISTS (SELECT 1 FROM recurrences WHERE relation = number AND product = ? AND status = 'running'
              AND next_period >= '2026' AND next_period < '2027')
ORDER BY number LIMIT 50
"""

_PLANNER_YEARS = """
WITH RECURSIVE years(period) AS (
  SELECT min(period) FROM filings WHERE product = ?
  UNION ALL
  SELECT (SELECT min(period) FROM filings
          WHERE product = ? AND period >= CAST(substr(years.period, 1, 4) + 1 AS TEXT))
  FROM years WHERE years.period IS NOT NULL)
SELECT substr(period, 1, 4) FROM years WHERE period IS NOT NULL
UNION SELECT substr(next_period, 1, 4) FROM recurrences WHERE product = ? AND status = 'running'
"""

_PLANNED = """
SELECT relation, template, sub_number, next_period FROM recurrences
WHERE product = ? AND status = 'running' AND next_period LIKE '2026%' AND relation
"""

_PLANNER_PAGE = """
SELECT filings.relation, filings.template, filings.sub_number, filings.period, filings.id, filings.planner,
       filings.due, filings.ended, relations.name
FROM filings JOIN relations ON relations.number = filings.relation
WHERE filings.product = ? AND filings.period >= '2026' AND filings.period < '2027' AND filings.relation {}
ORDER BY filings.relation, filings.template, filings.sub_number, filings.sequence
"""

_RELATIONS = """
SELECT number, name, kind, legal_form, ob_number, rsin, bsn, sbr_enabled, status FROM relations
"""

_PAGE = f"""
{_RELATIONS}
WHERE status = 'active'
  AND EXISTS (SELECT 1 FROM relation_products WHERE relation = number AND product = ?)
  AND EXISTS (SELECT 1 FROM relation_roles JOIN team ON team.id = member AND team.active
              WHERE relation = number AND member = ?)
ORDER BY number LIMIT ?
"""

_NARROWED = """
WITH theirs AS MATERIALIZED (
  SELECT DISTINCT relation FROM relation_roles JOIN team ON team.id = member AND team.active
  WHERE member = ?),
found AS MATERIALIZED (
  SELECT number, status, lower(legal_form) AS legal_form, sbr_enabled
  FROM theirs JOIN relations ON number = relation
  WHERE EXISTS (SELECT 1 FROM relation_products AS p WHERE p.relation = number AND p.product = ?
                AND (p.until IS NULL OR p.until >= '2026-01-12')))
SELECT '', '', count(*) FROM found
UNION ALL SELECT 'status', status, count(*) FROM found GROUP BY status
UNION ALL SELECT 'legal_form', legal_form, count(*) FROM found GROUP BY legal_form
UNION ALL SELECT 'sbr', sbr_enabled, count(*) FROM found GROUP BY sbr_enabled
UNION ALL SELECT 'product', product, count(DISTINCT relation) FROM relation_products
  WHERE relation IN (SELECT relation FROM theirs) AND (until IS NULL OR until >= '2026-01-12')
  GROUP BY product
UNION ALL SELECT 'frequency', frequency, count(DISTINCT relation) FROM relation_products
  WHERE relation IN (SELECT relation FROM theirs) AND product = ?
    AND (until IS NULL OR until >= '2026-01-12')
  GROUP BY frequency
"""
"""Of each field how many relations have which value, of those that the rest of the filter finds."""

_GAPS = """
SELECT products.relation, products.product, products.sub_number, products.frequency, products.since,
       recurrences.next_period
FROM relation_products AS products
JOIN recurrences ON recurrences.relation = products.relation AND recurrences.product = products.product
 AND recurrences.sub_number = products.sub_number AND recurrences.status = 'running'
WHERE products.relation {}
  AND (SELECT count(*) FROM filings
       WHERE filings.relation = products.relation AND filings.product = products.product
         AND filings.sub_number = products.sub_number AND filings.first_day >= products.since
         AND filings.period < recurrences.next_period)
      * CASE products.frequency WHEN 'month' THEN 1 WHEN 'quarter' THEN 3 ELSE 12 END
    < (substr(next_period, 1, 4) - substr(since, 1, 4)) * 12 - substr(since, 6, 2)
      + CASE products.frequency WHEN 'month' THEN substr(next_period, 6, 2)
                                WHEN 'quarter' THEN 3 * substr(next_period, 7, 1) - 2 ELSE 1 END
"""
"""What has fewer filings than periods, from its first day to where its recurrence goes on."""

_AROUND = (
    "SELECT * FROM relation_products WHERE relation {} ORDER BY relation, product, sub_number",
    "SELECT relation, role, member FROM relation_roles JOIN team ON team.id = member AND team.active"
    " WHERE relation {}",
    'SELECT relation, id, name, email, functions, "primary" FROM relation_contacts'
    " JOIN contacts ON contacts.id = contact WHERE relation {} ORDER BY relation, id",
    "SELECT relation, contact, product, since, until, may, jointly FROM authorities WHERE relation {}",
    "SELECT relation, product, since, until FROM standing_authorities WHERE relation {}",
    "SELECT own.number, other.number, other.name FROM relations AS own JOIN relations AS other"
    " ON other.ob_number = own.ob_number AND other.number <> own.number WHERE own.number {}",
    _GAPS,
    "SELECT relation, count(*) FROM filings WHERE status <> 'afgesloten' AND relation {} GROUP BY relation",
)
"""What the office holds around relations; a start needs not the last two, gaps and open filings."""

_SHOWN = (_AROUND[0], _AROUND[1], _AROUND[-1])
"""What a line shows besides what the relation lacks: products, roles, open filings."""

_JUDGED_BY = (
    *(
        f"SELECT own.number, other.number, other.name FROM relations AS own JOIN relations AS other"
        f" ON other.{field} = own.{field} AND other.number <> own.number WHERE own.number {{}}"
        for field in ("rsin", "bsn", "btw_id", "kvk")
    ),
    "SELECT DISTINCT relation, kind FROM dossier_documents WHERE relation {}",
    "SELECT DISTINCT relation FROM dossier WHERE relation {}",
)
"""What lacks is judged by these too: who has another number in common, and what is in the dossier."""

_PRESENCE = (
    "SELECT id, name, qualifications, phone, initials, prefix, surname FROM team",
    "SELECT member, since, until FROM absences WHERE until IS NULL OR until >= '2026-01-12'",
    "SELECT member, role, stand_in, since, until FROM stand_ins WHERE until IS NULL OR until >= '2026-01-12'",
    "SELECT member, qualification, since, until FROM qualifications",
)
"""And by who works here on that day, with which titles."""

_RUNNING = (
    f"SELECT relation, sub_number, id, sequence, status, recorded, again_reason FROM filings"
    f" WHERE template = '{TEMPLATE}' AND period = '{NEXT.code}' AND relation {{}}",
)

_READS: tuple[tuple[str, Reads, Reads, int], ...] = (
    ("work list of one person", _own_work, sql_work, TURNS),
    ("planner of a month", _own_planner, _sql_planner, TURNS),
    (f"relations, filtered, a page of {PAGE}", _own_bare_page, _sql_bare_page, TURNS),
    ("  the same, with what they lack", _own_page, _sql_page, TURNS),
    ("relations, all, with what they lack", _own_relations, _sql_relations, 2),
    ("start --dry-run for all monthly payers", _own_start, _sql_start, 2),
)
