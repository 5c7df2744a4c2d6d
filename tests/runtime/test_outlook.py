"""What a workflow keeps of a state is what the machine says of it, also when it is asked again."""

from datetime import date, timedelta

from kantoor.data import replace
from kantoor.filing.events import Check
from kantoor.filing.new_acts import take_new
from kantoor.filing.outcome import Refusal, Step
from kantoor.filing.step import step
from kantoor.filing.turn import Reader
from kantoor.filing.waits import next_wake
from kantoor.runtime.outlook import Outlook
from kantoor.runtime.search_attributes import read_search_attributes
from tests.filing.driver import ADMIN, Driver
from tests.filing.plans import VAT


def test_dates_and_what_a_filing_is_found_by_are_those_of_the_state_that_is_asked_for() -> None:
    driver, outlook = Driver(VAT), Outlook()
    states = [driver.state]
    driver.until(date(2026, 2, 1))
    states.append(driver.state)
    assert states[0] != states[1]
    for state in (*states, *states, states[-1]):
        assert state is not None
        assert outlook.next_wake(VAT, state) == next_wake(VAT, state)
        assert outlook.findable(VAT, state) == read_search_attributes(Reader(VAT, state))


def test_an_act_that_was_tried_is_taken_as_it_was_tried_and_any_other_as_it_is() -> None:
    driver, outlook = Driver(VAT), Outlook()
    driver.until(date(2026, 2, 1))
    state = driver.state
    assert state is not None
    phase = next(one for one in VAT.phases if one.checkpoints)
    tried = Check(at=driver.now, id="1", by=ADMIN, phase=phase.id, checkpoint=phase.checkpoints[0].id)
    outcome = take_new(VAT, state, tried)
    assert isinstance(outcome, Step)
    outlook.keep(VAT, state, tried, outcome)
    assert outlook.take(VAT, state, tried) is outcome
    later = replace(tried, at=driver.now + timedelta(hours=1))
    assert outlook.take(VAT, state, later) == step(VAT, state, later) != outcome
    again = outlook.take(VAT, outcome.state, later)
    assert isinstance(again, Step)
    assert again.repeated
    unknown = Check(at=driver.now, id="2", by=ADMIN, phase="elders", checkpoint="niets")
    assert isinstance(outlook.take(VAT, state, unknown), Refusal)
