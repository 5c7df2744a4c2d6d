"""The way to a breach as Mermaid text: its steps in the phases in which they happen, the last one marked."""

from collections.abc import Iterator
from itertools import groupby

from ..drawing.mermaid import write_label
from ..exploring.people import CONTACTS
from ..filing.events import Act, AnyEvent, Start, Tick
from ..filing.turn import Reader
from ..period import in_words
from ..plan import Plan
from ..policy import Policy
from .judging import Breach
from .paths import Line, list_steps, replay, say_who

MOST_SENTENCES = 3
"""Sentences of one step; the numbered steps have all."""

_CLASSES = {
    "office": "fill:#f1f5f9,stroke:#475569,color:#0f172a",
    "client": "fill:#dbeafe,stroke:#1d4ed8,color:#0f172a",
    "world": "fill:#dcfce7,stroke:#15803d,color:#0f172a",
    "silence": "fill:#fef3c7,stroke:#a16207,color:#0f172a",
    "broken": "fill:#fee2e2,stroke:#b91c1c,color:#0f172a",
}


def draw_path(plan: Plan, policy: Policy, breach: Breach) -> str:
    """Return the way to a breach as a Mermaid flowchart; the same way gives the same bytes."""
    return "\n".join(_render(plan, policy, breach)) + "\n"


def _render(plan: Plan, policy: Policy, breach: Breach) -> Iterator[str]:
    lines, where = list_steps(plan, breach), list(_list_places(plan, breach))
    yield "flowchart TD"
    numbered = zip(lines, breach.events, where, strict=True)
    for place, steps in groupby(numbered, key=lambda one: one[2]):
        drawn = [f"s{line.number}[{_label(plan, line, event)}]" for line, event, _ in steps]
        if not place:
            yield from (f"  {one}" for one in drawn)
            continue
        first = drawn[0].partition("[")[0]
        yield f"  subgraph g_{first}[{write_label(place)}]"
        yield from (f"    {one}" for one in drawn)
        yield "  end"
    yield f"  broken([{write_label(f'Niet volgens: {policy.title}')}])"
    yield f"  {' --> '.join(f's{line.number}' for line in lines)} --> broken"
    doers: dict[str, list[str]] = {name: [] for name in _CLASSES}
    for line, event in zip(lines, breach.events, strict=True):
        doers[_find_doer(event)].append(f"s{line.number}")
    doers["broken"] = ["broken"]
    for name, nodes in doers.items():
        if nodes:
            yield f"  classDef {name} {_CLASSES[name]}"
            yield f"  class {','.join(nodes)} {name}"


def _list_places(plan: Plan, breach: Breach) -> Iterator[str]:
    """Yield for each step in which phases it happens, with the round where that is not the first."""
    place = ""
    for _, taken in replay(plan, breach.events):
        yield place
        reader = Reader(plan, taken.state)
        rounds = taken.state.case.rounds
        place = " en ".join(
            one.title + (f" (ronde {rounds[one.id]})" if rounds.get(one.id, 1) > 1 else "")
            for one in reader.active_phases()
        )


def _label(plan: Plan, line: Line, event: AnyEvent) -> str:
    """Return what a step says: its number and day, who did it, and what happened."""
    day = f"Stap {line.number}, {in_words(line.day)}"  # "1. " would be a list, which Mermaid does not draw
    if who := say_who(plan, event):
        day += f", {who}"
    said = ["tot dan doet niemand iets", *line.sentences] if isinstance(event, Tick) else [*line.sentences]
    more = len(said) - MOST_SENTENCES
    shown = said[:MOST_SENTENCES] + ([f"en nog {more}"] if more > 0 else [])
    return write_label(day, *shown)


def _find_doer(event: AnyEvent) -> str:
    if isinstance(event, Tick):
        return "silence"
    if isinstance(event, Act):
        return "client" if event.by.id in CONTACTS else "office"
    return "office" if isinstance(event, Start) else "world"
