"""Arranging: the parts of a file in canonical order, their comments where the layout has room for them."""

import re

from ..nodes import Node
from .parts import Part
from .rules import APART, IN_BRACES, OF_STORIES, SECTIONS, WIDTH, order_keys
from .scalars import is_plain, write_inline, write_quoted

_SCHEMA = re.compile(r"# *yaml-language-server:")


def arrange(whole: Part) -> None:
    """Arrange the parts of a file in place; the comments at its top have been taken."""
    _order(whole)
    _move_comments(whole, 0)
    _tidy(whole)


def write_key(part: Part) -> str:
    """Return the key of an entry as it is written, with its colon; '' for an item."""
    if part.key is None:
        return ""
    return f"{part.key if is_plain(part.key) else write_quoted(part.key)}:"


def write_in_one_line(part: Part, room: int) -> str | None:
    """Return a mapping or list in braces or brackets, where the layout has it on one line; else None."""
    if part.has_comments:
        return None
    text = _brace(part)
    return text if text is not None and len(text) <= room else None


def room_for(part: Part, indent: int) -> int:
    """Return how many columns a value has on the line of its key or dash."""
    lead = 2 if part.is_item else len(write_key(part)) + 1
    return WIDTH - indent - lead


def _brace(part: Part) -> str | None:
    node = part.node
    if isinstance(node.value, dict):
        return _brace_mapping(part)
    if isinstance(node.value, list):
        if _is_of_story(part):
            items = [_brace(child) for child in part.parts]
            return None if None in items else f"[{', '.join(str(item) for item in items)}]"
        if any(isinstance(one.value, dict | list) or one.is_absent or _is_prose(one) for one in node.value):
            return None
        return f"[{', '.join(write_inline(item, in_braces=True) for item in part.parts)}]"
    if node.is_absent or (isinstance(node.value, str) and "\n" in node.value):
        return None
    return write_inline(part, in_braces=True)


def _brace_mapping(part: Part) -> str | None:
    if not part.parts:
        return "{}"
    if part.model not in IN_BRACES and not (part.model is None and _is_of_story(part)):
        return None
    values = [_brace(child) for child in part.parts]
    if None in values:
        return None
    pairs = [f"{write_key(child)} {value}".rstrip() for child, value in zip(part.parts, values, strict=True)]
    return f"{{ {', '.join(pairs)} }}"


def _is_of_story(part: Part) -> bool:
    """Say whether a list or a mapping of ids belongs to what a scenario says in one breath."""
    if any(child.model in OF_STORIES for child in part.parts):
        return part.model is None
    holder = part.parent
    while holder is not None and holder.model is None:
        holder = holder.parent
    return holder is not None and holder.model in OF_STORIES


def _is_prose(node: Node) -> bool:
    return isinstance(node.value, str) and re.search(r"\s", node.value) is not None


def take_head(whole: Part) -> list[str]:
    """Take from the first part what is about the file: its schema, and what has an empty line below."""
    if not whole.parts:
        return []
    first = whole.parts[0]
    schema = [line for line in first.above if _SCHEMA.match(line)][:1]
    others = [line for line in first.above if line not in schema]
    cut = max((n for n, line in enumerate(others) if not line), default=-1) + 1
    first.above = others[cut:]
    own = _collapse(others[:cut])
    return schema + own + ([""] if own else [])


def _order(part: Part) -> None:
    if part.model is not None:
        order = {key: n for n, key in enumerate(order_keys(part.model, [str(p.key) for p in part.parts]))}
        part.parts.sort(key=lambda child: order[str(child.key)])
    for child in part.parts:
        _order(child)


def _move_comments(part: Part, indent: int) -> None:
    """Move comments that the layout has no room for where they are: above an item, or below its last part."""
    for child in part.parts:
        _move_comments(child, indent if part.parent is None else indent + 2)
    if not part.parts:
        return
    last = part.parts[-1]
    part.end[:0] = last.below
    last.below = []
    if part.is_item and write_in_one_line(part, room_for(part, indent)) is None:
        first = part.parts[0]
        part.above += [part.beside] if part.beside else []
        part.above += [line for line in first.above if line]
        part.beside, first.above = None, []


def _tidy(part: Part) -> None:
    """Keep empty lines where the layout has them: between sections, and around comments."""
    sections = SECTIONS.get(part.model, frozenset()) if part.model else frozenset()
    before: Part | None = None
    for child in part.parts:
        needed = child.key in sections or child.model in APART or (before is not None and before.below != [])
        kept = part.parent is None
        child.above = _tidy_lines(child.above, first=before is None, needed=needed, kept=kept)
        _tidy(child)
        before = child
    part.end = _collapse(part.end)


def _tidy_lines(above: list[str], *, first: bool, needed: bool, kept: bool) -> list[str]:
    lines = _collapse(above)
    if not any(lines):
        return [""] if not first and (needed or (kept and above)) else []
    if first:
        return [line for line in lines if line]
    detached = above[-1] == ""
    apart = needed or detached or above[0] == "" or "" in lines  # else it would be about what is above it
    return ([""] if apart else []) + lines + ([""] if detached else [])


def _collapse(lines: list[str]) -> list[str]:
    """Return lines with at most one empty line between two, and none before the first or after the last."""
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    while kept and not kept[-1]:
        kept.pop()
    return kept
