"""Phases that the definitions say were others (`was`): renamed, split and merged, there and back."""

from typing import Any

from kantoor.data import replace
from kantoor.filing.moving import Cannot, Mapping, Moved, Stays, fill_in_phases, move
from kantoor.filing.outcome import Step
from kantoor.plan import Plan

from ..driver import ADMIN, Driver
from ..plans import REVIEW, VAT, with_phase
from .edits import add_checkpoint, change_phase, rename_phase, split_phase
from .test_move import at_the_client, codes, collecting

NEWER = change_phase(
    rename_phase(VAT, "verzamelen", "stukken"), "stukken", was=("inzamelen", "verzamelen"), title="Stukken"
)
SPLIT = split_phase(VAT, VAT.phase("verzamelen"))


def verdict_of(old: Plan, new: Plan, filing: Driver) -> Any:
    assert filing.state is not None
    return move(old, new, filing.state, fill_in_phases(old, new, Mapping()))


def test_a_renamed_phase_goes_on_is_told_and_comes_back_without_anybody_naming_it() -> None:
    filing = collecting()
    before = filing.state
    assert before is not None
    how = fill_in_phases(VAT, NEWER, Mapping())
    assert how == Mapping(phases={"verzamelen": "stukken"})
    moved = filing.move(NEWER, how)
    assert isinstance(moved, Step), moved
    assert filing.active() == ["stukken"]
    entry = next(one for one in moved.entries if one.what == "moved_phase")
    assert (entry.phase, entry.data) == ("stukken", {"before": "Stukken opvragen", "after": "Stukken"})
    back = verdict_of(NEWER, VAT, filing)
    assert isinstance(back, Moved)
    assert back.state.case == before.case


def test_a_phase_that_another_is_named_to_be_by_hand_is_that_one() -> None:
    filing = collecting()
    by_hand = Mapping(phases={"verzamelen": "opstellen"})
    assert fill_in_phases(VAT, NEWER, by_hand) == by_hand
    assert isinstance(move(VAT, NEWER, filing.state, by_hand), Cannot)  # type: ignore[arg-type]


def test_a_phase_with_another_id_behind_a_filing_leaves_it_where_it_is() -> None:
    filing = at_the_client()
    older = with_phase(replace(REVIEW, four_eyes=("opstellen",)))
    newer = rename_phase(older, "verzamelen", "stukken")
    verdict = verdict_of(older, change_phase(newer, "stukken", was=("verzamelen",)), filing)
    assert isinstance(verdict, Stays)
    assert codes(verdict) == {("behind", None)}


def test_a_reason_of_a_phase_with_another_id_says_by_its_title_that_was_would_tell_that_it_is_that_one() -> (
    None
):
    older = with_phase(replace(REVIEW, four_eyes=("opstellen",)))
    filing = Driver(older)
    filing.until(filing.now.date().replace(year=2026, month=2, day=1))
    title = older.phase("opstellen").title
    newer = rename_phase(older, "opstellen", "boeken")
    said = {one.code: one.text for one in verdict_of(older, newer, filing).reasons}
    assert said["safeguard_gone"] == (
        f"Four eyes on '{title}' still lay ahead of this filing and is gone in the newer plan. If 'boeken' "
        "is that phase, `was: [opstellen]` beside it says so. Where the office does without it, the mapping "
        "says so: four_eyes:opstellen."
    )
    assert isinstance(
        verdict_of(older, change_phase(newer, "boeken", was=("opstellen",)), filing), Moved | Stays
    )
    gone = verdict_of(older, rename_phase(older, "verzamelen", "stukken"), filing)
    [text] = [one.text for one in gone.reasons if one.code == "phase_gone"]
    assert text.endswith("If 'stukken' is that phase, `was: [verzamelen]` beside it says so.")
    titled = change_phase(rename_phase(older, "verzamelen", "stukken"), "stukken", title="Iets anders")
    [text] = [one.text for one in verdict_of(older, titled, filing).reasons if one.code == "phase_gone"]
    assert text.endswith("If another phase is that one, `was: [verzamelen]` beside it says so.")


