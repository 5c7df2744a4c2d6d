"""Hover: what is under the pointer, in words: a code, an id, a variable, a key or a value."""

import re
from collections.abc import Iterator

from lsprotocol import types

from ..compiler.diagnostics import all_codes
from ..compiler.nodes import Node
from .descriptions import describe_code, describe_key, describe_name, describe_variable
from .index import Index
from .names import VARIABLE, Mention, file_id
from .positions import Page
from .slots import Place, key_table, kind_of, walk
from .stories import MAPPED
from .variables import is_code, list_variables
from .words import describe_link, list_words

_CODE = re.compile(r"\bK\d{3}\b")


def hover(page: Page, path: str, offset: int, index: Index) -> types.Hover | None:
    """Return what is known of the word at an offset, or None."""
    for describe in (_describe_code, _describe_id, _describe_variable, _describe_word, _describe_key):
        found = describe(page, path, offset, index)
        if found:
            text, (start, end) = found
            return types.Hover(
                types.MarkupContent(types.MarkupKind.Markdown, text), page.range_of(start, end)
            )
    return None


Found = tuple[str, tuple[int, int]] | None


def _describe_code(page: Page, path: str, offset: int, index: Index) -> Found:
    found = _find(_CODE, page, offset)
    code = all_codes().get(found[0]) if found else None
    return (describe_code(code), found.span()) if found and code else None


def _describe_id(page: Page, path: str, offset: int, index: Index) -> Found:
    at = page.span(path, offset, offset)
    found = index.find_at(path, at.line, at.column)
    if found is None or not isinstance(found[0], Mention):
        return None
    definitions = [one for symbol in sorted(found[1]) for one in index.definitions[symbol]]
    if not definitions:
        return None
    text = "\n\n".join(describe_name(one) for one in definitions)
    return text, page.offsets(found[0].span)


def _describe_variable(page: Page, path: str, offset: int, index: Index) -> Found:
    found = _find(VARIABLE, page, offset)
    place = next(
        (one for one in _places(path, index) if is_code(one) and _covers(page, one.node, offset)), None
    )
    if found is None or place is None:
        return None
    sort = {"messages": "message:", "forms": "form:"}.get(path.partition("/")[0], "")
    variables = list_variables(index, f"{sort}{file_id(path)}", texts=place.key != "if")
    variable = next((one for one in variables if one.path == found[0]), None)
    return (describe_variable(variable), found.span()) if variable else None


def _describe_word(page: Page, path: str, offset: int, index: Index) -> Found:
    """Describe a word of the language that is the key of a mapping, or the value of a key."""
    for place in _places(path, index):
        mapping = place.node.keys if MAPPED.get((place.block, place.key)) == "link" else {}
        for word, span in mapping.items():
            start, end = page.offsets(span)
            if start <= offset <= end and describe_link(word):
                return f"**{word}**: {describe_link(word)}", (start, end)
        if isinstance(place.node.value, str) and _covers(page, place.node, offset):
            said = dict(list_words(place, path, index)).get(place.node.value)
            if said:
                return f"**{place.node.value}**: {said}", page.offsets(place.node.span)
    return None


def _describe_key(page: Page, path: str, offset: int, index: Index) -> Found:
    """Describe the key under the pointer, or the key of the value there that is one of a few."""
    for place in _places(path, index):
        key = key_table(place.block).get(place.key) if place.block else None
        span = place.owner.keys.get(place.key) if place.owner else None
        if key is None or span is None:
            continue
        start, end = page.offsets(span)
        if start <= offset <= end:
            return describe_key(key), (start, end)
        if place.slot.values and _is_scalar(place.node) and _covers(page, place.node, offset):
            return describe_key(key), page.offsets(place.node.span)
    return None


def _places(path: str, index: Index) -> Iterator[Place]:
    file, kind = index.files.get(path), kind_of(path)
    if file and file.tree and kind:
        yield from walk(file.tree, kind)


def _is_scalar(node: Node) -> bool:
    return not isinstance(node.value, dict | list)


def _covers(page: Page, node: Node, offset: int) -> bool:
    start, end = page.offsets(node.span)
    return start <= offset <= end


def _find(pattern: re.Pattern[str], page: Page, offset: int) -> re.Match[str] | None:
    """Return the match of a pattern that an offset is in, on its line; offsets are of the page."""
    start, end = page.line_bounds(offset)
    found = (one for one in pattern.finditer(page.text, start, end) if one.start() <= offset <= one.end())
    return next(found, None)
