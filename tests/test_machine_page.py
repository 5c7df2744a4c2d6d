"""The page of the machine: it is what the machine does now, and it leaves no refusal out."""

import re
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

from kantoor.filing.commands import ANSWERED_BY
from kantoor.filing.events import Act, AnyAct, Result
from kantoor.filing.outcome import Refusal
from kantoor.machine_page import page
from kantoor.machine_page.exploring import Effect
from kantoor.machine_page.page import draw
from kantoor.machine_page.prose import THINGS

ROOT = Path(__file__).parents[1]

pytestmark = [pytest.mark.xdist_group("machine_page"), pytest.mark.timeout(400)]
"""Exploring takes most of a minute of one core, and is done once in a process: all of it in one."""

machine_page = cache(page.machine_page)


def test_the_page_is_fresh() -> None:
    assert (ROOT / "docs/machine.md").read_text("utf-8") == machine_page(), "run make docs"


def test_every_code_of_a_refusal_comes_about_and_is_on_the_page() -> None:
    sources = [path.read_text("utf-8") for path in (ROOT / "platform/filing").glob("*.py")]
    codes = {code for source in sources for code in re.findall(r'code="(\w+)"', source)}
    listed = set(re.findall(r"^\| `(\w+)` \|", machine_page().partition("## Refusals")[2], re.MULTILINE))
    moving = (ROOT / "docs/moving.md").read_text("utf-8")
    moves = set(re.findall(r"^\| `(\w+)` \|", moving.partition("## Refusals")[2], re.MULTILINE))
    assert listed | moves == codes


def test_every_thing_that_changes_has_a_picture_and_every_picture_shows_a_change() -> None:
    assert {change.thing for change in draw().changes} == set(THINGS)


def test_after_the_end_every_act_is_refused() -> None:
    late = [one for one in draw().tried if one.reader.case.ended and isinstance(one.move.event, Act)]
    assert {one.answer.code if isinstance(one.answer, Refusal) else "taken" for one in late} == {"ended"}


def test_every_kind_of_act_and_result_was_taken() -> None:
    taken = {one.move.event.kind for one in draw().tried if isinstance(one.answer, Effect)}
    every = {kind.__struct_config__.tag for kind in (*get_args(AnyAct), *Result.__subclasses__())}
    assert taken == every | {"tick"}


def test_every_command_was_answered_by_the_results_of_the_table_and_by_no_other() -> None:
    answered: dict[str, set[str]] = {what: set() for what in ANSWERED_BY}
    for one in draw().tried:
        event = one.move.event
        if isinstance(event, Result) and isinstance(one.answer, Effect):
            flying = one.reader.state.journal.in_flight
            answered[next(p.what for p in flying if p.number == event.number)].add(event.kind)
    assert answered == {what: set(kinds) for what, kinds in ANSWERED_BY.items()}
