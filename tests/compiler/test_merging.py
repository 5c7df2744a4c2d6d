"""Merging in three ways: what either side changed lands, and where both changed it, both are shown."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from kantoor.compiler.format import Formatted, format_definition
from kantoor.compiler.format.folders import Target, find_targets
from kantoor.compiler.language.workflow import Workflow
from kantoor.compiler.own.changes import list_changes
from kantoor.compiler.own.merging import Merged, UnmergeableError, merge_texts
from tests.examples import so_many

from .mutations import mutate

SHIPPED = Path(__file__).parents[2] / "definitions"
TARGETS = find_targets(SHIPPED)

BASE = """\
title: Werk
period: year

phases:
  - id: een
    title: Een
    role: a
    due: { after: period.end, days: 1 }
    checkpoints:
      - id: p
        title: P
      - id: q
        title: Q

  - id: twee
    title: Twee
    role: b
"""


def merge(ours: str, theirs: str, base: str | None = BASE, **options: Any) -> Merged:
    return merge_texts(base and base.encode(), ours.encode(), theirs.encode(), Workflow, **options)


def change(old: str, new: str, text: str = BASE) -> str:
    assert text.count(old) == 1, old
    return text.replace(old, new)


LANDING = {
    "two keys": (("title: Werk", "title: Arbeid"), ("period: year", "period: month")),
    "two phases": (("title: Een", "title: Eerste"), ("title: Twee", "title: Tweede")),
    "two keys of one item": (("title: Een", "title: Eerste"), ("role: a", "role: c")),
    "a key and a list in it": (("role: a", "role: c"), ("      - id: q\n        title: Q\n", "")),
    "items at the same place": (
        ("      - id: q\n", "      - id: hier\n        title: H\n      - id: q\n"),
        ("      - id: q\n", "      - id: daar\n        title: D\n      - id: q\n"),
    ),
    "an item removed and another changed": (
        ("      - id: p\n        title: P\n", ""),
        ("title: Q", "title: K"),
    ),
    "a comment and the value beside it": (("role: a", "role: a # van ons"), ("title: Een", "title: Eerste")),
    "a comment beside what kantoor changed": (("role: a", "role: a # van ons"), ("role: a", "role: c")),
    "a phase added and one changed": (
        ("  - id: twee\n", "  - id: nieuw\n    title: N\n    role: b\n\n  - id: twee\n"),
        ("title: Twee", "title: Tweede"),
    ),
}


@pytest.mark.parametrize(("one", "other"), LANDING.values(), ids=LANDING)
def test_changes_of_different_things_both_land(one: tuple[str, str], other: tuple[str, str]) -> None:
    for ours, theirs in ((one, other), (other, one)):
        merged = merge(change(*ours), change(*theirs))
        assert merged.conflicts == ()
        for old, new in (ours, theirs):
            added = [line.strip() for line in new.splitlines() if line not in old.splitlines()]
            values = [part for line in added for part in line.split(" # ") if "van ons" not in part]
            changed = [value for value in values if value != "role: a" or "role: c" not in merged.text]
            assert all(value in merged.text for value in changed), (changed, merged.text)
            if not added:
                assert old not in merged.text
        if "van ons" in one[1]:
            assert "# van ons\n" in merged.text


MEETING = {
    "a value": (("title: Een", "title: A"), ("title: Een", "title: B"), "phases.een.title", "changed"),
    "a date, as a whole": (
        ("days: 1", "days: 2"),
        ("after: period.end", "after: filing.start"),
        "phases.een.due",
        "changed",
    ),
    "what kantoor removed and the office changed": (
        ("title: P", "title: PP"),
        ("      - id: p\n        title: P\n", ""),
        "phases.een.checkpoints.p",
        "removed by kantoor",
    ),
    "what kantoor removed and the office commented": (
        ("title: P", "title: P # let op"),
        ("      - id: p\n        title: P\n", ""),
        "phases.een.checkpoints.p",
        "removed by kantoor",
    ),
    "what the office removed and kantoor changed": (
        ("      - id: p\n        title: P\n", ""),
        ("title: P", "title: PP"),
        "phases.een.checkpoints.p",
        "removed by the office",
    ),
    "a key that both added": (
        ("period: year", "period: year\nstart: by_hand"),
        ("period: year", "period: year\nstart: on_date"),
        "start",
        "added",
    ),
}


@pytest.mark.parametrize(("ours", "theirs", "path", "cause"), MEETING.values(), ids=MEETING)
def test_where_both_sides_changed_the_same_it_is_told_and_either_can_be_had(
    ours: tuple[str, str], theirs: tuple[str, str], path: str, cause: str
) -> None:
    here, there = change(*ours), change(*theirs)
    merged = merge(here, there)
    assert [(conflict.path, conflict.cause) for conflict in merged.conflicts] == [(path, cause)]
    assert merge(here, there, prefer="office").text == lay_out(here)
    kantoor = merge(here, there, prefer="kantoor").text
    assert "let op" not in kantoor
    assert kantoor == lay_out(there)
    assert merged.conflicts[0].place.line <= len(here.splitlines())


def test_two_orders_meet() -> None:
    base = "title: x\nphases:\n" + "".join(f"  - id: {name}\n" for name in "abc")
    ours, theirs = base.replace("id: a", "id: t").replace("id: b", "id: a").replace("id: t", "id: b"), ""
    theirs = base.replace("id: b", "id: t").replace("id: c", "id: b").replace("id: t", "id: c")
    assert merge(ours, base, base).text == lay_out(ours)
    assert merge(base, theirs, base).text == lay_out(theirs)
    (conflict,) = merge(ours, theirs, base).conflicts
    assert (conflict.path, conflict.cause) == ("phases", "ordered")


def test_comments_of_the_office_are_kept_where_kantoor_changed_its_own() -> None:
    base = change("title: Een", "title: Een   # van kantoor")
    ours = base.replace("# van kantoor", "# van ons")
    theirs = base.replace("# van kantoor", "# nieuw van kantoor").replace("role: b", "role: c")
    merged = merge(ours, theirs, base)
    assert merged.conflicts == ()
    assert "# van ons" in merged.text
    assert "role: c" in merged.text


def test_comments_of_kantoor_land_on_the_items_without_names_that_the_office_kept() -> None:
    base = "ends:\n  - title: x\n  - title: y\n"
    theirs = "ends:\n  - title: x   # van kantoor\n  # ook\n  - title: y\n"
    more = merge("ends:\n  - title: w\n  - title: x\n  - title: y   # van ons\n", theirs, base)
    less = merge("ends:\n  - title: y\n", theirs, base)
    assert more.conflicts == less.conflicts == ()
    assert [" ".join(one.split()) for one in more.text.splitlines() if one] == [
        *("ends:", "- title: w", "- title: x # van kantoor", "# ook", "- title: y # van ons")
    ]
    assert "# ook" in less.text
    assert "- title: x" not in less.text


WITHIN = {
    "a date": ("created:\n  # a\n  after: period.end   # b\n  days: 1\n", {"after": "period.end", "days": 1}),
    "an item of a list of dates": (
        "deadlines:\n  - id: x\n    due:\n      - if: >-\n          facts.a\n          and facts.b\n"
        "        after: period.end   # b\n        days: 1\n",
        [{"id": "x", "due": [{"if": "facts.a and facts.b", "after": "period.end", "days": 1}]}],
    ),
    "a list whose items have no names": ("ends:\n  - title: x   # b\n    # c\n", [{"title": "x"}]),
}


@pytest.mark.parametrize(("base", "values"), WITHIN.values(), ids=WITHIN)
def test_comments_and_lines_within_what_is_one_value_are_those_of_the_side_that_changed_them(
    base: str, values: Any
) -> None:
    key = base.partition(":")[0]
    bare = write_plain({key: values}, Workflow)
    commented = lay_out(base)
    assert bare != commented
    assert merge(commented, bare, commented) == merge(bare, commented, commented) == Merged(bare, ())
    assert merge(commented, bare, bare) == merge(bare, commented, bare) == Merged(commented, ())
    for added in (merge(commented, bare, "{}\n"), merge(bare, commented, "{}\n")):
        assert added.conflicts == ()
        assert "# b" in added.text


@pytest.mark.parametrize("text", ["title: a: b\n", "title: &a x\nperiod: *a\n", "- a\n", ""])
def test_what_cannot_be_taken_apart_is_not_merged(text: str) -> None:
    with pytest.raises(UnmergeableError):
        merge(text, BASE)


def test_changes_are_listed_by_meaning() -> None:
    after = change("title: Een", "title: Eerste")
    after = change("days: 1", "days: 2", after)
    after = change("      - id: p\n        title: P\n", "", after)
    after = change("title: Q\n", "title: Q   # vraag\n      - id: r\n        title: R\n", after)
    assert list_changes(BASE.encode(), after.encode(), Workflow) == (
        "phases.een.title changed",
        "phases.een.due changed",
        "phases.een.checkpoints.p removed",
        "comments at phases.een.checkpoints.q.title changed",
        "phases.een.checkpoints.r added",
    )


def lay_out(text: str | bytes, model: Any = Workflow) -> str:
    result = format_definition(text if isinstance(text, bytes) else text.encode(), "x.yaml", model)
    assert isinstance(result, Formatted), result
    return result.text


def write_plain(data: Any, model: Any) -> str:
    """Return data in canonical layout, without comments."""
    return lay_out(json.dumps(data, ensure_ascii=False, indent=1, default=str), model)


@st.composite
def versions(draw: st.DrawFn) -> tuple[Target, str, str]:
    """Draw a shipped file's kind, its text, and that of a version with some values changed."""
    target = draw(st.sampled_from(TARGETS))
    text = target.file.read_text("utf-8")
    return target, text, write_plain(draw(mutate(YAML(typ="safe").load(text))), target.kind.model)


