"""The picture as SVG: nothing overlaps, whatever titles hold, and it says in words what it shows."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from msgspec.structs import replace

from kantoor.drawing.layout import Box, Layout, Text, lay_out
from kantoor.drawing.measuring import measure
from kantoor.drawing.outline import make_outline
from kantoor.drawing.svg import draw_svg
from kantoor.plan import Plan
from tests.examples import so_many

from .shipped import TEMPLATES, plan_of, retitle

SVG = "{http://www.w3.org/2000/svg}"
TITLES = st.text(min_size=1, max_size=120) | st.text(alphabet="WM@ .,", min_size=1, max_size=200)


def box_of(text: Text) -> Box:
    width = sum(measure(piece.text, text.size, bold=piece.bold) for piece in text.pieces)
    x = text.x - width / 2 if text.middle else text.x
    return Box(x, text.y - text.size * 0.8, width, text.size, "")


def overlap(one: Box, other: Box) -> bool:
    apart = one.x + one.width <= other.x or other.x + other.width <= one.x
    return not (apart or one.y + one.height <= other.y or other.y + other.height <= one.y)


def texts_of(layout: Layout) -> Iterator[Box]:
    yield from map(box_of, layout.texts)
    yield from (box_of(text) for card in layout.cards for text in card.texts)


def check_layout(plan: Plan) -> None:
    layout = lay_out(make_outline(plan))
    boxes = list(texts_of(layout))
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]
    assert not [pair for pair in combinations([card.box for card in layout.cards], 2) if overlap(*pair)]
    for card in layout.cards:
        for text in map(box_of, card.texts):
            assert card.box.x < text.x
            assert text.x + text.width <= card.box.x + card.box.width
            assert text.y + text.height <= card.box.y + card.box.height
    for x, y in (point for path in layout.paths for point in path.points):
        assert 0 < x < layout.width
        assert 0 < y < layout.height
    assert all(box.x >= 0 and box.x + box.width <= layout.width for box in boxes)


def side_by_side(count: int) -> Plan:
    """Return a template whose phases from the second on run side by side; the last two lead back."""
    plan = plan_of("btw-aangifte")
    group = tuple(replace(phase, group="samen") for phase in plan.phases[1 : count + 1])
    return replace(plan, phases=(plan.phases[0], *group, *plan.phases[count + 1 :]))


@pytest.mark.parametrize("template", TEMPLATES)
def test_nothing_overlaps_in_a_shipped_template(template: str) -> None:
    check_layout(plan_of(template))


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_nothing_overlaps_where_phases_run_side_by_side(count: int) -> None:
    check_layout(side_by_side(count))


@settings(max_examples=so_many(25), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=TITLES)
def test_nothing_overlaps_and_the_picture_is_xml_whatever_titles_hold(title: str) -> None:
    plan = retitle(plan_of("onboarding"), title)
    check_layout(plan)
    etree.fromstring(draw_svg(plan).encode("utf-8", "replace"))


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_picture_has_a_title_a_description_and_no_script(template: str) -> None:
    plan = plan_of(template)
    root = etree.fromstring(draw_svg(plan).encode())
    assert root.get("role") == "img"
    title, description = (root.find(f"{SVG}{tag}") for tag in ("title", "desc"))
    assert title is not None
    assert description is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert title.text == f"Het verloop van {plan.title}"
    assert all(phase.title in (description.text or "") for phase in plan.phases)
    used = {str(element.tag).removeprefix(SVG) for element in root.iter()}
    assert used == {"svg", "title", "desc", "style", "rect", "g", "text", "tspan", "path"}


def test_every_phase_is_shown_with_its_number_its_kind_and_its_role() -> None:
    root = etree.fromstring(draw_svg(plan_of("suppletie")).encode())
    lines = [" ".join("".join(text.itertext()).split()) for text in root.iter(f"{SVG}text")]
    assert "7 Aanslag of teruggaaf afwachten" in lines
    assert "wachten · Fiscalist" in lines
    assert "Vier ogen: niet door wie aan fase 1 of fase 3 werkte" in lines
    assert "De aanslag of teruggaaf klopt: → 10 Afronden" in lines


def test_what_cannot_follow_has_no_arrow_from_above() -> None:
    outline = make_outline(plan_of("aangifte-vpb"))
    assert [card.id for card in outline.cards if not card.goes_on] == ["bezwaar_maken"]
    flows = [path for path in lay_out(outline).paths if path.style == "flow"]
    assert len(flows) == len(outline.stages)  # from the start, to the end, and one between two is missing
