"""What the shipped income tax return has of its own: the profile, and fiscal partners."""

from datetime import date

import pytest

from kantoor.data import replace
from kantoor.filing.decisions import awaits_owners
from kantoor.filing.events import Attach, Back, Decide, Notice, RecordDelivery, RecordFact, ResolvedContact
from kantoor.filing.outcome import Step
from kantoor.filing.state import OfferState
from kantoor.filing.turn import Reader
from kantoor.plan import Phase

from .assessed_returns import INCOME, PROFILE, answer, assessed, collect, make, started
from .driver import CLIENT, FISCAL, MANAGER, SECRETARY, Driver, shown
from .shipped import deadline, due, messages, phase
from .test_phases import refused

PARTNER = replace(CLIENT, id="c-partner")


def test_what_is_asked_follows_from_the_profile() -> None:
    filing = started(INCOME)
    filing.finish("uitstel", FISCAL, uitstel="becon")
    filing.supply("uitvraag.situatie.1", SECRETARY, **PROFILE)
    filing.finish("uitvraag", SECRETARY)
    (asked,) = [request for request in filing.view.requests if request.id == "stukken.lijst.1"]
    required = {item.id for item in asked.items if item.required}
    assert required == {"jaaropgaven", "woz", "hypotheek", "vermogen"}


def test_what_only_some_have_or_only_some_outcome_leads_to_comes_perhaps() -> None:
    def coming(filing: Driver) -> list[str]:
        return [one.id for one in filing.view.phases if one.status == "pending" and one.comes == "yes"]

    filing = assessed(INCOME)
    ahead = coming(started(INCOME))
    assert not {"jaarcijfers", "bezwaar_maken", "aanslag_melden"} & {*ahead}
    assert {"opstellen", "indienen", "aanslag_controleren", "afronden"} <= {*ahead}
    filing.finish("aanslag_controleren", FISCAL, outcome="bezwaar")
    assert {one.id: one.comes for one in filing.view.phases}["aanslag_melden"] == "no"
    assert coming(filing) == ["afronden"]


def test_an_entrepreneur_is_asked_for_hours_and_books() -> None:
    filing = started(INCOME)
    collect(filing, onderneming=True)
    checks = {checkpoint.id for checkpoint in phase(filing, "opstellen").checkpoints}
    assert {"winst", "urencriterium"} <= checks
    (asked,) = [request for request in filing.view.requests if request.id == "stukken.lijst.1"]
    assert {"urenstaat", "onderneming"} <= {item.id for item in asked.items}


def offered_to_both() -> Driver:
    """Return a filing in which both partners are asked, each about their own return."""
    filing = started(INCOME)
    mine = ResolvedContact(contact=CLIENT.id, may=CLIENT.may, own=("aangifte",))
    theirs = ResolvedContact(contact=PARTNER.id, may=PARTNER.may, own=("aangifte_partner",))
    filing.resolution["recipients"] = (mine, theirs)
    collect(filing, partner=True)
    filing.must(RecordFact, FISCAL, phase="opstellen", fact="partner_mee", value=True)
    make(filing)
    return filing


def about_offer(filing: Driver) -> tuple[Reader, Phase, OfferState]:
    reader = Reader(filing.plan, filing.state)
    return reader, next(one for one in filing.plan.phases if one.offer), filing.state.case.offers[0]


def test_the_return_of_the_partner_is_made_only_where_the_office_does_it() -> None:
    filing = started(INCOME)
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
    assert all(awaits_owners(*about_offer(filing), one) for one in (CLIENT, PARTNER))
    assert isinstance(filing.act(Decide, PARTNER, documents=theirs, **about), Step)
    assert filing.active() == ["aanbieden"]
    assert filing.view.offers[0].waiting == (CLIENT.id,)
    assert not awaits_owners(*about_offer(filing), CLIENT), "the partner has agreed"
    assert isinstance(answer(filing), Step)
    assert filing.active() == ["indienen", "indienen_partner"]
    for name in ("indienen", "indienen_partner"):
        filing.must(RecordDelivery, FISCAL, phase=name, on=filing.now.date(), proof="hash")
    filing.finish("voorlopige_aanslag", FISCAL, outcome="gewijzigd")
    assert filing.active() == ["aanslag_afwachten"]


def test_each_of_two_assessments_has_its_own_day_and_its_own_term() -> None:
    filing = offered_to_both()
    theirs = {"phase": "aanbieden", "answer": "approve", "documents": (shown("1", "aangifte_partner"),)}
    filing.must(Decide, PARTNER, **theirs)
    assert isinstance(answer(filing), Step)
    for name in ("indienen", "indienen_partner"):
        filing.must(RecordDelivery, FISCAL, phase=name, on=filing.now.date(), proof="hash")
    filing.finish("voorlopige_aanslag", FISCAL, outcome="past")
    letter = {"notice": "definitieve_aanslag", "reason": "Post", "document": "hash"}
    filing.until(date(2026, 7, 10))
    filing.must(Notice, FISCAL, phase="aanslag_afwachten", on=date(2026, 7, 10), **letter)
    filing.finish("aanslag_van_wie", FISCAL, van_partner=True)
    filing.finish("aanslag_controleren", FISCAL, outcome="bezwaar")
    assert messages(filing)[-1] == "ib-aanslag-partner-bezwaar"
    filing.finish("bezwaar_maken", FISCAL)
    assert filing.active() == ["tweede_aanslag_afwachten"]
    filing.must(Notice, FISCAL, phase="tweede_aanslag_afwachten", on=date(2026, 7, 24), **letter)
    assert (due(filing, "bezwaar"), due(filing, "bezwaar_tweede")) == (date(2026, 8, 21), date(2026, 9, 4))
    filing.finish("tweede_aanslag_controleren", FISCAL, outcome="akkoord")
    assert messages(filing)[-1] == "ib-aanslag-akkoord"
    filing.finish("tweede_aanslag_melden", MANAGER)
    assert deadline(filing, "bezwaar_tweede").status == "needless"
    assert filing.active() == ["afronden"]


def test_one_partner_who_disagrees_sends_both_returns_back() -> None:
    filing = offered_to_both()
    about = {"phase": "aanbieden", "answer": "reject", "reason": "Rente klopt niet"}
    filing.must(Decide, PARTNER, documents=(shown("1", "aangifte_partner"),), **about)
    assert filing.active() == ["opstellen"]


def list_codes(filing: Driver) -> list[str]:
    """Return the open tasks in which a code of a letter is asked for."""
    return [item.id for item in filing.view.work if item.kind == "task" and "activeringscode" in item.id]


@pytest.mark.parametrize(("first", "then"), [(False, True), (True, False)])
def test_a_letter_that_comes_or_not_after_all_is_recorded_where_the_code_is_asked_for(
    first: bool, then: bool
) -> None:
    filing = started(INCOME)
    filing.finish("uitstel", FISCAL, uitstel="becon", code_per_brief=first)
    filing.supply("uitvraag.situatie.1", SECRETARY, **PROFILE)
    filing.finish("uitvraag", SECRETARY)
    assert bool(list_codes(filing)) == first
    said = {"phase": "uitvraag", "fact": "code_per_brief", "value": then, "reason": "De brief"}
    assert refused(filing.act(RecordFact, SECRETARY, **said), "fact_closed")
    filing.must(Back, SECRETARY, phase="stukken", reason="De brief")
    filing.must(RecordFact, SECRETARY, **said)
    assert list_codes(filing) == []
    filing.finish("uitvraag", SECRETARY)
    assert bool(list_codes(filing)) == then