@settings(max_examples=so_many(20), deadline=None)
@given(versions())
def test_of_one_side_unchanged_the_other_is_what_comes_out(drawn: tuple[Target, str, str]) -> None:
    target, text, changed = drawn
    model, base, other = target.kind.model, text.encode(), changed.encode()
    assert merge_texts(base, base, other, model) == Merged(changed, ())
    assert merge_texts(base, other, base, model) == Merged(changed, ())
    assert merge_texts(base, other, other, model) == Merged(changed, ())


@settings(max_examples=so_many(20), deadline=None)
@given(versions(), st.data())
def test_merging_again_changes_nothing_and_both_sides_meet_alike(
    drawn: tuple[Target, str, str], data: st.DataObject
) -> None:
    target, text, theirs = drawn
    model, values = target.kind.model, YAML(typ="safe").load(text)
    base = write_plain(values, model).encode()  # comments of the office weigh more than those of kantoor
    ours = write_plain(data.draw(mutate(values)), model)
    first = merge_texts(base, ours.encode(), theirs.encode(), model)
    assert merge_texts(base, first.text.encode(), theirs.encode(), model).text == first.text
    swapped = merge_texts(base, theirs.encode(), ours.encode(), model)
    assert bool(first.conflicts) == bool(swapped.conflicts)


@settings(max_examples=so_many(20), deadline=None)
@given(st.sets(st.integers(0, 200), min_size=2, max_size=8), st.integers(1, 7))
def test_disjoint_changes_of_a_template_both_land(numbers: set[int], count: int) -> None:
    text = (SHIPPED / "workflows/btw-aangifte.yaml").read_text("utf-8")
    lines = text.split("\n")
    titles = [number for number, line in enumerate(lines) if "title: " in line]
    chosen = sorted({titles[number % len(titles)] for number in numbers})
    here, there = set(chosen[:count]), set(chosen[count:])

    def retitle(places: set[int], word: str) -> str:
        return "\n".join(f"{line} {word}" if n in places else line for n, line in enumerate(lines))

    both = [
        f"{line} hier" if n in here else f"{line} daar" if n in there else line
        for n, line in enumerate(lines)
    ]
    merged = merge(retitle(here, "hier"), retitle(there, "daar"), text)
    assert merged == Merged("\n".join(both), ())
