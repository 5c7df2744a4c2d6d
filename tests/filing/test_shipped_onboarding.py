"""The shipped acceptance of a client on the machine: from the intake to the first work, or to a refusal."""

from datetime import date, datetime
from typing import Any

import pytest

from kantoor.data import replace
from kantoor.filing.events import Back, Complete, Decide, RecordFact, Release
from kantoor.filing.outcome import Refusal, Step

from .driver import ACCOUNTANT, ADMIN, CLIENT, MANAGER, SECRETARY, Driver, shown
from .shipped import messages, phase, relation, shipped
from .test_phases import refused

QUALIFIED = replace(ACCOUNTANT, qualifications=("RA",))
SECOND = replace(QUALIFIED, id="frits")
ANSWERS = {
    "diensten": "Jaarrekening en aangiften",
    "herkomst": "Omzet",
    **dict.fromkeys(("buitenland", "contant", "politiek", "personeel"), False),
}


def started(legal_form: str = "bv") -> Driver:
    return Driver(
        shipped("onboarding"), "2026-03-02", begun=datetime(2026, 3, 2, 9), relation=relation(legal_form)
    )


def investigated(legal_form: str = "bv", previous: bool = True, says_prominent: bool = False) -> Driver:
    """Return a filing whose client is known, at the judgement of the risk."""
    filing = started(legal_form)
    filing.finish("intake", MANAGER, outcome="verder")
    given = {**ANSWERS, "vorige_adviseur": previous, "politiek": says_prominent}
    filing.supply("gegevens.vragen.1", SECRETARY, **given)
    filing.finish("gegevens", SECRETARY)
    filing.supply("identificeren.stukken.1", SECRETARY)
    filing.finish("identificeren", SECRETARY)
    if filing.active() == ["structuur"]:
        filing.finish("structuur", MANAGER)
    return filing


def judge(filing: Driver, risk: str, outcome: str, prominent: bool = False) -> None:
    facts = {"risico": risk, "politiek": prominent, "motivering": "Zie het dossier"}
    filing.finish("risico", QUALIFIED, outcome=outcome, **facts)


def judged(risk: str, outcome: str, prominent: bool = False) -> Driver:
    """Return a filing whose risk was judged."""
    filing = investigated()
    judge(filing, risk, outcome, prominent)
    return filing


def answer(filing: Driver, word: str = "sign", content: str = "1", reason: str = "") -> Step | Refusal:
    documents = (shown(content, "opdrachtbevestiging"),)
    return filing.act(Decide, CLIENT, phase="ondertekenen", answer=word, documents=documents, reason=reason)


def offered(filing: Driver, content: str = "1") -> None:
    """Have the letter made, and released by who agreed what is in it."""
    filing.finish("opdracht", ADMIN, content)
    assert refused(filing.act(Release, ADMIN, phase="ondertekenen"), "wrong_role")
    filing.must(Release, MANAGER, phase="ondertekenen")


def test_a_client_is_accepted_signs_and_is_set_up() -> None:
    filing = judged("normaal", "accepteren")
    assert phase(filing, "tweede_oordeel").status == "skipped"
    offered(filing)
    assert isinstance(answer(filing), Step)
    assert filing.active() == ["machtigingen", "overdracht"]
    filing.finish("overdracht", ACCOUNTANT)
    assert filing.active() == ["machtigingen"]
    filing.finish("machtigingen", SECRETARY)
    filing.finish("inrichten", ADMIN)
    assert filing.view.ended == "completed"
    assert messages(filing)[0] == "onboarding-gegevens"
    assert messages(filing)[-1] == "onboarding-welkom"


@pytest.mark.parametrize("risk", ["laag", "normaal", "hoog"])
def test_a_refused_client_ends_at_its_named_end_and_is_told_nothing_by_mail(risk: str) -> None:
    filing = judged(risk, "weigeren")
    assert (filing.view.ended, filing.view.end_title) == ("end", "Cliënt geweigerd")
    assert filing.view.planner == "klaar"
    assert set(messages(filing)) == {"onboarding-gegevens", "onboarding-stukken"}


def test_a_client_of_high_risk_is_judged_by_a_second_person() -> None:
    filing = judged("hoog", "tweede")
    assert filing.active() == ["tweede_oordeel"]
    told = filing.act(Complete, QUALIFIED, phase="tweede_oordeel", outcome="accepteren")
    assert refused(told, "four_eyes")
    filing.finish("tweede_oordeel", SECOND, outcome="accepteren")
    assert filing.active() == ["opdracht"]


