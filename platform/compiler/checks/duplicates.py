"""Duplicates: within one list, an id stands once, and so does what it names."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, Span
from ..examples import Example
from ..language.workflow import Workflow
from ..nodes import Node


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    def place(self, *path: str | int) -> Span: ...


def _phase(second: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    checkpoints:\n"
        "      - id: bank\n        title: De bank sluit aan\n"
        f"      - id: {second}\n        title: De kas sluit aan\n"
    )


DUPLICATE = Code(
    "K210",
    "stands twice",
    "Ids are unique within their list: phases, documents, deadlines, ends, the checkpoints and "
    "automations of a phase, and the fields of the office. So is what a list names, such as documents.",
    wrong=_phase("bank"),
    right=_phase("kas"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report ids and names that stand twice in one list."""
    for _, template in definitions.templates():
        for items in _lists(template):
            yield from _twice(items)
    office = definitions.office.model if definitions.office else None
    if office:
        yield from _twice(office.fields)
    for node in definitions.nodes():
        yield from _named_twice(node)


def _named_twice(node: Node) -> Iterator[Diagnostic]:
    """Report what a list below a node names twice."""
    first: dict[object, Span] = {}
    below = node.value if isinstance(node.value, list) else ()
    for item in below:
        if isinstance(item.value, str) and item.value in first:
            related = [Related("first named", first[item.value])]
            yield DUPLICATE.at(item.start, f"'{item.value}' stands here twice", related=related)
        elif isinstance(item.value, str):
            first[item.value] = item.start
    for child in node.value.values() if isinstance(node.value, dict) else below:
        yield from _named_twice(child)


def _lists(template: Workflow) -> Iterator[Sequence[_Named]]:
    yield from (template.documents, template.deadlines, template.phases, template.ends)
    for phase in template.phases:
        yield from (phase.checkpoints, phase.automations)


def _twice(items: Iterable[_Named]) -> Iterator[Diagnostic]:
    first: dict[str, Span] = {}
    for item in items:
        place = item.place("id")
        if item.id in first:
            related = [Related("first defined", first[item.id])]
            yield DUPLICATE.at(place, f"the id '{item.id}' stands here twice", related=related)
        elif item.id:
            first[item.id] = place
