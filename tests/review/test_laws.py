"""For every two plans: each difference is told once, nothing else is, and back again is the mirror."""

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kantoor.compiler import compile_definitions
from kantoor.compiler.compilation import Compilation
from kantoor.data import replace
from kantoor.plan import Office, Plan, WaitFor
from kantoor.review.blanking import blank
from kantoor.review.comparing import UNORDERED
from kantoor.review.references import rename
from kantoor.review.review import Change, Review, Side, review
from tests.examples import so_many

from .edits import edits, find_different, get, list_leaves, list_places, put


def quickly(examples: int) -> settings:
    """Return settings of a test that does not look for the smallest example: plans are large."""
    return settings(max_examples=so_many(examples), phases=(Phase.explicit, Phase.generate))


ROOT = Path(__file__).parents[2]


@cache
def shipped() -> Compilation:
    return compile_definitions(ROOT / "definitions")


def compare(before: Any, after: Any) -> Review:
    """Review a change of one plan, or of the office."""
    office = shipped().office
    assert office is not None
    if isinstance(before, Office):
        return review(Side("a", {}, before), Side("b", {}, after), None)
    return review(Side("a", {"one": before}, office), Side("b", {"one": after}, office), None)


def plans() -> st.SearchStrategy[Any]:
    known = {**shipped().plans, "": shipped().office}
    return st.sampled_from(sorted(known)).map(known.__getitem__)


class Edited(NamedTuple):
    """A plan before and after some edits, short to read where a law does not hold."""

    before: Any
    after: Any

    def __repr__(self) -> str:
        old, new = dict(list_leaves(self.before)), dict(list_leaves(self.after))
        paths = sorted(find_different(self.before, self.after))
        return "; ".join(
            f"{'.'.join(path)}: {old.get(path)!r} → {new.get(path)!r}"[:300] for path in paths[:12]
        )


@st.composite
def changes(draw: st.DrawFn) -> Edited:
    before = after = draw(plans())
    for _ in range(draw(st.integers(1, 3))):
        after = draw(edits(after))
    return Edited(before, after)


def tells(change: Change, path: tuple[str, ...]) -> bool:
    """Say whether a change is about the value at a path."""
    if path[-1] == "[order]" or change.kind == "moved":
        ordered = path[:-1] if path[-1] == "[order]" else path if has_no_ids(path) else ()
        return change.kind == "moved" and change.path == ".".join(ordered)
    words = ".".join(one for one in path if one != "[type]")
    if has_no_ids(path) and any(f"{cover}.".startswith(f"{words}.") for cover in change.covers):
        return True
    return any(
        words == cover or words.startswith(f"{cover}.") for cover in {*change.covers, change.path_before}
    )


@pytest.mark.parametrize("template", sorted(shipped().plans))
def test_equal_plans_have_no_difference(template: str) -> None:
    plan = shipped().plans[template]
    again = replace(plan, title=plan.title)
    assert compare(plan, again).is_empty


def test_automations_in_another_order_are_told_to_staff() -> None:
    plan = shipped().plans["btw-aangifte"]
    first = plan.phases[0]
    assert len(first.automations) > 1
    turned = replace(first, automations=first.automations[::-1])
    [change] = compare(plan, replace(plan, phases=(turned, *plan.phases[1:]))).changes
    assert (change.kind, change.whom) == ("moved", "staff")


def test_phases_side_by_side_that_are_listed_in_another_order_are_told_in_one_sentence() -> None:
    plan = shipped().plans["onboarding"]
    group = next(one.group for one in plan.phases if one.group)
    beside = [one for one in plan.phases if one.group == group]
    place = plan.phases.index(beside[0])
    turned = tuple(replace(one, group=beside[-1].id) for one in beside[::-1])
    phases = (*plan.phases[:place], *turned, *plan.phases[place + len(beside) :])
    [change] = compare(plan, replace(plan, phases=phases)).changes
    titles = " and ".join(f"‘{one.title}’" for one in beside[::-1])
    assert change.sentence == (
        f"Phases that run side by side are listed in another order, and begin as before: {titles}."
    )
    last = plan.phases[-1]
    [change] = compare(plan, replace(plan, phases=(last, *plan.phases[:-1]))).changes
    assert change.sentence.startswith("The phases come in another order: ")


def test_a_new_phase_side_by_side_is_said_to_be_new_and_beside_which_it_is() -> None:
    plan = shipped().plans["icp-opgaaf"]
    place, check = next((n, one) for n, one in enumerate(plan.phases) if one.id == "controle")
    new = replace(check, id="nazien", title="Nazien", checkpoints=(), group="controle")
    sides = (replace(check, group="controle"), new)
    after = replace(plan, phases=(*plan.phases[:place], *sides, *plan.phases[place + 1 :]))
    for two, said in (
        (
            (plan, after),
            {
                "‘Controle’ now runs beside ‘Nazien’, which is new.",
                "There is a new phase ‘Nazien’, work of the office by ‘Fiscalist’, beside ‘Controle’.",
            },
        ),
        (
            (after, plan),
            {
                "‘Controle’ no longer runs beside ‘Nazien’, which is gone.",
                "The phase ‘Nazien’, work of the office by ‘Fiscalist’, beside ‘Controle’, is gone: nobody "
                "does it any more.",
            },
        ),
    ):
        assert {one.sentence for one in compare(*two).changes} == said


