"""What a change declares: all else that it changes is found, and the declaration opens no gate."""

import pytest

from kantoor.review.intent import IntentError, list_undeclared, read_intent
from tests.review.edited import EDITS, find


def undeclared(words: str, intent: str) -> int:
    edit = next(one for one in EDITS if one.words == words)
    return len(list_undeclared(find(edit), read_intent(intent)))


@pytest.mark.parametrize(
    ("words", "intent", "number"),
    [
        ("work is due sooner", "", 1),
        ("work is due sooner", "timing  # eerder klaar", 0),
        ("work is due sooner", "timing btw-aangifte", 0),
        ("work is due sooner", "timing icp-opgaaf", 1),
        ("work is due sooner", "btw-aangifte", 0),
        ("work is due sooner", "flow", 1),
        ("a checkpoint is dropped", "btw-aangifte", 1),
        ("a checkpoint is dropped", "btw-aangifte\nsafeguard btw-aangifte", 0),
        ("a text that templates share", "timing aangifte-ib", 1),
        ("a text that templates share", "timing", 0),
        ("the consultant number", "legal office", 0),
        ("the consultant number", "btw-aangifte", 1),
    ],
)
def test_what_is_not_declared_is_found(words: str, intent: str, number: int) -> None:
    assert undeclared(words, intent) == number


def test_one_change_is_declared_by_its_id() -> None:
    (change,) = find(next(one for one in EDITS if one.words == "work is due sooner")).changes
    assert undeclared("work is due sooner", change.id) == 0


def test_what_is_not_known_is_told_with_its_line_and_what_to_write() -> None:
    with pytest.raises(IntentError) as caught:
        read_intent("timing\ntimming btw-aangifte")
    assert "line 2" in str(caught.value)
    assert "timing" in caught.value.hint
