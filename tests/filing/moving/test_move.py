"""Which verdict a filing of the small VAT plan gets, by where it is and what the newer plan changes."""

from typing import Any

from kantoor.data import replace
from kantoor.filing.events import Check, Tick
from kantoor.filing.moving import Cannot, Later, Mapping, Moved, Stays, move, narrow
from kantoor.filing.outcome import Refusal
from kantoor.filing.previewing import preview
from kantoor.filing.saying_moves import say_effects
from kantoor.plan import Automation, Checkpoint, CreateTask, Plan, To

from ..driver import ADMIN, Driver
from ..plans import OFFER, REVIEW, VAT, period_is, with_phase
from .edits import add_checkpoint, change_phase, rename_phase


def verdict_of(filing: Driver, plan: Plan, mapping: Mapping | None = None) -> Any:
    assert filing.state is not None
    return move(VAT, plan, filing.state, mapping or Mapping())


def codes(verdict: Any) -> set[tuple[str, str | None]]:
    return {(reason.code, reason.item) for reason in verdict.reasons}


def at_the_client() -> Driver:
    filing = Driver(VAT)
    filing.to_offer()
    assert filing.active() == ["aanbieden"]
    return filing


def collecting() -> Driver:
    filing = Driver(VAT)
    filing.until(filing.now.date().replace(year=2026, month=2, day=1))
    assert filing.active() == ["verzamelen"]
    return filing


def test_a_new_mandatory_checkpoint_of_the_active_phase_is_open_and_told() -> None:
    filing = collecting()
    verdict = verdict_of(filing, add_checkpoint(VAT, VAT.phases[0]))
    assert isinstance(verdict, Moved)
    assert codes(verdict) == {("checkpoint_open", "nieuw_punt")}
    assert verdict.losses == ()


def test_a_tick_whose_checkpoint_is_gone_is_lost_and_told() -> None:
    filing = collecting()
    filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    verdict = verdict_of(filing, change_phase(VAT, "verzamelen", checkpoints=()))
    assert isinstance(verdict, Moved)
    assert [(loss.code, loss.item) for loss in verdict.losses] == [("checkpoint_gone", "bank_compleet")]
    assert verdict.state.case.phases[0].ticks == ()


def test_a_new_mandatory_checkpoint_behind_a_filing_is_not_passed_over() -> None:
    filing = at_the_client()
    newer = add_checkpoint(VAT, VAT.phases[0])
    verdict = verdict_of(filing, newer)
    assert isinstance(verdict, Cannot)
    assert codes(verdict) == {("safeguard_missed", "checkpoint:nieuw_punt")}
    back = verdict_of(filing, newer, Mapping(back_to="verzamelen"))
    assert isinstance(back, Moved)
    assert {loss.code for loss in back.losses} == {"done_again"}
    assert back.state.case.offers == ()


def test_a_review_that_lay_ahead_goes_only_where_the_office_says_so() -> None:
    filing = collecting()
    newer = with_phase(replace(REVIEW, reviews=()))
    verdict = verdict_of(filing, newer)
    assert isinstance(verdict, Cannot)
    assert codes(verdict) == {("safeguard_gone", "review:aangifte")}
    assert isinstance(verdict_of(filing, newer, Mapping(without=("review:aangifte",))), Moved)


def test_a_filing_does_without_nothing_but_what_it_would_lose() -> None:
    filing = collecting()
    newer = with_phase(replace(REVIEW, reviews=()))
    wished = Mapping(without=("review:aangifte", "review:bestaatniet"))
    verdict = verdict_of(filing, newer, wished)
    assert isinstance(verdict, Cannot)
    assert codes(verdict) == {("mapping_unknown", "review:bestaatniet")}
    assert narrow(VAT, newer, filing.state, wished) == Mapping(without=("review:aangifte",))


def test_of_many_filings_one_that_loses_no_safeguard_stays() -> None:
    filing = at_the_client()
    newer, wished = change_phase(VAT, "verzamelen", title="Anders"), Mapping(without=("review:aangifte",))
    narrowed = narrow(VAT, newer, filing.state, wished)
    assert narrowed == Mapping()
    assert codes(verdict_of(filing, newer, narrowed)) == {("behind", None)}


def test_an_offer_that_waits_at_the_client_moves_later_when_it_would_be_another() -> None:
    filing = at_the_client()
    assert OFFER.offer
    signed = with_phase(replace(OFFER, block=replace(OFFER.offer, offer_as="signature")))
    verdict = verdict_of(filing, signed)
    assert isinstance(verdict, Later)
    assert codes(verdict) == {("offer_waits", "way")}