def test_what_a_phase_was_alone_is_nothing_to_move_for() -> None:
    verdict = verdict_of(VAT, change_phase(VAT, "verzamelen", was=("inzamelen",)), collecting())
    assert isinstance(verdict, Stays)


def test_work_of_a_split_phase_goes_on_in_the_first_and_then_in_the_second() -> None:
    filing = collecting()
    moved = filing.move(SPLIT, fill_in_phases(VAT, SPLIT, Mapping()))
    assert isinstance(moved, Step), moved
    assert filing.active() == ["eerste"]
    filing.complete_work("eerste", ADMIN)
    assert filing.active() == ["tweede"]


def test_a_filing_past_a_split_phase_was_held_to_what_its_second_part_asks() -> None:
    filing = at_the_client()
    asks = change_phase(SPLIT, "aanbieden", title="Anders")
    verdict = verdict_of(VAT, asks, filing)
    assert isinstance(verdict, Moved), verdict
    assert [one.id for one in verdict.state.case.phases if one.entered is None] == ["tweede"]
    back = move(asks, VAT, verdict.state, fill_in_phases(asks, VAT, Mapping()))
    assert isinstance(back, Moved), back
    assert back.state == filing.state
    more = add_checkpoint(asks, asks.phase("tweede"))
    assert ("safeguard_missed", "checkpoint:nieuw_punt") in codes(verdict_of(VAT, more, filing))


def test_where_phases_are_named_by_hand_what_one_was_counts_for_no_safeguard() -> None:
    filing = at_the_client()
    assert filing.state is not None
    newer = change_phase(SPLIT, "aanbieden", title="Anders")
    named = {"verzamelen": "eerste"}
    assert fill_in_phases(VAT, newer, Mapping()) == Mapping(phases=named)
    assert isinstance(move(VAT, newer, filing.state, Mapping(phases=named)), Moved)
    by_hand = move(VAT, newer, filing.state, Mapping(phases={"verzamelen": "tweede"}))
    assert isinstance(by_hand, Cannot)
    ticks = {f"checkpoint:{one.id}" for one in newer.phase("eerste").checkpoints if one.required}
    assert ticks
    assert {("safeguard_missed", tick) for tick in ticks} <= codes(by_hand)


def test_a_part_of_a_phase_that_is_still_active_has_not_been_met() -> None:
    filing = collecting()
    checkpoints = VAT.phase("verzamelen").checkpoints
    first = replace(SPLIT.phase("tweede"), id="vooraf", was=("verzamelen",), checkpoints=checkpoints)
    newer = replace(VAT, phases=(first, *VAT.phases))
    verdict = verdict_of(VAT, newer, filing)
    assert isinstance(verdict, Cannot)
    assert {code for code, _ in codes(verdict)} == {"safeguard_missed"}


def test_phases_that_become_one_keep_the_ticks_of_both_and_come_back_apart() -> None:
    newer = replace(VAT.phase("verzamelen"), was=("nazoeken",))
    merged = replace(VAT, phases=(newer, *VAT.phases[1:]))
    apart = replace(
        VAT.phase("verzamelen"), id="nazoeken", title="Nazoeken", automations=(), not_before=None, due=None
    )
    older = replace(VAT, phases=(VAT.phases[0], apart, *VAT.phases[1:]))
    filing = collecting()
    filing.plan = older
    filing.complete_work("verzamelen", ADMIN)
    assert filing.active() == ["nazoeken"]
    there = filing.move(merged, fill_in_phases(older, merged, Mapping()))
    assert isinstance(there, Step), there
    assert filing.active() == ["verzamelen"]
    assert "bank_compleet" in {tick.checkpoint for tick in filing.state.case.phases[0].ticks}
    back = filing.move(older, fill_in_phases(merged, older, Mapping()))
    assert isinstance(back, Step), back
    assert filing.active() == ["verzamelen"]
