"""The story of docs/tour.md, from a template that is deployed to a chat that is closed."""

from collections.abc import Iterator

import pytest

from kantoor.cli.main import execute
from kantoor.local.environment import settings_environment
from tests.browser.links import link_in_mail, link_of
from tests.browser.screens import DESK, TELEPHONE, Screen, Screens, served
from tests.browser.village import (
    APPROVED,
    CLIENTS,
    DEPLOY,
    FIRST_DAY,
    RECURRING,
    REJECTED,
    SECONDS_PER_DAY,
    write_files,
)
from tests.portal.visitors import Pages, open_pages
from tests.service.town import REVIEW, Return, Town, running_town

pytestmark = pytest.mark.timeout(600)

CHAT_MAIL, ASKED = "Er staat een bericht voor u klaar", "Klopt het dat de bus er al in zit?"


@pytest.fixture
def village(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """An office of its own, in which nothing is deployed and nobody is known."""
    with running_town(tmp_path_factory.mktemp("village"), FIRST_DAY, SECONDS_PER_DAY) as village:
        monkeypatch.chdir(village.folder)
        for name, value in settings_environment(village.settings).items():
            monkeypatch.setenv(name, value)
        yield village


class Story:
    """People at their screens, one scene after another."""

    def __init__(self, screens: Screens, pages: Pages, village: Town) -> None:
        self._screens = screens
        self._pages = pages
        self._village = village
        self._base = pages.settings.base_url
        self.recurring, self.approved, self.rejected = (
            Return(village, f"btw-aangifte/{number}/2026-01") for number in (RECURRING, APPROVED, REJECTED)
        )

    def show_what_is_deployed(self) -> None:
        """What a manager sees of a template since it was deployed."""
        assert execute(["portal", "manager", "marieke"]) == 0
        link = link_of(self._pages, "marieke")

        def scene(screen: Screen) -> None:
            screen.open(link).press("Ja, log mij in")
            screen.open(f"{self._base}/beheer/werkprocessen")
            screen.page.get_by_role("link", name="Aangifte btw").first.click()
            screen.look().shoot("01-werkproces")
            assert (screen.heading, "gepubliceerd door Bea" in screen.words) == ("Aangifte btw", True)

        self._screens.play(scene)

    def mend_and_plan(self) -> None:
        """A relation is mended until it is ready; its return starts on 31 December, and then each month."""
        link = link_of(self._pages, "marieke")

        def scene(screen: Screen) -> None:
            screen.open(link).press("Ja, log mij in")
            screen.open(f"{self._base}/relaties/{RECURRING}/gereed").shoot("02-niet-klaar")
            screen.page.locator("a[href*='#v-sbr_enabled']").first.click()
            screen.look()
            screen.page.locator("#v-sbr_enabled").get_by_label("ja").check()
            screen.press("Bewaar").shoot("03-klaar")
            assert "Er ontbreekt niets" in screen.words
            screen.open(f"{self._base}/relaties/{RECURRING}/starten?werkproces=btw-aangifte")
            screen.page.get_by_label("januari 2026").check()
            screen.page.get_by_label("Startdatum").fill("2025-12-31")
            screen.page.get_by_label("Daarna elke volgende periode").check()
            screen.press("Bekijk wat er gebeurt").shoot("04-starten")
            screen.press("Ja, start")

        self._screens.play(scene)

    def start_many(self) -> None:
        """Twenty more, shown first."""
        link = link_of(self._pages, "marieke")

        def scene(screen: Screen) -> None:
            screen.open(link).press("Ja, log mij in")
            screen.open(f"{self._base}/inzichten?filter=product:aangifte-btw+frequentie:maand")
            screen.shoot("05-inzichten")
            screen.page.get_by_label("Alle die het filter vindt").check()
            screen.press("Bulkactie voor deze relaties")
            screen.page.get_by_label("Handeling").select_option("start")
            screen.page.get_by_label("Werkproces").select_option("btw-aangifte")
            screen.page.get_by_label("Periode", exact=True).fill("januari 2026")
            screen.press("Toon wat er zou gebeuren").shoot("06-proef")
            screen.page.get_by_label("Typ het aantal").fill(str(len(CLIENTS) - 1))
            screen.leave("Voer uit")
            screen.page.get_by_text("klaar op").first.wait_for()  # the page looks by itself
            screen.look().shoot("07-gestart")

        self._screens.play(scene)

    def review(self) -> None:
        """The accountant's work list, and a review."""
        link = link_of(self._pages, "tom")
        phases = self.approved.view().phases
        titles = [one.title for phase in phases for one in phase.checkpoints if one.id in REVIEW]

        def scene(screen: Screen) -> None:
            screen.open(link).press("Ja, log mij in").shoot("08-mijn-werk")
            screen.open(f"{self._base}/opdrachten/{self.approved.name}").shoot("09-opdracht")
            for title in titles:
                screen.press(title)
            screen.press("Controle afronden").shoot("10-afgerond")

        self._screens.play(scene)

    def approve(self) -> None:
        """The client approves on a telephone; who looks at the filing meanwhile sees it accepted."""
        tom, anna = link_of(self._pages, "tom"), link_in_mail(self._pages, self._village, self.approved)

        def scene(screen: Screen) -> None:
            watching = screen.beside(DESK).open(tom).press("Ja, log mij in")
            watching.open(f"{self._base}/opdrachten/{self.approved.name}")
            screen.open(anna).shoot("11-welkom").press("Ja, log mij in").shoot("12-wat-wacht")
            screen.page.get_by_role("link", name="Aangifte omzetbelasting").first.click()
            screen.look().shoot("13-aangifte")
            screen.page.get_by_label("Ik ga akkoord").check()
            screen.press("Verder").shoot("14-controleer")
            screen.page.locator("input[type=checkbox]").check()
            assert screen.press("Akkoord geven").shoot("15-akkoord").heading == "U hebt akkoord gegeven"
            watching.page.get_by_text("geaccepteerd").first.wait_for()  # the page looks by itself
            watching.look().shoot("16-ingediend")

        self._screens.play(scene, TELEPHONE)

    def reject(self) -> None:
        """The other client does not agree, and the office reads why."""
        henk = link_in_mail(self._pages, self._village, self.rejected)

        def scene(screen: Screen) -> None:
            screen.open(henk).press("Ja, log mij in")
            screen.page.get_by_role("link", name="Aangifte omzetbelasting").first.click()
            screen.page.get_by_label("Ik ga niet akkoord").check()
            screen.page.get_by_label("Wat klopt er niet?").fill("De verkoop van de bestelbus ontbreekt.")
            screen.press("Verder")
            screen.page.locator("input[type=checkbox]").check()
            screen.press("Niet akkoord").shoot("17-niet-akkoord")

        self._screens.play(scene, TELEPHONE)
        self.rejected.until_in("opstellen")
        tom = link_of(self._pages, "tom")

        def see(screen: Screen) -> None:
            screen.open(tom).press("Ja, log mij in")
            screen.open(f"{self._base}/opdrachten/{self.rejected.name}").shoot("18-afgekeurd")
            assert "De klant is niet akkoord" in screen.words
            assert "De verkoop van de bestelbus ontbreekt." in screen.words
            screen.open(f"{self._base}/planner/aangifte-btw").shoot("19-planner")
            cells = {
                one.name: screen.page.locator(f"td a[href='/opdrachten/{one.name}']").inner_text()
                for one in (self.recurring, self.approved, self.rejected)
            }
            assert [*cells.values()] == ["loopt", "ingediend", "loopt"], cells

        self._screens.play(see)

    def talk(self) -> None:
        """A client asks, a colleague answers; with the filing the chat is closed."""
        client, marieke = link_of(self._pages, f"c-{APPROVED}"), link_of(self._pages, "marieke")

        def ask(screen: Screen) -> None:
            screen.open(client).press("Ja, log mij in")
            screen.open(f"{self._base}/mijn/{self._pages.key_of(self.approved.name)}")
            screen.page.get_by_role("link", name="Schrijf ons over deze opdracht").click()
            screen.look()
            screen.page.get_by_label("Uw bericht").fill(ASKED)
            assert "Uw bericht is verstuurd." in screen.press("Versturen").shoot("20-vraag").words

        def answer(screen: Screen) -> None:
            screen.open(marieke).press("Ja, log mij in").shoot("21-wacht-op-antwoord")
            screen.page.locator(f"a[href='/opdrachten/{self.approved.name}/gesprek']").click()
            screen.look()
            assert ASKED in screen.words
            screen.page.get_by_label("Bericht aan").fill("Ja, de bus staat bij rubriek 1a.")
            screen.press("Versturen").shoot("22-antwoord")

        def read(screen: Screen) -> None:
            screen.open(mailed).press("Ja, log mij in")
            assert "Ja, de bus staat bij rubriek 1a." in screen.words
            screen.press("Gelezen")

        def find_closed(screen: Screen) -> None:
            screen.open(mailed).press("Ja, log mij in")
            assert "Dit gesprek is gesloten sinds" in screen.words
            screen.page.get_by_label("Uw bericht").fill("Dank u wel.")
            assert "verstuurd aan Marieke" in screen.press("Versturen").shoot("23-gesloten").words

        self._screens.play(ask, TELEPHONE)
        self._screens.play(answer)
        self.approved.until(lambda _: any(CHAT_MAIL in one.subject for one in self._village.mail(APPROVED)))
        mailed = link_in_mail(self._pages, self._village, self.approved, CHAT_MAIL)
        self._screens.play(read, TELEPHONE)
        self.approved.tick("sanne", "ontvangstbevestiging", "geboekt")
        self.approved.until(lambda found: found.ended == "completed")
        self._screens.play(find_closed, TELEPHONE)

    def show_the_team(self) -> None:
        """Who does what, and what falls in an absence."""
        link = link_of(self._pages, "marieke")

        def scene(screen: Screen) -> None:
            screen.open(link).press("Ja, log mij in")
            screen.open(f"{self._base}/beheer/team/sanne")
            screen.page.locator("#afwezig-van").fill("2026-02-16")
            screen.page.locator("#afwezig-tot").fill("2026-03-06")
            screen.page.locator("#afwezig-wie").select_option("ruud")
            screen.press("Bekijk wat er in valt")
            assert "Ruud Smit neemt waar" in screen.words
            screen.press("Ja, leg dit vast")
            screen.open(f"{self._base}/beheer/team").shoot("24-team")
            assert "16 februari 2026 tot en met 6 maart 2026" in screen.words
            assert "Ruud Smit" in screen.page.locator("tr", has_text="Sanne Visser").inner_text()

        self._screens.play(scene)


def let_pass(until: str) -> None:
    """Let the office's clock run to a day."""
    assert execute(["practice", "run", "--until", until]) == 0


def test_january_is_deployed_planned_started_worked_approved_and_delivered(
    screens: Screens, village: Town
) -> None:
    assert execute(DEPLOY) == 0
    assert execute(["relation", "import", str(write_files(village.folder / "csv"))]) == 0
    with open_pages(village.settings) as pages, served(pages):
        story = Story(screens, pages, village)
        story.show_what_is_deployed()
        story.mend_and_plan()
        let_pass("2026-01-02")
        assert [one.relation for one in village.filings()] == [RECURRING]
        story.start_many()
        for number in CLIENTS:
            Return(village, f"btw-aangifte/{number}/2026-01").until(lambda found: found.status == "loopt")
        assert sorted(one.relation for one in village.filings()) == sorted(CLIENTS)
        let_pass("2026-02-03")
        for one in (story.approved, story.rejected):
            one.until_in("verzamelen")
            one.to("controle")
        story.review()
        story.rejected.tick("tom", *REVIEW)
        for one in (story.approved, story.rejected):
            one.until_offer("waiting")
            one.until_mailed()
        story.approve()
        story.reject()
        story.talk()
        story.show_the_team()
