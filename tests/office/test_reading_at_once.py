"""Lists are read with a few statements, the same number for ten relations as for a hundred."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Table, TextClause, select, update

from kantoor.office.database.engine import Database
from kantoor.office.database.tables import (
    OPEN,
    STUCK,
    authorities,
    chat_lines,
    contacts,
    filings,
    recurrences,
    relation_contacts,
    relation_products,
    relation_roles,
    relations,
    team,
    work,
)
from kantoor.office.overviews.insights import Page, list_relations
from kantoor.office.overviews.leftovers import leftovers
from kantoor.office.overviews.planner import planner
from kantoor.office.overviews.relation_page import relation_page
from kantoor.office.overviews.unread_chats import find_unread, find_unread_of_contact
from kantoor.office.overviews.worklist import work_of, work_of_nobody
from kantoor.office.people import find_person
from kantoor.office.plans import find_plan
from kantoor.office.relations.next_starts import find_missing_of
from kantoor.office.relations.recipients import find_footing
from kantoor.office.relations.snapshot import load_snapshot
from kantoor.period import Period
from kantoor.plan import digest
from kantoor.service.starting.candidates import candidates
from kantoor.service.starting.wishes import Selection, Wish
from tests.counting import count_statements

from .material import NEEDS, OFFICE, PLAN, TODAY, VAT, find_filter, have_in_force

MONTH = Period.parse("2026-01")


def fill(database: Database, count: int) -> None:
    """Fill an office: half of its relations lack something, all have work for Ans, some of it by fallback."""
    numbers = [f"{2000 + index}" for index in range(count)]
    with database.write() as connection:
        for table, rows in _rows(numbers).items():
            connection.execute(table.insert(), rows)


def _rows(numbers: list[str]) -> dict[Any, list[dict[str, Any]]]:
    rows = [_relation(number, lacking=turn % 2 == 0) for turn, number in enumerate(numbers)]
    people: dict[Any, list[dict[str, Any]]] = {
        team: [{"id": "ans", "name": "Ans", "email": "ans@linde.example", "qualifications": []}],
        contacts: [{"id": "klant", "name": "Klant", "email": "klant@klant.example"}],
    }
    tables = (relations, relation_contacts, authorities, relation_roles, relation_products, filings, work)
    tables += (recurrences, chat_lines)
    return people | {table: [row for one in rows for row in one[table]] for table in tables}


def _relation(number: str, *, lacking: bool) -> dict[Any, list[dict[str, Any]]]:
    at, filing = {"relation": number}, f"filing/btw-aangifte/{number}/2026-01/-/1"
    item = {"filing": filing, "phase": "opstellen", "title": "Opstellen", "contacts": [], "missing": ["x"]}
    role = "relatiebeheerder" if lacking else "administratie"
    line = {"filing": filing, "contact": "klant", "at": datetime(2026, 2, 1), "said": b""}
    return {
        relations: [
            {"number": number, "name": "X", "kind": "organisation", "ob_number": None if lacking else number}
        ],
        relation_contacts: [at | {"contact": "klant", "functions": ["directeur"], "primary": True}],
        authorities: [at | {"contact": "klant", "since": date(2025, 1, 1), "may": ["approve", "answer"]}],
        relation_roles: [at | {"role": "relatiebeheerder", "member": "ans"}],
        relation_products: [at | {"product": VAT, "frequency": "month"}],
        filings: [
            at
            | {"id": filing, "template": "btw-aangifte", "period": "2026-01", "sub_number": "-"}
            | {"sequence": 1, "product": VAT, "plan": digest(PLAN), "title": "Btw", "start_date": TODAY}
            | {"first_day": MONTH.start, "last_day": MONTH.end}
        ],
        work: [
            item | {"position": 0, "kind": "phase", "item": "opstellen", "roles": [role], "client": False},
            item | {"position": 1, "kind": "task", "item": "opstellen.1", "roles": [], "client": True},
        ],
        recurrences: [
            at
            | {"template": "btw-aangifte", "sub_number": "-", "product": VAT, "next_period": "2026-02"}
            | {"next_start": TODAY, "problem": "Het RSIN ontbreekt."}
        ],
        chat_lines: [line | {"by": by, "act": by, "mail": "none"} for by in ("klant", "ans")],
    }


def _work(connection: Connection, who: str) -> int:
    person = find_person(connection, who)
    assert person is not None
    return len(work_of(connection, person, TODAY))


def _start(connection: Connection, **wanted: Any) -> int:
    selection = Selection(product=VAT)
    wish = Wish(template="btw-aangifte", period=MONTH, selection=selection, **wanted)
    found = candidates(connection, "ans", wish, NEEDS)
    assert isinstance(found, list)
    return len(found)


def _start_by_number(connection: Connection) -> int:
    numbers = tuple(connection.execute(relations.select()).scalars())
    wish = Wish(template="btw-aangifte", period=MONTH, selection=Selection(relations=numbers))
    found = candidates(connection, "ans", wish, NEEDS)
    assert isinstance(found, list)
    return len(found)


def _filtered(connection: Connection, page: Page | None, wanted: str = "") -> int:
    return len(list_relations(connection, find_filter(wanted), TODAY, NEEDS, page))


READS: dict[str, tuple[Callable[[Connection], int], float]] = {
    "readiness": (lambda c: len(find_missing_of(c, have_in_force(PLAN), NEEDS, TODAY)), 1),
    "relations": (lambda c: _filtered(c, None), 1),
    "relations of a member": (lambda c: _filtered(c, None, "medewerker:ans product:aangifte-btw"), 1),
    "relations that lack": (lambda c: _filtered(c, None, "mist:ob-nummer"), 0.5),
    "a page of relations": (lambda c: _filtered(c, Page(size=1000), "loopt:ja"), 1),
    "work of a member": (lambda c: _work(c, "ans"), 2),
    "work of a client": (lambda c: _work(c, "klant"), 1),
    "work of nobody": (lambda c: len(work_of_nobody(c, TODAY)) + 1, 0),
    "chats of a member": (lambda c: len(find_unread(c, "ans", TODAY)), 1),
    "chats of a client": (lambda c: len(find_unread_of_contact(c, "klant")), 1),
    "planner": (lambda c: len(planner(c, VAT, TODAY).rows), 1),
    "start": (_start, 1),
    "start recurring": (lambda c: _start(c, recurring=True), 1),
    "start again": (lambda c: _start(c, again="aanvulling"), 1),
    "start by number": (_start_by_number, 1),
    "leftovers": (lambda c: len(leftovers(c, OFFICE)), 0),
    "a page of one": (lambda c: int(relation_page(c, "2000", TODAY, NEEDS) is not None), 0),
    "an offer": (
        lambda c: len(
            find_footing(load_snapshot(c, ["2000"]), PLAN, "aanbieden", "2000", VAT, TODAY).recipients
        ),
        0,
    ),
}
"""Each read, counting what it finds, and how much of that there is for each relation."""


def test_statements_do_not_grow_with_the_number_of_relations(new_databases: Callable[..., Database]) -> None:
    few, many = new_databases(), new_databases()
    fill(few, 10)
    fill(many, 100)
    for database in (few, many):
        with database.read() as connection:
            find_plan(connection, digest(PLAN))  # a program reads what a digest names once
    for name, (read, each) in READS.items():
        sent, found = {}, {}
        for database, count in ((few, 10), (many, 100)):
            with count_statements(database) as statements, database.read() as connection:
                found[count] = read(connection)
            sent[count] = statements
        assert found[100] - found[10] == 90 * each, f"{name} finds other rows"
        assert sent[10] == sent[100], f"{name} sends {len(sent[10])} and {len(sent[100])} statements"


def test_a_page_goes_on_after_the_one_before(database: Database) -> None:
    fill(database, 10)

    def page(after: str | None, wanted: str = "") -> list[str]:
        with database.read() as connection:
            part = Page(size=3, after=after)
            found = list_relations(connection, find_filter(wanted), TODAY, NEEDS, part)
        return [line.number for line in found]

    assert page(None) == ["2000", "2001", "2002"]
    assert page("2002") == ["2003", "2004", "2005"]
    assert page("2008") == ["2009"]
    assert page("2003", "mist:ob-nummer") == ["2004", "2006", "2008"]


def test_work_for_an_unfilled_role_is_of_its_fallback_alone(database: Database) -> None:
    fill(database, 2)
    with database.write() as connection:
        rows = [{"id": "bas", "name": "Bas", "email": "bas@linde.example", "qualifications": []}]
        connection.execute(team.insert(), rows)
        connection.execute(
            relation_roles.insert(), [{"relation": "2001", "role": "administratie", "member": "bas"}]
        )

    def phases(who: str) -> set[str]:
        with database.read() as connection:
            person = find_person(connection, who)
            assert person is not None
            return {line.relation for line in work_of(connection, person, TODAY) if line.kind == "phase"}

    assert (phases("ans"), phases("bas")) == ({"2000"}, {"2001"})
    with database.write() as connection:
        connection.execute(update(team).where(team.c.id == "bas").values(active=False))
    assert phases("ans") == {"2000", "2001"}


@pytest.mark.parametrize(("year", "period"), [(2026, None), (None, MONTH)])
def test_the_planner_of_a_year_or_a_period_has_those_alone(
    database: Database, year: int | None, period: Period | None
) -> None:
    fill(database, 3)
    with database.write() as connection:
        other = {"period": "2025-12", "id": "filing/btw-aangifte/2000/2025-12/-/1"}
        connection.execute(work.delete().where(work.c.filing == "filing/btw-aangifte/2000/2026-01/-/1"))
        connection.execute(chat_lines.delete())
        connection.execute(filings.update().where(filings.c.relation == "2000").values(**other))
        connection.execute(recurrences.delete())
    with database.read() as connection:
        grid = planner(connection, VAT, TODAY, year, period)
    assert (grid.periods, [row.relation for row in grid.rows]) == (("2026-01",), ["2001", "2002"])


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("table", "condition", "index"),
    [(filings, OPEN, "ix_filings_open"), (recurrences, STUCK, "ix_recurrences_stuck")],
    ids=["open filings", "stuck recurrences"],
)
def test_an_index_of_part_of_the_rows_serves_those_who_ask_for_them(
    database: Database, table: Table, condition: TextClause, index: str
) -> None:
    query = select(table.c.relation).where(condition)
    with database.read() as connection:
        said = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query.compile(connection)}").all()
    assert index in str(said)