def test_an_offer_that_waits_goes_on_when_only_its_reminders_change() -> None:
    filing = at_the_client()
    assert OFFER.offer
    assert OFFER.offer.chase
    assert OFFER.offer.chase.remind
    chase = replace(OFFER.offer.chase, remind=replace(OFFER.offer.chase.remind, every_days=6))
    verdict = verdict_of(filing, with_phase(replace(OFFER, block=replace(OFFER.offer, chase=chase))))
    assert isinstance(verdict, Moved)
    assert verdict.state == filing.state
    assert [(date.what, date.phase) for date in verdict.dates] == [("remind", "aanbieden")]


def test_a_command_on_its_way_is_waited_for() -> None:
    filing = Driver(VAT)
    filing.hold = {"send"}
    filing.until(filing.now.date().replace(year=2026, month=2, day=1))
    verdict = verdict_of(filing, add_checkpoint(VAT, VAT.phases[1]))
    assert isinstance(verdict, Later)
    assert codes(verdict) == {("command_in_flight", "send")}


def test_an_active_phase_that_is_gone_needs_a_mapping() -> None:
    filing = collecting()
    newer = rename_phase(VAT, "verzamelen", "stukken")
    verdict = verdict_of(filing, newer)
    assert isinstance(verdict, Cannot)
    assert ("phase_gone", None) in codes(verdict)
    moved = verdict_of(filing, newer, Mapping(phases={"verzamelen": "stukken"}))
    assert isinstance(moved, Moved)
    back = move(newer, VAT, moved.state, Mapping(phases={"stukken": "verzamelen"}))
    assert isinstance(back, Moved)
    assert back.state == filing.state


def test_a_difference_behind_a_filing_leaves_it_where_it_is() -> None:
    filing = at_the_client()
    optional = Checkpoint(id="extra", title="Extra")
    verdict = verdict_of(filing, change_phase(VAT, "verzamelen", checkpoints=(optional,)))
    assert isinstance(verdict, Stays)
    assert codes(verdict) == {("behind", None)}


def test_a_mapping_that_names_nothing_is_refused() -> None:
    verdict = verdict_of(collecting(), add_checkpoint(VAT, VAT.phases[0]), Mapping(phases={"x": "y"}))
    assert isinstance(verdict, Cannot)
    assert codes(verdict) == {("mapping_unknown", "x"), ("mapping_unknown", "y")}


def test_after_a_move_back_the_machine_enters_the_phase_again() -> None:
    filing = at_the_client()
    newer = add_checkpoint(VAT, VAT.phases[0])
    moved = verdict_of(filing, newer, Mapping(back_to="verzamelen"))
    filing.plan, filing.state = newer, moved.state
    assert not isinstance(filing.send(Tick(at=filing.now)), Refusal)
    assert filing.active() == ["verzamelen"]
    assert filing.phase("verzamelen").round == 2


def says(filing: Driver, newer: Plan, mapping: Mapping | None = None) -> tuple[str, ...]:
    """Return what a move of a filing on its own plan does, in Dutch."""
    assert filing.state is not None
    shown = preview(filing.plan, newer, filing.state, mapping or Mapping(), filing.now)
    return say_effects(filing.plan, newer, shown.effects)


def test_what_was_still_to_be_done_and_goes_is_told() -> None:
    """The way there told that a checkpoint is open; the way back tells that nobody has to tick it."""
    filing = collecting()
    bank = "Het verplichte controlepunt 'Bank is compleet' in de fase 'Stukken opvragen'"
    no_longer = "hoeft niet meer, en was nog niet gedaan."
    bare = change_phase(VAT, "verzamelen", checkpoints=())
    verdict = verdict_of(filing, bare)
    assert codes(verdict) == {("left_out", "checkpoint:bank_compleet")}
    assert says(filing, bare) == (f"{bank} {no_longer}",)
    optional = change_phase(VAT, "verzamelen", checkpoints=(Checkpoint(id="bank_compleet", title="Bank"),))
    assert codes(verdict_of(filing, optional)) == {("left_out", "checkpoint:bank_compleet")}
    filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    assert codes(verdict_of(filing, bare)) == set()


