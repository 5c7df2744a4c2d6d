"""A manager moves a filing to the plan in force by its pages: shown first, and only as it was shown."""

from kantoor.data import replace
from kantoor.plan import digest
from kantoor.service.bulk import runs
from kantoor.service.bulk.asking import Asked
from kantoor.service.bulk.selecting import Chosen
from kantoor.service.filings.move_verdicts import MoveWish
from tests.portal.test_reading_pages import MOST_STATEMENTS
from tests.portal.test_statements import count
from tests.portal.test_team_filing import look, send
from tests.portal.visitors import Pages
from tests.service.moving import (
    asking_more,
    at_rest,
    at_the_client,
    managing,
    offering_otherwise,
    plan_of,
    published,
)
from tests.service.town import Town

NEW_POINT = "Het verplichte controlepunt 'Nagekeken'"


def test_a_filing_is_moved_now_as_it_was_shown_and_by_nobody_else(pages: Pages, town: Town) -> None:
    old, filing = plan_of(town), at_rest(town)
    newer, path = asking_more(old), f"/opdrachten/{filing.name}/verplaatsen"
    with managing(town, "marieke"), published(town, newer):
        page = look(pages, "marieke", filing)
        own, active = page.words.partition("Loopt op ")[2].split("Er is een nieuwer plan actief: ")
        assert own.startswith("een eerder plan, gepubliceerd op ")
        assert f"kenmerk {digest(old)[:12]}" in own
        assert active.startswith("het nieuwste plan, gepubliceerd op ")
        assert f"door Ans, revisie r9 kenmerk {digest(newer)[:12]}" in active
        assert path in page.links
        assert count(pages, page.browser, page.path) <= MOST_STATEMENTS
        assert count(pages, page.browser, path) <= MOST_STATEMENTS
        colleague = pages.client_of("sanne")
        assert path not in look(pages, "sanne", filing).links
        assert (colleague.open(path).status, colleague.send(path).status) == (404, 404)
        shown = page.browser.open(path)
        assert NEW_POINT in shown.words
        assert "Er is nog niets gedaan." in shown.words
        other = send(shown, "verplaatsen", merk="0" * 12)
        assert (other.status, other.problem) == (
            409,
            "Er is iets veranderd sinds is bekeken wat het verplaatsen doet; er is niets gedaan.",
        )
        assert "1 teken te lang" in send(shown, "verplaatsen", reden="x" * 1001).problem
        assert filing.now().plan == digest(old)
        done = send(shown, "verplaatsen", reden="Nieuwe werkwijze")
        assert (done.path, done.word) == (f"/opdrachten/{filing.name}", "De opdracht is verplaatst.")
        assert send(shown, "verplaatsen", reden="Nieuwe werkwijze").word == done.word  # pressed twice
        assert filing.now().plan == digest(newer)
        assert "Er is een nieuwer plan" not in look(pages, "marieke", filing).words
        assert "er is niets om naar te verplaatsen" in page.browser.open(path).words
    assert done.browser.open(path).status == 404  # the right was taken away


def test_a_move_that_cannot_be_done_as_it_is_asks_for_what_would_do_and_shows_that_first(
    pages: Pages, town: Town
) -> None:
    old, filing = plan_of(town), at_rest(town)
    first = replace(old.phases[0], id="ophalen", title="Ophalen")
    newer = replace(old, phases=(first, *old.phases[1:]))
    path = f"/opdrachten/{filing.name}/verplaatsen"
    with managing(town, "marieke"), published(town, newer):
        page = pages.client_of("marieke").open(path)
        assert "Geef op welke fase het nu is" in page.words
        (choice,) = page.tree.xpath("//select[starts-with(@name, 'fase-')]")
        assert choice.get("name") == f"fase-{old.phases[0].id}"
        assert "Ophalen" in choice.text_content()
        shown = page.press("Bekijk wat er dan gebeurt", {choice.get("name"): "ophalen"})
        assert "Ziet het kantoor daarvan af, vink dat dan hieronder aan." in shown.words
        lost = [str(one) for one in shown.tree.xpath("//input[@name='zonder']/@value")]
        assert lost
        assert not any(one in shown.words for one in lost)
        shown = shown.press("Bekijk wat er dan gebeurt", {"zonder": lost})
        assert "Er is nog niets gedaan." in shown.words
        assert filing.now().plan == digest(old)
        back = shown.press("Bekijk wat er dan gebeurt", {choice.get("name"): "", "terug": "ophalen"})
        assert dict(back.fields("Bekijk"))["terug"] == "ophalen"
        done = send(shown, "verplaatsen")
        assert done.word == "De opdracht is verplaatst."
        assert (filing.now().plan, filing.now().phases) == (digest(newer), ("ophalen",))


