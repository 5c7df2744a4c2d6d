"""The pages of templates: fresh in docs/templates, with the dates that the machine works out."""

import pytest

from kantoor.drawing.markdown import bullet, escape, fence
from kantoor.drawing.page import write_index, write_page
from kantoor.drawing.svg import draw_svg
from kantoor.plan import Office

from ..shipped import compile_shipped
from .shipped import ROOT, TEMPLATES, plan_of

PAGES = ROOT / "docs/templates"
YEAR = 2027
"""That of the Makefile."""


def office() -> Office:
    found = compile_shipped().office
    assert found
    return found


def titles() -> dict[str, str]:
    return {template: plan_of(template).title for template in TEMPLATES}


def page(template: str) -> str:
    return write_page(plan_of(template), office(), YEAR, titles())


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_page_and_the_picture_of_a_template_are_fresh(template: str) -> None:
    assert (PAGES / f"{template}.md").read_text("utf-8") == page(template), "run make docs"
    assert (PAGES / f"{template}.svg").read_text("utf-8") == draw_svg(plan_of(template), titles()), (
        "run make docs"
    )


def test_a_page_calls_what_it_starts_by_its_title() -> None:
    said = page("jaarrekening")
    assert "Start ook: ‘Aangifte vennootschapsbelasting’" in said
    assert "aangifte-vpb" not in said


def test_there_is_a_page_for_every_template_and_one_that_lists_them() -> None:
    names = {f"{template}.{kind}" for template in TEMPLATES for kind in ("md", "svg")}
    assert {path.name for path in PAGES.iterdir()} == {*names, "README.md"}
    assert (PAGES / "README.md").read_text("utf-8") == write_index(plan_of(one) for one in TEMPLATES)
    assert f"YEAR := {YEAR}\n" in (ROOT / "Makefile").read_text("utf-8")


def test_a_page_has_the_dates_of_every_period_of_the_year() -> None:
    rows = [line for line in page("btw-aangifte").splitlines() if line.startswith("| januari 2027 ")]
    assert [row.split("| ")[-1] for row in rows] == [
        "**zo 28 feb** |",
        "**wo 31 mrt** |",
    ]  # foreign: a month later
    assert "| 2027 | wo 15 mrt 2028 |" in page("btw-aangifte")


def test_the_alternatives_of_a_deadline_each_have_their_column_of_dates() -> None:
    text = page("aangifte-ib")
    assert (
        "| **uiterlijk: Indienen** | **zo 30 apr 2028** | **ma 30 apr 2029** | **do 31 aug 2028** |" in text
    )


def test_what_hangs_on_what_is_recorded_later_is_said_in_words() -> None:
    found = "10 werkdagen na ‘Dag waarop de fout is ontdekt, of had moeten worden ontdekt’"
    assert f"| 2 Suppletieplicht bepalen: streefdatum | {found} |" in page("suppletie")
    assert "- Streefdatum: 4 werkdagen vóór ‘Deponeren bij de KvK’\n" in page("jaarrekening")


def test_a_day_of_what_has_happened_is_said_to_be_so() -> None:
    assert "| Datum van vaststelling | datum, vandaag of eerder | " in page("jaarrekening")
    assert "| Dagtekening van de definitieve aanslag | datum | " in page("aangifte-ib")


def test_what_somebody_starts_is_counted_from_a_day_that_the_page_names() -> None:
    text = page("onboarding")
    assert "Gerekend alsof de opdracht begint op vr 1 jan." in text  # of no period: by the day of its start
    assert "| 1 Intake: streefdatum | vr 8 jan |" in text
    assert "Gerekend alsof de opdracht begint op za 1 jan 2028." in page("suppletie")
    assert "Gerekend alsof" not in page("aangifte-ib")


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_page_has_every_message_with_its_text_and_where_it_is_sent(template: str) -> None:
    text, plan = page(template), plan_of(template)
    messages = text.partition("\n## Berichten\n")[2].split("\n### ")[1:]
    assert len(messages) == len(plan.messages)
    for message, part in zip(plan.messages, messages, strict=True):
        assert part.split("\n")[0] == escape(message.title)
        assert "\n- Fase " in part
        assert all(one.body.rstrip() in part for one in message.texts.values())


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_page_has_every_checkpoint_and_everything_that_is_asked(template: str) -> None:
    text, plan = " ".join(page(template).split()), plan_of(template)
    titles = [point.title for phase in plan.phases for point in phase.checkpoints]
    titles += [field.title for form in plan.forms for field in form.fields]
    assert [title for title in titles if escape(title) not in text] == []


def test_a_line_of_a_list_begins_no_list_of_its_own() -> None:
    words = " ".join(["een woord dat lang genoeg is"] * 6)
    wrapped = bullet(f"{words} - en 1. dan # verder {words} + nog 12) iets {words}")
    assert all(
        not line.lstrip().startswith(("- ", "+ ", "# ", "1. ", "12) ")) for line in wrapped.split("\n")[1:]
    )


def test_a_fence_is_longer_than_any_in_its_text() -> None:
    assert fence("```\nx\n```") == "````text\n```\nx\n```\n````"


def test_a_page_shows_the_periods_in_which_the_product_can_be_agreed() -> None:
    assert "## Data van een opdracht over 2027" in page("jaarrekening")
    assert "januari 2027" not in page("jaarrekening")
    assert "periode 3 (vier weken) van 2027" in page("loonaangifte")
    assert "het eerste kwartaal van 2027" in page("btw-aangifte")
