"""The formatter: one layout for the same values and comments, whatever the file looked like."""

import io
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from kantoor.compiler import compile_definitions
from kantoor.compiler.format import Formatted, Refused, format_definition
from kantoor.compiler.format.folders import Target, find_targets
from kantoor.compiler.language.kinds import KINDS
from kantoor.compiler.nodes import Node
from kantoor.compiler.source import read_bytes
from kantoor.plan import digest
from tests.examples import so_many

SHIPPED = Path(__file__).parents[2] / "definitions"
TARGETS = find_targets(SHIPPED)
TEXTS = {target.file: target.file.read_text("utf-8") for target in TARGETS}


def lay_out(text: str | bytes, folder: str = "workflows") -> str:
    """Return a text in canonical layout; it must be one that the formatter takes."""
    kind = next(kind for kind in KINDS if kind.folder == folder)
    result = format_definition(text if isinstance(text, bytes) else text.encode(), "x.yaml", kind.model)
    assert isinstance(result, Formatted), result
    return result.text


def values(text: str) -> Any:
    """Return what a text reads as, with the order of keys."""
    node = read_bytes(text.encode(), "x.yaml").node
    assert node is not None, text
    return to_plain(node)


def to_plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: to_plain(value) for key, value in node.value.items()}
    if isinstance(node.value, list):
        return [to_plain(item) for item in node.value]
    return repr(node.value)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.file.stem)
def test_shipped_definitions_are_in_canonical_layout(target: Target) -> None:
    result = format_definition(target.file.read_bytes(), target.file.name, target.kind.model)
    assert isinstance(result, Formatted), result
    assert result.text == TEXTS[target.file]
    assert not result.changed


def test_the_layout_changes_no_plan(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "d")
    for target in find_targets(tmp_path / "d"):
        scrambled = dump(YAML(typ="safe").load(target.file.read_text("utf-8")), as_json=True)
        laid_out = format_definition(scrambled, target.file.name, target.kind.model)
        assert isinstance(laid_out, Formatted), target
        target.file.write_text(laid_out.text, "utf-8")
    shipped, scrambled_plans = (compile_definitions(folder).plans for folder in (SHIPPED, tmp_path / "d"))
    assert {name: digest(plan) for name, plan in scrambled_plans.items()} == {
        name: digest(plan) for name, plan in shipped.items()
    }


