"""Moves as events: what was shown is what is done, once; and every verdict is said in Dutch."""

import ast
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

import kantoor.filing.moving
from kantoor.data import replace
from kantoor.filing.digests import state_digest
from kantoor.filing.events import Check, Hold, Move, Resume
from kantoor.filing.following import find_first, take
from kantoor.filing.mapping import Mapping
from kantoor.filing.moving import Moved, Stays
from kantoor.filing.new_acts import take_new
from kantoor.filing.outcome import Refusal, Step
from kantoor.filing.previewing import preview
from kantoor.filing.saying_moves import REASONS, say_effects, say_verdict
from kantoor.filing.step import NOT_THIS_PLAN, step
from kantoor.plan import digest
from kantoor.words import LOST_WORDS
from tests.examples import so_many

from ..driver import ADMIN, MANAGER, Driver
from ..plans import REVIEW, VAT, with_phase
from .edits import add_checkpoint, change_phase
from .test_laws import TEMPLATES, begin, draw_edit
from .test_move import at_the_client, collecting

NEWER = add_checkpoint(VAT, VAT.phases[0])


def named_codes(kind: str) -> set[str]:
    """Return every code that the verdicts of moves can have, of reasons or of losses."""
    found = set()
    for file in Path(kantoor.filing.moving.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == kind:
                found |= {one.value.value for one in node.keywords if one.arg == "code"}
    return found


def test_every_reason_and_loss_is_said_in_dutch_and_nothing_else_is() -> None:
    assert named_codes("Reason") == set(REASONS)
    assert named_codes("Loss") == set(LOST_WORDS)


def test_a_move_back_past_an_offer_at_the_client_says_that_the_request_is_withdrawn_unheard() -> None:
    filing = at_the_client()
    newer = replace(VAT, title="Anders")
    shown = preview(VAT, newer, filing.state, Mapping(back_to="verzamelen"), filing.now)
    unheard = [text for text in say_effects(VAT, newer, shown.effects) if "hoort dat niet vanzelf" in text]
    assert len(unheard) == 1
    assert unheard[0].startswith("Vervallen werk in '")


def test_a_moved_filing_tells_who_moved_it_from_where_to_where_and_what_was_lost() -> None:
    filing = collecting()
    filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    newer = change_phase(with_phase(replace(REVIEW, reviews=())), "verzamelen", checkpoints=())
    moved = filing.move(newer, Mapping(without=("review:aangifte",)), reason="Nieuwe werkwijze")
    assert isinstance(moved, Step), moved
    told = [(one.by, one.what, one.data) for one in moved.entries]
    plans = {"from_plan": digest(VAT)[:12], "to_plan": digest(newer)[:12]}
    assert told == [
        ("carla", "moved", plans | {"reason": "Nieuwe werkwijze"}),
        ("carla", "moved_lost", {"lost": "checkpoint_gone", "title": "Bank is compleet"}),
        ("carla", "moved_without", {"safeguard": "de beoordeling van 'Aangifte omzetbelasting'"}),
    ]


def test_a_move_happens_once_and_another_one_under_its_id_is_refused() -> None:
    filing = collecting()
    told = preview(VAT, NEWER, filing.state, Mapping(), filing.now).effects
    first = filing.move(NEWER, id="m1", told=told)
    assert isinstance(first, Step), first
    state = filing.state
    filing.plan = VAT
    again = filing.move(NEWER, id="m1", told=told)
    assert isinstance(again, Step), again
    assert (again.sequence, again.repeated, filing.state) == (first.sequence, True, state)
    filing.plan = VAT
    other = filing.move(NEWER, id="m1", reason="anders")
    assert isinstance(other, Refusal)
    assert other.code == "act_id_used"


def test_a_move_that_would_do_what_was_not_shown_is_refused_with_what_changed() -> None:
    filing = collecting()
    newer = change_phase(VAT, "verzamelen", checkpoints=())
    shown = preview(VAT, newer, filing.state, Mapping(), filing.now).effects
    filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    refused = filing.move(newer, told=shown)
    assert isinstance(refused, Refusal)
    assert refused.code == "move_changed"
    assert refused.text.endswith(
        "Nu ook: Vervalt: het afvinken van het controlepunt 'Bank is compleet'. Niet meer: Het "
        "verplichte controlepunt 'Bank is compleet' in de fase 'Stukken opvragen' hoeft niet meer, en was "
        "nog niet gedaan."
    )


def test_a_message_that_goes_out_because_of_a_move_is_shown_before() -> None:
    filing = at_the_client()
    back = Mapping(back_to="verzamelen")
    shown = preview(VAT, NEWER, filing.state, back, filing.now).effects
    asked = "Gebeurt meteen, in 'Stukken opvragen': het versturen van een bericht: 'btw-stukken'."
    assert say_effects(VAT, NEWER, shown)[-1] == asked
    sent = len(filing.commands)
    assert isinstance(filing.move(NEWER, back), Step)
    assert [command.kind for command in filing.commands[sent:]] == ["send"]


@pytest.mark.parametrize(
    ("at", "newer", "code", "said"),
    [
        (
            at_the_client,
            NEWER,
            "move_cannot",
            "Het verplichte controlepunt 'Nieuw punt' hoort bij de fase 'Stukken opvragen', die deze "
            "opdracht al voorbij is. Geef op naar welke fase het werk teruggaat.",
        ),
        (collecting, VAT, "move_stays", "Deze opdracht loopt al op dit plan."),
        (collecting, replace(NEWER, template="vpb"), "move_cannot", "Dat plan is van een ander werkproces."),
    ],
    ids=["cannot", "stays", "other template"],
)
def test_a_verdict_other_than_that_it_moves_is_the_refusal(at: Any, newer: Any, code: str, said: str) -> None:
    filing: Driver = at()
    refused = filing.move(newer)
    assert refused == Refusal(code=code, text=said)
    assert filing.plan == VAT


def test_a_filing_that_is_held_moves_and_stays_held_and_goes_on_by_the_newer_plan() -> None:
    filing = collecting()
    filing.must(Hold, MANAGER, reason="Klant met vakantie")
    moved = filing.move(NEWER)
    assert isinstance(moved, Step), moved
    assert filing.view.held
    filing.must(Resume, MANAGER)
    assert {one.id for one in filing.phase("verzamelen").checkpoints} >= {"nieuw_punt"}


def test_a_move_without_the_plan_that_it_goes_to_is_refused() -> None:
    filing = collecting()
    act = Move(at=filing.now, id="m", by=MANAGER, before="a", plan="b", mapping=Mapping())
    assert step(VAT, filing.state, act) == take_new(VAT, filing.state, act) == NOT_THIS_PLAN


@given(st.data(), TEMPLATES, st.integers(0, 50))
@settings(max_examples=so_many(30))
def test_what_is_shown_of_a_move_is_done_and_is_followed_again_from_its_events(
    data: Any, template: str, days: int
) -> None:
    filing = begin(template, days)
    old, state = filing.plan, filing.state
    edit = draw_edit(data, old, state)
    shown = preview(old, edit.plan, state, edit.there, filing.now)
    said = (say_verdict(old, edit.plan, shown.verdict), *say_effects(old, edit.plan, shown.effects))
    event(type(shown.verdict).__name__)
    assert not any("{" in text or "None" in text for text in said)
    plans = {digest(old): old, digest(edit.plan): edit.plan}
    act = Move(
        at=filing.now,
        id="m",
        by=MANAGER,
        before=digest(old),
        plan=digest(edit.plan),
        mapping=edit.there,
        told=shown.effects,
    )
    outcome = take_new(old, state, act, edit.plan)
    assert isinstance(outcome, Step) == isinstance(shown.verdict, Moved)
    assume(isinstance(outcome, Step))
    assert isinstance(outcome, Step)
    assert outcome.sequence == state.journal.sequence + 1
    issued = [(command.kind, command.phase) for command in outcome.commands]
    assert [(one.code, one.phase) for one in shown.effects if one.what == "command"] == issued
    assert preview(edit.plan, edit.plan, outcome.state, Mapping(), filing.now).verdict.reasons
    found = take(plans[find_first(digest(edit.plan), [act])], state, act, plans.__getitem__)
    assert found == (edit.plan, outcome)
    assert state_digest(edit.plan, outcome.state)
    again = take_new(edit.plan, outcome.state, act, edit.plan)
    assert isinstance(again, Step)
    assert again.repeated or isinstance(shown.verdict, Stays)
