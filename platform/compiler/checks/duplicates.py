"""Duplicates: ids are unique within a list, and so are the names that a list holds."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, Span
from ..examples import Example
from ..language.phases import Awaited, Wait
from ..language.workflow import Workflow
from ..nodes import Node
from ..walks import walk_once


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    def place(self, *path: str | int) -> Span: ...


class _Titled(Protocol):
    @property
    def title(self) -> str: ...

    def place(self, *path: str | int) -> Span: ...


class _Item(_Named, _Titled, Protocol):
    """What has both."""


def _phase_example(second: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    checkpoints:\n"
        "      - id: bank\n        title: De bank sluit aan\n"
        f"      - id: {second}\n        title: De kas sluit aan\n"
    )


DUPLICATE = Code(
    "K210",
    "duplicate id or item",
    "Ids are unique within their list: phases, facts, documents, deadlines, ends, the checkpoints and "
    "automations of a phase, the options of a choice, and the fields of the office. So are the items of a "
    "list, such as the documents of an offer, and the notices and filings that a phase waits for.",
    wrong=_phase_example("bank"),
    right=_phase_example("kas"),
)


def _titles_example(second: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    checkpoints:\n"
        "      - id: bank\n        title: De bank sluit aan\n"
        f"      - id: kas\n        title: {second}\n"
    )


SAME_TITLE = Code(
    "K232",
    "same title twice",
    "Pages, lists and drawings show titles. Two templates, or two items of one list, with the same title "
    "cannot be told apart there.",
    wrong=_titles_example("De bank sluit aan"),
    right=_titles_example("De kas sluit aan"),
    level="warning",
    last="file",
    remedy="give one of the two a title of its own",
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report duplicate ids and items within a list."""
    for _, template in definitions.templates():
        yield from _check_template(template)
    yield from _check_titles([template for _, template in definitions.templates()])
    office = definitions.office.model if definitions.office else None
    if office:
        yield from _check_ids(office.fields)
    for file in definitions.forms.values():
        yield from _check_ids(file.model.items or () if file.model else ())
    for file in definitions.files():
        if file.model and file.repeats:
            yield from _check_names(file.model.node)


@walk_once
def _check_template(template: Workflow) -> Iterator[Diagnostic]:
    for items in _lists(template):
        yield from _check_ids(items)
        yield from _check_titles(items)
    for phase in template.phases:
        yield from _check_ids(phase.automations)
        if phase.wait:
            yield from _check_awaited(phase.wait)


def _check_awaited(wait: Wait) -> Iterator[Diagnostic]:
    """Report a notice, or a filing in the same state, that a phase waits for twice."""
    first: dict[object, Awaited] = {}
    for one in wait.awaited:
        filing = (one.filing, one.of, one.period or "same", one.phase) if one.filing else None
        what = one.notice or filing
        if what in first and one.sound:
            key = "notice" if one.notice else "filing"
            related = [Related("first awaited", first[what].place(key))]
            message = f"the {key} '{one.notice or one.filing}' is waited for twice"
            yield DUPLICATE.at(one.place(key), message, help="remove one of the two", related=related)
        elif what:
            first[what] = one


def _check_names(node: Node) -> Iterator[Diagnostic]:
    """Report duplicate items in the lists below a node."""
    first: dict[object, Span] = {}
    below = node.value if isinstance(node.value, list) else ()
    for item in below:
        if isinstance(item.value, str) and item.value in first:
            related = [Related("first listed", first[item.value])]
            message = f"duplicate item '{item.value}'"
            yield DUPLICATE.at(item.start, message, help="remove one of the two", related=related)
        elif isinstance(item.value, str):
            first[item.value] = item.start
    for child in node.value.values() if isinstance(node.value, dict) else below:
        yield from _check_names(child)


def _lists(template: Workflow) -> Iterator[Sequence[_Item]]:
    yield from (template.facts, template.documents, template.deadlines, template.phases, template.ends)
    yield from (fact.options for fact in template.facts)
    for phase in template.phases:
        yield from (phase.checkpoints, phase.outcomes)


def _check_titles(items: Sequence[_Titled]) -> Iterator[Diagnostic]:
    titles: list[str] = [one.title for one in items]
    if len(set(titles)) == len(titles):
        return
    first: dict[str, _Titled] = {}
    for item in items:
        if item.title and item.title in first:
            related = [Related("has it too", first[item.title].place("title"))]
            message = f"the title '{item.title}' is that of another one too"
            yield SAME_TITLE.at(item.place("title"), message, related=related)
        else:
            first[item.title] = item


def _check_ids(items: Sequence[_Named]) -> Iterator[Diagnostic]:
    if len({item.id for item in items}) == len(items):
        return
    first: dict[str, _Named] = {}
    for item in items:
        if item.id in first:
            related = [Related("first defined", first[item.id].place("id"))]
            message = f"duplicate id '{item.id}'"
            yield DUPLICATE.at(
                item.place("id"), message, help="give one of the two an id of its own", related=related
            )
        elif item.id:
            first[item.id] = item
