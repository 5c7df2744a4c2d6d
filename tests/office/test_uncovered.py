"""Every period of an agreed product has a filing, a planned start, or a line that says why not (R64)."""

from datetime import date, datetime
from random import Random
from typing import Any

import pytest

from kantoor.office.alarms import NOT_BEGUN, raise_alarm
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import (
    BEGINNING,
    filings,
    recurrences,
    relation_products,
    relation_roles,
    relations,
)
from kantoor.office.filings.recurrences import Recurrence, save_recurrence
from kantoor.office.overviews.doubtful import find_doubtful
from kantoor.office.overviews.insights import list_relations
from kantoor.office.overviews.relation_page import relation_page
from kantoor.office.overviews.uncovered import find_uncovered, look_at, plans_by_product
from kantoor.office.overviews.worklist import WorkLine, work_of, work_of_nobody
from kantoor.office.people import find_person
from kantoor.office.plans import active_office, plans_in_force
from kantoor.office.relations.changes import RelationChange, record_changes
from kantoor.period import Period
from kantoor.plan import digest

from .material import NEEDS, PLAN, VAT, find_filter, start

MARCH = date(2026, 3, 15)
NOTHING = "Er is geen opdracht en geen herhaling."


def uncovered(office: Database, on: date = MARCH, relation: str = "1001") -> dict[str, str]:
    with office.read() as connection:
        return {one.period.code: one.why for one in find_uncovered(connection, on, [relation])}


def recur(office: Database, next_period: str, **facts: Any) -> None:
    known = {"relation": "1001", "template": "btw-aangifte", "product": VAT, "next_start": date(2026, 1, 31)}
    with office.write() as connection:
        save_recurrence(connection, Recurrence(**known | facts, next_period=next_period))


def run(office: Database, *periods: str, **facts: Any) -> None:
    with office.write() as connection:
        for period in periods:
            made = start(connection, "1001", period)
            if facts:
                connection.execute(filings.update().where(filings.c.id == made.id).values(**facts))


def change(office: Database, table: Any, **values: Any) -> None:
    own = table.c.number if table is relations else table.c.relation
    with office.write() as connection:
        connection.execute(table.update().where(own == "1001").values(**values))


def test_periods_whose_start_has_come_and_that_nothing_covers_are_told(office: Database) -> None:
    assert uncovered(office) == {"2026-01": NOTHING, "2026-02": NOTHING, "2026-03": NOTHING}
    assert uncovered(office, date(2025, 12, 31)) == {"2026-01": NOTHING}
    assert uncovered(office, date(2025, 12, 30)) == {}


def test_a_filing_covers_its_days_and_so_do_several_together(office: Database) -> None:
    run(office, "2026-02")
    assert [*uncovered(office)] == ["2026-01", "2026-03"]
    change(office, relation_products, frequency="quarter")
    assert [*uncovered(office)] == ["2026-Q1"]
    run(office, "2026-01", "2026-03")
    assert uncovered(office) == {}


def test_whoever_cancelled_a_filing_gave_a_reason(office: Database) -> None:
    run(office, "2026-01", "2026-02", "2026-03", status="afgesloten", ended="cancelled")
    assert uncovered(office) == {}


def test_a_filing_that_was_planned_and_does_not_begin_is_told_once_and_covers_nothing(
    office: Database,
) -> None:
    run(office, "2026-01", "2026-02")
    recur(office, "2026-03", next_start=date(2026, 3, 31))
    assert uncovered(office) == {}
    id = "filing/btw-aangifte/1001/2026-02/-/1"
    with office.write() as connection:
        raise_alarm(connection, NOT_BEGUN, id, "2026-03-01T09:30", "the server does not answer")
    assert uncovered(office) == {"2026-02": "De opdracht is gepland, maar begint niet."}
    (line,) = work(office, "ans")
    assert (line.kind, line.filing) == ("not_begun", id)
    assert line.missing[0].startswith(
        "Deze opdracht is gepland, maar sinds 1 maart 2026 om 09:30 niet begonnen."
    )


def test_a_start_that_was_planned_and_does_not_begin_covers_nothing(office: Database) -> None:
    run(office, "2026-01", "2026-02")
    recur(office, "2026-03", begun=False)
    assert uncovered(office) == {}  # whoever starts it is still at it
    id = "recurrence/btw-aangifte/1001/-"
    with office.write() as connection:
        raise_alarm(connection, NOT_BEGUN, id, "2026-03-01T09:30", "the server does not answer")
    assert uncovered(office) == {"2026-03": "De herhaling is gepland, maar begint niet."}
    (line,) = work(office, "ans")
    assert (line.kind, line.filing, line.due, line.late) == ("not_begun", id, date(2026, 1, 31), True)
    recur(office, "2026-03", begun=False, next_start=date(2026, 3, 20))
    assert uncovered(office) == {}  # its own day is still to come
    (line,) = work(office, "ans")
    assert (line.kind, line.due, line.late) == ("not_begun", date(2026, 3, 20), False)


