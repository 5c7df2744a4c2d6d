"""A template as an SVG picture: no script, light and dark, and described for who cannot see it."""

from collections.abc import Iterator, Mapping
from html import escape

from ..plan import Plan
from .layout import Box, Layout, Path, Text, lay_out
from .outline import KIND_WORDS, NO_TITLES, Card, Outline, make_outline

FONTS = "Arial, Helvetica, 'Liberation Sans', Roboto, 'DejaVu Sans', sans-serif"

_LIGHT = {
    "paper": "#ffffff",
    "card": "#f8fafc",
    "edge": "#94a3b8",
    "frame": "#eef2f7",
    "ink": "#0f172a",
    "soft": "#475569",
    "work": "#475569",
    "review": "#7c3aed",
    "request": "#0e7490",
    "offer": "#1d4ed8",
    "delivery": "#15803d",
    "wait": "#a16207",
    "back": "#c2410c",
    "ahead": "#1d4ed8",
    "halt": "#b91c1c",
    "start": "#dbeafe",
    "end": "#dcfce7",
    "stop": "#fee2e2",
}
_DARK = {
    "paper": "#0b1220",
    "card": "#172033",
    "edge": "#64748b",
    "frame": "#111a2b",
    "ink": "#f1f5f9",
    "soft": "#cbd5e1",
    "work": "#cbd5e1",
    "review": "#c4b5fd",
    "request": "#67e8f9",
    "offer": "#93c5fd",
    "delivery": "#86efac",
    "wait": "#fcd34d",
    "back": "#fdba74",
    "ahead": "#93c5fd",
    "halt": "#fca5a5",
    "start": "#1e3a5f",
    "end": "#14432a",
    "stop": "#4c1d1d",
}
_HEAD = 7.0
"""The length of an arrow's head."""


def draw_svg(plan: Plan, titles: Mapping[str, str] = NO_TITLES) -> str:
    """Return a template as an SVG document; the same plan gives the same bytes.

    `titles`: as in `make_outline`.
    """
    outline = make_outline(plan, titles)
    layout = lay_out(outline)
    return "\n".join(_render(outline, layout)) + "\n"


def _render(outline: Outline, layout: Layout) -> Iterator[str]:
    width, height = _number(layout.width), _number(layout.height)
    name = f"verloop-{outline.template}"
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{name}" lang="nl" role="img"'
        f' aria-labelledby="{name}-titel {name}-tekst" width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" style="max-width:100%;height:auto">'
    )
    yield f'<title id="{name}-titel">{_say(f"Het verloop van {outline.title}")}</title>'
    yield f'<desc id="{name}-tekst">{_say(describe(outline))}</desc>'
    yield f"<style>\n{_style(name)}\n</style>"
    yield f'<rect class="paper" width="{width}" height="{height}"/>'
    yield from map(_draw_box, layout.boxes)
    for placed in layout.cards:
        yield "<g>"
        yield from (_draw_box(placed.box), _draw_box(placed.bar), *map(_draw_text, placed.texts))
        yield "</g>"
    yield from (line for path in layout.paths for line in _draw_path(path))
    yield from map(_draw_text, layout.texts)
    yield "</svg>"


def describe(outline: Outline) -> str:
    """Return the whole picture as text, for who has it read aloud."""
    parts = [f"{outline.start}.", *map(_describe_card, outline.cards)]
    parts += [f"Ander einde: {end.title}, in de planner {end.planner}." for end in outline.ends]
    return "\n".join(parts)


def _describe_card(card: Card) -> str:
    rows = "".join(f" {row.sentence}." for row in card.rows)
    return f"Fase {card.number}: {card.title} ({KIND_WORDS[card.kind]}, {card.role}).{rows}"


def _style(name: str) -> str:
    dark = _paint(f".{name}", _DARK)
    return (
        f".{name} text{{font-family:{FONTS}}}.{name} .b{{font-weight:700}}.{name} .m{{text-anchor:middle}}\n"
        f".{name} path{{fill:none;stroke-width:1.6}}.{name} .backward{{stroke-dasharray:5 3}}"
        f".{name} .conditional{{stroke-dasharray:4 3}}\n"
        f"{_paint(f'.{name}', _LIGHT)}\n"
        f"@media screen and (prefers-color-scheme:dark){{\n{dark}\n}}"
    )


def _paint(name: str, colours: dict[str, str]) -> str:
    """Return the rules that give everything its colour."""
    filled = {
        "paper": "paper",
        "ink": "ink",
        "soft": "soft",
        "count": "soft",
        "back": "back",
        "ahead": "ahead",
        "halt": "halt",
        **{f"{what}.{kind}": kind for kind in KIND_WORDS for what in ("kind", "bar")},
    }
    rules = [f"{name} .{style}{{fill:{colours[colour]}}}" for style, colour in filled.items()]
    rules += [
        f"{name} .{style}{{fill:{colours[colour]};stroke:{colours['edge']}}}"
        for style, colour in {"card": "card", "frame": "frame", **{f"pill.{p}": p for p in _PILLS}}.items()
    ]
    strokes = {"flow": "edge", "backward": "back", "onward": "ahead"}
    rules += [f"{name} .{style}{{stroke:{colours[colour]}}}" for style, colour in strokes.items()]
    rules += [f"{name} .{style}.head{{fill:{colours[colour]}}}" for style, colour in strokes.items()]
    return "\n".join(rules)


_PILLS = ("start", "end", "stop")


def _draw_box(box: Box) -> str:
    size = f'width="{_number(box.width)}" height="{_number(box.height)}" rx="{_number(box.round)}"'
    return f'<rect class="{box.style}" x="{_number(box.x)}" y="{_number(box.y)}" {size}/>'


def _draw_text(text: Text) -> str:
    middle = ' class="m"' if text.middle else ""
    place = f'x="{_number(text.x)}" y="{_number(text.y)}" font-size="{_number(text.size)}"'
    pieces = "".join(
        f'<tspan class="{piece.style}{" b" if piece.bold else ""}">{_say(piece.text)}</tspan>'
        for piece in text.pieces
    )
    return f"<text{middle} {place}>{pieces}</text>"


def _draw_path(path: Path) -> Iterator[str]:
    points = " L".join(f"{_number(x)} {_number(y)}" for x, y in path.points)
    yield f'<path class="{path.style}" d="M{points}"/>'
    if path.head:
        yield f'<path class="{path.style} head" style="stroke-dasharray:none" d="{_point(path)}"/>'


def _point(path: Path) -> str:
    """Return the head of an arrow, a triangle in the direction in which its line arrives."""
    (x, y), (before_x, before_y) = path.points[-1], path.points[-2]
    if before_y == y:
        back = x - _HEAD if before_x < x else x + _HEAD
        corners = ((x, y), (back, y - 3.5), (back, y + 3.5))
    else:
        back = y - _HEAD if before_y < y else y + _HEAD
        corners = ((x, y), (x - 3.5, back), (x + 3.5, back))
    return "M" + " L".join(f"{_number(a)} {_number(b)}" for a, b in corners) + "Z"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _say(text: str) -> str:
    """Return a text as XML can hold it: what XML knows no sign for becomes the replacement character."""
    return escape("".join(sign if _is_allowed(sign) else "\ufffd" for sign in text), quote=True)


def _is_allowed(sign: str) -> bool:
    code = ord(sign)
    return sign in "\t\n\r" or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
