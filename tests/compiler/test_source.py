"""Reading: whatever bytes a file holds, the answer is nodes or a diagnostic at the right place."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kantoor.compiler import compile_definitions
from kantoor.compiler.source import MAX_BYTES, read_bytes, read_file
from tests.examples import so_many


def diagnose(data: bytes | str) -> list[tuple[str, int, int]]:
    raw = data if isinstance(data, bytes) else data.encode()
    return [(d.code.id, d.span.line, d.span.column) for d in read_bytes(raw, "roles/x.yaml").diagnostics]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title: a\n\tfallback: b\n", ("K102", 2, 1)),
        ("title: a\nother:\n  \t- b\n", ("K102", 3, 3)),
        ("title: a\nother: b\ntitle: c\n", ("K103", 3, 1)),
        ("title: a: b\n", ("K101", 1, 9)),
        ("title: [a, b\nother: c\n", ("K101", 1, 8)),
        ("title: @a\n", ("K101", 1, 8)),
        ('title: "{{ a }}\n', ("K101", 1, 8)),
        ("title: a\x07b\n", ("K101", 1, 9)),
        ("title: a\n---\ntitle: b\n", ("K101", 2, 1)),
        ("title: *nergens\n", ("K106", 1, 8)),
        ("title: &a [*a]\n", ("K106", 1, 12)),
        ("title: &a\n  b: *a\n", ("K106", 2, 6)),
        ("", ("K108", 1, 1)),
        ("\n# niets\n---\n", ("K108", 1, 1)),
        ("title: !python/object a\n", ("K110", 1, 8)),
        ("title: {{ relation.name }}\n", ("K111", 1, 9)),
        ("? [a, b]\n: c\n", ("K111", 1, 3)),
        ("title: {{ a.b }} is klaar\n", ("K111", 1, 9)),
        ("a: { b: c, d: e\nf: g\nh: i\n", ("K101", 1, 4)),
        ("a: [b,\n  c\nd: e\n", ("K101", 1, 4)),
        ("a: b\n  c: d\n", ("K101", 2, 3)),
        ("a:\n  - b: c\n    d: e\n   f: g\n", ("K101", 4, 4)),
        ("[" * 1000 + "]" * 1000, ("K107", 1, 41)),
        ("title: " + "a" * 1_000_000 + "\n", ("K107", 1, 1)),
    ],
)
def test_a_mistake_of_yaml_is_found_where_it_is(text: str, expected: tuple[str, int, int]) -> None:
    if len(text) <= MAX_BYTES:
        assert diagnose(text) == [expected]
    else:
        assert diagnose(text)[0] == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"title: caf\xe9\n", ("K104", 1, 11)),
        (b"title: a\n\nfallback: \xff\n", ("K104", 3, 11)),
        ("title: a\n".encode("utf-16"), ("K104", 1, 1)),
        (b"\xef\xbb\xbftitle: a\n", ("K105", 1, 1)),
    ],
)
def test_a_mistake_of_encoding_is_found_where_it_is(data: bytes, expected: tuple[str, int, int]) -> None:
    assert diagnose(data) == [expected]


def test_a_byte_order_mark_does_not_move_the_columns() -> None:
    assert diagnose(b"\xef\xbb\xbftitle: a\nother:\n\tb: c\n") == [("K105", 1, 1), ("K102", 3, 1)]


def test_aliases_that_multiply_are_refused_before_they_fill_the_memory() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert [code for code, _, _ in diagnose("\n".join(lines))] == ["K107"]


def test_an_alias_repeats_its_anchor() -> None:
    node = read_bytes(b"title: &a Een\ndescription: *a\n", "x").node
    assert node is not None
    child = node.child("description")
    assert child is not None
    assert child.value == "Een"


def test_a_lost_dash_is_one_mistake_and_what_follows_is_the_next_item() -> None:
    reading = read_bytes(b"a:\n  - id: x\n    b: 1\n    id: y\n    b: 2\n    b: 3\n  - id: z\n", "x")
    assert [(d.span.line, d.help is not None) for d in reading.diagnostics] == [(4, True), (6, True)]
    assert reading.node is not None
    items = reading.node.child("a")
    assert items is not None
    assert isinstance(items.value, list)
    assert [item.child("id").value for item in items.value if item.child("id")] == ["x", "y", "z"]  # type: ignore[union-attr]


def test_an_id_alone_that_stands_twice_is_no_item() -> None:
    reading = read_bytes(b"a:\n  - id: x\n    b: 1\n    id: y\n", "x")
    assert [d.span.line for d in reading.diagnostics] == [4]
    assert reading.node is not None
    assert len(reading.node.child("a").value) == 1  # type: ignore[union-attr, arg-type]


def test_the_help_for_a_line_too_deep_speaks_of_indentation() -> None:
    (deep,) = read_bytes(b"a: b\n  c: d\n", "x").diagnostics
    (prose,) = read_bytes(b"a: Stukken: opvragen\n", "x").diagnostics
    assert deep.help is not None
    assert "indented" in deep.help
    assert prose.help == "put text that contains ': ' in quotes"


def test_every_duplicate_key_is_reported_with_the_first() -> None:
    diagnostics = read_bytes(b"a: 1\nb: 2\na: 3\nb: 4\n", "x").diagnostics
    assert [(d.span.line, d.related[0].span.line) for d in diagnostics] == [(3, 1), (4, 2)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("true", True),
        ("~", None),
        ("012", 12),
        ("0o14", 12),
        ("0xff", 255),
        ("1e3", 1000.0),
        ("2026-01-31", "2026-01-31"),
        ("1:30", "1:30"),
        ("'5'", "5"),
        ("9" * 400, "9" * 400),
    ],
)
def test_plain_scalars_mean_what_yaml_1_2_says(written: str, value: object) -> None:
    node = read_bytes(f"a: {written}\n".encode(), "x").node
    assert node is not None
    child = node.child("a")
    assert child is not None
    assert child.value == value
    assert type(child.value) is type(value)


def test_places_count_characters_and_all_line_ends() -> None:
    text = "title: één\r\ndescription: é é\rfallback: 5\n"
    node = read_bytes(text.encode(), "x").node
    assert node is not None
    assert [tuple(node.place(key))[1:3] for key in ("title", "description", "fallback")] == [
        (1, 8),
        (2, 14),
        (3, 11),
    ]


@settings(max_examples=so_many(200), deadline=None, database=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_node_or_an_error(data: bytes) -> None:
    reading = read_bytes(data, "x")
    assert reading.node is not None or reading.diagnostics
    lines = reading.source.lines
    assert all(1 <= d.span.line <= max(1, len(lines)) for d in reading.diagnostics)


@settings(max_examples=so_many(200), deadline=None, database=None)
@given(st.text(alphabet="ab: -[]{}&*#|>'\"\n\t!%@,?~0", max_size=60))
def test_any_yaml_like_text_gives_a_node_or_an_error(text: str) -> None:
    reading = read_bytes(text.encode(), "x")
    assert reading.node is not None or reading.diagnostics


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"a" * (MAX_BYTES + 1))
    assert [d.code.id for d in read_file(file, "x.yaml").diagnostics] == ["K107"]


def test_a_file_that_is_away_is_a_diagnostic(tmp_path: Path) -> None:
    assert [d.code.id for d in read_file(tmp_path / "weg.yaml", "weg.yaml").diagnostics] == ["K109"]


def test_a_pipe_named_as_a_definition_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "roles").mkdir()
    os.mkfifo(tmp_path / "roles/x.yaml")
    (tmp_path / "office.yaml").write_text(json.dumps({"name": "K", "phone": "1", "email": "a@b.example"}))
    diagnostics = compile_definitions(tmp_path).diagnostics
    assert [(d.code.id, d.span.path) for d in diagnostics] == [("K109", "roles/x.yaml")]
