"""The outline of a file: its keys and the parts that have an id, as an editor lists them."""

from collections.abc import Iterator

from lsprotocol import types

from ..compiler.diagnostics import Span
from ..compiler.nodes import Node
from .names import FileNames, text_of
from .positions import Page

_Kind = types.SymbolKind


def outline(file: FileNames) -> list[types.DocumentSymbol]:
    """Return the outline of a file, outer parts first; empty where nothing of it can be read."""
    return list(_list_keys(file.tree, file.page)) if file.tree else []


def _list_keys(node: Node, page: Page) -> Iterator[types.DocumentSymbol]:
    if not isinstance(node.value, dict):
        return
    for key, value in node.value.items():
        if isinstance(value.value, dict | list) or key == "title":
            kind = _Kind.Array if isinstance(value.value, list) else _Kind.Object
            kind = _Kind.String if key == "title" else kind
            children = [*_list_keys(value, page), *_list_items(value, page)]
            yield _make(key, text_of(value), kind, node.keys[key], value.span, page, children)


def _list_items(node: Node, page: Page) -> Iterator[types.DocumentSymbol]:
    """Yield the items that have an id, and the keys of the others."""
    for item in node.value if isinstance(node.value, list) else ():
        name = item.child("id")
        if name is not None and text_of(name):
            title = text_of(item.child("title"))
            children = [one for one in _list_keys(item, page) if one.name != "title"]
            yield _make(text_of(name), title, _Kind.Field, name.span, item.span, page, children)
        else:
            yield from _list_keys(item, page)


def _make(
    name: str,
    detail: str,
    kind: types.SymbolKind,
    selected: Span,
    whole: Span,
    page: Page,
    children: list[types.DocumentSymbol],
) -> types.DocumentSymbol:
    """Return a symbol; its range holds what is selected and its children, as the protocol wants."""
    first, last = page.offsets(selected)
    start, end = page.offsets(whole)
    end = max(end, last)
    end = len(page.text[:end].rstrip()) if end > last else end
    return types.DocumentSymbol(
        name=name or "-",
        kind=kind,
        range=page.range_of(min(first, start), max(end, last)),
        selection_range=page.range_of(first, last),
        detail=detail,
        children=children,
    )
