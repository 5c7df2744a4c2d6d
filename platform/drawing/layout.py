"""Where everything of a picture lies: a column of cards, frames around those side by side, arrows aside.

Sizes are in CSS pixels. Nothing overlaps, whatever titles hold: texts are broken by their greatest width
(`measuring`), cards are as high as their texts, and every arrow at a side has a lane of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from .measuring import Piece, break_lines, measure
from .outline import KIND_WORDS, Arrow, Card, Outline, Row

COLUMN = 420.0
MARGIN = 14.0
LANE = 11.0
GAP = 22.0
"""Between two stages: the arrow from one to the next."""
PAD = 12.0
BAR = 6.0
"""The coloured edge of a card, which says of what kind it is."""
FRAME = 10.0
"""Between a frame and the cards in it."""

TITLE, HEAD, TEXT, SMALL = 19.0, 14.0, 12.5, 11.5
LINE = 1.36
"""The height of a line, in its font's size."""

Side = Literal["left", "right"]


class Text(NamedTuple):
    """A line of text: where it begins, or its middle is, its size, and its pieces."""

    x: float
    y: float
    size: float
    pieces: tuple[Piece, ...]
    middle: bool = False


class Box(NamedTuple):
    """A rectangle; `style` is its class."""

    x: float
    y: float
    width: float
    height: float
    style: str
    round: float = 6.0


class Path(NamedTuple):
    """A line through points; with a head where it arrives."""

    points: tuple[tuple[float, float], ...]
    style: str
    head: bool = True


class Placed(NamedTuple):
    """A card in its place: its box and edge, its texts, and the height of each row that an arrow leaves."""

    card: Card
    box: Box
    bar: Box
    texts: tuple[Text, ...]
    entry: float
    leaving: tuple[tuple[Arrow, float], ...]
    sides: tuple[Side, ...]
    frame: "Box | None"


@dataclass
class Layout:
    """A whole picture, from the top left corner."""

    width: float = 0.0
    height: float = 0.0
    boxes: list[Box] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    cards: list[Placed] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)


def lay_out(outline: Outline) -> Layout:
    """Return the picture of a template."""
    layout = Layout()
    y = _put_heading(layout, outline)
    y = _put_pill(layout, outline.start, "start", y)
    for stage in outline.stages:
        y = _put_arrow(layout, y) if _goes_on(layout, y) else y + GAP
        y = _put_stage(layout, stage, y)
    y = _put_arrow(layout, y) if _goes_on(layout, y) else y + GAP
    y = _put_pill(layout, "Afgerond", "end", y)
    y = _put_ends(layout, outline, y)
    left, right = _put_lanes(layout)
    layout.width = COLUMN + left + right
    layout.height = y + MARGIN
    return _move(layout, left)


# --- texts ------------------------------------------------------------------------------------------------


def _set_lines(
    pieces: Iterable[Piece], x: float, y: float, width: float, size: float, *, middle: bool = False
) -> tuple[list[Text], float]:
    """Return lines of text below `y`, and where they end."""
    texts = []
    for line in break_lines(pieces, width, size):
        texts.append(Text(x, y + size, size, tuple(line), middle))
        y += size * LINE
    return texts, y


def _put_heading(layout: Layout, outline: Outline) -> float:
    texts, y = _set_lines([Piece(outline.title, "ink", bold=True)], 0, MARGIN, COLUMN, TITLE)
    period = outline.period[:1].upper() + outline.period[1:]
    more, y = _set_lines([Piece(period, "soft")], 0, y + 2, COLUMN, TEXT)
    layout.texts += texts + more
    return y + 10


def _put_pill(layout: Layout, text: str, style: str, y: float) -> float:
    width = COLUMN - 4 * PAD
    texts, bottom = _set_lines(
        [Piece(text, "ink", bold=True)], COLUMN / 2, y + 6, width - 2 * PAD, TEXT, middle=True
    )
    widest = max(measure(piece.text, TEXT, bold=True) for one in texts for piece in one.pieces)
    width = min(width, widest + 3 * PAD)
    layout.boxes.append(Box((COLUMN - width) / 2, y, width, bottom + 7 - y, f"pill {style}", 13))
    layout.texts += texts
    return bottom + 7


