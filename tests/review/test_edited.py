"""Edits of the shipped definitions: what is said of each is on docs/changes.md."""

from pathlib import Path

import pytest

from .edited import EDITS, Edit, find, write_page

pytestmark = pytest.mark.xdist_group("edited")  # they are made once

PAGE = Path(__file__).parents[2] / "docs/changes.md"


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.words.replace(" ", "-"))
def test_an_edit_is_told_in_one_sentence_or_two(edit: Edit) -> None:
    found = find(edit)
    assert 1 <= len(found.changes) <= 2
    assert all(one.part != "unknown" for one in found.changes)


def test_the_page_is_what_diff_says() -> None:
    """`python -m tests.review.edited > docs/changes.md` refreshes it."""
    assert PAGE.read_text("utf-8") == write_page()


def test_there_are_more_than_seventy_of_every_class() -> None:
    assert len(EDITS) == len({edit.words for edit in EDITS}) > 70
    assert {one.cls for edit in EDITS for one in find(edit).changes} == {
        "wording",
        "staffing",
        "flow",
        "timing",
        "legal",
    }
