"""What of two lists is the same: short and long ones, whatever they are, in a time that does not run away."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.review import aligning
from kantoor.review.aligning import align
from kantoor.review.expected import read, say_otherwise
from kantoor.review.wording import compare_words, say_words

_ITEMS = st.lists(st.sampled_from("abcdefgh"), max_size=12)


@given(before=_ITEMS, after=_ITEMS, most=st.sampled_from([0, 6, 40_000]))
def test_two_lists_are_the_same_and_other_by_turns_and_whole(
    before: list[str], after: list[str], most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(aligning, "_MOST", most)
        stretches = align(before, after)
    for items, starts, ends in ((before, "old", "old_end"), (after, "new", "new_end")):
        cut = [items[getattr(one, starts) : getattr(one, ends)] for one in stretches]
        assert [item for part in cut for item in part] == items
    for one in stretches:
        gone, comes = before[one.old : one.old_end], after[one.new : one.new_end]
        assert gone == comes if one.is_same else gone or comes
    turns = [one.is_same for one in stretches]
    assert all(here is not there for here, there in pairwise(turns))
    assert turns == [True] * bool(before) or before != after


def test_of_a_long_text_what_changes_at_both_its_ends_is_told_word_by_word() -> None:
    words = [f"woord{n} de" for n in range(1000)]
    after = [words[0], "nieuw", *words[1:998], "oud", *words[999:]]
    assert say_words(" ".join(words), " ".join(after)) == (
        "now also says “nieuw” after “woord0 de”, and says “de woord997 de oud woord999 de” instead of "
        "“de woord997 de woord998 de woord999 de”"
    )


def _write_steps(letter: str, number: int) -> str:
    steps = "".join(
        f"- do: [{{ finish: opstellen }}]\n  expect: [{{ message: {letter}{n} }}]\n" for n in range(number)
    )
    return f"title: Lang\nsteps:\n{steps}"


def test_a_long_scenario_or_text_that_says_otherwise_everywhere_takes_no_longer_than_it_is() -> None:
    """Of 800 steps each compared with each took over twenty seconds, and eight times that of double."""
    before, after = (read(_write_steps(letter, 4000)) for letter in "ab")
    texts = [" ".join(f"de {letter}{n}" for n in range(4000)) for letter in "ab"]
    start = time.process_time()
    said = say_otherwise(before, after)
    compare_words(*texts)
    say_words(*texts)
    assert time.process_time() - start < 5
    assert len(said) < 500
    assert said.startswith("‘expect message: b0’, ‘do finish: opstellen’, ‘expect message: b1’")
    assert "7995 lines more" in said
