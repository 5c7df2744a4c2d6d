"""A refusal that came later is for acts that are asked now; what a history holds is taken as it was."""

from datetime import date

from kantoor.data import replace
from kantoor.filing.events import Act, RecordDelivery
from kantoor.filing.new_acts import LATER_REFUSALS, take_new
from kantoor.filing.outcome import Step
from kantoor.filing.step import step

from .driver import FISCAL, Driver
from .test_deliveries_by_hand import PLAN
from .test_phases import refused

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


def test_what_is_refused_in_any_case_is_refused_first() -> None:
    filing = late_approved()
    act = replace(early_delivery(filing), proof=None)
    assert refused(take_new(PLAN, filing.state, act), "proof_missing")


def test_later_refusals_are_of_kinds_of_acts_that_there_are() -> None:
    kinds = {kind.__struct_config__.tag for kind in Act.__subclasses__()}
    assert kinds >= set(LATER_REFUSALS)
