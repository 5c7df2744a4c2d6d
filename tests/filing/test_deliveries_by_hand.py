"""Deliveries by hand: a person delivers what kantoor cannot, and records it with proof."""

from datetime import date
from typing import Any

from kantoor.data import replace
from kantoor.filing.events import Back, Complete, RecordDelivery
from kantoor.filing.outcome import Refusal, Step
from kantoor.plan import Chase, DateRule, Deliver, Escalate

from .driver import ADMIN, FISCAL, MANAGER, Driver
from .plans import CLOSE, DELIVER, OFFER, with_phase
from .test_phases import refused

BY_HAND = Deliver(
    document="aangifte", deadline="aangifte", on_behalf_of="relatiebeheerder", pay="now", by_hand=True
)
PLAN = with_phase(replace(CLOSE, back_to="opstellen"), with_phase(replace(DELIVER, block=BY_HAND)))


def record(filing: Driver, by: Any = FISCAL, **facts: Any) -> Step | Refusal:
    said = {"phase": "indienen", "on": filing.now.date(), "proof": "hash"} | facts
    return filing.act(RecordDelivery, by, **said)


def approved() -> Driver:
    """Return a filing whose return the client has approved."""
    filing = Driver(PLAN)
    filing.to_offer()
    filing.decide()
    return filing


def test_nothing_is_sent_and_the_work_list_says_who_delivers() -> None:
    filing = approved()
    assert filing.active() == ["indienen"]
    assert [c.kind for c in filing.commands if c.kind in ("deliver", "follow")] == []
    [item] = [item for item in filing.view.work if item.kind == "deliver"]
    assert (item.roles, item.missing) == (("fiscaal",), ())


def test_a_recorded_delivery_completes_the_phase_and_is_on_the_timeline() -> None:
    filing = approved()
    assert isinstance(record(filing, reference="1234"), Step)
    assert filing.active() == ["afronden"]
    (told,) = (entry for entry in filing.entries if entry.what == "delivered_by_hand")
    assert "1234" not in told.data.values()
    assert filing.view.planner == "ingediend"
    assert filing.view.deadlines[0].status == "met"


def test_it_needs_proof_the_role_and_a_day_that_can_be() -> None:
    filing = approved()
    assert refused(record(filing, proof=None), "proof_missing")
    assert refused(record(filing, by=MANAGER), "wrong_role")
    assert refused(record(filing, on=date(2026, 1, 23)), "too_early")
    assert refused(record(filing, on=date(2026, 12, 31)), "day_to_come")
    assert refused(record(filing, phase="opstellen"), "phase_not_active")


def test_what_the_client_did_not_approve_is_not_recorded_as_delivered() -> None:
    plan = replace(PLAN, phases=tuple(p for p in PLAN.phases if p.id != OFFER.id))
    filing = Driver(plan)
    filing.to_offer()
    assert refused(record(filing), "not_approved")
    [item] = [item for item in filing.view.work if item.kind == "deliver"]
    assert item.missing == ("De klant heeft deze versie niet geaccordeerd.",)


def test_a_day_before_the_client_approved_is_refused() -> None:
    filing = Driver(PLAN)
    filing.to_offer()
    filing.until(date(2026, 2, 10))
    filing.decide()
    assert refused(record(filing, on=date(2026, 2, 9)), "before_approval")
    assert isinstance(record(filing, on=date(2026, 2, 10)), Step)


def test_a_recorded_delivery_is_not_undone_by_going_back() -> None:
    filing = approved()
    record(filing)
    assert refused(filing.act(Back, ADMIN, phase="afronden", reason="Fout"), "accepted")


def test_what_was_delivered_in_time_and_recorded_late_met_its_deadline() -> None:
    filing = approved()
    filing.until(date(2026, 3, 3))
    assert filing.view.deadlines[0].status == "missed"
    assert isinstance(record(filing, on=date(2026, 2, 28)), Step)
    assert filing.view.deadlines[0].status == "met"


def test_what_was_delivered_after_its_deadline_met_it_late() -> None:
    filing = approved()
    filing.until(date(2026, 3, 3))
    assert isinstance(record(filing, on=date(2026, 3, 1)), Step)
    assert filing.view.deadlines[0].status == "met_late"


def test_who_completes_the_phase_is_told_to_record_the_delivery() -> None:
    answer = approved().act(Complete, FISCAL, phase="indienen")
    assert isinstance(answer, Refusal)
    assert "Leg vast dat er is ingediend" in answer.text


def test_whoever_has_to_deliver_is_chased_until_it_is_recorded() -> None:
    escalate = Escalate(on=DateRule(anchor="deadlines.aangifte", workdays=-3), role="relatiebeheerder")
    block = replace(BY_HAND, chase=Chase(escalate=escalate))
    filing = Driver(with_phase(replace(DELIVER, block=block), PLAN))
    filing.to_offer()
    filing.decide()
    assert refused(record(filing, by=MANAGER), "wrong_role")
    filing.until(date(2026, 2, 26))
    assert [entry.what for entry in filing.entries if entry.what == "escalated"] == ["escalated"]
    [item] = [item for item in filing.view.work if item.kind == "deliver"]
    assert item.roles == ("fiscaal", "relatiebeheerder")
    assert isinstance(record(filing, by=MANAGER), Step)
