"""Where each part of a template is written: a file and a line, which its plan does not hold."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from kantoor.compiler import compile_definitions
from kantoor.plan import Plan, WrittenPart, digest
from tests.shipped import DEFINITIONS, compile_shipped

TEMPLATES = sorted(compile_shipped().plans)
BY_ID = ("checkpoint", "deadline", "document", "end", "fact", "outcome", "phase")
"""Kinds of parts that begin with their id."""


def count_parts(plan: Plan) -> Counter[str]:
    """Return how many parts of each kind a plan has."""
    parts = {
        "phase": plan.phases,
        "role": plan.phases,
        "checkpoint": [one for phase in plan.phases for one in phase.checkpoints],
        "automation": [one for phase in plan.phases for one in phase.automations],
        "outcome": [one for phase in plan.phases for one in phase.outcomes],
        "document": plan.documents,
        "fact": plan.facts,
        "deadline": plan.deadlines,
        "message": plan.messages,
        "text": [text for message in plan.messages for text in message.texts],
        "form": plan.forms,
        "end": plan.ends,
    }
    return Counter({kind: len(some) for kind, some in parts.items() if some})


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_part_of_a_template_has_its_line(template: str) -> None:
    compiled = compile_shipped()
    parts = compiled.find_written(template)
    in_template = [one for one in parts if one.kind != "role" or one.file.startswith("workflows/")]
    found = Counter(one.kind for one in in_template)
    counted = count_parts(compiled.plans[template])
    assert {kind: found[kind] for kind in counted} == counted
    for one in parts:
        assert is_said_there(one, (DEFINITIONS / one.file).read_text("utf-8").split("\n")), one


def is_said_there(one: WrittenPart, lines: list[str]) -> bool:
    """Say whether a part begins on its line, by its title or the key that it is called by."""
    line = lines[one.line - 1]
    if one.kind in BY_ID:
        return "id:" in line and one.title in " ".join(
            near.strip() for near in lines[one.line - 1 : one.line + 4]
        )
    return ":" in line and (one.kind != "date" or f"{one.title}:" in line)


def test_a_line_that_moves_is_no_other_plan(tmp_path: Path) -> None:
    folder = tmp_path / "definitions"
    shutil.copytree(DEFINITIONS, folder)
    file = folder / "workflows/btw-aangifte.yaml"
    file.write_text("# Een regel erbij.\n" + file.read_text("utf-8"), "utf-8")
    moved, before = compile_definitions(folder), compile_shipped()
    assert digest(moved.plans["btw-aangifte"]) == digest(before.plans["btw-aangifte"])
    now, then = (
        [one.line for one in compiled.find_written("btw-aangifte") if one.file.startswith("workflows/")]
        for compiled in (moved, before)
    )
    assert now == [line + 1 for line in then]
