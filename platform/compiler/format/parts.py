"""Parts: the entries of mappings and items of lists of one file, with room for their comments."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ..language.base import Definition
from ..nodes import Node
from .rules import choose_model, models_below

Candidates = tuple[type[Definition], ...]


@dataclass(eq=False)
class Part:
    """An entry of a mapping, an item of a list, or the whole file (without key and parent)."""

    node: Node
    lines: list[str]
    """The lines of the file that it is from."""
    line: int
    column: int
    """Where its key or its dash is, from 1."""
    key: str | None = None
    parent: "Part | None" = None
    model: type[Definition] | None = None
    """The model of its mapping, where it is one that the language knows."""
    parts: list["Part"] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    """The comments on lines of their own before it; '' is an empty line."""
    beside: str | None = None
    """The comment at the end of its line."""
    below: list[str] = field(default_factory=list)
    """The comments right below it, with an empty line between them and what follows."""
    end: list[str] = field(default_factory=list)
    """The comments after the last of its parts."""

    @property
    def is_item(self) -> bool:
        """Say whether it is an item of a list."""
        return self.parent is not None and self.key is None

    @property
    def is_block(self) -> bool:
        """Say whether it was written as a mapping or list in block style."""
        return self.node.style == "block"

    @property
    def is_flow(self) -> bool:
        """Say whether it was written in braces or brackets."""
        return self.node.style == "flow"

    @property
    def has_comments(self) -> bool:
        """Say whether it has a comment anywhere in it, those above it and beside it aside."""
        return bool(self.end) or any(
            part.has_comments or part.beside or any(part.above) or any(part.below) for part in self.parts
        )

    def copy(self, parent: "Part | None") -> "Part":
        """Return it with all that is in it, in another place."""
        same = replace(
            self, parent=parent, parts=[], above=[*self.above], below=[*self.below], end=[*self.end]
        )
        same.parts = [part.copy(same) for part in self.parts]
        return same

    def walk(self) -> Iterator["Part"]:
        """Yield every part in it, in the order of the file."""
        for part in self.parts:
            yield part
            yield from part.walk()


def find_parts(node: Node, model: type[Definition], lines: list[str]) -> Part:
    """Return a file as parts, without comments."""
    whole = Part(node, lines, node.span.line, node.span.column, model=model)
    _fill(whole, (model,), False, lines)
    return whole


def _fill(part: Part, candidates: Candidates, of_ids: bool, lines: list[str]) -> None:
    """Add the parts of a mapping or list; `of_ids` says that the keys of the mapping are the author's."""
    node = part.node
    if isinstance(node.value, dict):
        part.model = None if of_ids else choose_model(candidates, node)
        below = models_below(part.model) if part.model else {}
        for key, value in node.value.items():
            span = node.keys[key]
            child = Part(value, lines, span.line, span.column, key, part)
            part.parts.append(child)
            child_of_ids, child_candidates = below.get(key, (False, ()))
            _fill(child, candidates if of_ids else child_candidates, child_of_ids, lines)
    elif isinstance(node.value, list):
        for value in node.value:
            line, column = _find_dash(node, value, lines)
            child = Part(value, lines, line, column, parent=part)
            part.parts.append(child)
            _fill(child, candidates, False, lines)


def _find_dash(holder: Node, item: Node, lines: list[str]) -> tuple[int, int]:
    """Return where an item of a list begins: at its dash, which can be on a line above its value."""
    if holder.style == "flow":
        return item.span.line, item.span.column
    column = holder.span.column
    for number in range(item.span.line, holder.span.line - 1, -1):
        line = lines[number - 1]
        if line[column - 1 : column] == "-" and not line.lstrip().startswith("#"):
            return number, column
    return item.span.line, item.span.column