LAYOUTS = {
    "keys in the order of the language, unknown ones last": (
        "zz: 1\nproducts: [b]\ntitle: x\nyy: 2\n",
        "title: x\nproducts: [b]\nzz: 1\nyy: 2\n",
    ),
    "braces for dates and references, if first": (
        "deadlines:\n- due:\n  - day: last\n    months: 1\n    after: period.end\n    if: product.kor\n",
        "deadlines:\n  - due:\n      - { if: product.kor, after: period.end, months: 1, day: last }\n",
    ),
    "no braces around prose": (
        "ends: [{ planner: klaar, id: a, title: Zonder stukken }]\n",
        "ends:\n  - id: a\n    title: Zonder stukken\n    planner: klaar\n",
    ),
    "no braces around what does not fit": (
        f"deadlines: [{{ due: [{{ if: {'product.kor or ' * 5}product.foreign, after: period.end }}] }}]\n",
        "deadlines:\n  - due:\n"
        f"      - if: {'product.kor or ' * 5}product.foreign\n        after: period.end\n",
    ),
    "quotes only where they are needed": (
        "title: \"Een\"\nproducts: ['a', 'no', '1', 'a: b']\n",
        'title: Een\nproducts:\n  - a\n  - "no"\n  - "1"\n  - "a: b"\n',
    ),
    "single quotes for what double ones would escape": (
        'title: "say \\"x\\": y"\nperiod: "a\\\\b: c"\n',
        "title: 'say \"x\": y'\nperiod: 'a\\b: c'\n",
    ),
    "a plain text that could be taken for something else stays plain": ("title: no\n", "title: no\n"),
    "short references in brackets": ("products:\n- a\n-   b\n", "products: [a, b]\n"),
    "block scalars for texts of several lines": ('title: "a\\n\\nb\\n"\n', "title: |\n  a\n\n  b\n"),
    "a folded text keeps its lines": ("title:   >-\n     a\n     b\n", "title: >-\n  a\n  b\n"),
    "a long text is folded, outside Jinja's braces": (
        f"title: {'woord ' * 17}{{{{ relation.name }}}} en meer\n",
        f"title: >-\n  {'woord ' * 16}woord\n  {{{{ relation.name }}}} en meer\n",
    ),
    "an empty line between phases and before sections": (
        "phases:\n- id: a\n\n  title: b\n- id: c\nends: []\ntitle: x\n",
        "title: x\n\nphases:\n  - id: a\n    title: b\n\n  - id: c\n\nends: []\n",
    ),
    "one empty line of the author's between keys of the top level": (
        "title: x\n\n\nperiod: year\ncreated: {}\n\n",
        "title: x\n\nperiod: year\ncreated: {}\n",
    ),
    "the comment of the schema first, then what is about the file": (
        "# over het bestand\n\n# yaml-language-server: $schema=x\n# over de titel\ntitle: x\n",
        "# yaml-language-server: $schema=x\n# over het bestand\n\n# over de titel\ntitle: x\n",
    ),
    "comments move with what they are about": (
        "period: year   # het jaar\n# de titel\ntitle: x\n",
        f"# de titel\ntitle: x\n{'period: year':42}# het jaar\n",
    ),
    "a comment that is indented deeper ends what it is in": (
        "phases:\n  - id: a\n    # einde van a\n  # einde van phases\nends: []\n# einde\n",
        "phases:\n  - id: a\n    # einde van a\n  # einde van phases\n\nends: []\n# einde\n",
    ),
    "a comment right below, with an empty line after it, stays below": (
        "period: year\n# over het jaar\n\nproducts: [a]\ntitle: x\n",
        "title: x\n\nproducts: [a]\nperiod: year\n# over het jaar\n",
    ),
    "a comment inside braces opens them": (
        "created: { after: period.end, # na afloop\n  days: 1 } # een dag\n",
        f"created:{' ' * 34}# een dag\n{'  after: period.end':42}# na afloop\n  days: 1\n",
    ),
    "a comment after a block scalar is not part of it": (
        "title: |\n  a\n# c\nperiod: year # d\n",
        f"title: |\n  a\n# c\n{'period: year':42}# d\n",
    ),
    "a comment at the head of a block scalar stays there": (
        "title: |   # kop\n  a # tekst\n",
        f"{'title: |':42}# kop\n  a # tekst\n",
    ),
    "comments of adjoining long lines are in one column": (
        f"title: {'x' * 40} # a\nproducts: [{'y' * 40}] # b\n",
        f"title: {'x' * 40}        # a\nproducts: [{'y' * 40}]   # b\n",
    ),
    "what a scenario says in one breath is on one line, words too": (
        "steps:\n- reach: end\n  do:\n  - reject: De omzet, zegt hij\n  - approve\n"
        "  expect: [{ is: 1, fact: a }]\n",
        "steps:\n  - reach: end\n"
        '    do: [{ reject: "De omzet, zegt hij" }, approve]\n    expect: [{ fact: a, is: 1 }]\n',
    ),
    "CRLF and a byte order mark go": ("\ufefftitle: x\r\nperiod: year\r\n", "title: x\nperiod: year\n"),
    "an end without line end gets one": ("title: x", "title: x\n"),
    "a mapping without keys stays one": ("{} # niets\n", "{}\n# niets\n"),
    "markers of a document go": ("%YAML 1.2\n---\ntitle: x\n...\n", "title: x\n"),
}


@pytest.mark.parametrize(("written", "canonical"), LAYOUTS.values(), ids=LAYOUTS)
def test_the_layout_has(written: str, canonical: str) -> None:
    folder = "scenarios" if "steps:" in written else "workflows"
    assert lay_out(written, folder) == canonical
    assert lay_out(canonical, folder) == canonical


@pytest.mark.parametrize(
    ("text", "place"),
    [("title: &a x\nperiod: *a\n", (1, 8)), ("- a\n", (1, 1)), ("phases: [&a {}]\n", (1, 10))],
)
def test_what_the_layout_has_no_place_for_is_refused_at_its_place(text: str, place: tuple[int, int]) -> None:
    result = format_definition(text.encode(), "x.yaml", KINDS[-1].model)
    assert isinstance(result, Refused)
    assert result.span is not None
    assert (result.span.line, result.span.column) == place
    assert result.reason
    assert result.help


@pytest.mark.parametrize("data", [b"a: b: c\n", b"a: 1\na: 2\n", b"a: \xff\n", b"", b"a: !x 1\n", b"1: a\n"])
def test_what_cannot_be_read_is_refused_with_the_errors_of_reading(data: bytes) -> None:
    result = format_definition(data, "x.yaml", KINDS[-1].model)
    assert isinstance(result, Refused)
    assert result.diagnostics == tuple(read_bytes(data, "x.yaml").diagnostics)


PLACES = [0, 1, 2, 3, 4, 6, 8, 10]
SPOILS = ["above", "above", "beside", "beside", "empty", "spaces", "swap", "brace", "comma", "colon", "dash"]


