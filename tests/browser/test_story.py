"""People at their screens: what is told in docs/portal.md, in a browser."""

import re

import pytest

from kantoor.service.visiting import make_own_link
from tests.browser.screens import TELEPHONE, Screen, Screens
from tests.portal.visitors import Pages
from tests.service.town import NOT_READY, REVIEW, STORY, Return, Town


def link_of(pages: Pages, person: str) -> str:
    found = make_own_link(pages.desk, person)
    assert isinstance(found, str), found
    return found


def test_a_client_comes_in_by_a_link_on_a_telephone(screens: Screens, pages: Pages, town: Town) -> None:
    filing = town.begun().to("aanbieden")
    link = link_of(pages, filing.client)

    def scene(screen: Screen) -> None:
        assert screen.open(link).heading.startswith("Welkom bij")
        assert screen.press("Ja, log mij in").heading == "Wat wacht op mij"
        assert f"Bedrijf {filing.relation} B.V." in screen.words
        assert screen.press("Uitloggen").heading == "U bent uitgelogd"

    screens.play(scene, TELEPHONE)


def test_a_colleague_ticks_a_checkpoint_by_the_keyboard_alone(
    screens: Screens, pages: Pages, town: Town
) -> None:
    filing = town.begun().to("controle")
    link = link_of(pages, "tom")
    titles = {one.id: one.title for phase in filing.view().phases for one in phase.checkpoints}

    def scene(screen: Screen) -> None:
        screen.page.goto(link)
        screen.tab_to("Ja, log mij in")
        screen.page.keyboard.press("Enter")
        screen.page.wait_for_url("**/werk")
        screen.look()
        screen.open(f"{pages.settings.base_url}/opdrachten/{filing.name}")
        screen.tab_to(titles[REVIEW[0]])
        screen.page.keyboard.press("Enter")
        screen.page.get_by_text("Het controlepunt is afgevinkt.").wait_for()
        screen.look()

    screens.play(scene)
    done = {one.id for phase in filing.view().phases for one in phase.checkpoints if one.by}
    assert REVIEW[0] in done


def link_in_mail(pages: Pages, town: Town, filing: Return, subject: str = "") -> str:
    """Return the personal link in the last mail to a filing's client, or the last one about something."""
    mails = [one for one in town.mail(filing.relation) if subject in one.subject]
    found = re.search(r"https?://[^/\s]+(/in/\S+)", mails[-1].text)
    assert found
    return f"{pages.settings.base_url}{found[1]}"


@pytest.mark.timeout(400)
def test_two_returns_are_started_in_bulk_and_go_to_their_clients_and_one_comes_back(
    screens: Screens, pages: Pages, town: Town
) -> None:
    """The story of docs/tour.md."""
    base = pages.settings.base_url
    approved, rejected = (Return(town, f"btw-aangifte/{relation}/2026-01") for relation in STORY)
    marieke, tom, anna, henk = link_of(pages, "marieke"), link_of(pages, "tom"), "", ""

    def begin(screen: Screen) -> None:
        screen.open(marieke).press("Ja, log mij in")
        screen.open(f"{base}/inzichten?filter=nummer:{','.join([*STORY, NOT_READY])}").shoot("01-inzichten")
        screen.page.get_by_label("Alle die het filter vindt").check()
        screen.press("Bulkactie voor deze relaties")
        screen.page.get_by_label("Handeling").select_option("start")
        screen.page.get_by_label("Werkproces").select_option("btw-aangifte")
        screen.page.get_by_label("Periode", exact=True).fill("januari 2026")
        screen.press("Toon wat er zou gebeuren").shoot("02-proef")
        screen.page.get_by_label("Typ het aantal").fill("2")
        screen.leave("Voer uit")
        screen.page.get_by_text("klaar op").first.wait_for()  # the page looks by itself
        screen.look().shoot("03-gestart")

    def review(screen: Screen) -> None:
        screen.open(tom).press("Ja, log mij in").shoot("04-mijn-werk")
        screen.open(f"{base}/opdrachten/{approved.name}").shoot("05-opdracht")
        for title in titles:
            screen.press(title)
        screen.press("Controle afronden").shoot("06-afgerond")

    def approve(screen: Screen) -> None:
        screen.open(anna).shoot("07-welkom").press("Ja, log mij in").shoot("08-wat-wacht")
        screen.page.get_by_role("link", name="Aangifte omzetbelasting").first.click()
        screen.look().shoot("09-aangifte")
        screen.page.get_by_label("Ik ga akkoord").check()
        screen.press("Verder").shoot("10-controleer")
        screen.page.locator("input[type=checkbox]").check()
        assert screen.press("Akkoord geven").shoot("11-akkoord").heading == "U hebt akkoord gegeven"

    def reject(screen: Screen) -> None:
        screen.open(henk).press("Ja, log mij in")
        screen.page.get_by_role("link", name="Aangifte omzetbelasting").first.click()
        screen.page.get_by_label("Ik ga niet akkoord").check()
        screen.page.get_by_label("Wat klopt er niet?").fill("De verkoop van de bestelbus ontbreekt.")
        screen.press("Verder")
        screen.page.locator("input[type=checkbox]").check()
        screen.press("Niet akkoord").shoot("12-niet-akkoord")

    def see(screen: Screen) -> None:
        screen.open(tom_again).press("Ja, log mij in")
        screen.open(f"{base}/opdrachten/{rejected.name}").shoot("13-afgekeurd")
        assert "De klant is niet akkoord" in screen.words
        assert "De verkoop van de bestelbus ontbreekt." in screen.words
        screen.open(f"{base}/opdrachten/{approved.name}").shoot("14-ingediend")
        screen.open(f"{base}/planner/aangifte-btw").shoot("15-planner")

    screens.play(begin)
    for one in (approved, rejected):
        one.until_in("verzamelen")
        one.to("controle")
    titles = [one.title for p in approved.view().phases for one in p.checkpoints if one.id in REVIEW]
    screens.play(review)
    rejected.tick("tom", *REVIEW)
    for one in (approved, rejected):
        one.until_offer("waiting")
    anna, henk = (link_in_mail(pages, town, one) for one in (approved, rejected))
    screens.play(approve, TELEPHONE)
    screens.play(reject, TELEPHONE)
    approved.until_in("afronden")
    rejected.until_in("opstellen")
    tom_again = link_of(pages, "tom")
    screens.play(see)


