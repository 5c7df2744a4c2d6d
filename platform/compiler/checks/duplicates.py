"""Duplicates: within one list, an id stands once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, Span
from ..examples import Example
from ..language.workflow import Workflow


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
    "id stands twice",
    "Ids are unique within their list: phases, documents, deadlines, ends, the checkpoints and "
    "automations of a phase, and the fields of the office.",
    wrong=_phase("bank"),
    right=_phase("kas"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report ids that stand twice in one list."""
    for _, template in definitions.templates():
        for items in _lists(template):
            yield from _twice(items)
    office = definitions.office.model if definitions.office else None
    if office:
        yield from _twice(office.fields)


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