def _put_ends(layout: Layout, outline: Outline, y: float) -> float:
    if not outline.ends:
        return y
    texts, y = _set_lines([Piece("Andere eindes", "soft", bold=True)], 0, y + 16, COLUMN, TEXT)
    layout.texts += texts
    for end in outline.ends:
        pieces = [Piece(end.title, "ink", bold=True), Piece(f"(in de planner: {end.planner})", "soft")]
        texts, bottom = _set_lines(pieces, PAD + BAR, y + 10, COLUMN - 2 * PAD - BAR, TEXT)
        layout.boxes.append(Box(0, y + 5, COLUMN, bottom - y, f"pill {'stop' if end.late else 'end'}", 6))
        layout.texts += texts
        y = bottom + 6
    return y


# --- cards ------------------------------------------------------------------------------------------------


def _put_stage(layout: Layout, stage: tuple[Card, ...], y: float) -> float:
    if len(stage) == 1:
        placed = _place_card(stage[0], 0, y, COLUMN, ("left", "right"), None)
        layout.cards.append(placed)
        return placed.box.y + placed.box.height
    return _put_frame(layout, stage, y)


def _put_frame(layout: Layout, stage: tuple[Card, ...], top: float) -> float:
    """Put cards that run side by side into a frame, two beside each other."""
    heading = [Piece("Naast elkaar; wat volgt, wacht op alle", "soft", bold=True)]
    texts, y = _set_lines(heading, FRAME, top + 6, COLUMN - 2 * FRAME, SMALL)
    layout.texts += texts
    width = (COLUMN - 3 * FRAME) / 2
    rows: list[list[Placed]] = []
    frame = Box(0, top, COLUMN, 0, "frame", 8)
    for place in range(0, len(stage), 2):
        y += 6
        row = [
            _place_card(stage[place], FRAME, y, width, ("left",), frame),
            *(
                _place_card(card, 2 * FRAME + width, y, width, ("right",), frame)
                for card in stage[place + 1 : place + 2]
            ),
        ]
        rows.append(row)
        y = max(one.box.y + one.box.height for one in row) + 4
    frame = frame._replace(height=y + 4 - top)
    layout.boxes.append(frame)
    layout.cards += [one._replace(frame=frame) for row in rows for one in row]
    return y + 4


def _place_card(
    card: Card, x: float, y: float, width: float, sides: tuple[Side, ...], frame: Box | None
) -> Placed:
    left, inner = x + BAR + PAD, width - BAR - 2 * PAD
    head = [Piece(f"{card.number}", "count", bold=True), Piece(card.title, "ink", bold=True)]
    texts, bottom = _set_lines(head, left, y + 8, inner, HEAD)
    entry = y + 8 + HEAD * 0.65
    kind = [Piece(KIND_WORDS[card.kind], f"kind {card.kind}", bold=True), Piece(f"· {card.role}", "ink")]
    more, bottom = _set_lines(kind, left, bottom + 1, inner, TEXT)
    texts += more
    leaving = []
    bottom += 3
    for row in card.rows:
        indent = 0 if row.label else PAD
        more, below = _set_lines(_set_row(row), left + indent, bottom, inner - indent, SMALL)
        if row.arrow and row.arrow.way in ("back", "forward"):
            leaving.append((row.arrow, bottom + SMALL * 0.65))
        texts += more
        bottom = below + 1
    box = Box(x, y, width, bottom + 7 - y, "card conditional" if card.conditional else "card")
    bar = Box(x, y, BAR, box.height, f"bar {card.kind}", 3)
    return Placed(card, box, bar, tuple(texts), entry, tuple(leaving), sides, frame)


def _set_row(row: Row) -> list[Piece]:
    if not row.label:
        return [Piece("–", "soft"), Piece(row.text, "ink")]
    ways = {"back": "back", "on": "ink", "forward": "ahead", "end": "halt"}
    label = Piece(f"{row.label}:", "soft", bold=True)
    if row.arrow is None:
        return [label, Piece(row.text, "ink")]
    return [
        label,
        Piece(f"→ {row.text}", ways[row.arrow.way]),
        *([Piece(row.more, "ink")] if row.more else []),
    ]


def _goes_on(layout: Layout, y: float) -> bool:
    """Say whether what lies lowest, at `y`, can be followed by what comes below it."""
    lowest = [one for one in layout.cards if _bottom(one) == y]
    return any(one.card.goes_on for one in lowest) if lowest else True


def _bottom(placed: Placed) -> float:
    box = placed.frame or placed.box
    return box.y + box.height


