"""Merging one file in three ways, by meaning: keys of mappings and ids in lists, not lines.

What only one side changed is taken from it. What both changed in different ways is a conflict; `prefer` says
what the merged text has there. Comments go with the part that they are about; those of the office stay.
"""

from collections.abc import Collection, Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from ..format.arranging import arrange, take_head
from ..format.comments import attach_comments
from ..format.formatting import Formatted, find_hindrance, format_definition
from ..format.parts import Part, find_parts
from ..format.rules import WIDTH
from ..format.scalars import write_scalar
from ..format.writing import write_parts
from ..language.base import Definition
from ..nodes import Node
from ..source import read_bytes
from .identity import has_same_values, index_parts, is_one_value, is_unchanged, name_part

Side = Literal["office", "kantoor"]

Cause = Literal["changed", "added", "removed by kantoor", "removed by the office", "ordered"]


@dataclass(frozen=True)
class Conflict:
    """A place where the office and kantoor changed the same thing in different ways.

    A part is None where that side does not have it. For an order the parts are what holds it.
    """

    path: str
    cause: Cause
    base: Part | None
    ours: Part | None
    theirs: Part | None
    place: Part
    """Where it is in the office's file: the part itself, or what it was in."""


@dataclass(frozen=True)
class Merged:
    """A merged file, and where the two sides met."""

    text: str
    conflicts: tuple[Conflict, ...]


class UnmergeableError(ValueError):
    """A file cannot be taken apart: it has errors, or what the layout does not keep; the message says."""


def merge_texts(
    base: bytes | None, ours: bytes, theirs: bytes, model: type[Definition], prefer: Side = "office"
) -> Merged:
    """Merge the texts of one file; without `base` both sides added it. Raises UnmergeableError."""
    three = [None if text is None else read_whole(text, model) for text in (base, ours, theirs)]
    heads = [take_head(whole) if whole is not None else [] for whole in three]
    merger = _Merger(prefer)
    whole = merger.merge(three[0], three[1], three[2], "")  # type: ignore[arg-type]
    head = _choose(*heads) if three[0] is not None else heads[1] or heads[2]
    arrange(whole)
    laid_out = format_definition(write_parts(whole, head).encode(), "", model)
    if not isinstance(laid_out, Formatted):
        raise UnmergeableError("what was merged cannot be laid out")
    return Merged(laid_out.text, tuple(merger.conflicts))


def read_whole(text: bytes, model: type[Definition]) -> Part:
    """Return a file as parts with their comments. Raises UnmergeableError."""
    reading = read_bytes(text, "")
    for diagnostic in reading.diagnostics:
        if diagnostic.level == "error":
            raise UnmergeableError(f"{diagnostic.message} in line {diagnostic.span.line}")
    if reading.node is None:
        raise UnmergeableError("it cannot be read")
    refused = find_hindrance(reading)
    if refused is not None:
        raise UnmergeableError(refused.reason)
    whole = find_parts(reading.node, model, reading.source.lines)
    attach_comments(whole)
    return whole


