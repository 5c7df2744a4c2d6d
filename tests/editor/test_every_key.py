"""Whatever key somebody writes, what it can hold is offered, unless that is their own text, number or day."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest
from lsprotocol import types

from kantoor.compiler.language.kinds import KINDS, Kind
from kantoor.compiler.reference import blocks
from kantoor.editor.completion import complete
from kantoor.editor.hover import hover
from kantoor.editor.index import Index
from kantoor.editor.slots import Slot, slots_of

from ..shipped import DEFINITIONS
from .test_names import find_keys

SCENARIO = "scenarios/aangifte-ib/nieuw.yaml"
PLACES = {"scenarios": SCENARIO, "": "office.yaml"}
OWN_PARTS = """\
facts: [{ id: dag, title: Dag, type: date, set_in: maken }]
documents: [{ id: stuk, title: Stuk, made_in: maken }]
deadlines: [{ id: termijn, title: Termijn, due: [{ after: period.end, months: 1 }] }]
ends: [{ id: gestaakt, title: Gestaakt, planner: klaar }]
phases: [{ id: maken, title: Maken, role: accountant }]
"""
"""Of a new template, what its other keys name."""
OWN_WORDS = {
    *(("FormSchema", "required"), ("FormSchema", "properties")),  # of fields, which a new form has not
    ("Document", "from"),  # of another document beside it
    ("Awaited", "phase"),  # of the filing that is named beside it
}


class Written(NamedTuple):
    """A key of a block, what it may hold, and the keys and items that lead to it from the top of a file."""

    kind: Kind
    block: str
    key: str
    slot: Slot
    path: tuple[str, ...]

    @property
    def says_it_itself(self) -> bool:
        """Whether what the key takes is the author's own: a text, a number, a day, a new id."""
        item = self.slot.item
        plain = self.slot == Slot() or (item is not None and item == Slot())
        named = find_keys("a non-empty name")
        return (plain and (self.block, self.key) not in named) or (self.block, self.key) in OWN_WORDS

    def complete(self) -> list[types.CompletionItem]:
        """Return what is offered for its value, on the same line or below it."""
        lines, indent, lead = [], "", ""
        for step in self.path:
            if step == "-":
                lead = "- "
                continue
            lines.append(f"{indent}{lead}{step}:")
            indent, lead = f"{indent}{' ' * len(lead)}  ", ""
        text = "\n".join([*lines, f"{indent}{lead}{self.key}: "])
        below = f"{text.rstrip()}\n{indent}{' ' * len(lead)}  "
        return ask(self.kind, text) or ask(self.kind, below)


@cache
def read_shipped() -> dict[str, str]:
    files = [file for file in DEFINITIONS.rglob("*.yaml") if ".defaults" not in file.parts]
    files = [file for file in files if "scenarios" not in file.parts or file.stem == "akkoord"]
    files = [file for file in files if "workflows" not in file.parts or file.stem.startswith("aangifte-")]
    files = [file for file in files if "messages" not in file.parts or file.stem.startswith("ib-")]
    return {file.relative_to(DEFINITIONS).as_posix(): file.read_text("utf-8") for file in files}


@cache
def index_shipped() -> Index:
    return Index({}).replace(read_shipped(), "utf-16")


def ask(kind: Kind, text: str) -> list[types.CompletionItem]:
    path = PLACES.get(kind.folder, f"{kind.folder}/nieuw.yaml")
    if kind.folder == "workflows":
        top = text.partition(":")[0]
        own = "".join(line for line in OWN_PARTS.splitlines(True) if line.partition(":")[0] != top)
        if top == "phases":  # the phases that are named come before the one that is written
            text = text.replace(
                "phases:\n", "phases:\n  - { id: maken, title: Maken, role: accountant }\n", 1
            )
        text = f"{own}{text}"
    if kind.folder == "":
        text = f"functions: [directeur]\n{text}" if not text.startswith("functions") else text
    index = index_shipped().replace(read_shipped() | {path: text}, "utf-16")
    return complete(index.files[path].page, path, len(text), index)


def list_keys() -> Iterator[Written]:
    """Yield every key of every block, once for each kind of definition, by the shortest way to it."""
    for kind in KINDS:
        seen: set[str] = set()
        waiting: list[tuple[str, tuple[str, ...]]] = [(kind.model.__name__, ())]
        while waiting:
            block, path = waiting.pop(0)
            if block in seen:
                continue
            seen.add(block)
            for key, slot in slots_of(block).items():
                yield Written(kind, block, key, slot, path)
                steps: list[tuple[Slot | None, tuple[str, ...]]] = [
                    (slot, (key,)),
                    (slot.item, (key, "-")),
                    (slot.each, (key, "x")),
                ]
                waiting += [(one, path + step) for inner, step in steps if inner for one in inner.blocks]


def test_every_key_is_offered_what_it_can_hold() -> None:
    written = list(list_keys())
    assert {one.block for one in written} == {*blocks()}
    silent = {(one.block, one.key) for one in written if not one.says_it_itself and not one.complete()}
    assert silent == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("world:\n  linked:\n    ", ["partner", "household", "holding"]),
        ("world:\n  linked: { partner: 1, ", ["household", "holding"]),
        ("world:\n  notices:\n    ", ["definitieve_aanslag"]),
        ("world:\n  others:\n    ", ["aangifte-ib", "aangifte-vpb"]),
        ("office:\n  outcomes:\n    ", ["opstellen", "aanslag_afwachten"]),
        ("office:\n  facts:\n    partner_mee: ", ["yes", "no"]),
        ("client:\n  answers:\n    ", ["ib-profiel"]),
        ("client:\n  answers:\n    ib-profiel:\n      ", ["woning"]),
        ("steps:\n  - expect:\n      - phase: voorbereiden\n        is: ", ["pending", "active"]),
        ("steps:\n  - do:\n      - notice: ", ["definitieve_aanslag"]),
        ("relation:\n  legal_form: ", ["natuurlijk_persoon", "eenmanszaak"]),
        ("relation:\n  fields:\n    ", ["dga"]),
    ],
)
def test_a_scenario_is_offered_what_its_template_has(text: str, found: list[str]) -> None:
    scenarios = next(kind for kind in KINDS if kind.folder == "scenarios")
    offered = [item.label for item in ask(scenarios, text)]
    assert [label for label in offered if label in found] == found, offered
    assert "partner" not in offered or "partner: 1" not in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("partner: 1", "de fiscaal partner"),
        ("notices: { aanslag: 5", "Working days until a notice comes"),
        ("reach: end", "the end of the filing"),
        ("linked: {", "How many relations are linked"),
    ],
)
def test_the_pointer_tells_the_words_of_a_scenario(words: str, said: str) -> None:
    text = "world:\n  linked: { partner: 1 }\n  notices: { aanslag: 5 }\nsteps:\n  - reach: end\n"
    index = index_shipped().replace(read_shipped() | {SCENARIO: text}, "utf-16")
    last = words.rindex(" ") if words.startswith("reach") else 0
    told: Any = hover(index.files[SCENARIO].page, SCENARIO, text.index(words) + last + 1, index)
    assert told is not None
    assert said in told.contents.value
