"""A refusal that came later is for acts that are asked now; what a history holds is taken as it was."""

from datetime import date

from kantoor.audience import CLIENT
from kantoor.data import replace
from kantoor.filing.events import Act, Attach, RecordDelivery
from kantoor.filing.new_acts import LATER_REFUSALS, take_new
from kantoor.filing.outcome import Step
from kantoor.filing.step import step

from .driver import ADMIN, FISCAL, Driver, shown
from .plans import CLOSE, PREPARE
from .test_deliveries_by_hand import PLAN
from .test_phases import refused
from .test_signatures import SIGN, plan_of

ON = date(2026, 2, 10)


def late_approved() -> Driver:
    filing = Driver(PLAN)
    filing.to_offer()
    filing.until(ON)
    filing.decide()
    return filing


def early_delivery(filing: Driver) -> RecordDelivery:
    return RecordDelivery(
        id="vroeg", at=filing.now, by=FISCAL, phase="indienen", on=date(2026, 2, 9), proof="hash"
    )


def test_an_act_that_was_taken_before_its_refusal_came_is_taken_again() -> None:
    filing = late_approved()
    act = early_delivery(filing)
    assert refused(take_new(PLAN, filing.state, act), "before_approval")
    assert isinstance(step(PLAN, filing.state, act), Step)


def test_who_sends_an_act_again_that_was_taken_then_gets_its_first_answer() -> None:
    filing = late_approved()
    act = early_delivery(filing)
    taken = step(PLAN, filing.state, act)
    assert isinstance(taken, Step)
    again = take_new(PLAN, taken.state, act)
    assert isinstance(again, Step)
    assert (again.repeated, again.sequence) == (True, taken.sequence)


def test_what_is_signed_is_never_attached_for_the_client_again() -> None:
    filing = Driver(plan_of(PREPARE, SIGN, CLOSE))
    filing.until(ON)
    act = Attach(id="open", at=filing.now, by=ADMIN, shown=shown(), audience=CLIENT)
    assert refused(take_new(filing.plan, filing.state, act), "signed_first")
    assert isinstance(step(filing.plan, filing.state, act), Step)
    assert isinstance(take_new(filing.plan, filing.state, replace(act, audience=None)), Step)


def test_what_is_refused_in_any_case_is_refused_first() -> None:
    filing = late_approved()
    act = replace(early_delivery(filing), proof=None)
    assert refused(take_new(PLAN, filing.state, act), "proof_missing")


def test_later_refusals_are_of_kinds_of_acts_that_there_are() -> None:
    kinds = {kind.__struct_config__.tag for kind in Act.__subclasses__()}
    assert kinds >= set(LATER_REFUSALS)
