"""A seeded sample of `make fuzz`: whatever is in a file, check answers with 0 or 1, without a traceback."""

from pathlib import Path

import pytest

from bench.fuzz import BLOCKS, ESCAPES, HOSTILE, PATTERNS, check_case, make_case
from kantoor.compiler import compile_definitions
from kantoor.patterns import PatternError, pattern_of

from .conftest import SmallOffice

SEEDS = (*range(1, 301), 643)
"""Some, and one that found a traceback."""
PARTS = 10


@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_in_a_file_check_answers(part: int, tmp_path: Path) -> None:
    for seed in SEEDS[part::PARTS]:
        outcome = check_case(make_case(seed), tmp_path / "definitions")
        assert outcome.status in (0, 1), (seed, outcome.said)
        assert "Traceback" not in outcome.said, seed


def test_a_seed_gives_the_same_file_and_the_sample_has_all_sorts() -> None:
    cases = [make_case(seed) for seed in SEEDS]
    assert cases == [make_case(seed) for seed in SEEDS]
    assert {case.sort for case in cases} == {"typed", "lines", "values", "random", "hostile"}
    assert len(HOSTILE) == 8


@pytest.mark.parametrize("escape", ESCAPES)
def test_a_condition_that_would_leave_the_sandbox_is_an_error(office: SmallOffice, escape: str) -> None:
    quoted = escape.replace("'", "''")
    piece = f"phases:\n  - id: nazorg\n    title: N\n    role: accountant\n    if: '{quoted}'\n"
    compilation = office.with_piece(piece)
    assert [error.code.id[:2] for error in compilation.errors] == ["K6"]
    assert compilation.plans == {}


@pytest.mark.parametrize("body", [*BLOCKS, *(f"{{{{ {one} }}}}" for one in ESCAPES)])
def test_a_text_that_would_leave_the_sandbox_is_an_error(office: SmallOffice, body: str) -> None:
    quoted = body.replace("'", "''")
    piece = f"texts:\n  nl:\n    subject: S\n    body: '{quoted}'\n"
    compilation = office.with_piece(piece, "messages/ter-accordering.yaml")
    assert {error.code.id[:2] for error in compilation.errors} == {"K6"}
    assert compilation.plans == {}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_that_explodes_is_refused_or_matched_in_one_go(office: SmallOffice, pattern: str) -> None:
    """A backtracking matcher would not come back from these texts before the test is ended."""
    field = f"type: string\n      title: P\n      pattern: '{pattern}'\n"
    text = f"title: F\nschema:\n  type: object\n  properties:\n    p:\n      {field}"
    office.with_piece(text, "forms/f.yaml")
    refused = "K704" in [error.code.id for error in compile_definitions(office.folder).errors]
    try:
        compiled = pattern_of(pattern)
    except PatternError:
        assert refused
        return
    for letters in ("a", "x", "ab", "a "):
        compiled.matches(letters * 90 + "!")
