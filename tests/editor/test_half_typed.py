"""Nothing that is asked of a file ever throws, however little of it is there."""

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kantoor.compiler.examples import WORKFLOW, small_office
from kantoor.editor.completion import complete
from kantoor.editor.hover import hover
from kantoor.editor.index import Index
from kantoor.editor.outline import outline
from kantoor.editor.positions import Page
from kantoor.editor.renaming import NotRenamedError, rename
from kantoor.editor.trees import blank_broken_lines
from tests.examples import so_many

SIGNS = st.text(st.sampled_from("ab:-{}[]'\"|>&*#%!@,. \n\t𝄞"), max_size=12)


@cache
def read_office() -> Index:
    return Index({}).replace(small_office(), "utf-16")


@settings(max_examples=so_many(150), deadline=None)
@given(st.sampled_from(sorted(small_office())), SIGNS, st.booleans(), st.data())
def test_every_question_has_an_answer(path: str, typed: str, cut: bool, data: st.DataObject) -> None:
    whole = small_office()[path]
    at = data.draw(st.integers(0, len(whole)))
    text = whole[:at] + typed + ("" if cut else whole[at:])
    index = read_office().replace({**small_office(), path: text}, "utf-16")
    page, offset = index.files[path].page, at + len(typed)
    complete(page, path, offset, index)
    hover(page, path, offset, index)
    outline(index.files[path])
    here = page.span(path, offset, offset)
    found = index.find_at(path, here.line, here.column)
    if found and found[1]:
        try:
            spans = rename(index, found[1], "nieuw").spans
        except NotRenamedError:
            return
        assert {index.files[span.path].page.read(span) for span in spans} <= {found[0].symbol.id}


@given(SIGNS, st.integers(0, 1000))
def test_a_line_that_cannot_be_read_moves_no_other(typed: str, place: int) -> None:
    whole = small_office()[WORKFLOW]
    at = min(place, len(whole))
    text = whole[:at] + typed + whole[at:]
    repaired = blank_broken_lines(text)
    assert len(repaired) == len(text)
    assert all(new in (old, " ") for old, new in zip(text, repaired, strict=True))


@pytest.mark.parametrize("path", ["office.yaml", "scenarios/a.yaml", "elders/b.yaml", "law/btw.yaml"])
def test_a_file_of_another_kind_is_no_trouble(path: str) -> None:
    index = Index({}).replace({path: "title: a\nrows:\n  - year: 2026\n"}, "utf-16")
    page = Page("title: a\n", "utf-16")
    assert isinstance(complete(page, path, 9, index), list)
    assert isinstance(outline(index.files[path]), list)
