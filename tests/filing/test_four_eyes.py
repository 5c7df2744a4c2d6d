"""Four eyes, and the exception that a named role makes with a reason."""

from datetime import date
from typing import Any

from kantoor.data import replace
from kantoor.filing.events import Attach, Back, Check, Complete, StandIn, Waive
from kantoor.filing.outcome import Refusal, Step

from .driver import ACCOUNTANT, ADMIN, MANAGER, Driver, shown
from .plans import REVIEW, with_phase
from .test_phases import refused

PLAN = with_phase(replace(REVIEW, four_eyes_exception="relatiebeheerder"))
BOTH = replace(ADMIN, roles=("administratie", "accountant"))


def made_by_the_reviewer() -> Driver:
    """Return a filing whose return was made by the only one who reviews."""
    return prepared(Driver(PLAN))


def prepared(filing: Driver) -> Driver:
    """Return a filing in which one person has done all the work up to the review."""
    filing.until(date(2026, 2, 2))
    filing.must(Check, BOTH, phase="verzamelen", checkpoint="bank_compleet")
    filing.must(Complete, BOTH, phase="verzamelen")
    prepare(filing)
    return filing


def prepare(filing: Driver) -> None:
    filing.must(Attach, BOTH, shown=shown())
    filing.must(Complete, BOTH, phase="opstellen")


def review(filing: Driver) -> Step | Refusal:
    return filing.act(Complete, BOTH, phase=REVIEW.id, documents=(shown(),))


def waive(filing: Driver, by: Any = MANAGER, person: str = BOTH.id, reason: str = "Bart is ziek") -> Any:
    return filing.act(Waive, by, phase=REVIEW.id, person=person, reason=reason)


def test_the_named_role_lets_somebody_check_their_own_work_with_a_reason() -> None:
    filing = made_by_the_reviewer()
    assert refused(review(filing), "four_eyes")
    assert isinstance(waive(filing), Step)
    (waiver,) = filing.phase(REVIEW.id).waivers
    assert (waiver.person, waiver.by, waiver.reason) == (BOTH.id, MANAGER.id, "Bart is ziek")
    (told,) = (entry for entry in filing.entries if entry.what == "four_eyes_waived")
    assert told.data["reason"] == "Bart is ziek"
    assert isinstance(review(filing), Step)


def test_the_refusal_says_who_may_make_an_exception() -> None:
    answer = review(made_by_the_reviewer())
    assert isinstance(answer, Refusal)
    assert answer.text.endswith("kan een uitzondering geven.")


def test_an_exception_needs_the_role_a_reason_and_another_person() -> None:
    filing = made_by_the_reviewer()
    assert refused(waive(filing, by=ACCOUNTANT), "wrong_role")
    assert refused(waive(filing, reason=" "), "reason_missing")
    assert refused(waive(filing, by=replace(BOTH, roles=(*BOTH.roles, *MANAGER.roles))), "for_oneself")
    assert refused(waive(filing, person=ACCOUNTANT.id), "not_barred")
    assert isinstance(waive(filing), Step)
    assert refused(waive(filing), "already_waived")


def test_an_exception_is_for_one_round() -> None:
    filing = made_by_the_reviewer()
    waive(filing)
    filing.must(Back, ACCOUNTANT, phase=REVIEW.id, reason="Opnieuw")
    prepare(filing)
    assert filing.phase(REVIEW.id).waivers == ()
    assert refused(review(filing), "four_eyes")


def test_without_a_named_role_there_is_no_exception() -> None:
    assert refused(waive(prepared(Driver(with_phase(REVIEW)))), "no_exception")


def test_who_did_part_of_the_work_or_stands_in_for_who_did_makes_no_exception() -> None:
    maker = replace(MANAGER, roles=(*MANAGER.roles, "administratie"))
    filing = Driver(PLAN)
    filing.until(date(2026, 2, 2))
    filing.must(Check, maker, phase="verzamelen", checkpoint="bank_compleet")
    filing.must(Complete, maker, phase="verzamelen")
    prepare(filing)
    assert refused(waive(filing, by=maker), "inside_eyes")
    for made_by in (maker, BOTH):
        place = (StandIn(role="relatiebeheerder", person=made_by.id),)
        for other in (
            replace(MANAGER, id="ander", instead_of=place),
            replace(MANAGER, id="ander", stands_in=place),
        ):
            assert refused(waive(filing, by=other), "inside_eyes")
    assert isinstance(waive(filing, by=replace(MANAGER, id="ander")), Step)
