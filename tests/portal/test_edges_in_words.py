"""What seldom happens, told in words: late, decided by another, locked, too far. Costs 15 s of CPU."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from kantoor.data import replace
from kantoor.office.database.tables import authorities, relation_contacts
from kantoor.office.filings.deliveries import Delivery, NewDelivery, begin_delivery
from kantoor.office.filings.messages import NewMessage, begin_message
from kantoor.plan import DateRule, DueChoice, Offer, To
from tests.portal.reading import FIRST, TEMPLATE, serve_reading
from tests.portal.test_client_offers import choose, offered, ticked
from tests.portal.test_rare_acts import altered
from tests.portal.test_reading_pages import MANAGER, READ
from tests.portal.test_team_filing import look
from tests.portal.visitors import Browser, Page, Pages
from tests.service.moving import plan_of, published
from tests.service.town import Commands, Return, Town

SCRIPT = "<script>alert('bewaard')</script>"
FILING = f"filing/{TEMPLATE}/{FIRST}/2026-01/-/1"
TURNED = "Groep \u202etset"
HIDDEN = {"", None}
"""What a form holds of a number that it does not show."""
ECHOING = (
    "/nieuwe-relatie",
    "/relaties/1001/gegevens/wijzigen",
    "/relaties/1001/contactpersonen/c-anja/wijzigen",
    "/relaties/1001/contactpersonen/nieuw",
    "/relaties/1001/producten/nieuw",
    "/relaties",
    "/opdrachten",
    "/bulk/nieuw",
)
FAR_LISTS = ("/werk", "/opdrachten", "/planner/aangifte-btw", "/relaties", "/inzichten", "/bulk", "/bulk/1")


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """The pages of an office with many relations, in which nothing runs."""
    with serve_reading(tmp_path_factory.mktemp("edges")) as pages:
        yield pages


@pytest.fixture(scope="module")
def manager(reading: Pages) -> Browser:
    return reading.client_of(MANAGER)


def share(pages: Pages, relation: str) -> None:
    """Make the other contact of a relation a director too, who may decide as well."""
    other = f"z-{relation}"
    with pages.desk.equipment.database.write() as connection:
        theirs = authorities.select().where(authorities.c.contact == f"c-{relation}")
        (row,) = connection.execute(theirs).mappings().all()
        connection.execute(authorities.insert().values(**{**row, "contact": other}))
        ours = relation_contacts.update().where(relation_contacts.c.contact == other)
        connection.execute(ours.values(functions=["directeur"]))


@pytest.fixture
def shared(pages: Pages, town: Town) -> Iterator[tuple[Return, str, Browser]]:
    """A return offered to both directors: it, the offer's path, and the browser of the second."""
    (offer,) = (one.block for one in plan_of(town, "btw-aangifte").phases if one.id == "aanbieden")
    assert isinstance(offer, Offer)
    directors = To(kind="function", name="directeur")
    plan = altered(town, "twee-bestuurders", "aanbieden", block=replace(offer, to=directors))
    with published(town, plan):
        relation = town.relation()
        share(pages, relation)
        filing = town.begun(relation, template=plan.template).to("aanbieden")
        path = f"/mijn/{pages.key_of(filing.name)}/aanbieding/aanbieden"
        yield filing, path, pages.client_of(f"z-{relation}")


@pytest.mark.parametrize(
    ("answer", "told"),
    [("approve", "heeft hier al over beslist"), ("reject", "is hier niet mee akkoord gegaan")],
)
def test_who_comes_after_another_decided_reads_that(
    shared: tuple[Return, str, Browser], answer: Any, told: str
) -> None:
    filing, path, other = shared
    before = other.open(path)
    assert before.find_form("Verder") is not None
    filing.acts(filing.client, lambda acts: acts.decide(filing.name, answer, reason="De huur ontbreekt"))
    filing.until(lambda f: "aanbieden" not in f.phases)
    page = other.open(path)
    assert f"Een ander bij Bedrijf {filing.relation} B.V. {told}" in page.words
    assert not page.tree.xpath("//button[starts-with(., 'Verder')]")
    assert before.press("Verder", {"besluit": "akkoord"}).status == 409


