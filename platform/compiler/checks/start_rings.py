"""Filings that start filings: not for ever, and not themselves."""

from collections.abc import Iterator
from typing import NamedTuple

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..expressions import list_names
from ..language.phases import StartFiling
from ..language.workflow import Workflow
from ..logic import Logic


def _start_example(at: str) -> Example:
    return Example(
        "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    automations:\n"
        f"      - id: volgende\n        at: {at}\n        start: {{ template: btw-aangifte, period: next }}\n"
    )


START_RING = Code(
    "K381",
    "filings that start each other for ever",
    "A filing starts one of another template as soon as it begins, and that one starts one of the first "
    "again as soon as it begins: nobody can stop them. Start it in a later phase, on completing, or on a "
    "date. Over the same period neither may start the other again at all, unless what was recorded or answered "
    "decides it: each would begin anew whenever the other comes that far.",
    wrong=_start_example("entered"),
    right=_start_example("completed"),
    remedy="remove one of these 'start', or let a fact decide it",
)


class _Edge(NamedTuple):
    """A filing that another one starts as soon as it begins."""

    template: str
    start: StartFiling


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report every ring of templates that start each other at once, or over one period, at the first of them."""
    reported: set[frozenset[str]] = set()
    templates = dict(definitions.templates())
    at_once = {name: list(_list_at_once(template)) for name, template in templates.items()}
    same = {name: list(_list_same_period(definitions, template)) for name, template in templates.items()}
    for edges, message in (
        (at_once, "these filings start each other for ever"),
        (same, "these filings start each other again over the same period"),
    ):
        for first in edges:
            ring = _find_ring(first, edges)
            names = frozenset(edge.template for edge in ring)
            if ring and names not in reported:
                reported.add(names)
                way = " → ".join([first, *(edge.template for edge in ring)])
                related = [Related("starts the next", edge.start.place("template")) for edge in ring[1:]]
                yield START_RING.at(ring[0].start.place("template"), f"{message}: {way}", related=related)


def _list_same_period(definitions: Definitions, template: Workflow) -> Iterator[_Edge]:
    """Yield what a filing starts over its own period, for its own relation, whatever happens in it."""
    logic = None
    for phase in template.phases if template.intact("phases") else ():
        for one in phase.automations:
            if not one.start or not one.sound or one.start.period != "same" or one.start.of:
                continue
            logic = logic or Logic(definitions, template)
            conditions = [logic.condition(phase), logic.condition(one)]
            if not any(list_names(each, group) for each in conditions for group in _OF_A_FILING):
                yield _Edge(one.start.template, one.start)


_OF_A_FILING = ("facts", "answers", "filing", "unknown")
"""The groups of variables that differ between filings of one relation over one period."""


def _list_at_once(template: Workflow) -> Iterator[_Edge]:
    """Yield what a filing starts when it begins: in its first stage, on entering, without a condition."""
    if not template.intact("phases"):
        return
    for phase in template.groups[0]:
        if phase.condition is not None or phase.not_before is not None:
            continue
        for one in phase.automations:
            if one.start and one.sound and one.at == "entered" and one.condition is None:
                yield _Edge(one.start.template, one.start)


def _find_ring(first: str, edges: dict[str, list[_Edge]]) -> list[_Edge]:
    """Return the shortest way from a template back to itself; empty where there is none."""
    ways, seen = [[edge] for edge in edges[first]], {first}
    while ways:
        way = ways.pop(0)
        here = way[-1].template
        if here == first:
            return way
        if here not in seen and here in edges:
            seen.add(here)
            ways += [[*way, edge] for edge in edges[here]]
    return []
