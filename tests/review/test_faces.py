"""A review as Markdown, HTML, text and JSON: it fits, is whole, and no definition writes markup into it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from lxml import html

from kantoor.data import replace
from kantoor.review import kept
from kantoor.review.faces.html import write_html
from kantoor.review.faces.json import make_schema, write_json
from kantoor.review.faces.markdown import MOST, safe, write_markdown
from kantoor.review.faces.text import write_text
from kantoor.review.parts_page import renew
from kantoor.review.pictures import find_pictures
from kantoor.review.review import Review, Side, review
from kantoor.review.runs import JudgedFiling, Runs, TemplateRuns

from .edited import EDITS, ON, find, read, shipped

ROOT = Path(__file__).parents[2]
NASTY = (
    "<script>alert(1)</script> <img src=x onerror=y> [a](https://evil.example) ![b](http://evil.example/x) "
    "@someone #12 GH-12 www.evil.example a@evil.example deadbeef1234567 `x` | ~~y~~ **z** --> </details> "
    "&lt; $a$ :smile: !7 %3 owner/repo#4 \x1b[31mred"
)


def make_nasty() -> tuple[Side, Side]:
    """Return the shipped definitions, and the same with markup wherever somebody can write."""
    before = shipped()
    plan = before.plans["btw-aangifte"]
    phases = tuple(replace(one, title=f"{one.title} {NASTY}", role=NASTY) for one in plan.phases)
    messages = tuple(
        replace(
            one,
            texts={
                name: replace(text, body=f"{text.body}\n\n{NASTY}\n# kop\n- punt")
                for name, text in one.texts.items()
            },
        )
        for one in plan.messages
    )
    nasty = replace(plan, title=NASTY, phases=phases[:-1], messages=messages)
    return Side("main", {"btw-aangifte": plan}, before.office), Side(
        NASTY, {"btw-aangifte": nasty}, before.office
    )


def make_all() -> tuple[Side, Side, Review]:
    """Return the review of a change of every template."""
    before = shipped()
    plans = {
        name: replace(
            plan, phases=tuple(replace(one, title=f"{one.title} anders", due=None) for one in plan.phases)
        )
        for name, plan in before.plans.items()
    }
    after = Side("after", plans, before.office)
    return before, after, review(before, after, ON)


def test_markdown_fits_into_one_comment_and_says_what_is_left_out() -> None:
    before, after, found = make_all()
    whole = write_markdown(found, find_pictures(before, after, found), 10**9)
    assert "left out" not in whole
    sizes = (len(whole), len(whole) - 1, 20_000, 2_000)
    for most in sizes:
        text = write_markdown(found, find_pictures(before, after, found), most)
        assert len(text) <= most
        assert ("left out" in text) == (most < len(whole))
    assert MOST == 65_536


def test_no_sign_of_a_definition_is_markup_a_link_or_a_mention_in_markdown() -> None:
    before, after = make_nasty()
    text = write_markdown(review(before, after, None), {}, 10**9)
    tags = set(re.findall(r"(?<!\\)<(/?\w+)", text))
    assert tags <= {"details", "/details", "summary", "/summary", "sub", "/sub"}
    shown = re.sub(r"`[0-9a-f]{10}`", "", text)
    assert not re.search(r"@\w|#\d|://|www\.|GH-\d|!\d|%\d|[0-9a-f]{7}", shown)
    assert not re.search(r"(?<!\\)\]\(|(?<!\\)!\[", shown)
    assert "\x1b" not in text


@pytest.mark.parametrize("text", ["- punt", "# kop", "1. een", "=== ", "+ plus", "> zo"])
def test_what_begins_a_block_does_not_do_so(text: str) -> None:
    assert re.match(r"\\|\d\\|&", safe(text))


class Tags(HTMLParser):
    """Collects the tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_the_page_runs_nothing_and_fetches_nothing() -> None:
    before, after = make_nasty()
    found = review(before, after, None)
    page = write_html(found, {})
    tags = Tags()
    tags.feed(page)
    assert not tags.found & {"script", "a", "iframe", "link", "object", "form", "base"}
    assert not {name for name in tags.attributes if name.startswith("on")}
    shown = html.fromstring(page.encode())
    assert "<script>alert(1)</script>" in shown.text_content()
    assert "width=device-width" in page
    assert "default-src 'none'" in page


