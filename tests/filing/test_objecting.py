"""Who is only informed, under a standing authority, has time to object before the filing goes on."""

from datetime import date
from typing import Any

from kantoor.data import replace
from kantoor.filing.events import Actor, Calendars, Decide
from kantoor.filing.events import Hold as HoldAct
from kantoor.plan import Plan

from .driver import CLIENT, MANAGER, RECIPIENT, Driver, shown
from .plans import OFFER, VAT, with_phase
from .test_phases import refused
from .test_recipients import found, last_send, look_again

STANDING: dict[str, Any] = {"way": "information", "standing_until": date(2026, 12, 31)}
READER = replace(CLIENT, id="c-lezer", may=("see",))
LISTENER = replace(RECIPIENT, contact=READER.id, may=READER.may)


def with_time(workdays: int = 2) -> Plan:
    assert OFFER.offer
    return with_phase(replace(OFFER, block=replace(OFFER.offer, workdays_to_object=workdays)))


def informed(**resolution: Any) -> Driver:
    """Return a filing whose client was informed on Sunday 1 February 2026, and can object until Tuesday."""
    filing = Driver(with_time())
    filing.resolution |= STANDING | resolution
    filing.to_offer()
    assert filing.now.date() == date(2026, 2, 1)
    return filing


def object_to(filing: Driver, by: Actor = CLIENT, reason: str = "Er mist een factuur") -> Any:
    return filing.act(Decide, by, phase="aanbieden", answer="reject", reason=reason, documents=(shown(),))


def test_a_return_is_delivered_on_the_day_after_the_last_to_object_and_not_before() -> None:
    filing = informed()
    assert filing.view.offers[0].object_until == date(2026, 2, 3)
    assert filing.view.work == ()
    filing.until(date(2026, 2, 3))
    assert filing.active() == ["aanbieden"]
    assert "delivering" not in filing.told()
    filing.until(date(2026, 2, 4))
    assert filing.told().count("informed") == filing.told().count("unopposed") == 1
    assert [c.standing for c in filing.commands if c.kind == "deliver"] == [True]


def test_days_on_which_the_office_is_closed_are_no_days_to_object() -> None:
    filing = Driver(with_time(), calendars=Calendars(office=(date(2026, 2, 2), date(2026, 2, 3))))
    filing.resolution |= STANDING
    filing.to_offer()
    assert filing.view.offers[0].object_until == date(2026, 2, 5)


def test_whoever_was_informed_may_object_with_a_reason_and_the_work_goes_back() -> None:
    filing = informed(recipients=(LISTENER,))
    assert refused(object_to(filing, READER, ""), "reason_missing")
    object_to(filing, READER)
    assert filing.active() == ["opstellen"]
    filing.prepare("2")
    filing.review("2")
    assert filing.view.offers[0].object_until == date(2026, 2, 3)
    filing.until(date(2026, 2, 4))
    assert [c.hash for c in filing.commands if c.kind == "deliver"] == ["hash-2"]


def test_who_may_only_read_cannot_shorten_the_time_and_who_may_approve_can() -> None:
    filing = informed(recipients=(RECIPIENT, LISTENER))
    agree = {"phase": "aanbieden", "answer": "approve", "documents": (shown(),)}
    assert refused(filing.act(Decide, READER, **agree), "no_authority")
    filing.must(Decide, CLIENT, **agree)
    assert [c.standing for c in filing.commands if c.kind == "deliver"] == [False]


def test_a_return_that_is_approved_does_not_wait() -> None:
    filing = Driver(with_time())
    filing.to_offer()
    filing.decide()
    assert "delivered" in filing.told()
    assert filing.now.date() == date(2026, 2, 1)


def test_who_joins_has_the_whole_time_to_object() -> None:
    filing = informed()
    filing.until(date(2026, 2, 3))
    look_again(filing, **found(RECIPIENT, LISTENER), **STANDING)
    assert last_send(filing).reached == (CLIENT.id,)
    assert filing.view.offers[0].object_until == date(2026, 2, 5)
    look_again(filing, **found(LISTENER), **STANDING)
    assert filing.view.offers[0].object_until == date(2026, 2, 5)


def test_nobody_who_can_object_is_reminded_and_nothing_escalates() -> None:
    filing = Driver(with_time(30))
    filing.resolution |= STANDING
    filing.to_offer()
    filing.until(date(2026, 2, 28))
    assert {"reminded", "escalated"}.isdisjoint(filing.told())


def test_nothing_goes_out_by_itself_of_a_filing_that_is_held_while_they_can_object() -> None:
    filing = informed()
    filing.must(HoldAct, MANAGER, reason="De klant belt terug", until=date(2026, 2, 6))
    filing.until(date(2026, 2, 5))
    assert "delivering" not in filing.told()
    filing.until(date(2026, 2, 6))
    assert "delivering" in filing.told()


def test_a_filing_that_moves_to_a_plan_without_the_time_goes_on() -> None:
    filing = informed()
    filing.move(VAT)
    filing.until(date(2026, 2, 2))
    assert "delivering" in filing.told()