def test_what_is_planned_is_covered(office: Database) -> None:
    recur(office, "2026-02")
    assert uncovered(office) == {"2026-01": "De herhaling gaat verder met februari 2026."}
    recur(office, "2026-01", once=True)
    assert uncovered(office) == {"2026-02": NOTHING, "2026-03": NOTHING}
    run(office, "2026-01")
    recur(office, "2026-01", once=True, status="stopped")  # as one that has started its filing
    assert uncovered(office) == {"2026-02": NOTHING, "2026-03": NOTHING}
    recur(office, "2026-02", once=True, status="stopped")
    assert uncovered(office) == {"2026-02": "De geplande start is geannuleerd.", "2026-03": NOTHING}


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"status": "paused"}, "De herhaling is gepauzeerd."),
        ({"status": "stopped"}, "De herhaling is gestopt."),
        (
            {"status": "stopped", "problem": "De afspraak is voorbij."},
            "De herhaling is gestopt. De afspraak is voorbij.",
        ),
    ],
)
def test_a_recurrence_that_starts_nothing_says_why(office: Database, facts: dict[str, str], why: str) -> None:
    run(office, "2026-01", "2026-02")
    recur(office, "2026-03", **facts)
    assert uncovered(office) == {"2026-03": why}


def test_of_a_relation_that_is_not_worked_for_any_more_it_is_told_and_of_a_prospect_not(
    office: Database,
) -> None:
    change(office, relations, status="bankrupt")
    text = "De relatie is failliet. Beëindig het product of start alsnog."
    assert set(uncovered(office).values()) == {text}
    change(office, relations, status="prospect")
    assert uncovered(office) == {}


def test_where_nobody_wrote_down_since_when_it_counts_from_what_there_is(office: Database) -> None:
    assert [*uncovered(office, relation="1003")] == ["2026-03"]
    with office.write() as connection:
        start(connection, "1003", "2026-01")
    assert [*uncovered(office, relation="1003")] == ["2026-02", "2026-03"]


def test_a_period_that_was_told_once_does_not_go_away_with_the_month(office: Database) -> None:
    told = RelationChange(
        relation="1003",
        kind="relation_products",
        subject=f"{VAT}/-/{BEGINNING.isoformat()}",
        before=None,
        after={"frequency": "month"},
        by=None,
        at=datetime(2026, 1, 15, 9),
    )
    with office.write() as connection:
        record_changes(connection, [told, told.model_copy(update={"at": datetime(2026, 3, 1, 9)})])
    days = (date(2026, 1, 15), date(2026, 2, 15), MARCH)
    assert [[*uncovered(office, day, relation="1003")] for day in days] == [
        ["2026-01"],
        ["2026-01", "2026-02"],
        ["2026-01", "2026-02", "2026-03"],
    ]


def test_what_ended_or_changed_is_asked_as_it_was_agreed_then(office: Database) -> None:
    change(office, relation_products, until=date(2026, 1, 31))
    with office.write() as connection:
        later = {"relation": "1001", "product": VAT, "frequency": "quarter", "since": date(2026, 4, 1)}
        connection.execute(relation_products.insert().values(later))
    assert [*uncovered(office, date(2026, 12, 1))] == ["2026-01", "2026-Q2", "2026-Q3", "2026-Q4"]


def work(office: Database, who: str | None) -> list[WorkLine]:
    with office.read() as connection:
        if who is None:
            found = work_of_nobody(connection, MARCH)
        else:
            person = find_person(connection, who)
            assert person is not None
            found = work_of(connection, person, MARCH)
        return [line for line in found if line.kind in ("uncovered", NOT_BEGUN) and line.relation == "1001"]


def test_it_is_work_for_who_sends_on_behalf_of_the_office_there(office: Database) -> None:
    lines = work(office, "ans")
    assert [(line.period, line.due, line.late) for line in lines] == [
        ("2026-01", date(2025, 12, 31), True),
        ("2026-02", date(2026, 1, 31), True),
        ("2026-03", date(2026, 2, 28), True),
    ]
    assert (lines[0].title, lines[0].missing, lines[0].filing) == (
        "Aangifte BTW",
        (NOTHING,),
        "filing/btw-aangifte/1001/2026-01/-/1",
    )
    assert work(office, "bas") == []
    with office.write() as connection:
        connection.execute(relation_roles.delete().where(relation_roles.c.relation == "1001"))
    assert work(office, "ans") == []
    assert len(work(office, None)) == 3