def test_pictures_before_and_after_come_with_a_change_of_flow_and_not_with_a_text() -> None:
    dropped, worded = (
        next(one for one in EDITS if one.words == words)
        for words in ("a phase is dropped", "a word in a message")
    )
    for edit, count in ((dropped, 2), (worded, 0)):
        found = find(edit)
        pictures = find_pictures(shipped(), read(edit), found)
        assert write_markdown(found, pictures).count("```mermaid") == count
        assert write_html(found, pictures).count("<img ") == count


def test_filings_are_named_in_one_piece_in_text_and_one_is_not_called_they() -> None:
    *_, found = make_all()
    one, *_ = names = tuple(f"aangifte-ib/{number}/2026" for number in range(1001, 1031))
    for some, opening in ((names, "They are: "), ((one,), "It is: ")):
        filings = tuple(JudgedFiling(id=name, filing=name, phases=(), outcome="stays") for name in some)
        runs = TemplateRuns(
            template="aangifte-ib", title="IB", counts={"stays": len(some)}, filings=filings, phases={}
        )
        judged = replace(found, runs=Runs(source="office", on=ON, templates=(runs,)))
        assert set(write_text(judged).replace(",", " ").replace(".", " ").split()) >= set(some)
        for face in (write_text(judged), write_markdown(judged, {}, 10**9), write_html(judged, {})):
            assert opening in face


def test_what_hundreds_of_templates_have_alike_is_told_once_in_a_comment_with_the_gravest_first() -> None:
    before = shipped()
    plan = before.plans["btw-aangifte"]
    first = plan.phases[0]
    lax = replace(first, checkpoints=first.checkpoints[1:], role="fiscaal")
    sides = [
        Side(
            name, {f"t{n}": replace(one, template=f"t{n}", title=f"T {n}") for n in range(200)}, before.office
        )
        for name, one in (("a", plan), ("b", replace(plan, phases=(lax, *plan.phases[1:]))))
    ]
    found = review(sides[0], sides[1], None)
    assert len(found.safeguards) == 200
    told = write_markdown(found, {}, 20_000)
    assert len(told) < 3_000
    lines = [line for line in told.splitlines() if line.startswith("- ")]
    assert lines[0].startswith("- ⚠️ **Safeguard:** ")
    assert all(safe("in 200 templates: T 0, T 1, T 10 and 197 more") in line for line in lines)
    assert {one.sentence for one in found.changes} == {
        one.sentence for one in found.changes if safe(one.sentence) in told
    }
    short = write_markdown(found, {}, 900)
    assert len(short) <= 900
    assert "of less weight" in short
    assert f"`{found.safeguards[0].id}`" in told


def test_every_face_has_every_sentence() -> None:
    _, _, found = make_all()
    page = html.fromstring(write_html(found, {}).encode()).text_content()
    text = " ".join(write_text(found).split())
    marked = write_markdown(found, {}, 10**9)
    data = json.loads(write_json(found))
    assert len(data["changes"]) == len(found.changes) > 100
    for change in found.changes:
        assert change.sentence in page
        assert change.sentence in text
        assert safe(change.sentence) in marked


def test_text_has_no_sign_that_a_terminal_obeys() -> None:
    before, after = make_nasty()
    assert "\x1b" not in write_text(review(before, after, None))


def test_the_published_schema_is_that_of_a_review() -> None:
    """`make docs` refreshes it."""
    assert (ROOT / "schemas/diff.schema.json").read_text("utf-8") == make_schema()
    assert (ROOT / "schemas/kept-review.schema.json").read_text("utf-8") == kept.make_schema()


def test_the_page_lists_every_rule() -> None:
    """`make docs` refreshes it."""
    page = (ROOT / "docs/reviewing.md").read_text("utf-8")
    assert page == renew(page)


def test_a_phase_under_another_name_is_told_by_titles_and_its_title_once() -> None:
    before = shipped()
    plan = before.plans["btw-aangifte"]
    last = replace(plan.phases[-1], id="afsluiten", title="Dossier afsluiten", was=("afronden", "slot"))
    after = Side("after", {"btw-aangifte": replace(plan, phases=(*plan.phases[:-1], last))}, before.office)
    found = review(Side("main", {"btw-aangifte": plan}, before.office), after, ON)
    for text in (write_text(found), write_html(found, {}), write_markdown(found, {})):
        words = " ".join(text.split())
        assert "‘Dossier afsluiten’ (afsluiten) now is what was ‘Afronden’ (afronden) and ‘slot’." in words
        assert "The phase ‘Afronden’ is called ‘Dossier afsluiten’." in words
        assert text.count("Dossier afsluiten") == 3  # in the third it has another id
