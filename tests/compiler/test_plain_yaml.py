"""Plain YAML is read without positions, and never to other data than the real parser gives."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kantoor.compiler.nodes import Node
from kantoor.compiler.plain_yaml import read_plain
from kantoor.compiler.source import read_bytes
from kantoor.compiler.workspace import Workspace
from tests.examples import so_many

SHIPPED = Path(__file__).parents[2] / "definitions"
TEXTS = [file.read_text("utf-8") for file in sorted(SHIPPED.rglob("*.yaml"))]
TYPED = st.one_of(
    st.text(alphabet="ab: -[]{}&*#|>'\"\n\t!%@,?~0é.1_=<()\\", max_size=4),
    st.sampled_from(
        ["null", "true", "0x1F", "1e3", "---\n", ">-\n", "|\n", "''", "\n\n", "  ", " # ", "{ a: 1 }"]
    ),
)


def _typed(value: Any) -> Any:
    """Return data or a node with the type of every value, so that 1 is not true and .nan is itself."""
    value = value.value if isinstance(value, Node) else value
    if isinstance(value, dict):
        return {key: _typed(below) for key, below in value.items()}
    if isinstance(value, list):
        return [_typed(below) for below in value]
    return type(value), repr(value)


def _find_difference(text: str) -> str | None:
    """Return how the real parser reads a plain text otherwise; None where both agree, or it is not plain."""
    plain = read_plain(text)
    if plain is None:
        return None
    reading = read_bytes(text.encode(), "x")
    if reading.diagnostics:
        return reading.diagnostics[0].message
    own, real = _typed(plain), _typed(reading.node)
    return None if own == real else f"plain {own}, by the real parser {real}"


def test_every_shipped_definition_is_plain() -> None:
    assert all(read_plain(text) is not None for text in TEXTS)
    assert [_find_difference(text) for text in TEXTS] == [None] * len(TEXTS)


@settings(max_examples=so_many(400), deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(TEXTS), st.data())
def test_what_is_typed_into_a_plain_text_is_read_as_the_real_parser_does(
    text: str, data: st.DataObject
) -> None:
    lines = text.splitlines(keepends=True)
    first = data.draw(st.sampled_from([0, 0, *range(len(lines))]))
    text = "".join(lines[first : first + data.draw(st.integers(3, 40))])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(text)))
        text = text[:place] + data.draw(TYPED) + text[place + data.draw(st.integers(0, 4)) :]
    assert _find_difference(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "a: b\na: c\n",  # twice the same key
        "a: b\n  c: d\n",
        "a: b: c\n",
        "a: &x b\nc: *x\n",
        "a: !t b\n",
        "a:\nb: c\n",
        "true: b\n",
        "a: [b, [c]\n",
        "a: { b: c, b: d }\n",
        "a: |\n   b\n  c\n",
        "a: b #c\n",
        "a: b\n---\nc: d\n",
        "- a\n",
        "a: b",
        f"a: {'b' * 10_000}\n",
        "a:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 50)) + f"{' ' * 50}a: b\n",
        f"a: {'[' * 50}{']' * 50}\n",
    ],
)
def test_whatever_is_not_plain_is_left_to_the_real_parser(text: str) -> None:
    assert read_plain(text) is None


def test_no_correct_file_is_read_for_its_positions() -> None:
    """Where this fails, a check looks at the node or the span of something that is not wrong."""
    workspace = Workspace(SHIPPED)
    assert not workspace.compile().diagnostics
    placed = [model.path for model in workspace.definitions.models() if "nodes" in vars(model.origin.shaping)]
    assert placed == []
