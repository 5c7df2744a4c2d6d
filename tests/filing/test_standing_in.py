"""Whoever stands in for a colleague does their work, under their own name (R2, R9)."""

from datetime import date

from kantoor.data import replace
from kantoor.filing.events import (
    Actor,
    Attach,
    Cancel,
    Check,
    Complete,
    Hold,
    Note,
    Reassign,
    Resume,
    StandIn,
)

from .driver import ACCOUNTANT, ADMIN, MANAGER, Driver, shown
from .plans import VAT
from .test_phases import refused

STAND_IN = Actor(
    kind="team",
    id="gijs",
    roles=("administratie",),
    instead_of=(StandIn(role="administratie", person=ADMIN.id),),
    stands_in=(StandIn(role="administratie", person=ADMIN.id),),
)


def collecting() -> Driver:
    driver = Driver(VAT)
    driver.until(date(2026, 2, 1))
    return driver


def test_the_timeline_says_in_whose_place_somebody_acted() -> None:
    driver = collecting()
    driver.must(Check, STAND_IN, phase="verzamelen", checkpoint="bank_compleet")
    driver.must(Complete, STAND_IN, phase="verzamelen")
    told = [e for e in driver.entries if e.by == STAND_IN.id]
    assert {e.what for e in told} == {"checkpoint_ticked", "phase_completed"}
    assert {e.data["in_place_of"] for e in told} == {ADMIN.id}
    assert all("in_place_of" not in e.data for e in driver.entries if e.by != STAND_IN.id)


def test_whoever_acts_in_a_role_of_their_own_acts_for_nobody_else() -> None:
    driver = collecting()
    own = replace(STAND_IN, instead_of=(StandIn(role="accountant", person="bart"),))
    driver.must(Check, own, phase="verzamelen", checkpoint="bank_compleet")
    driver.must(Note, STAND_IN, text="Gebeld")
    assert all("in_place_of" not in e.data for e in driver.entries)


def test_what_was_ticked_stays_when_the_work_changes_hands_in_the_middle_of_a_phase() -> None:
    driver = collecting()
    driver.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    driver.must(Complete, STAND_IN, phase="verzamelen")
    ticked = {point.id: point.by for point in driver.phase("verzamelen").checkpoints}
    assert ticked["bank_compleet"] == ADMIN.id
    assert driver.active() == ["opstellen"]


def test_four_eyes_counts_who_acted_and_not_in_whose_place() -> None:
    driver = collecting()
    driver.must(Check, STAND_IN, phase="verzamelen", checkpoint="bank_compleet")
    driver.must(Complete, STAND_IN, phase="verzamelen")
    driver.must(Attach, STAND_IN, shown=shown())
    driver.must(Complete, STAND_IN, phase="opstellen")
    absent = StandIn(role="accountant", person=ACCOUNTANT.id)
    reviewing = replace(STAND_IN, roles=("accountant",), instead_of=(absent,))
    review = {"phase": "controle", "documents": (shown(),)}
    assert refused(driver.act(Complete, reviewing, **review), "four_eyes")
    driver.must(Complete, replace(ADMIN, roles=("accountant",)), **review)


def test_work_that_was_given_to_somebody_by_name_is_done_by_who_stands_in_for_them() -> None:
    driver = collecting()
    given = Actor(kind="team", id="fleur", roles=("administratie",))
    driver.must(Reassign, MANAGER, role="administratie", person=given, reason="drukte")
    ticking = {"phase": "verzamelen", "checkpoint": "bank_compleet"}
    assert refused(driver.act(Check, STAND_IN, **ticking), "reassigned")
    instead = replace(STAND_IN, stands_in=(StandIn(role="administratie", person=given.id),))
    driver.must(Check, instead, **ticking)
    assert driver.entries[-1].data["in_place_of"] == given.id


def test_holding_and_cancelling_name_the_absent_too() -> None:
    driver = collecting()
    instead = Actor(
        kind="team",
        id="gijs",
        roles=("relatiebeheerder",),
        instead_of=(StandIn(role="relatiebeheerder", person=MANAGER.id),),
    )
    driver.must(Hold, instead, reason="wacht op de klant")
    driver.must(Resume, instead)
    driver.must(Cancel, instead, reason="dubbel")
    told = [e for e in driver.entries if e.by == instead.id]
    assert [e.what for e in told] == ["held", "resumed", "filing_ended"]
    assert {e.data["in_place_of"] for e in told} == {MANAGER.id}


def test_a_stand_in_without_the_title_that_the_work_asks_for_is_refused() -> None:
    phases = tuple(
        replace(phase, qualification=("AA", "RA")) if phase.id == "controle" else phase
        for phase in VAT.phases
    )
    driver = Driver(replace(VAT, phases=phases))
    driver.until(date(2026, 2, 1))
    driver.collect()
    driver.prepare()
    instead = Actor(
        kind="team",
        id="gijs",
        roles=("accountant",),
        instead_of=(StandIn(role="accountant", person=ACCOUNTANT.id),),
    )
    review = {"phase": "controle", "documents": (shown(),)}
    assert refused(driver.act(Complete, instead, **review), "unqualified")
    driver.must(Complete, replace(instead, qualifications=("RA",)), **review)
