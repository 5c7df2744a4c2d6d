"""Reassigning the work of a role within one filing."""

from datetime import date

from kantoor.data import replace
from kantoor.filing.events import Actor, Check, Complete, Reassign, TaskDone
from kantoor.filing.turn import Reader
from kantoor.office.people import TeamMember
from kantoor.office.presence import OnDay
from kantoor.service.filings.giving import list_cannot

from .driver import ACCOUNTANT, ADMIN, CLIENT, FISCAL, MANAGER, Driver, shown
from .plans import REVIEW, VAT, with_phase
from .test_phases import refused

EVA = Actor(kind="team", id="eva")
TITLED = replace(EVA, qualifications=("RA",))


def begun() -> Driver:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 11))
    return filing


def test_only_the_assigned_person_does_the_work_of_the_role() -> None:
    filing = begun()
    filing.must(Reassign, ADMIN, role="administratie", person=EVA, reason="Ziek")
    tick = {"phase": "verzamelen", "checkpoint": "bank_compleet"}
    answer = filing.act(Check, ADMIN, **tick)
    assert refused(answer, "reassigned")
    assert EVA.id not in answer.text
    assert refused(filing.act(Check, FISCAL, **tick), "wrong_role")
    assert refused(filing.act(TaskDone, ADMIN, task="verzamelen.bellen.1"), "wrong_role")
    filing.must(Check, EVA, **tick)
    filing.must(TaskDone, EVA, task="verzamelen.bellen.1")
    filing.must(Complete, EVA, phase="verzamelen")
    assert filing.told().count("reassigned") == 1


def test_open_work_names_the_person_in_the_place_of_the_role() -> None:
    filing = begun()
    filing.must(Reassign, ADMIN, role="administratie", person=EVA, reason="Ziek")
    items = {item.kind: item for item in filing.view.work if not item.client}
    assert {(item.person, item.roles) for item in items.values()} == {("eva", ())}


def test_after_an_escalation_the_role_that_it_went_to_acts_too() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    filing.must(Reassign, MANAGER, role="relatiebeheerder", person=EVA, reason="Verlof")
    filing.until(date(2026, 2, 27))
    escalated = next(item for item in filing.view.work if item.kind == "escalated")
    assert (escalated.person, escalated.roles) == ("eva", ("accountant",))


def test_the_work_goes_back_to_who_holds_the_role() -> None:
    filing = begun()
    filing.must(Reassign, ADMIN, role="administratie", person=EVA, reason="Ziek")
    filing.must(Reassign, ADMIN, role="administratie", reason="Beter")
    filing.collect()
    assert "assigned_back" in filing.told()
    again = filing.act(Reassign, ADMIN, role="administratie", reason="Beter")
    assert refused(again, "assignment_unchanged")


def test_the_person_holds_the_role_or_the_title_that_its_work_asks_for() -> None:
    filing = Driver(with_phase(replace(REVIEW, qualification=("AA", "RA"))))
    filing.until(date(2026, 2, 1))
    filing.collect()
    filing.prepare()
    said = {"role": "accountant", "reason": "Verlof"}
    assert refused(filing.act(Reassign, ACCOUNTANT, person=EVA, **said), "unqualified")
    assert refused(filing.act(Reassign, ACCOUNTANT, person=CLIENT, **said), "not_a_colleague")
    filing.must(Reassign, ACCOUNTANT, person=TITLED, **said)
    filing.must(Complete, TITLED, phase="controle", documents=(shown(),))


def test_who_reassigns_has_a_role_in_the_filing_and_a_reason() -> None:
    filing = begun()
    said = {"role": "administratie", "person": EVA, "reason": "Ziek"}
    assert refused(filing.act(Reassign, FISCAL, **said), "wrong_role")
    assert refused(filing.act(Reassign, ADMIN, **(said | {"reason": " "})), "reason_missing")
    assert refused(filing.act(Reassign, ADMIN, **(said | {"role": "baas"})), "unknown_role")


def test_who_cannot_have_the_work_of_a_role_is_told_before_it_is_given() -> None:
    filing = Driver(with_phase(replace(REVIEW, qualification=("AA", "RA"))))
    filing.until(date(2026, 2, 1))
    filing.collect()
    holders = {"administratie": ADMIN.id, "accountant": ACCOUNTANT.id, "relatiebeheerder": MANAGER.id}
    some = ((ADMIN.id, ("RA",)), (ACCOUNTANT.id, ("AA",)), (MANAGER.id, ()), ("eva", ("RA",)), ("bo", ()))
    team = [
        TeamMember(id=id, name=id.upper(), email="", phone="", qualifications=titles, active=True)
        for id, titles in some
    ]
    told = list_cannot(Reader(filing.plan, filing.state), holders, OnDay(["eva"], {}, {}), team)
    admin, accountant = ADMIN.id.upper(), ACCOUNTANT.id.upper()
    assert told == (
        "Vandaag afwezig: EVA.",
        f"Vier ogen: 'Controle' en 'Opstellen' liggen dan allebei bij {accountant}, die het eigen werk niet"
        " mag controleren.",
        f"Accountant vraagt de titel AA of RA en kan alleen aan {admin} en {accountant}.",
        f"Vier ogen: {admin} heeft zelf aan 'Stukken opvragen' gewerkt en mag 'Controle' niet afronden.",
    )
