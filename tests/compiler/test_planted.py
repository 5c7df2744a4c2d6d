"""Planted mistakes, each of another kind: each is told once, where it is, and docs/mistakes.md shows it."""

import json
from pathlib import Path

import pytest

from .planted import MISTAKES, VERDICTS, Mistake, ask_check_jsonschema, find, list_files, write_page

PAGE = Path(__file__).parents[2] / "docs/mistakes.md"
SAMPLE = ("a word for a number", "a review that cannot fail", "a misspelled variable")


def test_there_are_more_than_sixty_each_of_another_kind() -> None:
    assert len(MISTAKES) == len({mistake.words for mistake in MISTAKES})
    assert len({mistake.code for mistake in MISTAKES}) > 60


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.words)
def test_a_planted_mistake_is_told_once_in_its_file_with_what_to_do(mistake: Mistake) -> None:
    (found,) = find(mistake)
    assert (found.code.id, found.span.path) == (mistake.code, mistake.file)
    assert found.help
    text = list_files(mistake)[mistake.file].replace(mistake.old, mistake.new, 1)
    assert 1 <= found.span.line <= text.count("\n") + 1


def test_the_page_is_what_check_says() -> None:
    """`python -m tests.compiler.planted > docs/mistakes.md` refreshes it."""
    assert PAGE.read_text("utf-8") == write_page()


@pytest.mark.parametrize("words", SAMPLE)
def test_the_stored_verdicts_are_those_of_check_jsonschema(words: str) -> None:
    """`python -m tests.compiler.planted --verdicts` asks it about all of them."""
    (mistake,) = (one for one in MISTAKES if one.words == words)
    assert json.loads(VERDICTS.read_text("utf-8"))[words] == ask_check_jsonschema(mistake)
