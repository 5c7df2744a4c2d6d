"""Waiting dates on a move: they follow the newer plan, or the office keeps or drops one."""

from datetime import date
from typing import Any

from kantoor.data import replace
from kantoor.filing.moving import Cannot, Mapping, Moved, Stays, move, narrow
from kantoor.filing.outcome import Step
from kantoor.filing.previewing import preview
from kantoor.filing.saying_moves import say_effects
from kantoor.filing.turn import Reader
from kantoor.filing.waits import waits
from kantoor.plan import DateRule, Plan

from ..driver import Driver
from ..plans import VAT
from .edits import change_phase, rename_phase
from .test_move import at_the_client, codes, collecting

CALL = "verzamelen.bellen"


def call_on(plan: Plan, day: int, phase: str = "verzamelen") -> Plan:
    at = DateRule(anchor="period.end", days=day)
    automations = plan.phase(phase).automations
    moved = tuple(replace(one, at=at) if one.id == "bellen" else one for one in automations)
    return change_phase(plan, phase, automations=moved)


LATER = call_on(VAT, 20)


def days(filing: Driver) -> list[date]:
    assert filing.state is not None
    return [one.on for one in waits(Reader(filing.plan, filing.state)) if one.key == "bellen"]


def judge(filing: Driver, new: Plan, **said: Any) -> Any:
    assert filing.state is not None
    return move(filing.plan, new, filing.state, Mapping(**said))


def test_a_date_follows_the_newer_plan() -> None:
    filing = collecting()
    assert days(filing) == [date(2026, 2, 10)]
    assert isinstance(filing.move(LATER), Step)
    assert days(filing) == [date(2026, 2, 20)]


def test_a_date_that_is_kept_is_shown_is_on_the_timeline_and_comes_on_its_day() -> None:
    filing = collecting()
    keep = Mapping(kept=(CALL,))
    assert filing.state is not None
    shown = preview(VAT, LATER, filing.state, keep, filing.now).effects
    assert say_effects(VAT, LATER, shown) == (
        "Wat vanzelf gebeurt in 'Stukken opvragen' (bellen) blijft op 10 februari 2026 en niet "
        "20 februari 2026.",
    )
    moved = filing.move(LATER, keep)
    assert isinstance(moved, Step), moved
    entry = next(one for one in moved.entries if one.what == "moved_kept")
    assert (entry.phase, entry.data) == ("verzamelen", {"title": "bellen", "day": "2026-02-10"})
    assert days(filing) == [date(2026, 2, 10)]
    filing.until(date(2026, 2, 11))
    assert days(filing) == []


def test_a_date_is_kept_until_the_next_move_and_the_way_back_leaves_nothing_of_it() -> None:
    filing = collecting()
    before = filing.state
    assert before is not None
    filing.move(LATER, Mapping(kept=(CALL,)))
    assert isinstance(filing.move(VAT), Step)
    assert filing.state.case == before.case
    filing.move(LATER, Mapping(kept=(CALL,)))
    assert isinstance(filing.move(call_on(VAT, 25)), Step)
    assert days(filing) == [date(2026, 2, 25)]


def test_a_date_of_a_phase_that_is_another_is_kept_under_its_new_id() -> None:
    filing = collecting()
    newer = call_on(rename_phase(VAT, "verzamelen", "stukken"), 20, "stukken")
    moved = filing.move(newer, Mapping(phases={"verzamelen": "stukken"}, kept=("stukken.bellen",)))
    assert isinstance(moved, Step), moved
    assert days(filing) == [date(2026, 2, 10)]


def test_only_a_date_that_waits_now_and_would_move_is_kept() -> None:
    filing = collecting()
    wishes: tuple[tuple[Plan, dict[str, Any]], ...] = (
        (LATER, {"kept": ("verzamelen.stukken",)}),
        (LATER, {"kept": (CALL,), "dropped": (CALL,)}),
        (LATER, {"kept": (CALL,), "back_to": "verzamelen"}),
        (change_phase(VAT, "verzamelen", title="Anders"), {"kept": (CALL,)}),
    )
    for new, said in wishes:
        verdict = judge(filing, new, **said)
        assert isinstance(verdict, Cannot), said
        assert {code for code, _ in codes(verdict)} == {"mapping_unknown"}


def test_of_many_filings_one_that_does_not_wait_for_the_date_stays() -> None:
    filing = at_the_client()
    assert filing.state is not None
    narrowed = narrow(VAT, LATER, filing.state, Mapping(kept=(CALL,), dropped=("verzamelen.stukken",)))
    assert narrowed == Mapping()
    assert isinstance(move(VAT, LATER, filing.state, narrowed), Stays)
    assert isinstance(judge(collecting(), LATER, dropped=(CALL,)), Moved)
