"""A template as Mermaid text, for pull requests and pages that draw it themselves."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ..plan import Plan
from .outline import KIND_WORDS, Card, Outline, Row, make_outline

_SHAPES = {
    "work": ("[", "]"),
    "review": ("[", "]"),
    "request": ("[/", "/]"),
    "offer": ("(", ")"),
    "delivery": ("[[", "]]"),
    "wait": (">", "]"),
}
"""How a node of each kind begins and ends; shapes that stay as wide as their text where it is long."""

_CLASSES = {
    "work": "fill:#f1f5f9,stroke:#475569,color:#0f172a",
    "review": "fill:#ede9fe,stroke:#7c3aed,color:#0f172a",
    "request": "fill:#cffafe,stroke:#0e7490,color:#0f172a",
    "offer": "fill:#dbeafe,stroke:#1d4ed8,color:#0f172a",
    "delivery": "fill:#dcfce7,stroke:#15803d,color:#0f172a",
    "wait": "fill:#fef3c7,stroke:#a16207,color:#0f172a",
    "closed": "fill:#dcfce7,stroke:#15803d,color:#0f172a",
    "late": "fill:#fee2e2,stroke:#b91c1c,color:#0f172a",
}

_PLAIN = re.compile(r"[^0-9A-Za-zÀ-ÖØ-öø-ÿ .,()'’‘–-]")
"""What is not certain to mean only itself in a label between quotes."""

_READ_ANYHOW = re.compile(r"\$(?=\$)|\\(?=n)|:(?=[A-Za-z])")
_JOINER = "\u2060"
"""A sign without width, at which no line is broken."""


def draw_mermaid(plan: Plan) -> str:
    """Return a template as a Mermaid flowchart; the same plan gives the same bytes."""
    return "\n".join(_render(make_outline(plan))) + "\n"


def write_label(*lines: str) -> str:
    """Return the label of a node, between quotes, in which no sign means anything to Mermaid."""
    return _quote(_join_lines(list(lines)))


def _render(outline: Outline) -> Iterator[str]:
    names = {card.id: f"p{place}" for place, card in enumerate(outline.cards, 1)}
    ends = {end.id: f"e{place}" for place, end in enumerate(outline.ends, 1)}
    yield "flowchart TD"
    yield f"  start([{_quote(_join_lines([f'Start van {outline.title}', outline.start]))}])"
    for place, stage in enumerate(outline.stages, 1):
        if len(stage) == 1:
            yield f"  {_node(stage[0], names)}"
            continue
        yield f"  subgraph g{place}[{_quote(_escape('Naast elkaar'))}]"
        yield from (f"    {_node(card, names)}" for card in stage)
        yield "  end"
    yield f"  done([{_quote('Afgerond')}])"
    for end in outline.ends:
        lines = [f"Einde: {end.title}", f"in de planner: {end.planner}"]
        yield f"  {ends[end.id]}([{_quote(_join_lines(lines))}])"
    yield from (f"  {edge}" for edge in _list_edges(outline, names, ends))
    yield from _list_classes(outline, names, ends)


def _node(card: Card, names: dict[str, str]) -> str:
    opening, closing = _SHAPES[card.kind]
    lines = [f"Fase {card.number}: {card.title}", f"{KIND_WORDS[card.kind]}, {card.role}"]
    lines += [row.sentence for row in card.rows if row.arrow is None]
    return f"{names[card.id]}{opening}{_quote(_join_lines(lines))}{closing}"


def _list_edges(outline: Outline, names: dict[str, str], ends: dict[str, str]) -> Iterator[str]:
    stages = [*outline.stages, ()]
    yield from (f"start --> {names[card.id]}" for card in stages[0])
    for stage, following in pairwise(stages):
        for card in stage:
            for row in card.rows:
                yield from _lead(card, row, names, ends)
            led = {row.arrow.to for row in card.rows if row.arrow and row.arrow.way == "on"}
            targets = [names[one.id] for one in following if one.id not in led] or (
                [] if following else ["done"]
            )
            if card.goes_on:
                yield from (f"{names[card.id]} --> {target}" for target in targets)


def _lead(card: Card, row: Row, names: dict[str, str], ends: dict[str, str]) -> Iterator[str]:
    """Yield the arrow of a row, with what it is about."""
    if row.arrow is None:
        return
    line = {"back": "-.->", "on": "-->", "forward": "-->", "end": "-->"}[row.arrow.way]
    target = (ends if row.arrow.way == "end" else names)[row.arrow.to]
    yield f"{names[card.id]} {line}|{_quote(_escape(f'{row.label} {row.more}'))}| {target}"


def _list_classes(outline: Outline, names: dict[str, str], ends: dict[str, str]) -> Iterator[str]:
    of: dict[str, list[str]] = {
        kind: [names[card.id] for card in outline.cards if card.kind == kind] for kind in _SHAPES
    }
    of["closed"] = ["done", *(ends[end.id] for end in outline.ends if not end.late)]
    of["late"] = [ends[end.id] for end in outline.ends if end.late]
    for kind, members in of.items():
        if members:
            yield f"  classDef {kind} {_CLASSES[kind]}"
            yield f"  class {','.join(members)} {kind}"


def _quote(text: str) -> str:
    return f'"{text}"'


def _join_lines(lines: list[str]) -> str:
    return "<br/>".join(map(_escape, lines))


def _escape(text: str) -> str:
    """Return a text in which every sign that Mermaid, Markdown or HTML might read is written by its number.

    Where Mermaid reads a sign in that form too (two dollars, an icon's name) a joiner parts it from the next.
    """
    apart = _READ_ANYHOW.sub(lambda found: f"{found[0]}{_JOINER}", " ".join(text.split()))
    return _PLAIN.sub(lambda found: f"#{ord(found[0])};", apart)
