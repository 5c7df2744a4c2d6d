"""Duplicates: ids are unique within a list, and so are the names that a list holds."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Protocol

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, Span
from ..examples import Example
from ..language.phases import Awaited, Wait
from ..language.workflow import Workflow
from ..logic import Logic
from ..nodes import Node
from ..walks import Conditional, walk_once


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
    "cannot be told apart there. Items of which the conditions exclude each other are never shown together.",
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
        twins = _list_twins(template)
        logic = Logic(definitions, template) if twins else None
        for item, earlier in twins:
            beside = (one for one in earlier if logic is None or _can_meet(logic, item, one))
            yield from (_tell_title(item, one) for one in islice(beside, 1))
    for one, others in _find_twins([template for _, template in definitions.templates()]):
        yield _tell_title(one, others[0])
    office = definitions.office.model if definitions.office else None
    if office:
        yield from _check_ids(office.fields)
    for file in definitions.forms.values():
        yield from _check_ids(file.model.items or () if file.model else ())
    for file in definitions.files():
        if file.model and file.repeats:
            yield from _check_names(file.model.node)


@walk_once
def _list_twins(template: Workflow) -> Iterator[tuple[_Titled, list[_Titled]]]:
    """Yield the items of a template with those before it in its list that have its title."""
    for items in _lists(template):
        yield from _find_twins(items)


def _can_meet(logic: Logic, *items: _Titled) -> bool:
    """Say whether one filing can show all of these items: not where their conditions exclude each other."""
    conditional = [one for one in items if isinstance(one, Conditional)]
    return not logic.is_clear(*conditional) or logic.possible(*conditional)


@walk_once
def _check_template(template: Workflow) -> Iterator[Diagnostic]:
    for items in _lists(template):
        yield from _check_ids(items)
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


def _find_twins(items: Sequence[_Titled]) -> Iterator[tuple[_Titled, list[_Titled]]]:
    titles: list[str] = [one.title for one in items]
    if len(set(titles)) == len(titles):
        return
    having: dict[str, list[_Titled]] = {}
    for item in items:
        if item.title and item.title in having:
            yield item, [*having[item.title]]
        having.setdefault(item.title, []).append(item)


def _tell_title(item: _Titled, other: _Titled) -> Diagnostic:
    related = [Related("has it too", other.place("title"))]
    message = f"the title '{item.title}' is that of another one too"
    return SAME_TITLE.at(item.place("title"), message, related=related)


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
