"""Banned phrases, and functions that are named by a participle instead of a verb.

`tests/phrases.toml` has the phrases, with what to write instead.
"""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
LISTS = Path(__file__).parent / "phrases.toml"

FOLDERS = ("platform", "bench", "docs", "definitions", "tests")
PAGES = ("README.md", "CONTRIBUTING.md")
NOT_READ = (
    ROOT / "docs/glossary.md",  # names the words that are not to be used
    ROOT / "docs/machine.md",  # quotes the sentences of platform/filing, which are checked there
    Path(__file__),
)

GAP = r"(?:[ ]|\s*\n[\s#\"'f]*)"
"""What a space of a pattern matches: a space, or a line's end with what the next line begins with."""


class Phrase(NamedTuple):
    """A banned phrase, and what to write instead."""

    pattern: re.Pattern[str]
    needle: str
    instead: str


class Offence(NamedTuple):
    """A banned phrase in a file, at the line where it begins."""

    place: str
    found: str
    instead: str


@lru_cache
def load_lists() -> dict[str, Any]:
    return tomllib.loads(LISTS.read_text("utf-8"))


@lru_cache
def phrases() -> tuple[Phrase, ...]:
    table = load_lists()["phrase"]
    return tuple(
        Phrase(re.compile(one["pattern"].replace(" ", GAP)), one.get("needle", ""), one["instead"])
        for one in table
    )


def files() -> Iterator[Path]:
    """Yield the files that people read, links to other folders aside."""
    yield from (ROOT / name for name in PAGES)
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*")):
            linked = any(parent.is_symlink() for parent in [file, *file.parents])
            if file.suffix in (".py", ".md", ".yaml", ".j2") and not linked and file not in NOT_READ:
                yield file


def offences_in(text: str, name: str) -> Iterator[Offence]:
    for phrase in phrases():
        if phrase.needle not in text:
            continue
        for match in phrase.pattern.finditer(text):
            number = text.count("\n", 0, match.start()) + 1
            yield Offence(f"{name}:{number}", " ".join(match[0].split()), phrase.instead)


@lru_cache
def offences() -> tuple[Offence, ...]:
    return tuple(
        offence
        for file in files()
        for offence in offences_in(file.read_text("utf-8"), file.relative_to(ROOT).as_posix())
    )


@cache
def is_participle(name: str) -> bool:
    """Say whether a function's name is one word that says what was done: no verb, so no function."""
    word, names = name.strip("_"), load_lists()["functions"]
    if word in names["verbs"].split():
        return False
    return word in names["participles"].split() or re.fullmatch(r"[a-z]+ed", word) is not None


@lru_cache
def participles() -> tuple[tuple[str, str], ...]:
    """Return name and place of every function of the package that is one participle, properties aside."""
    found = []
    for file in (ROOT / "platform").rglob("*.py"):
        text = file.read_text("utf-8")
        if not any(is_participle(name) for name in re.findall(r"\bdef (\w+)", text)):
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_participle(node.name):
                marks = {getattr(mark, "id", getattr(mark, "attr", "")) for mark in node.decorator_list}
                if not marks & {"property", "cached_property", "setter"}:
                    found.append((node.name, f"{file.relative_to(ROOT).as_posix()}:{node.lineno}"))
    return tuple(sorted(found))


def test_no_banned_phrase_is_used() -> None:
    used = [f"{one.place}: '{one.found}': write: {one.instead}" for one in offences()]
    assert not used, "\n" + "\n".join(used)


def test_no_function_is_named_by_a_participle() -> None:
    used = [
        f"{place}: {name}: name it by a verb: find_…, render_…, make_…, or is_… for a question"
        for name, place in participles()
    ]
    assert not used, "\n" + "\n".join(used)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('message = "this is no YAML"\n', ["is no"]),
        ("# the value stands\n    # here twice\n", ["stands # here twice"]),
        ("what a contact may with his own\n", ["his"]),
        ("there is no key; it is no longer asked; (exit 1) the answer is no (exit 1)\n", []),
        ("what stands in the way\n", []),
        ("Dit sjabloon is niet in gebruik genomen.\n", ["in gebruik genomen", "sjabloon"]),
        ("Deze opdracht is gepland.\n", []),
    ],
)
def test_a_phrase_is_found_where_it_begins(text: str, found: list[str]) -> None:
    offences = list(offences_in(text, "x.py"))
    assert sorted(offence.found for offence in offences) == sorted(found)
    assert all(offence.place == "x.py:1" for offence in offences)


@pytest.mark.parametrize(
    ("name", "participle"),
    [("said", True), ("_checked", True), ("find_said", False), ("need", False), ("is_closed", False)],
)
def test_a_participle_is_one_word_that_says_what_was_done(name: str, participle: bool) -> None:
    assert is_participle(name) == participle


def test_decisions_are_numbered_in_their_order() -> None:
    text = (ROOT / "docs/decisions.md").read_text("utf-8")
    numbers = [int(one) for one in re.findall(r"(?m)^## (\d+)\. ", text)]
    assert numbers == [*range(1, len(numbers) + 1)]


def list_terms(column: int) -> list[tuple[str, str]]:
    """Return each word of a column of the glossary, and of what it is ('' where it does not say)."""
    rows = [
        line.split("|") for line in (ROOT / "docs/glossary.md").read_text("utf-8").splitlines() if "|" in line
    ]
    cells = [row[column] for row in rows if row[column].strip("- ") not in ("", "–", "English", "Dutch")]
    words = [word.strip() for cell in cells for word in re.split(r"[,;](?![^(]*\))", cell)]
    found = (re.fullmatch(r"(.*?)(?: \((.*)\))?", word) for word in words if word not in ("–", ""))
    return [(match[1], match[2] or "") for match in found if match]


@pytest.mark.parametrize("column", [1, 2], ids=["English", "Dutch"])
def test_a_word_is_one_thing_or_says_of_what_it_is(column: int) -> None:
    terms = list_terms(column)
    assert len(terms) > 100
    several = {word for word, _ in terms if [one for one, _ in terms].count(word) > 1}
    unclear = {word for word, of in terms if word in several and not of}
    assert not unclear, "say in parentheses of what: " + ", ".join(sorted(unclear))
    assert len({*terms}) == len(terms)
