"""What the shipped returns of income tax and corporation tax have in common, from extension to assessment."""

from datetime import date

import pytest

from kantoor.data import replace
from kantoor.filing.events import Complete, RecordDelivery, RecordFact
from kantoor.filing.outcome import Step

from .assessed_returns import CORPORATION, INCOME, answer, assessed, collect, filed, make, started
from .driver import FISCAL, MANAGER, shown
from .shipped import deadline, due, messages, phase
from .test_phases import refused

HOLDER = replace(FISCAL, roles=("fiscaal", "accountant"))
MESSAGES = {INCOME: "ib", CORPORATION: "vpb"}

both = pytest.mark.parametrize("template", [INCOME, CORPORATION])


@both
def test_the_return_is_filed_and_its_assessment_agreed(template: str) -> None:
    filing = filed(template)
    assert filing.active() == ["aanslag_afwachten"]
    assert deadline(filing, "aangifte").status == "met"
    filing = assessed(template)
    filing.finish("aanslag_controleren", FISCAL, outcome="akkoord")
    assert phase(filing, "bezwaar_maken").status == "skipped"
    filing.finish("aanslag_melden", MANAGER)
    filing.finish("afronden", FISCAL)
    assert filing.view.ended == "completed"
    about = MESSAGES[template]
    assert {f"{about}-ingediend", f"{about}-aanslag-akkoord"} <= set(messages(filing))
    assert f"{about}-aanslag-bezwaar" not in messages(filing)


@pytest.mark.parametrize(
    ("template", "uitstel", "day"),
    [
        (INCOME, "geen", date(2026, 4, 30)),
        (INCOME, "eigen", date(2026, 8, 31)),
        (INCOME, "becon", date(2027, 4, 30)),
        (CORPORATION, "geen", date(2026, 5, 31)),
        (CORPORATION, "eigen", date(2026, 10, 31)),
        (CORPORATION, "becon", date(2027, 4, 30)),
    ],
)
def test_the_extension_decides_on_the_last_day_which_stays_where_it_falls(
    template: str, uitstel: str, day: date
) -> None:
    filing = started(template)
    without = due(filing, "aangifte")
    filing.finish("uitstel", FISCAL, uitstel="geen")
    assert due(filing, "aangifte") == without
    if uitstel != "geen":
        again = {"phase": "uitstel", "fact": "uitstel", "value": uitstel, "reason": "Brief"}
        filing.must(RecordFact, FISCAL, **again)
    assert due(filing, "aangifte") == day


@both
@pytest.mark.parametrize(
    ("dated", "last"),
    [
        (date(2026, 7, 17), date(2026, 8, 28)),  # six weeks later, a Friday
        (date(2026, 7, 18), date(2026, 8, 31)),  # 29 August is a Saturday
    ],
)
def test_an_objection_has_six_weeks_which_end_on_a_working_day(
    template: str, dated: date, last: date
) -> None:
    filing = assessed(template, dated)
    assert due(filing, "bezwaar") == last
    filing.finish("aanslag_controleren", FISCAL, outcome="bezwaar")
    assert filing.active() == ["bezwaar_maken"]
    filing.until(last)
    assert deadline(filing, "bezwaar").status == "open"
    filing.finish("bezwaar_maken", FISCAL)
    assert phase(filing, "aanslag_melden").status == "skipped"
    filing.finish("afronden", FISCAL)
    assert filing.view.ended == "completed"
    assert f"{MESSAGES[template]}-aanslag-bezwaar" in messages(filing)


@both
def test_a_rejected_return_goes_back_and_another_one_is_approved(template: str) -> None:
    filing = started(template)
    collect(filing)
    make(filing)
    assert refused(answer(filing, "reject"), "reason_missing")
    answer(filing, "reject", reason="Er mist iets")
    assert filing.active() == ["opstellen"]
    make(filing, "2")
    assert refused(answer(filing), "stale_document")
    assert isinstance(answer(filing, content="2"), Step)
    assert filing.active() == ["indienen"]


@both
def test_the_review_is_by_another_than_who_prepared(template: str) -> None:
    filing = started(template)
    collect(filing)
    filing.finish("opstellen", HOLDER)
    assert refused(filing.act(Complete, HOLDER, phase="controle", documents=(shown(),)), "four_eyes")


@both
def test_nothing_is_recorded_as_filed_without_proof(template: str) -> None:
    filing = started(template)
    collect(filing)
    make(filing)
    answer(filing)
    told = filing.act(RecordDelivery, FISCAL, phase="indienen", on=filing.now.date())
    assert refused(told, "proof_missing")


@both
def test_an_assessment_that_never_comes_is_given_up_on_its_day(template: str) -> None:
    filing = filed(template)
    filing.until(date(2030, 5, 30))
    assert filing.active() == ["aanslag_afwachten"]
    filing.until(date(2030, 6, 1))  # 53 months after 31 December 2025 is 31 May 2030
    assert filing.view.end_title == "Afgesloten zonder definitieve aanslag"
    assert f"{MESSAGES[template]}-aanslag-uitgebleven" in messages(filing)


@both
def test_the_day_of_the_assessment_is_taken_from_the_notice_and_can_be_corrected(template: str) -> None:
    filing = assessed(template, date(2026, 7, 17))
    (fact,) = (one for one in filing.view.facts if one.id == "aanslag_op")
    assert (fact.value, fact.by) == ("2026-07-17", FISCAL.id)
    about = {"phase": "aanslag_controleren", "fact": "aanslag_op", "value": "2026-07-18"}
    assert refused(filing.act(RecordFact, FISCAL, **about), "reason_missing")
    filing.must(RecordFact, FISCAL, **about, reason="Verkeerd gelezen")
    assert due(filing, "bezwaar") == date(2026, 8, 31)