def test_what_a_later_phase_asks_is_told_where_it_goes_and_not_where_it_is_asked_elsewhere() -> None:
    filing = collecting()
    point = Checkpoint(id="memoriaal", title="Memoriaal is geboekt", required=True)
    task = Automation(
        id="nabellen", at="entered", task=CreateTask(title="Bel na", to=To(kind="role", name="administratie"))
    )
    asks = change_phase(VAT, "opstellen", checkpoints=(point,), automations=(task,))
    filing.move(asks)
    assert codes(move(asks, VAT, filing.state, Mapping())) == {
        ("left_out", "checkpoint:memoriaal"),
        ("left_out", "task:nabellen"),
    }
    no_longer = "in de fase 'Opstellen' hoeft niet meer, en was nog niet gedaan."
    assert says(filing, VAT) == (
        f"Het verplichte controlepunt 'Memoriaal is geboekt' {no_longer}",
        f"De taak 'Bel na' {no_longer}",
    )
    elsewhere = change_phase(VAT, "afronden", checkpoints=(point,), automations=(task,))
    assert "left_out" not in {code for code, _ in codes(move(asks, elsewhere, filing.state, Mapping()))}


def test_what_goes_is_told_by_its_own_title_though_another_phase_has_asked_something_under_its_id() -> None:
    point = Checkpoint(id="dossier", title="Memoriaal is geboekt", required=True)
    other = replace(point, title="Dossier is gesloten")
    bare = change_phase(VAT, "afronden", checkpoints=(other,))
    asks = change_phase(bare, "opstellen", checkpoints=(point,))
    filing = collecting()
    filing.move(asks)
    assert ("left_out", "checkpoint:dossier") in codes(move(asks, bare, filing.state, Mapping()))
    said = "Het verplichte controlepunt 'Memoriaal is geboekt' in de fase 'Opstellen' hoeft niet meer"
    assert [one for one in says(filing, bare) if one.startswith(said)]


def test_words_under_another_id_are_not_left_out_and_another_point_there_hides_nothing() -> None:
    filing = collecting()
    point, *more = VAT.phase("verzamelen").checkpoints
    renamed = change_phase(VAT, "verzamelen", checkpoints=(replace(point, id="bank"), *more))
    assert "left_out" not in {code for code, _ in codes(verdict_of(filing, renamed))}
    other = change_phase(VAT, "verzamelen", checkpoints=tuple(more))
    other = change_phase(other, "afronden", checkpoints=(replace(point, title="Bank is geboekt"),))
    assert ("left_out", f"checkpoint:{point.id}") in codes(verdict_of(filing, other))


def test_a_task_that_goes_from_a_phase_with_another_id_is_told_by_its_title() -> None:
    task = Automation(
        id="nabellen", at="entered", task=CreateTask(title="Bel na", to=To(kind="role", name="administratie"))
    )
    asks = change_phase(VAT, "opstellen", automations=(task,))
    newer = replace(
        VAT, phases=tuple(replace(p, id="maken") if p.id == "opstellen" else p for p in VAT.phases)
    )
    filing = collecting()
    filing.move(asks)
    mapping = Mapping(phases={"opstellen": "maken"}, without=("four_eyes:maken",))
    said = says(filing, newer, mapping)
    assert [one for one in said if one.startswith("De taak 'Bel na'")]


def test_a_phase_that_goes_is_told_with_what_it_asks() -> None:
    filing = collecting()
    more = replace(VAT.phases[1], id="extra", title="Extra werk", checkpoints=add_point("nog"))
    longer = replace(VAT, phases=(*VAT.phases[:2], more, *VAT.phases[2:]))
    filing.move(longer)
    assert codes(move(longer, VAT, filing.state, Mapping())) == {
        ("phase_left_out", None),
        ("left_out", "checkpoint:nog"),
    }
    assert says(filing, VAT)[0] == "De fase 'Extra werk' hoeft niet meer, en was nog niet gedaan."
    renamed = Mapping(phases={"extra": "opstellen"})
    assert ("phase_left_out", None) not in codes(move(longer, VAT, filing.state, renamed))


def test_a_phase_that_no_longer_comes_under_another_condition_is_told() -> None:
    never = change_phase(VAT, "afronden", condition=period_is("nooit"))
    assert ("phase_left_out", None) in codes(verdict_of(collecting(), never))
    assert says(collecting(), never)[0].startswith("De fase 'Afronden' hoeft niet meer")


def add_point(name: str) -> tuple[Checkpoint, ...]:
    return (Checkpoint(id=name, title=name.title(), required=True),)
