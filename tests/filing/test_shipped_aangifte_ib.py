"""The shipped income tax return on the machine: a person over 2025, from extension to assessment."""

from datetime import date, datetime

import pytest

from kantoor.data import replace
from kantoor.filing.events import (
    Attach,
    Complete,
    Decide,
    Notice,
    RecordDelivery,
    RecordFact,
    ResolvedContact,
)
from kantoor.filing.outcome import Refusal, Step

from .driver import ACCOUNTANT, CLIENT, FISCAL, MANAGER, SECRETARY, Driver, shown
from .shipped import deadline, due, messages, phase, relation, shipped
from .test_phases import refused

HOLDER = replace(FISCAL, roles=("fiscaal", "accountant"))


def started() -> Driver:
    return Driver(
        shipped("aangifte-ib"), "2025", begun=datetime(2026, 2, 2, 9), relation=relation("natuurlijk_persoon")
    )


ANSWERS = {
    **dict.fromkeys(("partner", "kinderen", "onderneming", "lijfrente", "aftrek", "alimentatie"), False),
    **dict.fromkeys(("loon", "woning", "vermogen"), True),
}


def collect(filing: Driver, uitstel: str = "geen", **answers: bool) -> None:
    """Go on from the extension until everything that was asked is there."""
    filing.finish("uitstel", FISCAL, uitstel=uitstel)
    filing.supply("uitvraag.situatie.1", SECRETARY, **(ANSWERS | answers))
    filing.finish("uitvraag", SECRETARY)
    filing.supply("stukken.lijst.1", SECRETARY)
    filing.finish("stukken", SECRETARY)


def make(filing: Driver, content: str = "1") -> None:
    """Go on from preparing to what the client is asked."""
    filing.finish("opstellen", FISCAL, content)
    filing.finish("controle", ACCOUNTANT)


def answer(filing: Driver, word: str = "approve", content: str = "1", reason: str = "") -> Step | Refusal:
    documents = (shown(content),)
    return filing.act(Decide, CLIENT, phase="aanbieden", answer=word, documents=documents, reason=reason)


def filed() -> Driver:
    """Return a filing whose return was approved and delivered on 3 March 2026."""
    filing = started()
    collect(filing)
    make(filing)
    assert isinstance(answer(filing), Step)
    filing.until(date(2026, 3, 3))
    filing.must(RecordDelivery, FISCAL, phase="indienen", on=date(2026, 3, 3), proof="hash")
    return filing


def assessed(on: date = date(2026, 7, 17)) -> Driver:
    """Return a filing whose assessment has come, dated on a day."""
    filing = filed()
    filing.until(on)
    filing.must(
        Notice,
        FISCAL,
        phase="aanslag_afwachten",
        notice="definitieve_aanslag",
        on=on,
        reason="Post",
        document="hash",
    )
    return filing


def test_the_return_is_filed_and_its_assessment_agreed() -> None:
    filing = filed()
    assert filing.active() == ["aanslag_afwachten"]
    assert deadline(filing, "aangifte").status == "met"
    filing = assessed()
    filing.finish("aanslag_controleren", FISCAL, outcome="akkoord")
    assert phase(filing, "bezwaar_maken").status == "skipped"
    filing.finish("aanslag_melden", MANAGER)
    filing.finish("afronden", FISCAL)
    assert filing.view.ended == "completed"
    assert {"ib-ingediend", "ib-aanslag-akkoord"} <= set(messages(filing))
    assert "ib-aanslag-bezwaar" not in messages(filing)


@pytest.mark.parametrize(
    ("uitstel", "day"),
    [("geen", date(2026, 4, 30)), ("eigen", date(2026, 8, 31)), ("becon", date(2027, 4, 30))],
)
def test_the_extension_decides_on_the_last_day_which_stays_where_it_falls(uitstel: str, day: date) -> None:
    filing = started()
    assert due(filing, "aangifte") == date(2026, 4, 30)
    filing.finish("uitstel", FISCAL, uitstel="geen")
    again = {"phase": "uitstel", "fact": "uitstel", "value": uitstel, "reason": "Brief"}
    if uitstel != "geen":
        filing.must(RecordFact, FISCAL, **again)
    assert due(filing, "aangifte") == day


@pytest.mark.parametrize(
    ("dated", "last"),
    [
        (date(2026, 7, 17), date(2026, 8, 28)),  # six weeks later, a Friday
        (date(2026, 7, 18), date(2026, 8, 31)),  # 29 August is a Saturday
    ],
)
def test_an_objection_has_six_weeks_which_end_on_a_working_day(dated: date, last: date) -> None:
    filing = assessed(dated)
    assert due(filing, "bezwaar") == last
    filing.finish("aanslag_controleren", FISCAL, outcome="bezwaar")
    assert filing.active() == ["bezwaar_maken"]
    assert due(filing, "bezwaar") == last
    filing.until(last)
    assert deadline(filing, "bezwaar").status == "open"
    filing.finish("bezwaar_maken", FISCAL)
    assert phase(filing, "aanslag_melden").status == "skipped"
    filing.finish("afronden", FISCAL)
    assert filing.view.ended == "completed"
    assert "ib-aanslag-bezwaar" in messages(filing)


