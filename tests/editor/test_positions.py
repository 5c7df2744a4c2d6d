"""Positions: what the compiler counts in characters from 1, the protocol counts in its units from 0."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from kantoor.editor.positions import Page

TEXTS = st.text(st.sampled_from("ab 𝄞é\n\r\x85\u2028\ud800"), max_size=40)
ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])


@given(TEXTS, ENCODINGS, st.data())
def test_an_offset_comes_back_from_its_position(text: str, encoding: str, data: st.DataObject) -> None:
    page = Page(text, encoding)
    offset = data.draw(st.integers(0, len(text)))
    inside_line_end = text[offset - 1 : offset + 1] == "\r\n"
    assert page.offset_at(page.position(offset)) == offset - inside_line_end


@given(TEXTS, st.data())
def test_a_span_comes_back_from_its_offsets(text: str, data: st.DataObject) -> None:
    page = Page(text)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert page.offsets(page.span("a.yaml", start, end)) == (start, end)


@given(TEXTS, ENCODINGS, st.integers(0, 60), st.integers(0, 60))
def test_every_position_is_somewhere_in_the_text(text: str, encoding: str, line: int, character: int) -> None:
    page = Page(text, encoding)
    assert 0 <= page.offset_at(types.Position(line, character)) <= len(text)
    assert 0 <= page.offset(line, character) <= len(text)


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 6), ("utf-16", 3), ("utf-32", 2)])
def test_a_wide_character_counts_as_the_editor_asked(encoding: str, character: int) -> None:
    page = Page("a: 1\r\n𝄞é: 2", encoding)
    assert page.position(page.text.index(":", 4)) == types.Position(1, character)
