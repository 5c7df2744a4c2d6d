"""A filing of a template without a period: nobody is asked for one, and its day is not told as one."""

from collections.abc import Iterator
from datetime import date

import pytest

from kantoor.office.database.tables import relation_products
from kantoor.office.filings.filing import NewFiling, create_filings
from kantoor.office.plans import latest_plan
from tests.portal.reading import publish_all, serve_reading
from tests.portal.visitors import Browser, Pages

PROSPECT, NOTHING, BEGUN = "1006", "1008", "1009"
TEMPLATE, TITLE = "onboarding", "Cliëntacceptatie"
DAY = "2026-02-27"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """An office with every shipped template, in which one filing was begun."""
    with serve_reading(tmp_path_factory.mktemp("without")) as pages:
        publish_all(pages)
        with pages.desk.equipment.database.write() as connection:
            kept = relation_products.c.relation
            connection.execute(relation_products.delete().where(kept.in_((PROSPECT, NOTHING))))
            row = {"relation": PROSPECT, "product": TEMPLATE, "frequency": "none", "sub_number": "-"}
            connection.execute(relation_products.insert().values(row))
            plan = latest_plan(connection, TEMPLATE)
            assert plan is not None
            begun = NewFiling(
                id=f"filing/{TEMPLATE}/{BEGUN}/{DAY}/-/1",
                template=TEMPLATE,
                relation=BEGUN,
                period=DAY,
                sequence=1,
                product=TEMPLATE,
                plan=plan.digest,
                title=TITLE,
                start_date=date.fromisoformat(DAY),
                due=None,
            )
            create_filings(connection, [begun])
        yield pages


@pytest.fixture(scope="module")
def colleague(office: Pages) -> Browser:
    return office.client_of("tom")


def test_a_start_asks_for_no_period_where_the_template_has_none(colleague: Browser) -> None:
    page = colleague.open(f"/relaties/{PROSPECT}/starten")
    assert TITLE in page.words
    assert "periode" not in page.words.lower()
    assert "startdag was" not in page.words
    assert not page.tree.xpath("//input[@id='andere']")
    assert "Een extra opdracht op dezelfde dag" in page.words


def test_what_would_happen_is_told_without_a_period_and_keeps_what_was_typed(colleague: Browser) -> None:
    page = colleague.open(f"/relaties/{PROSPECT}/starten")
    told = page.press("Bekijk", {"zonder": "ja", "datum": "31-2-2026"})
    assert (told.status, told.problem.count("31-2-2026")) == (422, 1)
    assert "periode" not in told.words.lower()
    assert ("zonder", "ja") in told.fields("Bekijk")
    lacking = page.press("Bekijk")
    assert lacking.status in (200, 409)
    assert "geen periode" not in lacking.words
    assert "Periode" not in lacking.words


def test_who_takes_no_product_is_led_to_where_one_is_added(colleague: Browser) -> None:
    page = colleague.open(f"/relaties/{NOTHING}/starten")
    assert "neemt geen product af" in page.words
    assert f"/relaties/{NOTHING}/producten/nieuw" in page.links


def test_a_filing_without_period_is_told_by_the_day_of_its_start(colleague: Browser) -> None:
    page = colleague.open(f"/opdrachten/{TEMPLATE}/{BEGUN}/{DAY}")
    assert page.heading.startswith(f"{TITLE} van 27 februari 2026")
    assert "over 27 februari" not in page.text


def test_a_product_in_a_frequency_that_it_has_not_is_refused_by_its_title(colleague: Browser) -> None:
    page = colleague.open(f"/relaties/{NOTHING}/producten/nieuw")
    typed = {"v-product": TEMPLATE, "v-frequency": "month", "v-first_period": "2026-01"}
    wrong = page.press("Bewaar", typed)
    assert wrong.status == 422
    assert (
        f"het product '{TITLE}' kent de frequentie per keer, niet per maand"
        in wrong.words.lower().replace(TITLE.lower(), TITLE)
    )
