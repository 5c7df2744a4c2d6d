"""What `make bench` measures is what it says: the parts that need no running office."""

from collections import Counter

from bench import editing, exploring
from bench.life import shortened
from bench.many_templates import write_templates
from bench.material import made_up
from bench.profiled import Rooms
from kantoor.compiler.compilation import compile_definitions
from kantoor.sbr.numbers import check_rsin


def test_the_templates_that_are_measured_are_correct_and_no_two_alike(tmp_path):
    write_templates(tmp_path / "definitions", 20)
    compilation = compile_definitions(tmp_path / "definitions")
    assert not compilation.errors
    assert len(compilation.plans) == 20
    facts = [fact.id for plan in compilation.plans.values() for fact in plan.facts]
    rules = [text for text in _conditions(tmp_path / "definitions") if "period.start" in text]
    assert max(Counter(facts).values()) < 4
    assert max(Counter(rules).values()) < 5


def _conditions(folder):
    """Return the conditions of each template, once however often it has them."""
    texts = [file.read_text("utf-8") for file in folder.glob("workflows/*.yaml")]
    return [line for text in texts for line in {one.strip() for one in text.splitlines() if "if: " in one}]


def test_the_shortened_return_asks_for_ten_acts(tmp_path):
    compiled = compile_definitions(shortened(tmp_path / "definitions"))
    assert not compiled.errors
    plan = compiled.plans["btw-aangifte"]
    work = [phase for phase in plan.phases if not phase.offer and not phase.deliver]
    assert all(len(phase.checkpoints) == 1 and phase.checkpoints[0].required for phase in work)
    ticks_and_completions, documents, approvals = 2 * len(work), len(plan.documents), 1
    assert ticks_and_completions + documents + approvals == 10


def test_exploring_takes_and_refuses_and_finds_the_same_states_again():
    first, second = exploring.measure(most=120), exploring.measure(most=120)
    assert first.accepted > first.states / 2
    assert first.refused > first.states / 2
    assert (first.states, first.accepted, first.refused) == (second.states, second.accepted, second.refused)
    assert any(line.startswith("steps a unit") for line in first.lines())


def test_rooms_book_what_a_function_needs_less_what_it_calls():
    rooms = Rooms()
    inner = rooms.wrap(lambda: sum(range(200_000)), "inner")
    outer = rooms.wrap(lambda: inner() and inner(), "outer")
    outer()
    assert rooms.calls == {"inner": 2, "outer": 1}
    assert rooms.seconds["outer"] < rooms.seconds["inner"]


def test_made_up_relations_differ_and_have_valid_numbers():
    relations = made_up(200, informed=2)
    assert len({relation.rsin for relation in relations}) == 200
    assert not any(check_rsin(relation.rsin) for relation in relations)
    assert [relation.informed for relation in relations[-3:]] == [False, True, True]


async def test_editing_is_measured_by_the_keystroke(tmp_path):
    measured = await editing.measure(tmp_path / "definitions", turns=2)
    assert [len(found) for found in measured.diagnostics.values()] == [2] * len(editing.KINDS)
    assert len(measured.completion) == len(measured.compiling) == 2 * len(editing.KINDS)
    assert measured.files == len(list((tmp_path / "definitions").rglob("*.yaml")))
    assert next(measured.lines()).startswith(editing.KINDS[0].title)