def test_an_offer_past_its_last_day_says_so_and_still_takes_an_answer(pages: Pages, town: Town) -> None:
    plan = plan_of(town, "btw-aangifte")
    past = (DueChoice(rule=DateRule(anchor="period.end", days=1)),)
    late = tuple(replace(one, due=past) for one in plan.deadlines)
    plan = replace(plan, template="te-laat", deadlines=late)
    with published(town, plan):
        begun = town.begun(template=plan.template)
        days = {"van": "2026-02-10", "tot": "2026-02-12"}
        absence = pages.client_of("tom").open("/beheer/team/sanne").press("Bekijk wat er in valt", days)
        assert f"/opdrachten/{begun.name}" in absence.links  # it is late already, so before those days
        filing = begun.to("aanbieden")
        browser = pages.client_of(filing.client)
        path = f"/mijn/{pages.key_of(filing.name)}/aanbieding/aanbieden"
        page = browser.open(path)
        assert "Het is laat. De uiterste dag was 1 februari 2026. U kunt nog beslissen" in page.words
        promised = "zo snel mogelijk: dat had uiterlijk 1 februari 2026 gemoeten"
        assert promised in page.words
        check = choose(browser, path)
        agreed = check.press("Akkoord geven", ticked(check))
        assert agreed.word == "Uw akkoord is vastgelegd."
        assert promised in agreed.words or "ingediend" in agreed.words  # by then it may have been delivered


def test_what_is_told_beside_an_offer_is_marked_as_no_part_of_it(pages: Pages, town: Town) -> None:
    _, browser, path = offered(pages, town)
    words = browser.open(path).words
    document, mark, rest = words.partition("Wat hieronder staat, hoort niet bij het stuk zelf.")
    assert mark
    assert "Aangifte omzetbelasting" in document
    assert "Wat uw akkoord betekent" in rest


def test_a_filing_has_its_target_date_beside_the_legal_one(pages: Pages, town: Town) -> None:
    page = look(pages, "sanne", town.begun())
    (days,) = page.tree.xpath("//dl[@class='days']")
    named = [" ".join(one.text_content().split()) for one in days.xpath(".//dt")]
    assert any(one.startswith("Streefdatum ") for one in named)
    assert any(one.endswith("(wettelijk)") for one in named)
    assert all(" 2026" in one.text_content() for one in days.xpath(".//dd"))


def test_a_practice_office_says_on_each_page_that_it_is_one_and_its_day(pages: Pages, town: Town) -> None:
    for browser, path in ((pages.client_of("sanne"), "/werk"), (pages.stranger(), "/in")):
        (banner,) = browser.open(path).tree.xpath("//div[@class='practice']")
        assert "Oefenkantoor: niets hier is echt. Het is er 3 februari 2026" in banner.text_content()


def test_an_office_that_is_not_for_practice_has_no_such_banner(manager: Browser) -> None:
    assert "Oefenkantoor" not in manager.open("/werk").text


def test_a_template_says_who_published_it(pages: Pages, town: Town) -> None:
    page = pages.client_of("tom").open("/beheer/werkprocessen/btw-aangifte")
    assert "gepubliceerd door Bea" in page.words


def test_beheer_is_given_and_taken_by_a_command(pages: Pages, town: Town, kantoor: Commands) -> None:
    browser = pages.client_of("wim")
    assert browser.open("/beheer/systeem").status == 404
    assert kantoor("portal", "manager", "wim")[0] == 0
    assert browser.open("/beheer/systeem").status == 200
    assert kantoor("portal", "manager", "wim", "--remove")[0] == 0
    assert browser.open("/beheer/systeem").status == 404


@pytest.mark.parametrize("path", FAR_LISTS)
def test_page_ten_thousand_of_a_list_is_a_page(manager: Browser, path: str) -> None:
    for number in ("10000", "-1", "0", "x", "9" * 30):
        page = manager.open(f"{path}?pagina={number}")
        assert page.status == 200, (number, page.words[:300])


