"""Patterns: the same answers as a regular expression of the subset, and no pattern that explodes."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.patterns import MAX_LENGTH, Pattern, PatternError, pattern_of

_ATOMS = st.sampled_from(
    ["a", "b", "1", ".", "[ab]", "[^a]", "[a-z0-9]", r"\d", r"\w", r"\s", r"\.", r"[\d-]"]
)


def _wrap(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    counted = st.tuples(inner, st.sampled_from(["?", "*", "+", "{2}", "{1,3}", "{0,}"]))
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]}|{pair[1]})"),
        counted.map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    )


PATTERNS = st.recursive(_ATOMS, _wrap, max_leaves=6)
ANCHORED = st.tuples(st.sampled_from(["", "^"]), PATTERNS, st.sampled_from(["", r"$"])).map("".join)


@given(pattern=ANCHORED, text=st.text("ab1-. z", max_size=8))
def test_a_pattern_matches_what_the_same_regular_expression_matches(pattern: str, text: str) -> None:
    assert Pattern(pattern).matches(text) == bool(re.search(pattern, text))


@given(pattern=ANCHORED, least=st.integers(0, 12))
def test_an_example_of_a_pattern_matches_and_is_long_enough(pattern: str, least: int) -> None:
    try:
        text = Pattern(pattern).example(least)
    except PatternError:
        assert pattern.startswith("^") or pattern.endswith("$")
        assert least > 0
    else:
        assert re.search(pattern, text)
        assert len(text) >= least


@given(pattern=ANCHORED, text=st.text("ab1-. z", max_size=8), more=st.integers(0, 2))
def test_what_a_pattern_matches_has_a_length_that_fits_it(pattern: str, text: str, more: int) -> None:
    fits = Pattern(pattern).fits(len(text), len(text) + more)
    assert fits or not re.search(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "least", "most", "fits"),
    [
        ("^[0-9]{4}$", 0, 3, False),
        ("[0-9]{4}", 0, 3, False),
        ("^[0-9]{4}$", 5, 200, False),
        ("^[0-9]{4}", 5, 200, True),
        ("[0-9]{4}$", 5, 200, True),
        ("^(a|bbb)$", 2, 2, False),
        ("^(a|bbb)$", 2, 3, True),
        ("a^b", 0, 200, False),
        ("^a?$", 0, 0, True),
    ],
)
def test_a_pattern_fits_texts_of_some_lengths(pattern: str, least: int, most: int, fits: bool) -> None:
    assert Pattern(pattern).fits(least, most) == fits


@pytest.mark.parametrize(
    "pattern", ["^[0-9]{4} ?[A-Z]{2}$", "^NL[0-9]{2}[A-Z]{4}[0-9]{10}$", r"^(0|\+31)[1-9][0-9]{8}$"]
)
def test_an_example_is_found_of_what_forms_ask(pattern: str) -> None:
    assert re.search(pattern, Pattern(pattern).example())


@pytest.mark.parametrize(
    "pattern", ["^(a+)+$", "^(a|a)*$", "^(a|aa)+$", "(.*)*x", "^(([a-z])+.)+[A-Z]$", "(x+x+)+y"]
)
def test_a_pattern_that_would_explode_is_answered_within_its_states_times_the_letters(pattern: str) -> None:
    assert not pattern_of(pattern).matches("a" * (MAX_LENGTH - 1) + "!")


@pytest.mark.parametrize(
    "pattern",
    [
        *("(?=a)", "(?<n>a)", r"\b", r"(a)\1", "a**", "a{2,1}", "a{", "[", "[]", "[z-a]", "(a", "a)", "^*"),
        *("{2}", "]", "a{9999}", "((a{50}){50}){50}", "((){999}){999}", "(" * 30 + ")" * 30, "\\"),
        "[" + "a-b" * 11 + "]",
    ],
)
def test_what_is_not_of_the_subset_is_refused_at_once(pattern: str) -> None:
    with pytest.raises(PatternError):
        Pattern(pattern)


class _Counted(str):
    """A letter that counts how often it is looked at: what takes it asks for its hash, once a step."""

    steps = 0

    def __hash__(self) -> int:
        _Counted.steps += 1
        return super().__hash__()


class _Text(str):
    def __iter__(self) -> Iterator[str]:
        return map(_Counted, super().__iter__())


@pytest.mark.parametrize("pattern", ["(.?){140}x", "^(a|a)*$", "(.*)*x"])
def test_a_text_takes_at_most_a_step_for_each_state_and_letter(pattern: str) -> None:
    _Counted.steps = 0
    made = Pattern(pattern)
    assert not made.matches(_Text("a" * 200 + "!"))
    assert 0 < _Counted.steps <= made.size * 201
