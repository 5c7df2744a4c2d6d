"""Filings that start filings: not for ever, and not themselves."""

from collections.abc import Iterator
from typing import NamedTuple

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related
from ..examples import Example
from ..language.phases import StartFiling
from ..language.workflow import Workflow


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
    "date.",
    wrong=_start_example("entered"),
    right=_start_example("completed"),
    remedy="remove one of these 'start', or give it an 'if'",
)


class _Edge(NamedTuple):
    """A filing that another one starts as soon as it begins."""

    template: str
    start: StartFiling


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report every ring of templates that start each other at once, at the first of them."""
    edges = {name: list(_list_at_once(template)) for name, template in definitions.templates()}
    reported: set[frozenset[str]] = set()
    for first in edges:
        ring = _find_ring(first, edges)
        names = frozenset(edge.template for edge in ring)
        if ring and names not in reported:
            reported.add(names)
            way = " → ".join([first, *(edge.template for edge in ring)])
            related = [Related("starts the next", edge.start.place("template")) for edge in ring[1:]]
            message = f"these filings start each other for ever: {way}"
            yield START_RING.at(ring[0].start.place("template"), message, related=related)


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