def test_deliveries_on_their_way_and_mails_that_did_not_go_are_on_the_system_page(
    reading: Pages, manager: Browser
) -> None:
    before = manager.open("/beheer/systeem").words
    assert "op elke indiening is geantwoord" in before
    now = datetime.now(UTC)
    with reading.desk.equipment.database.write() as connection:
        begun = begin_delivery(
            connection,
            NewDelivery(
                filing=FILING,
                number=1,
                attempt=1,
                relation=str(FIRST),
                identity_digest="d",
                message_kind="Omzetbelasting",
                document="aangifte",
                sha256="0" * 64,
                aanleverkenmerk="kantoor-1",
                begun_at=now,
                expires_at=now + timedelta(hours=1),
            ),
        )
        assert isinstance(begun, Delivery), begun
        begin_message(
            connection,
            NewMessage(
                filing=FILING,
                number=2,
                recipient="c-anja",
                message="btw-stukken",
                purpose="send",
                message_id="<1@kantoor>",
                address="anja@geheim.example",
                language="nl",
                subject="Uw stukken over januari",
                body="",
                at=datetime(2026, 2, 3, 9),
            ),
        )
    page = manager.open("/beheer/systeem")
    assert f"/opdrachten/{TEMPLATE}/{FIRST}/2026-01" in page.links
    assert "op elke indiening is geantwoord" not in page.words
    assert "Uw stukken over januari" in page.words
    assert "geheim.example" not in page.text


def test_a_database_that_another_program_holds_is_told_and_the_form_can_be_sent_again(
    reading: Pages, manager: Browser
) -> None:
    page = manager.open("/relaties/1001/gegevens/wijzigen")
    file = next(reading.settings.home.glob("*.db"))
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert manager.open("/relaties/1001/gegevens").status == 200  # reading goes on
        locked = page.press("Bewaar", {"language": "en"})
        other.execute("ROLLBACK")
    assert locked.status == 503
    assert "Het kantoor is even niet bereikbaar." in locked.heading
    assert locked.press("Herhaal").status == 200


def write_in(form: Any, text: str) -> dict[str, str]:
    """Return a text for every field of a form that takes any."""
    free = form.xpath(".//textarea/@name | .//input[not(@type) or @type='text' or @type='search']/@name")
    return {str(name): text for name in free}


def send(browser: Browser, path: str, form: Any, typed: dict[str, str]) -> Page:
    """Send a form of a page with what was typed, as an act of its own."""
    new = {**typed, "act": uuid4().hex}
    kept = [(name, new.get(name, str(value))) for name, value in form.form_values() if name not in typed]
    sent = [*kept, *typed.items()]
    action = str(form.get("action") or path.partition("?")[0])
    looks = form.method.upper() == "GET"
    answer = browser.open(f"{action}?{urlencode(sent)}") if looks else browser.send(action, sent)
    assert answer.status < 500, (path, action, answer.words[:300])
    return answer


@pytest.mark.parametrize("path", READ)
def test_a_script_in_every_text_field_comes_back_as_text(reading: Pages, manager: Browser, path: str) -> None:
    for form in manager.open(path).tree.forms:
        if typed := write_in(form, SCRIPT):
            for page in (send(manager, path, form, typed), manager.open(path)):
                assert SCRIPT not in page.text, (path, page.path)


@pytest.mark.parametrize("path", ECHOING)
def test_a_form_that_is_refused_holds_what_was_typed_and_not_how_it_is_shown(
    reading: Pages, manager: Browser, path: str
) -> None:
    typed = write_in(find_main_form(manager.open(path)), TURNED)
    for _ in range(2):  # sent again, it is refused again
        page = send(manager, path, find_main_form(manager.open(path)), typed)
        held = dict(find_main_form(page).form_values())
        assert {held.get(name) for name in typed} - HIDDEN == {TURNED}, path
        typed = {name: held.get(name, TURNED) for name in typed}
        assert "\ufffd" not in "".join(map(str, held.values()))


def find_main_form(page: Page) -> Any:
    """Return the form of a page that asks most: not that of the finding box, nor that of signing out."""
    return max(page.tree.forms, key=lambda form: len(form.fields))