def test_a_rejected_return_goes_back_and_another_one_is_approved() -> None:
    filing = started()
    collect(filing)
    make(filing)
    assert refused(answer(filing, "reject"), "reason_missing")
    answer(filing, "reject", reason="Er mist iets")
    assert filing.active() == ["opstellen"]
    make(filing, "2")
    assert refused(answer(filing), "stale_document")
    assert isinstance(answer(filing, content="2"), Step)
    assert filing.active() == ["indienen"]


def test_the_review_is_by_another_than_who_prepared() -> None:
    filing = started()
    collect(filing)
    filing.finish("opstellen", HOLDER)
    assert refused(filing.act(Complete, HOLDER, phase="controle", documents=(shown(),)), "four_eyes")


def test_nothing_is_recorded_as_filed_without_proof() -> None:
    filing = started()
    collect(filing)
    make(filing)
    answer(filing)
    told = filing.act(RecordDelivery, FISCAL, phase="indienen", on=filing.now.date())
    assert refused(told, "proof_missing")


def test_an_assessment_that_never_comes_is_given_up_on_its_day() -> None:
    filing = filed()
    filing.until(date(2030, 5, 30))
    assert filing.active() == ["aanslag_afwachten"]
    filing.until(date(2030, 6, 1))  # 53 months after 31 December 2025 is 31 May 2030
    assert filing.view.end_title == "Afgesloten zonder definitieve aanslag"
    assert "ib-aanslag-uitgebleven" in messages(filing)


def test_what_is_asked_follows_from_the_profile() -> None:
    filing = started()
    filing.finish("uitstel", FISCAL, uitstel="becon")
    filing.supply("uitvraag.situatie.1", SECRETARY, **ANSWERS)
    filing.finish("uitvraag", SECRETARY)
    (asked,) = [request for request in filing.view.requests if request.id == "stukken.lijst.1"]
    required = {item.id for item in asked.items if item.required}
    assert required == {"jaaropgaven", "woz", "hypotheek", "vermogen"}


def test_an_entrepreneur_is_asked_for_hours_and_books() -> None:
    filing = started()
    collect(filing, onderneming=True)
    checks = {checkpoint.id for checkpoint in phase(filing, "opstellen").checkpoints}
    assert {"winst", "urencriterium"} <= checks
    (asked,) = [request for request in filing.view.requests if request.id == "stukken.lijst.1"]
    assert {"urenstaat", "onderneming"} <= {item.id for item in asked.items}


PARTNER = replace(CLIENT, id="c-partner")


def offered_to_both() -> Driver:
    """Return a filing in which both partners are asked, each about their own return."""
    filing = started()
    mine = ResolvedContact(contact=CLIENT.id, may=CLIENT.may, own=("aangifte",))
    theirs = ResolvedContact(contact=PARTNER.id, may=PARTNER.may, own=("aangifte_partner",))
    filing.resolution["recipients"] = (mine, theirs)
    collect(filing, partner=True)
    filing.must(RecordFact, FISCAL, phase="opstellen", fact="partner_mee", value=True)
    make(filing)
    return filing


def test_the_return_of_the_partner_is_made_only_where_the_office_does_it() -> None:
    filing = started()
    collect(filing, partner=True)
    refusal = filing.act(Attach, FISCAL, shown=shown("1", "aangifte_partner"))
    assert refused(refusal, "document_not_made")
    make(filing)
    assert filing.active() == ["aanbieden"]
    assert [one.made for one in filing.view.documents] == [True, False]


def test_each_partner_decides_about_their_own_return() -> None:
    filing = offered_to_both()
    assert [(one.contact, one.documents) for one in filing.view.offers[0].shares] == [
        (CLIENT.id, ("aangifte",)),
        (PARTNER.id, ("aangifte_partner",)),
    ]
    about = {"phase": "aanbieden", "answer": "approve"}
    theirs = (shown("1", "aangifte_partner"),)
    assert refused(filing.act(Decide, PARTNER, documents=(shown(),), **about), "stale_document")
    assert isinstance(filing.act(Decide, PARTNER, documents=theirs, **about), Step)
    assert filing.active() == ["aanbieden"]
    assert filing.view.offers[0].waiting == (CLIENT.id,)
    assert isinstance(answer(filing), Step)
    assert filing.active() == ["indienen", "indienen_partner"]
    for name in ("indienen", "indienen_partner"):
        filing.must(RecordDelivery, FISCAL, phase=name, on=filing.now.date(), proof="hash")
    assert filing.active() == ["aanslag_afwachten"]


def test_one_partner_who_disagrees_sends_both_returns_back() -> None:
    filing = offered_to_both()
    about = {"phase": "aanbieden", "answer": "reject", "reason": "Rente klopt niet"}
    filing.must(Decide, PARTNER, documents=(shown("1", "aangifte_partner"),), **about)
    assert filing.active() == ["opstellen"]


def test_the_day_of_the_assessment_is_taken_from_the_notice_and_can_be_corrected() -> None:
    filing = assessed(date(2026, 7, 17))
    (fact,) = (one for one in filing.view.facts if one.id == "aanslag_op")
    assert (fact.value, fact.by) == ("2026-07-17", FISCAL.id)
    about = {"phase": "aanslag_controleren", "fact": "aanslag_op", "value": "2026-07-18"}
    assert refused(filing.act(RecordFact, FISCAL, **about), "reason_missing")
    filing.must(RecordFact, FISCAL, **about, reason="Verkeerd gelezen")
    assert due(filing, "bezwaar") == date(2026, 8, 31)
