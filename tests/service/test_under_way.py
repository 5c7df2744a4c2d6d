"""A phase that delivers says how far it is: from when on, since when, which attempt, what it waits for."""

from datetime import date

from kantoor.data import replace
from kantoor.filing.events import Delivered, Failed, Retry
from kantoor.office.overviews.timeline import TimelineLine
from kantoor.service.overviews.under_way import say_deliveries
from tests.filing.driver import FISCAL, Driver
from tests.filing.plans import COLLECT, VAT, with_phase


def said(filing: Driver) -> str:
    lines = [
        TimelineLine(
            sequence=0,
            index=0,
            at=one.at,
            by=one.by,
            who=one.by,
            what=one.what,
            phase=one.phase,
            text="",
            data=one.data,
        )
        for one in filing.entries
    ]
    return say_deliveries(filing.plan, filing.view, lines, filing.now.date()).get("indienen", "")


def test_each_step_of_a_delivery_is_said_and_what_stands_still_is_not_said_to_go_on() -> None:
    filing = Driver(VAT)
    filing.hold = {"deliver", "follow"}
    filing.to_offer()
    assert said(filing) == ""
    filing.decide()
    assert "wordt sinds" in said(filing)
    assert "(poging" not in said(filing)
    filing.send(Failed(at=filing.now, number=filing.commands[-1].number, error="Digipoort: 210"))
    assert said(filing) == ""
    filing.must(Retry, FISCAL, phase="indienen")
    assert "ingediend (poging 2). Digipoort heeft de ontvangst nog niet bevestigd." in said(filing)
    filing.send(Delivered(at=filing.now, number=filing.commands[-1].number, reference="K-1"))
    assert "aangeleverd onder kenmerk K-1 (poging 2). De uitslag is er nog niet." in said(filing)
    filing.send(Failed(at=filing.now, number=filing.commands[-1].number, error="Digipoort: 210"))
    assert said(filing) == ""
    filing.must(Retry, FISCAL, phase="indienen")
    assert "opnieuw gevraagd" in said(filing)


def test_before_its_first_day_a_delivery_says_which_day_that_is() -> None:
    filing = Driver(with_phase(replace(COLLECT, not_before=None)))
    filing.collect()
    filing.prepare()
    filing.review()
    filing.decide()
    filing.until(date(2026, 1, 23))
    assert "wordt ingediend op 24 januari 2026; eerder kan niet." in said(filing)