def test_the_second_person_may_refuse_too() -> None:
    filing = judged("hoog", "tweede")
    filing.finish("tweede_oordeel", SECOND, outcome="weigeren")
    assert filing.view.end_title == "Cliënt geweigerd"


def test_high_risk_is_not_accepted_by_one_person() -> None:
    with pytest.raises(AssertionError, match="'Accepteren' is hier niet mogelijk"):
        judged("hoog", "accepteren")


@pytest.mark.parametrize("risk", ["laag", "normaal"])
@pytest.mark.parametrize("told_by", ["client", "office"])
def test_who_is_politically_prominent_is_not_accepted_by_one_person(risk: str, told_by: str) -> None:
    """So Wwft art. 8 lid 5: enhanced investigation, and the consent of who leads the office."""
    filing = investigated(says_prominent=told_by == "client")
    with pytest.raises(AssertionError, match="'Accepteren' is hier niet mogelijk"):
        judge(filing, risk, "accepteren", prominent=told_by == "office")
    filing.must(Complete, QUALIFIED, phase="risico", outcome="tweede")
    assert filing.active() == ["tweede_oordeel"]
    required = {one.id for one in phase(filing, "tweede_oordeel").checkpoints if one.required}
    assert required == {"verscherpt", "toezicht", "leiding"}
    filing.finish("tweede_oordeel", SECOND, outcome="accepteren")
    assert filing.active() == ["opdracht"]


@pytest.mark.parametrize(("fact", "found"), [("politiek", True), ("risico", "hoog")])
def test_what_is_found_of_an_accepted_client_takes_a_new_judgement(fact: str, found: Any) -> None:
    filing = judged("laag", "accepteren")
    said = {"phase": "risico", "fact": fact, "value": found, "reason": "Alsnog gebleken"}
    assert refused(filing.act(RecordFact, QUALIFIED, **said), "fact_closed")
    filing.finish("opdracht", ADMIN)
    told = filing.act(RecordFact, QUALIFIED, **said)
    assert refused(told, "fact_closed")
    assert isinstance(told, Refusal)
    assert "Annuleer deze opdracht en begin opnieuw" in told.text


def test_what_the_second_person_finds_is_recorded_and_judged_by_the_first() -> None:
    filing = judged("hoog", "tweede")
    said = {"phase": "risico", "fact": "politiek", "value": True, "reason": "Alsnog gebleken"}
    told = filing.act(RecordFact, QUALIFIED, **said)
    assert isinstance(told, Refusal)
    assert "Stuur het werk eerst terug naar die fase" in told.text
    filing.must(Back, SECOND, phase="tweede_oordeel", reason="Alsnog gebleken")
    filing.must(RecordFact, QUALIFIED, **said)
    filing.finish("risico", QUALIFIED, outcome="tweede")
    assert "leiding" in {one.id for one in phase(filing, "tweede_oordeel").checkpoints}


def test_an_intake_that_leads_to_nothing_ends_there() -> None:
    filing = started()
    filing.finish("intake", MANAGER, outcome="afgezien")
    assert filing.view.end_title == "Afgezien van de opdracht"
    assert messages(filing) == []


def test_a_rejected_letter_is_made_again() -> None:
    filing = judged("laag", "accepteren")
    offered(filing)
    answer(filing, "reject", reason="Het honorarium klopt niet")
    assert filing.active() == ["opdracht"]
    offered(filing, "2")
    assert refused(answer(filing), "stale_document")
    assert isinstance(answer(filing, content="2"), Step)


def test_a_client_who_does_not_sign_is_given_up_by_a_person() -> None:
    filing = judged("laag", "accepteren")
    filing.finish("opdracht", ADMIN)
    filing.until(date(2026, 5, 1))  # sixty days after 2 March
    assert "onboarding-klant-zwijgt" in messages(filing)
    assert filing.active() == ["ondertekenen"]
    told = {"phase": "ondertekenen", "answer": "not_deliver", "reason": "De klant gaat naar een ander"}
    filing.must(Decide, MANAGER, **told)
    assert filing.view.end_title == "Afgezien van de opdracht"


def test_a_person_has_no_structure_and_a_starter_no_previous_adviser() -> None:
    filing = investigated("natuurlijk_persoon", previous=False)
    assert phase(filing, "structuur").status == "skipped"
    judge(filing, "laag", "accepteren")
    offered(filing)
    answer(filing)
    assert filing.active() == ["machtigingen"]
    filing.finish("machtigingen", SECRETARY)
    assert filing.active() == ["inrichten"]