def test_what_one_filing_needs_to_move_is_chosen_at_that_filing_and_led_to_from_a_move_of_many(
    pages: Pages, town: Town
) -> None:
    old, filing = plan_of(town), at_rest(town)
    looser = replace(old, phases=tuple(replace(one, reviews=()) for one in old.phases))
    asked = Asked(action="move", template=old.template, how=MoveWish())
    with managing(town, "marieke"), published(town, looser):
        number = runs.prepare(pages.desk, "marieke", asked, Chosen(numbers=filing.relation))
        assert isinstance(number, int), number
        page = pages.client_of("marieke").open(f"/bulk/{number}")
        (told,) = page.tree.xpath("//td[@data-what='Toelichting']")
        assert "kies dat dan bij ‘Verplaatsen’ van de opdracht zelf." in told.text_content()
        assert "geef dat dan op" not in page.words
        (there,) = told.xpath(".//a/@href")
        assert "vink dat dan hieronder aan." in page.browser.open(there).words
        assert there not in pages.client_of("sanne").open(f"/bulk/{number}").links


def test_a_filing_that_is_at_the_client_is_asked_to_move_when_it_is_safe_and_that_is_taken_back(
    pages: Pages, town: Town
) -> None:
    old = replace(plan_of(town, "btw-aangifte"), template="verplaatst-vanaf-de-pagina")
    newer = offering_otherwise(old)
    with published(town, old), managing(town, "marieke"):
        filing = at_the_client(town, old.template)
        path = f"/opdrachten/{filing.name}/verplaatsen"
        with published(town, newer):
            shown = pages.client_of("marieke").open(path)
            assert "Nu kan het nog niet" in shown.words
            assert "Verplaatsen kan zodra de klant heeft geantwoord" in shown.words
            assert NEW_POINT in shown.words
            assert "Verplaats nu" not in shown.words
            page = send(shown, "zodra-het-kan", reden="Nieuwe werkwijze")
            assert page.word == "De opdracht wordt verplaatst zodra het kan."
            filing.until(lambda row: (row.view or {})["moving"] is not None)
            page = look(pages, "marieke", filing)
            assert "door Marieke van der Linde: Nieuwe werkwijze" in page.words
            assert "Intrekken" not in look(pages, "sanne", filing).words
            again = page.browser.open(path)
            assert "Wordt verplaatst zodra het kan" in again.words
            assert "Verplaats zodra het kan" not in again.words  # it waits for this very plan
            assert count(pages, page.browser, path) <= MOST_STATEMENTS
            page = send(page, "intrekken")
            assert page.word == "De gevraagde verplaatsing is ingetrokken."
            filing.until(lambda row: (row.view or {})["moving"] is None)
            assert send(again, "intrekken").problem == "Er wacht geen verplaatsing van deze opdracht."
            form = pages.client_of("marieke").open("/bulk/nieuw")
            wished = {"actie": "move", "werkproces": old.template, "relaties": filing.relation}
            run = form.press("Toon wat er zou gebeuren", wished | {"zodra": "ja"})
            assert run.heading.startswith("Aangifte btw verplaatsen naar een ander plan, naar het actieve")
            assert f"Dan: {NEW_POINT}" in run.words
            asked = pages.client_of("sanne").open("/bulk/nieuw")
            assert "verplaatsen naar een ander plan" not in asked.words
            refused = asked.press("Toon wat er zou gebeuren", wished)
            assert "alleen een medewerker met het recht beheer" in refused.problem
    assert filing.now().plan == digest(old)
