"""The shipped templates on the machine, as the office and its clients go through them.

The days are worked out by hand, from the calendar of the year and the days on which the office is closed.
"""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from kantoor.compiler import compile_definitions
from kantoor.data import replace
from kantoor.filing.events import Actor, Attach, Calendars, Complete, Decide, RecordDelivery
from kantoor.filing.outcome import Refusal, Step
from kantoor.plan import Plan

from .driver import ACCOUNTANT, ADMIN, CLIENT, FISCAL, Driver, shown
from .test_phases import refused

DEFINITIONS = Path(__file__).parents[2] / "definitions"
CLOSED = Calendars(office=(date(2026, 4, 6), date(2026, 4, 27), date(2026, 5, 14), date(2026, 5, 25)))
"""Easter Monday, Koningsdag, Ascension Day and Whit Monday of 2026."""


@cache
def plans() -> dict[str, Plan]:
    compilation = compile_definitions(DEFINITIONS)
    assert compilation.diagnostics == ()
    return dict(compilation.plans)


def begin(template: str, period: str, now: datetime = datetime(2025, 12, 31, 8), **start: Any) -> Driver:
    filing = Driver(plans()[template], period, now, calendars=CLOSED, **start)
    assert filing.entries
    return filing


def targets(filing: Driver) -> dict[str, date | None]:
    return {phase.id: phase.due for phase in filing.view.phases}


def last_days(filing: Driver) -> dict[str, date | None]:
    return {deadline.id: deadline.due for deadline in filing.view.deadlines}


def prepare(filing: Driver, phase: str, document: str, by: Actor, content: str = "1") -> None:
    """Attach a document and finish the phase that makes it."""
    filing.must(Attach, by, shown=shown(content, document))
    filing.finish(phase, by)


def decide(filing: Driver, phase: str, document: str, answer: str = "approve", **facts: Any) -> None:
    """Let the client answer to the first version of a document, or to the one of `content`."""
    content = facts.pop("content", "1")
    filing.must(Decide, CLIENT, phase=phase, answer=answer, documents=(shown(content, document),), **facts)


def deliver(filing: Driver, by: Actor = FISCAL) -> Step | Refusal:
    return filing.act(
        RecordDelivery, by, phase="indienen", on=filing.now.date(), proof="hash", reference="1234"
    )


# The ICP statement.


def statement(period: str = "2026-Q1") -> Driver:
    """Return a statement with something to state, reviewed and offered on 2 April 2026."""
    filing = begin("icp-opgaaf", period)
    filing.until(date(2026, 4, 2))
    filing.finish("verzamelen", ADMIN, "prestaties")
    prepare(filing, "opstellen", "opgaaf", ADMIN)
    filing.finish("controle", FISCAL)
    assert filing.active() == ["aanbieden"]
    return filing


def test_an_icp_statement_is_offered_filed_by_hand_and_closed() -> None:
    filing = statement()
    decide(filing, "aanbieden", "opgaaf")
    assert isinstance(deliver(filing), Step)
    assert filing.view.planner == "ingediend"
    filing.finish("afronden", ADMIN)
    assert (filing.view.ended, filing.view.planner) == ("completed", "klaar")
    assert filing.view.deadlines[0].status == "met"
    assert filing.sent() == ["icp-stukken", "icp-ter-accordering", "icp-ingediend"]


def test_the_days_of_an_icp_statement_over_the_first_quarter() -> None:
    filing = begin("icp-opgaaf", "2026-Q1")
    assert last_days(filing) == {"opgaaf": date(2026, 4, 30)}
    assert targets(filing) == {
        "verzamelen": date(2026, 4, 13),
        "opstellen": date(2026, 4, 16),
        "controle": date(2026, 4, 20),
        "aanbieden": date(2026, 4, 24),
        "indienen": date(2026, 4, 28),
        "afronden": date(2026, 5, 7),
    }
    assert filing.active() == []
    filing.until(date(2026, 4, 1))
    assert filing.active() == ["verzamelen"]


def test_a_monthly_icp_statement_of_a_foreign_business_has_one_month_too() -> None:
    foreign = {"id": "opgaaf-icp", "frequency": "month", "foreign": True}
    filing = begin("icp-opgaaf", "2026-02", product=foreign)
    assert last_days(filing) == {"opgaaf": date(2026, 3, 31)}


def test_only_a_quarterly_icp_statement_is_checked_for_the_limit_of_goods() -> None:
    def checked(period: str) -> bool:
        return "maandgrens" in {c.id for c in begin("icp-opgaaf", period).phase("opstellen").checkpoints}

    assert checked("2026-Q1")
    assert not checked("2026-02")


def test_without_supplies_there_is_no_icp_statement() -> None:
    filing = begin("icp-opgaaf", "2026-Q1")
    filing.until(date(2026, 4, 2))
    filing.finish("verzamelen", ADMIN, "geen_prestaties")
    assert (filing.view.end_title, filing.view.planner) == ("Geen opgaaf nodig", "klaar")


def test_an_icp_statement_that_the_client_rejects_is_made_and_reviewed_again() -> None:
    filing = statement()
    decide(filing, "aanbieden", "opgaaf", "reject", reason="Een afnemer ontbreekt")
    assert filing.active() == ["opstellen"]
    prepare(filing, "opstellen", "opgaaf", ADMIN, content="2")
    filing.finish("controle", FISCAL)
    decide(filing, "aanbieden", "opgaaf", content="2")
    assert filing.active() == ["indienen"]


def test_a_client_who_is_silent_about_an_icp_statement_is_reminded_and_then_called_by_the_office() -> None:
    filing = statement()
    filing.until(date(2026, 4, 23))
    assert filing.sent().count("icp-accordering-herinnering") == 3  # 5, 8 and 11 April
    assert "icp-klant-zwijgt" not in filing.sent()
    filing.until(date(2026, 4, 24))
    assert filing.sent()[-1] == "icp-klant-zwijgt"
    filing.until(date(2026, 4, 28))
    assert [item.title for item in filing.view.work if item.kind == "task"] == [
        "Bel de klant over de opgaaf icp en leg vast wat is afgesproken"
    ]
    filing.must(Decide, ACCOUNTANT, phase="aanbieden", answer="not_deliver", reason="Klant wil niet")
    assert (filing.view.end_title, filing.view.planner) == ("Niet ingediend", "te_laat")


def test_who_prepared_an_icp_statement_does_not_review_it() -> None:
    filing = begin("icp-opgaaf", "2026-Q1")
    filing.until(date(2026, 4, 2))
    filing.finish("verzamelen", ADMIN, "prestaties")
    prepare(filing, "opstellen", "opgaaf", ADMIN)
    same = replace(ADMIN, roles=("administratie", "fiscaal"))
    reviewed = (shown("1", "opgaaf"),)
    assert refused(filing.act(Complete, same, phase="controle", documents=reviewed), "four_eyes")