def _put_arrow(layout: Layout, y: float) -> float:
    layout.paths.append(Path(((COLUMN / 2, y + 1), (COLUMN / 2, y + GAP - 1)), "flow"))
    return y + GAP


# --- arrows at the sides ----------------------------------------------------------------------------------


class _Bus(NamedTuple):
    """All arrows of one sort to one card at one side: they share a lane."""

    way: Literal["back", "forward", "end"]
    side: Side
    target: tuple[float, float]
    sources: tuple[tuple[float, float], ...]

    @property
    def first(self) -> float:
        return min(y for _, y in (self.target, *self.sources))

    @property
    def last(self) -> float:
        return max(y for _, y in (self.target, *self.sources))


def _put_lanes(layout: Layout) -> tuple[float, float]:
    """Draw the arrows at the sides; return how wide the sides are."""
    buses = sorted(_list_buses(layout), key=lambda bus: (bus.last - bus.first, bus.first))
    wide = {"left": MARGIN, "right": MARGIN}
    taken: dict[Side, list[list[_Bus]]] = {"left": [], "right": []}
    for bus in buses:
        lanes = taken[bus.side]
        number = next((n for n, lane in enumerate(lanes) if _is_free(lane, bus)), len(lanes))
        if number == len(lanes):
            lanes.append([])
        lanes[number].append(bus)
        distance = LANE * (number + 1.3)
        wide[bus.side] = max(wide[bus.side], distance + MARGIN)
        _draw_bus(layout, bus, -distance if bus.side == "left" else COLUMN + distance)
    return wide["left"], wide["right"]


def _is_free(lane: list[_Bus], bus: _Bus) -> bool:
    return all(bus.last + 6 < other.first or other.last + 6 < bus.first for other in lane)


def _draw_bus(layout: Layout, bus: _Bus, x: float) -> None:
    style = "backward" if bus.way == "back" else "onward"
    for source in bus.sources:
        layout.paths.append(Path((source, (x, source[1])), style, head=False))
    layout.paths.append(Path(((x, bus.first), (x, bus.last)), style, head=False))
    layout.paths.append(Path(((x, bus.target[1]), bus.target), style))


def _list_buses(layout: Layout) -> Iterator[_Bus]:
    placed = {one.card.id: one for one in layout.cards}
    found: dict[tuple[str, str, Side], list[tuple[float, float]]] = {}
    for one in layout.cards:
        for arrow, y in one.leaving:
            side = _choose_side(one, placed[arrow.to], arrow)
            found.setdefault((arrow.to, arrow.way, side), []).append((_edge(one.box, side), y))
    for (to, way, side), sources in found.items():
        several = ("back", "forward") if {(to, "back", side), (to, "forward", side)} <= set(found) else ()
        apart = {"back": -4.0, "forward": 4.0}[way] if several else 0.0
        yield _Bus(way, side, _find_entry(placed[to], side, apart), tuple(sources))  # type: ignore[arg-type]


def _choose_side(source: Placed, target: Placed, arrow: Arrow) -> Side:
    wished: Side = "left" if arrow.way == "back" else "right"
    shared = [side for side in source.sides if side in target.sides]
    return wished if wished in shared else (shared or list(source.sides))[0]


def _find_entry(target: Placed, side: Side, apart: float) -> tuple[float, float]:
    """Return where an arrow arrives: at the card's title, or at its frame where another card lies between."""
    if side in target.sides or target.frame is None:
        return _edge(target.box, side), target.entry + apart
    return _edge(target.frame, side), target.frame.y + 12 + apart


def _edge(box: Box, side: Side) -> float:
    return box.x if side == "left" else box.x + box.width


# --- where it all lies ------------------------------------------------------------------------------------


def _move(layout: Layout, by: float) -> Layout:
    """Return the picture moved to the right, to make room for the left side."""

    def text(one: Text) -> Text:
        return one._replace(x=one.x + by)

    def box(one: Box) -> Box:
        return one._replace(x=one.x + by)

    return Layout(
        layout.width,
        layout.height,
        [box(one) for one in layout.boxes],
        [text(one) for one in layout.texts],
        [
            one._replace(box=box(one.box), bar=box(one.bar), texts=tuple(text(t) for t in one.texts))
            for one in layout.cards
        ],
        [one._replace(points=tuple((x + by, y) for x, y in one.points)) for one in layout.paths],
    )