@st.composite
def spoil(draw: st.DrawFn) -> tuple[Target, str]:
    """Draw a shipped file with comments, empty lines and line ends where an author may put them."""
    target = draw(st.sampled_from(TARGETS))
    lines = TEXTS[target.file].split("\n")
    for number in range(draw(st.integers(1, 6))):
        at, how = draw(st.integers(0, len(lines) - 1)), draw(st.sampled_from(SPOILS))
        line, comment = lines[at], f"# c{number}"
        deeper = " " * (len(line) - len(line.lstrip()) + 4)
        if how == "above":
            lines.insert(at, " " * draw(st.sampled_from(PLACES)) + comment)
        elif how == "empty":
            lines.insert(at, "")
        elif how == "swap":
            lines[at - 1], lines[at] = lines[at], lines[at - 1]
        else:
            old, new = {
                "beside": (line, f"{line} {comment}"),
                "spaces": (line, f"{line}  "),
                "brace": ("{ ", f"{{ {comment}\n{deeper}"),
                "comma": (", ", f", {comment}\n{deeper}"),
                "colon": (": ", f": {comment}\n{deeper}"),
                "dash": ("- ", f"- {comment}\n{deeper[2:]}"),
            }[how]
            lines[at] = line.replace(old, new, 1) if old else f"{line}{new}"
    return target, draw(st.sampled_from(["\n", "\r\n"])).join(lines)


@settings(max_examples=so_many(75), deadline=None)
@given(spoil())
def test_a_spoiled_file_keeps_values_and_comments_and_its_layout_is_final(
    spoiled: tuple[Target, str],
) -> None:
    target, text = spoiled
    reading = read_bytes(text.encode(), "x.yaml")
    result = format_definition(text.encode(), "x.yaml", target.kind.model)
    if reading.node is None or any(one.level == "error" for one in reading.diagnostics):
        assert isinstance(result, Refused)
        return
    assert isinstance(result, Formatted), result
    assert values(result.text) == values(text)
    assert sorted(re.findall("# c[0-9]", result.text)) == sorted(re.findall("# c[0-9]", text))
    assert lay_out(result.text, target.kind.folder) == result.text


def dump(data: Any, *, as_json: bool) -> bytes:
    """Return data in another layout than ours: as JSON, which is YAML, or as ruamel.yaml writes it."""
    if as_json:
        return json.dumps(data, ensure_ascii=False, indent=1, default=str).encode()
    yaml, stream = YAML(), io.BytesIO()
    yaml.width = 10_000
    yaml.dump(data, stream)
    return stream.getvalue()


SIGNS = st.text(
    st.sampled_from(list(" \n\ta:#-{}[],'\"\\|>%@&*!?~é\u00a0\u2028\u0085\ufeff019.=<noy")), max_size=14
)
LONG = st.lists(st.sampled_from(["woord", "nog een", "{{ a.b }}", "een: twee"]), min_size=20, max_size=40)
ODD = [
    "no",
    "0123",
    "1_0",
    "~",
    "2026-01-01",
    "12:30",
    "---",
    "a: b",
    "a #b",
    "a\n",
    "\na",
    "a\n\n\nb\n",
    " a\nb",
    "a\n  ",
]
SCALARS = st.none() | st.booleans() | st.integers(-9, 9) | SIGNS | LONG.map(" ".join) | st.sampled_from(ODD)
KEYS = st.sampled_from(
    ["title", "phases", "id", "if", "after", "due", "on", "1", "a: b", "send", "to", "rows", "nl"]
)
DATA = st.recursive(
    SCALARS,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(KEYS, below, max_size=4),
    max_leaves=12,
)


@settings(max_examples=so_many(75), deadline=None)
@given(
    st.dictionaries(KEYS, DATA, min_size=1, max_size=4),
    st.booleans(),
    st.sampled_from(["workflows", "forms", "messages", ""]),
)
def test_any_values_are_kept_and_their_layout_is_final(data: Any, as_json: bool, folder: str) -> None:
    written = dump(data, as_json=as_json)
    reading = read_bytes(written, "x.yaml")
    if reading.node is None or any(one.level == "error" for one in reading.diagnostics):
        return  # what ruamel.yaml writes of odd characters is not always what it reads
    laid_out = lay_out(written, folder)
    assert values(laid_out) == values(written.decode())
    assert lay_out(laid_out, folder) == laid_out


UNFOLDED = [target for target in TARGETS if ">-" not in TEXTS[target.file] and target.kind.name != "message"]
"""Without folded texts, whose lines are the author's."""


@pytest.mark.parametrize("target", UNFOLDED, ids=lambda target: target.file.stem)
def test_the_layout_follows_from_values_and_not_from_how_they_were_written(target: Target) -> None:
    canonical = TEXTS[target.file]
    without_comments = re.sub(r"(?m)^ *#.*\n|  +#.*$", "", canonical)
    folder = target.kind.folder
    bare = lay_out(re.sub(r"\n\n+", "\n", without_comments), folder)
    data = YAML(typ="safe").load(canonical)
    for as_json in (True, False):
        assert lay_out(dump(data, as_json=as_json), folder) == bare
