"""Whether a message that waits is still to be sent, asked of the machine at its moment."""

from datetime import date

import pytest

from kantoor.data import replace
from kantoor.filing.events import Back, Cancel, Complete, Failed, Withdrawn
from kantoor.filing.issuing import reissue
from kantoor.filing.reasons import (
    ANSWERED,
    CANCELLED,
    ENDED,
    INFORMED,
    LEFT,
    REPLACED,
    awaits_way,
    find_lost_reason,
)
from kantoor.filing.turn import Reader
from kantoor.plan import Automation, Chase, DateRule, Escalate, Outcome, Plan, SendMessage, To, Work

from .driver import ADMIN, MANAGER, Driver
from .plans import BEFORE_DUE, CLOSE, COLLECT, OFFER, VAT, with_phase

CLOSING = with_phase(
    replace(
        CLOSE,
        automations=(Automation(id="klaar", at="completed", send=SendMessage(message="btw-klaar", to=To())),),
    )
)


def waiting(purpose: str, filing: Driver) -> int:
    """Return the number of the last message of a purpose, which the mail server has not taken."""
    return [c.number for c in filing.commands if c.kind == "send" and c.purpose == purpose][-1]


def lost(filing: Driver, number: int) -> str | None:
    assert filing.state is not None
    return find_lost_reason(filing.plan, filing.state, number)


EARLY = DateRule(anchor="period.end", days=3)
ESCALATE = Escalate(on=DateRule(anchor=BEFORE_DUE, workdays=-4), role="accountant", message="btw-klaar")


def offered(plan: Plan = CLOSING) -> Driver:
    """Return a filing whose offer is known to the client, with a mail server that takes no more."""
    filing = Driver(plan)
    filing.to_offer()
    filing.hold = {"send"}
    return filing


def test_a_reminder_is_not_sent_to_who_has_answered_meanwhile() -> None:
    filing = offered()
    filing.until(date(2026, 2, 9))
    reminder = waiting("reminder", filing)
    assert lost(filing, reminder) is None
    filing.decide()
    assert lost(filing, reminder) == ANSWERED


@pytest.mark.parametrize("way", ["approval", "information"])
def test_nobody_is_pressed_for_a_decision_on_what_is_offered_late_and_only_informs(way: str) -> None:
    assert OFFER.offer
    late = Chase(escalate=Escalate(on=EARLY, role="accountant", message="btw-klaar"))
    plan = with_phase(replace(OFFER, block=replace(OFFER.offer, workdays_to_object=2, chase=late)))

    def offered_late(*held: str) -> Driver:
        filing = Driver(plan)
        filing.resolution |= {"way": way, "standing_until": date(2026, 12, 31)}
        filing.hold = {*held, "send"}
        filing.to_offer()
        filing.until(date(2026, 2, 10))
        return filing

    filing = offered_late("resolve")
    assert filing.state is not None
    assert awaits_way(plan, filing.state, waiting("escalation", filing)), "nobody knows the way yet"
    filing = offered_late()
    assert filing.state is not None
    assert not awaits_way(plan, filing.state, waiting("escalation", filing))
    assert lost(filing, waiting("escalation", filing)) == (INFORMED if way == "information" else None)


def test_an_offer_whose_message_waits_is_not_told_once_it_was_sent_back_or_cancelled() -> None:
    filing = Driver(CLOSING)
    filing.hold = {"send"}
    filing.to_offer()
    offer = waiting("offer", filing)
    assert lost(filing, offer) is None
    filing.must(Back, MANAGER, phase="aanbieden", reason="Toch niet juist")
    assert lost(filing, offer) == REPLACED
    filing.must(Cancel, MANAGER, reason="Dubbel")
    assert lost(filing, offer) == CANCELLED


def test_an_escalation_of_an_offer_is_not_told_once_the_client_has_answered() -> None:
    chased = replace(OFFER, block=replace(OFFER.block, chase=Chase(escalate=ESCALATE)))
    filing = offered(with_phase(chased, CLOSING))
    filing.until(date(2026, 2, 25))
    escalation = waiting("escalation", filing)
    assert lost(filing, escalation) is None
    filing.decide()
    assert lost(filing, escalation) == LEFT


def test_an_escalation_of_work_is_not_told_once_the_work_is_done() -> None:
    chased = replace(COLLECT, block=Work(chase=Chase(escalate=replace(ESCALATE, on=EARLY))))
    filing = Driver(with_phase(chased))
    filing.hold = {"send"}
    filing.until(date(2026, 2, 4))
    escalation = waiting("escalation", filing)
    assert lost(filing, escalation) is None
    filing.collect()
    assert lost(filing, escalation) == LEFT


def test_papers_are_not_asked_for_once_they_are_there() -> None:
    filing = Driver(CLOSING)
    filing.hold = {"send"}
    filing.until(date(2026, 2, 1))
    asking = waiting("automation", filing)
    assert lost(filing, asking) is None
    filing.collect()
    assert lost(filing, asking) == LEFT


def test_that_a_phase_was_completed_is_told_also_when_the_filing_has_ended_with_it() -> None:
    filing = offered()
    filing.decide()
    filing.must(Complete, ADMIN, phase="afronden")
    assert filing.view.ended == "completed"
    assert lost(filing, waiting("automation", filing)) is None


def test_a_command_that_is_not_recorded_yet_is_carried_out() -> None:
    assert lost(Driver(VAT), 99) is None


def test_a_message_that_was_withdrawn_is_told_with_its_reason_and_changes_nothing() -> None:
    filing = offered()
    filing.until(date(2026, 2, 9))
    reminder = waiting("reminder", filing)
    filing.decide()
    before = filing.view
    filing.send(Withdrawn(at=filing.now, number=reminder, reason=ANSWERED))
    told = filing.entries[-1]
    assert (told.what, told.data["reason"], told.data["purpose"]) == (
        "message_withdrawn",
        ANSWERED,
        "reminder",
    )
    assert filing.view == before


@pytest.mark.parametrize("leave", [True, False])
def test_a_message_that_failed_is_nobodys_work_once_its_reason_is_gone(leave: bool) -> None:
    filing = Driver(CLOSING)
    filing.hold = {"send"}
    filing.until(date(2026, 2, 1))
    filing.send(Failed(at=filing.now, number=waiting("automation", filing), error="Adres onbekend."))
    if leave:
        filing.collect()
    stalled = [item.missing for item in filing.view.work if item.kind == "stalled"]
    assert stalled == ([] if leave else [("Adres onbekend.",)])


def test_that_a_phase_was_completed_is_told_also_when_its_outcome_ended_the_filing() -> None:
    stop = Outcome(id="stoppen", title="Stoppen", end="niet_ingediend")
    told = Automation(id="klaar", at="completed", send=SendMessage(message="btw-klaar", to=To()))
    first = replace(COLLECT, automations=(*COLLECT.automations, told), outcomes=(stop,))
    filing = Driver(with_phase(first))
    filing.hold = {"send"}
    filing.until(date(2026, 2, 1))
    asking = waiting("automation", filing)
    filing.collect()
    assert filing.view.ended == "end"
    telling = waiting("automation", filing)
    assert (lost(filing, asking), lost(filing, telling)) == (ENDED, None)
    assert filing.state is not None
    reader = Reader(filing.plan, filing.state)
    pending = next(p for p in filing.state.journal.in_flight if p.number == telling)
    assert reissue(reader, pending) is not None