def test_a_wait_that_leads_on_instead_of_ending_is_told_once_and_named_after_both() -> None:
    plan = shipped().plans["aangifte-vpb"]
    place, wait = next(
        (place, one)
        for place, one in enumerate(plan.phases)
        if one.chase and one.chase.give_up and one.chase.give_up.end
    )
    assert isinstance(wait.block, WaitFor)
    assert wait.chase is not None
    assert wait.chase.give_up is not None
    ids = set()
    for later in plan.phases[place + 1 : place + 3]:
        give_up = replace(wait.chase.give_up, then=later.id, end=None)
        block = replace(wait.block, chase=replace(wait.chase, give_up=give_up))
        phases = (*plan.phases[:place], replace(wait, block=block), *plan.phases[place + 1 :])
        [change] = compare(plan, replace(plan, phases=phases)).changes
        assert len(change.covers) == 2
        ids.add(change.id)
    assert len(ids) == 2, "a waiver of one does not let the other pass"


def test_a_phase_that_says_what_it_was_is_that_one_however_much_of_it_changes() -> None:
    plan = shipped().plans["btw-aangifte"]
    first = plan.phases[0]
    other = replace(plan.phases[-1], id="anders", title="Iets anders", was=(first.id,))
    found = compare(plan, replace(plan, phases=(other, *plan.phases[1:]))).changes
    assert [one.kind for one in found if one.path in ("phases.anders", f"phases.{first.id}")] == ["renamed"]


@given(changes())
@quickly(30)
def test_every_difference_is_told_once_and_nothing_else_is(two: Edited) -> None:
    before, after = two
    found = compare(before, after).changes
    different = find_different(before, after)
    for path in different:
        if not is_order_of_the_compiler(path):
            assert [one.sentence for one in found if tells(one, path)], path
            assert has_no_ids(path) or len([one for one in found if tells(one, path)]) == 1, path
    for change in found:
        assert any(tells(change, path) for path in different), change


def has_no_ids(path: tuple[str, ...]) -> bool:
    """Say whether a list is meant of which the items have no ids: its changes are told item by item."""
    return (
        path[-1] in ("due", "awaited", "entry_points", "tax_accounts", "vat_rates") and path[0] != "phases"
    ) or (path[-1] == "awaited")


def is_order_of_the_compiler(path: tuple[str, ...]) -> bool:
    return path[-1] == "[order]" and any((kind, path[0]) in UNORDERED for kind in (Plan, Office))


ONE_WAY = {
    "phase.due",
    "phase.four_eyes",
    "phase.not_before",
    "phase.qualification",
    "phase.role",
    "role.qualification",
    "plan.period",
    "product.frequencies",
}
"""Parts of which one direction alone is legal: later, of fewer people, less often, less apart, gone."""


@given(changes())
@quickly(20)
def test_the_other_way_round_it_is_the_mirror(two: Edited) -> None:
    before, after = two
    kinds = {"added": "removed", "removed": "added"}
    there = [
        (c.path, c.path_before, c.kind, c.part in ONE_WAY or c.cls, c.whom, c.before, c.after)
        for c in compare(before, after).changes
    ]
    back = [
        (
            c.path_before,
            c.path,
            kinds.get(c.kind, c.kind),
            c.part in ONE_WAY or c.cls,
            c.whom,
            c.after,
            c.before,
        )
        for c in compare(after, before).changes
    ]
    assert sorted(map(repr, there)) == sorted(map(repr, back))


@given(changes())
@quickly(20)
def test_a_sentence_is_one_line_and_fills_in_every_name(two: Edited) -> None:
    for change in compare(*two).changes:
        for sentence in (change.sentence, *change.parts):
            assert sentence.endswith("."), sentence
            assert "\n" not in sentence
            assert "object at 0x" not in sentence
            assert "None" not in sentence
            assert "instead of ." not in sentence


LISTS = ("phases", "documents", "deadlines", "facts", "messages", "forms", "ends")


@given(st.data())
@quickly(20)
def test_another_id_is_told_as_such_and_what_names_it_is_no_change(data: st.DataObject) -> None:
    plan = shipped().plans[data.draw(st.sampled_from(sorted(shipped().plans)))]
    field = data.draw(st.sampled_from([name for name in LISTS if getattr(plan, name)]))
    place = data.draw(st.integers(0, len(getattr(plan, field)) - 1))
    old = getattr(plan, field)[place].id
    renamed = rename(plan, {field: {old: "iets_anders"}})
    renamed = put(renamed, (field, place, "id"), "iets_anders")
    found = compare(plan, renamed).changes
    assert [(one.kind, one.before, one.after) for one in found] == [("renamed", old, "iets_anders")]


@given(st.data())
@quickly(20)
def test_plans_of_which_wording_alone_changes_are_the_same_blanked(data: st.DataObject) -> None:
    before, after = data.draw(changes())
    found = compare(before, after).changes
    if isinstance(before, Plan) and isinstance(after, Plan) and blank(before) != blank(after):
        assert any(one.cls != "wording" for one in found)


def test_what_is_told_has_a_rule_in_the_table() -> None:
    for plan in shipped().plans.values():
        for path, owner, field in list_places(plan):
            if field == "title":
                other = put(plan, path, "Iets anders")
                found = compare(plan, other).changes
                assert blank(plan) == blank(other), owner
                assert [(one.cls, one.part != "unknown") for one in found] == [("wording", True)], (
                    owner,
                    get(plan, path),
                )