CHAT_MAIL = "Er staat een bericht voor u klaar"


def test_a_client_asks_a_colleague_answers_and_the_chat_closes_with_the_return(
    screens: Screens, pages: Pages, town: Town
) -> None:
    """The last part of docs/tour.md."""
    base, filing = pages.settings.base_url, town.begun().to("indienen")
    client, marieke, mailed, asked = (
        link_of(pages, filing.client),
        link_of(pages, "marieke"),
        "",
        "Klopt dit?",
    )

    def ask(screen: Screen) -> None:
        screen.open(client).press("Ja, log mij in")
        screen.open(f"{base}/mijn/{pages.key_of(filing.name)}")
        screen.page.get_by_role("link", name="Schrijf ons over deze opdracht").click()
        screen.look()
        screen.page.get_by_label("Uw bericht").fill(asked)
        assert "Uw bericht is verstuurd." in screen.press("Versturen").shoot("16-vraag").words

    def answer(screen: Screen) -> None:
        screen.open(marieke).press("Ja, log mij in").shoot("17-wacht-op-antwoord")
        screen.page.locator(f"a[href='/opdrachten/{filing.name}/gesprek']").click()
        screen.look()
        assert asked in screen.words
        screen.page.get_by_label("Bericht aan").fill("Ja, dat klopt.")
        screen.press("Versturen").shoot("18-antwoord")

    def read(screen: Screen) -> None:
        screen.open(mailed).press("Ja, log mij in")
        assert "Ja, dat klopt." in screen.words
        screen.press("Gelezen")

    def find_closed(screen: Screen) -> None:
        screen.open(mailed).press("Ja, log mij in")
        assert "Dit gesprek is gesloten sinds" in screen.words
        screen.page.get_by_label("Uw bericht").fill("Toch nog iets.")
        assert "verstuurd aan Marieke" in screen.press("Versturen").shoot("19-gesloten").words

    screens.play(ask, TELEPHONE)
    screens.play(answer)
    filing.until(lambda _: any(CHAT_MAIL in one.subject for one in town.mail(filing.relation)))
    mailed = link_in_mail(pages, town, filing, CHAT_MAIL)
    screens.play(read, TELEPHONE)
    filing.tick("sanne", "ontvangstbevestiging", "geboekt")
    filing.until(lambda found: found.ended == "completed")
    screens.play(find_closed, TELEPHONE)


def test_a_colleague_mends_a_relation_on_a_telephone(screens: Screens, pages: Pages, town: Town) -> None:
    number = town.begun().relation
    link = link_of(pages, "tom")

    def scene(screen: Screen) -> None:
        screen.page.goto(link)
        screen.press("Ja, log mij in")
        screen.open(f"{pages.settings.base_url}/relaties/{number}/gegevens/wijzigen")
        screen.page.get_by_label("Status", exact=True).select_option("bankrupt")
        assert screen.press("Bewaar").heading == "Dit heeft gevolgen"
        screen.press("Terug naar het formulier")
        screen.page.get_by_label("Status", exact=True).select_option("active")
        screen.page.get_by_label("Taal").select_option("en")
        assert "Opgeslagen." in screen.press("Bewaar").words

    screens.play(scene, TELEPHONE)
