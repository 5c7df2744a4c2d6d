"""What giving a role costs a relation is told of the work that it takes, and of no other."""

from collections.abc import Iterator

import pytest

from kantoor.filing.outcome import Refusal
from kantoor.office.database.tables import process_teams
from kantoor.service.bulk import reading, runs
from kantoor.service.bulk.asking import Asked
from kantoor.service.bulk.selecting import Chosen
from tests.portal.reading import publish_all, serve_reading
from tests.portal.visitors import Browser, Page, Pages

WHOLE, VAT_ALONE = "1001", "1003"
VAT = (
    "Vier ogen: 'Controle' en 'Stukken opvragen' liggen dan allebei bij Sanne Visser, die het eigen werk "
    "niet mag controleren."
)
ACCOUNTS = "Vier ogen: 'Beoordelen' en 'Samenstellen' liggen dan allebei bij Sanne Visser"
TITLE = "Voor 'Samenstellingsverklaring tekenen' is de titel AA of RA nodig. Sanne Visser heeft die niet."


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """An office with every shipped template, in which nothing runs."""
    with serve_reading(tmp_path_factory.mktemp("roles")) as pages:
        publish_all(pages)
        yield pages


@pytest.fixture(scope="module")
def colleague(office: Pages) -> Browser:
    return office.client_of("tom")


def give_accountant(browser: Browser, relation: str) -> Page:
    page = browser.open(f"/relaties/{relation}/rollen/wijzigen")
    return page.press("Bewaar", {"v-accountant": "sanne"})


def told(page: Page) -> list[str]:
    assert page.heading == "Dit heeft gevolgen"
    return [" ".join(one.text_content().split()) for one in page.tree.xpath("//main//li")]


def test_of_a_role_the_sheet_tells_what_it_costs_the_work_that_the_relation_takes(colleague: Browser) -> None:
    assert told(give_accountant(colleague, VAT_ALONE)) == [VAT]


def test_of_a_relation_that_takes_more_the_sheet_tells_that_too_also_where_nothing_is_open(
    colleague: Browser,
) -> None:
    found = give_accountant(colleague, WHOLE).words
    assert VAT in found
    assert ACCOUNTS in found
    assert TITLE in found
    assert "Proefrun" not in found  # it has no wages done


def test_of_a_process_team_the_same_is_told(office: Pages, colleague: Browser) -> None:
    given = {"process_team": "Zuid", "role": "accountant", "member": "sanne"}
    with office.desk.equipment.database.write() as connection:
        connection.execute(process_teams.insert().values(given))
    page = colleague.open(f"/relaties/{VAT_ALONE}/rollen/procesteam")
    assert told(page.press("Rollen toewijzen", {"v-procesteam": "Zuid"})) == [VAT]


def test_in_bulk_each_line_tells_what_it_costs_that_relation(office: Pages) -> None:
    asked = Asked(action="role", role="accountant", to="sanne")
    number = runs.prepare(office.desk, "marieke", asked, Chosen(numbers=f"{WHOLE} {VAT_ALONE}"))
    assert isinstance(number, int), number
    lines = reading.read_lines(office.desk, number)
    assert not isinstance(lines, Refusal)
    whole, alone = (line.text for line in lines)
    assert TITLE.removesuffix(".") in whole
    assert "Vier ogen: 'Beoordelen'" in whole
    assert alone.count("Vier ogen") == 1
    assert "titel" not in alone