def test_lists_and_pages_of_relations_tell_it(office: Database) -> None:
    run(office, "2026-01", "2026-02")
    with office.read() as connection:
        (line,) = (
            one
            for one in list_relations(connection, find_filter("gedekt:nee"), MARCH, NEEDS)
            if one.number == "1001"
        )
        page = relation_page(connection, "1001", MARCH, NEEDS)
    assert page is not None
    assert line.uncovered == page.uncovered == (f"Aangifte BTW over maart 2026: {NOTHING}",)


_CODES = {
    "month": ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04"),
    "quarter": ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2"),
    "year": ("2024", "2025", "2026"),
}


def _make_rows(number: str, chance: Random) -> dict[Any, list[dict[str, Any]]]:
    """Return a relation with one product that changes its frequency or not, and some filings of each."""
    at = {"relation": number, "product": VAT, "sub_number": "-"}
    of = at | {"template": PLAN.template}
    kinds = chance.sample(["month", "quarter", "year"], chance.choice([1, 1, 2]))
    days = [BEGINNING, date(2025, 10, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 1, 15)]
    ends = [None, None, None, date(2025, 12, 31), date(2026, 2, 28), date(2026, 2, 10)]
    stretches = [{"frequency": kinds[0], "since": chance.choice(days), "until": chance.choice(ends)}]
    if len(kinds) == 2:
        stretches = [
            {"frequency": kinds[0], "since": date(2025, 7, 1), "until": date(2025, 12, 31)},
            {"frequency": kinds[1], "since": date(2026, 1, 1), "until": None},
        ]
    known = [Period.parse(code) for kind in kinds for code in _CODES[kind] if chance.random() < 0.8]
    filed = [
        of
        | {"id": f"{number}/{period.code}", "period": period.code, "sequence": 1, "plan": digest(PLAN)}
        | {"start_date": MARCH, "first_day": period.start, "last_day": period.end}
        for period in known
    ]
    next = {
        "next_period": chance.choice(_CODES[kinds[-1]]),
        "next_start": chance.choice([MARCH, MARCH, date(2026, 6, 1)]),
        "once": chance.random() < 0.2,
    }
    status = {"status": chance.choice(["running", "running", "paused"]), "once": chance.random() < 0.2}
    return {
        relations: [{"number": number, "name": "X", "kind": "organisation"}],
        relation_products: [at | stretch for stretch in stretches],
        filings: filed,
        recurrences: [of | next | status] if chance.random() < 0.9 else [],
    }


def test_counting_proves_no_period_covered_that_looking_finds_uncovered(office: Database) -> None:
    chance = Random(7)
    numbers = [f"{5000 + index}" for index in range(400)]
    made = [_make_rows(number, chance) for number in numbers]
    with office.write() as connection:
        for table in (relations, relation_products, filings, recurrences):
            connection.execute(table.insert(), [row for one in made for row in one[table]])
    with office.read() as connection:
        definitions, plans = active_office(connection), plans_by_product(connection)
        assert definitions is not None
        looked = look_at(connection, MARCH, definitions, plans_in_force(connection), numbers)
        assert find_uncovered(connection, MARCH, numbers) == looked
        doubtful = {*find_doubtful(connection, plans, MARCH, numbers)}
    lacking = {one.relation for one in looked}
    assert lacking <= doubtful < {*numbers}


def test_what_waits_for_a_start_that_was_moved_to_a_later_day_is_told(office: Database) -> None:
    run(office, "2026-01")
    recur(office, "2026-02", next_start=date(2026, 12, 1))
    assert uncovered(office) == {"2026-03": "De herhaling wacht: februari 2026 start pas op 1 december 2026."}
    assert uncovered(office, date(2026, 2, 27)) == {}
    assert [*uncovered(office, date(2026, 2, 28))] == ["2026-03"]
    assert [line.period for line in work(office, "ans")] == ["2026-03"]


def test_book_years_are_asked_as_they_follow_each_other(office: Database) -> None:
    change(office, relation_products, frequency="book_year", since=date(2026, 10, 1))
    assert [*uncovered(office, date(2028, 6, 1))] == ["2026-10..2027-09", "2027-10..2028-09"]
    run(office, "2026-10..2027-12")
    assert [*uncovered(office, date(2028, 6, 1))] == ["2028-01..2028-12"]
    recur(office, "2028-01..2028-12")
    assert uncovered(office, date(2028, 6, 1)) == {}


@pytest.mark.parametrize("kind", ["none", "range"])
def test_of_what_has_no_fixed_period_nothing_is_asked(office: Database, kind: str) -> None:
    change(office, relation_products, frequency=kind)
    assert uncovered(office) == {}


@pytest.mark.parametrize(("kind", "code"), [("four_weeks", "2026-P01"), ("half_year", "2026-H1")])
def test_other_kinds_are_asked_like_months(office: Database, kind: str, code: str) -> None:
    change(office, relation_products, frequency=kind)
    assert code in uncovered(office)
    run(office, code)
    assert code not in uncovered(office)