class _Merger:
    def __init__(self, prefer: Side) -> None:
        self.prefer = prefer
        self.conflicts: list[Conflict] = []

    def merge(self, base: Part | None, ours: Part, theirs: Part, path: str) -> Part:
        """Return what a part becomes that both sides have."""
        alike = _is(dict, ours, theirs) or _is(list, ours, theirs)
        same = has_same_values(ours, theirs)
        if alike and (same or not is_one_value(ours)):
            merged = self._merge_within(base, ours, theirs, path)
        elif same:
            merged = (theirs if base is not None and _is_written_alike(base, ours) else ours).copy(None)
        elif base is not None and has_same_values(base, theirs):
            merged = ours.copy(None)
        elif base is not None and is_unchanged(_bare(base), _bare(ours)):
            merged = theirs.copy(None)
        else:
            merged = self._meet("changed" if base else "added", base, ours, theirs, path).copy(None)
        _merge_comments(merged, base, ours, theirs)
        return merged

    def _merge_within(self, base: Part | None, ours: Part, theirs: Part, path: str) -> Part:
        kind = type(ours.node.value)
        before = base if base is not None and isinstance(base.node.value, kind) else None
        three = (index_parts(before), index_parts(ours), index_parts(theirs))
        if any(known is None for known in three):
            return self._merge_unnamed(before, ours, theirs, path)
        names, parts = self._merge_named(before, ours, theirs, path)
        return _fill(ours, [parts[name] for name in names])

    def _merge_named(
        self, base: Part | None, ours: Part, theirs: Part, path: str
    ) -> tuple[list[Hashable], dict[Hashable, Part]]:
        """Merge parts that have names, each by itself; return their order and the parts that are kept."""
        known = [index_parts(part) or {} for part in (base, ours, theirs)]
        kept: dict[Hashable, Part] = {}
        for name in dict.fromkeys([*known[1], *known[2]]):
            b, o, t = (parts.get(name) for parts in known)
            below = f"{path}.{name_part(o or t)}" if path else name_part(o or t)  # type: ignore[arg-type]
            part = self._merge_one(b, o, t, below, ours)
            if part is not None:
                kept[name] = part
        order = _Order(*(list(parts) for parts in known))
        if order.meets and not (isinstance(ours.node.value, dict) and ours.model):
            self.conflicts.append(Conflict(path, "ordered", base, ours, theirs, ours))
        return order.merge(kept.keys(), self.prefer), kept

    def _merge_one(
        self, base: Part | None, ours: Part | None, theirs: Part | None, path: str, holder: Part
    ) -> Part | None:
        """Return what a part becomes, or None when it goes."""
        if ours is not None and theirs is not None:
            return self.merge(base, ours, theirs, path)
        if ours is not None:
            if base is None:
                return ours.copy(None)
            if is_unchanged(base, ours):
                return None
            return ours.copy(None) if self._keep("removed by kantoor", base, ours, None, path, ours) else None
        assert theirs is not None
        if base is None:
            return theirs.copy(None)
        if has_same_values(base, theirs):
            return None
        kept = self._keep("removed by the office", base, None, theirs, path, holder)
        return None if kept else theirs.copy(None)

    def _merge_unnamed(self, base: Part | None, ours: Part, theirs: Part, path: str) -> Part:
        """Return a list whose items have no names: item by item where there are as many, else as a whole."""
        like = base is not None and len(base.parts) == len(ours.parts)
        if len(ours.parts) == len(theirs.parts) and (like or has_same_values(ours, theirs)):
            before = base.parts if base is not None and like else [None] * len(ours.parts)
            parts = zip(before, ours.parts, theirs.parts, strict=True)
            return _fill(ours, [self.merge(b, o, t, f"{path}{name_part(o)}") for b, o, t in parts])
        if base is not None and has_same_values(base, theirs):
            return _fill(ours, [*self._merge_kept(base, ours, theirs, path)])
        if base is not None and is_unchanged(_bare(base), _bare(ours)):
            return theirs.copy(None)
        return self._meet("changed" if base else "added", base, ours, theirs, path).copy(None)

    def _merge_kept(self, base: Part, ours: Part, theirs: Part, path: str) -> Iterator[Part]:
        """Yield the items of a list that the office alone changed, with new comments on those it kept."""
        place = 0
        for one in ours.parts:
            rest = range(place, len(base.parts))
            same = next((number for number in rest if has_same_values(base.parts[number], one)), None)
            if same is None:
                yield one.copy(None)
            else:
                place = same + 1
                yield self.merge(base.parts[same], one, theirs.parts[same], f"{path}{name_part(one)}")

    def _meet(self, cause: Cause, base: Part | None, ours: Part, theirs: Part, path: str) -> Part:
        return ours if self._keep(cause, base, ours, theirs, path, ours) else theirs

    def _keep(
        self, cause: Cause, base: Part | None, ours: Part | None, theirs: Part | None, path: str, place: Part
    ) -> bool:
        """Note a conflict; say whether what the office has is kept."""
        self.conflicts.append(Conflict(path, cause, base, ours, theirs, place))
        return self.prefer == "office"


class _Order:
    """The order of what three versions hold."""

    def __init__(self, base: list[Hashable], ours: list[Hashable], theirs: list[Hashable]) -> None:
        self.ours, self.theirs = ours, theirs
        common = set(base) & set(ours) & set(theirs)
        before, here, there = ([name for name in names if name in common] for names in (base, ours, theirs))
        self.is_theirs = here == before != there
        self.meets = here != before != there != here

    def merge(self, kept: Collection[Hashable], prefer: Side) -> list[Hashable]:
        """Return the names that are kept: in one side's order, what the other added after what it follows."""
        first, second = self.ours, self.theirs
        if self.is_theirs or (self.meets and prefer == "kantoor"):
            first, second = second, first
        order = [name for name in first if name in kept]
        for number, name in enumerate(second):
            if name in kept and name not in order:
                above = next((other for other in reversed(second[:number]) if other in order), None)
                order.insert(order.index(above) + 1 if above is not None else 0, name)
        return order


def _is_written_alike(one: Part, other: Part) -> bool:
    """Say whether two scalars are written alike: the lines of a folded text are the author's."""
    scalars = not isinstance(one.node.value, dict | list) and not isinstance(other.node.value, dict | list)
    return scalars and write_scalar(one, 0, WIDTH) == write_scalar(other, 0, WIDTH)


def _is(kind: type, *parts: Part) -> bool:
    return all(isinstance(part.node.value, kind) for part in parts)


def _bare(part: Part) -> Part:
    """Return a part without the comments about itself."""
    return replace(part, above=[], beside=None, below=[])


def _fill(like: Part, parts: list[Part]) -> Part:
    """Return a mapping or list in the place of another, with other parts."""
    is_mapping = isinstance(like.node.value, dict)
    value = {str(part.key): part.node for part in parts} if is_mapping else [part.node for part in parts]
    node = Node(like.node.span, value, "block")
    filled = replace(like, node=node, parts=parts, above=[], beside=None, below=[], end=[])
    for part in parts:
        part.parent = filled
    return filled


def _merge_comments(merged: Part, base: Part | None, ours: Part, theirs: Part) -> None:
    """Give a part its comments: those that one side changed, and where both did the office's."""
    none: list[str] = []
    merged.above = _choose(base.above if base else none, ours.above, theirs.above)
    merged.below = _choose(base.below if base else none, ours.below, theirs.below)
    merged.end = _choose(base.end if base else none, ours.end, theirs.end)
    beside = [[one.beside] if one and one.beside else none for one in (base, ours, theirs)]
    merged.beside = next(iter(_choose(*beside)), None)


def _choose(base: list[str], ours: list[str], theirs: list[str]) -> list[str]:
    if base in (ours, theirs):
        return [*theirs] if base == ours else [*ours]
    before, here, there = ([line for line in lines if line] for lines in (base, ours, theirs))
    return [*theirs] if here == before != there else [*ours]
