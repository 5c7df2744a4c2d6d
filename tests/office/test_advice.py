"""What a template advises: found by a filter, told at a start, and in nobody's way."""

from datetime import date

import msgspec
from sqlalchemy import Connection

from kantoor.clock import PracticeClock
from kantoor.data import replace
from kantoor.filing.outcome import Refusal
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import relations
from kantoor.office.office_clock import write_clock
from kantoor.office.overviews.insights import list_relations
from kantoor.office.plans import publish
from kantoor.period import Period
from kantoor.service.starting.candidates import candidates
from kantoor.service.starting.wishes import Selection, Wish
from kantoor.words import ADVICE_WORDS

from .material import NEEDS, NOW, OFFICE, PLAN, TODAY, find_filter

ADVISING = replace(PLAN, advises=("ideal", "standing_authority"))
JANUARY = {"template": PLAN.template, "period": Period.parse("2026-01")}


def _stop_clock(connection: Connection) -> None:
    now = NOW.replace(tzinfo=None)
    clock = PracticeClock(real_anchor=NOW, office_anchor=now, seconds_per_day=1.0, until=now)
    write_clock(connection, msgspec.to_builtins(clock), now)


def _publish(office: Database) -> None:
    with office.write() as connection:
        _stop_clock(connection)
        publish(connection, [ADVISING], OFFICE, revision="", author="", at=NOW)
        connection.execute(relations.update().values(ideal_enabled=relations.c.number == "1001"))


def test_advice_has_a_filter_of_its_own_and_is_nothing_that_lacks(office: Database) -> None:
    _publish(office)
    with office.read() as connection:

        def find(text: str) -> list[str]:
            return [one.number for one in list_relations(connection, find_filter(text), TODAY, NEEDS)]

        assert find("advies:ideal-staat-uit") == ["1002", "1003"]
        assert find("-advies:ideal-staat-uit") == ["1001"]
        assert find("advies:iets -mist:iets") == ["1001", "1002"]
        assert find("mist:ideal-staat-uit") == []
        line = list_relations(connection, find_filter("nummer:1002"), TODAY, NEEDS)[0]
    assert [ADVICE_WORDS[one.code] for one in line.advice] == ["iDEAL staat uit"]


def test_a_start_tells_what_is_advised_on_its_day_and_starts(office: Database) -> None:
    _publish(office)
    wish = Wish(**JANUARY, selection=Selection(relations=("1001",)), anyway=True)
    later = wish.model_copy(update={"start_date": date(2026, 7, 1)})
    with office.read() as connection:
        for asked, result in ((wish, "starts"), (later, "planned")):
            found = candidates(connection, "ans", asked, NEEDS)
            assert not isinstance(found, Refusal)
            assert [(one.line.result, one.line.advice) for one in found] == [
                (result, ("De klant gaf geen doorlopende machtiging, of die geldt niet meer.",))
            ]


def test_who_files_by_quarter_is_told_which_period_that_is(office: Database) -> None:
    with office.write() as connection:
        _stop_clock(connection)
        wish = Wish(**JANUARY, selection=Selection(relations=("1002",)), anyway=True)
        found = candidates(connection, "ans", wish, NEEDS)
    assert not isinstance(found, Refusal)
    assert found[0].line.text == (
        "Voor januari 2026 is dit product niet met de relatie afgesproken. "
        "De relatie neemt het per kwartaal af: kies het eerste kwartaal van 2026 (2026-Q1)."
    )
