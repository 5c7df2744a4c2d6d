"""The acts of clients and colleagues by the keyboard alone: Tab, Space, Enter, typing. Costs 10 s of CPU."""

from tests.browser.links import link_of
from tests.browser.screens import Screen, Screens
from tests.portal.test_client_requests import FORM, asked, statuses, until
from tests.portal.visitors import Pages
from tests.service.town import COLLECT, Return, Town


class Keys:
    """Somebody at a keyboard, without a mouse."""

    def __init__(self, screen: Screen, pages: Pages, person: str) -> None:
        self.screen = screen
        self._base = pages.settings.base_url
        screen.page.goto(link_of(pages, person))
        self.press("Ja, log mij in")

    def open(self, path: str) -> "Keys":
        """Type an address."""
        self.screen.page.goto(self._base + path)
        return self

    def press(self, words: str) -> "Keys":
        """Go to a button or link with these words and press Enter."""
        self.screen.tab_to(words)
        with self.screen.page.expect_navigation():
            self.screen.page.keyboard.press("Enter")
        return self

    def follow(self, selector: str) -> "Keys":
        """Go to a link and press Enter."""
        self.screen.tab_to_field(selector)
        with self.screen.page.expect_navigation():
            self.screen.page.keyboard.press("Enter")
        return self

    def unfold(self, words: str) -> "Keys":
        """Go to what is folded away under these words and unfold it."""
        self.screen.tab_to(words)
        self.screen.page.keyboard.press("Enter")
        return self

    def type(self, selector: str, text: str) -> "Keys":
        """Go to a field and type in it."""
        self.screen.tab_to_field(selector)
        self.screen.page.keyboard.type(text)
        return self

    def tick(self, selector: str) -> "Keys":
        """Go to a box and press the space bar."""
        self.screen.tab_to_field(selector)
        self.screen.page.keyboard.press("Space")
        return self

    def tick_second(self, selector: str) -> "Keys":
        """Go to a choice of two and take the second by an arrow."""
        self.screen.tab_to_field(selector)
        self.screen.page.keyboard.press("Space")
        self.screen.page.keyboard.press("ArrowDown")
        return self


def outcome(filing: Return) -> str | None:
    (offer,) = filing.view().offers
    return offer.outcome


def test_a_client_approves(screens: Screens, pages: Pages, town: Town) -> None:
    filing = town.begun().to("aanbieden")

    def scene(screen: Screen) -> None:
        keys = Keys(screen, pages, filing.client).follow("main a[href*='/aanbieding/']")
        keys.tick("input[name=besluit]").press("Verder")
        keys.tick("input[name=gezien]").press("Akkoord geven")
        assert screen.heading == "U hebt akkoord gegeven"

    screens.play(scene)
    assert outcome(filing) == "approved"


def test_a_client_rejects_with_a_reason(screens: Screens, pages: Pages, town: Town) -> None:
    filing = town.begun().to("aanbieden")

    def scene(screen: Screen) -> None:
        keys = Keys(screen, pages, filing.client).follow("main a[href*='/aanbieding/']")
        keys.tick_second("input[name=besluit]").type("textarea[name=reden]", "De huur ontbreekt.")
        keys.press("Verder").tick("input[name=gezien]").press("Niet akkoord")
        assert screen.heading == "U bent niet akkoord"

    screens.play(scene)
    filing.until_in("opstellen")


def test_a_client_does_a_task_and_answers_a_form(screens: Screens, pages: Pages, town: Town) -> None:
    signs, (asks, _, path) = town.begun(template="tekenen"), asked(pages, town)
    signs.until_in("opstellen")

    def scene(screen: Screen) -> None:
        keys = Keys(screen, pages, signs.client)
        keys.open(f"/mijn/{pages.key_of(signs.name)}/taak/opstellen.machtigen.1")
        keys.tick("input[name=gedaan]").press("Gedaan")
        assert "Gedaan: Zet uw toestemming klaar" in screen.words
        keys = Keys(screen, pages, asks.client).open(f"{path}/{FORM}")
        keys.tick_second("input[name=v-auto]").press("Verder").press("Versturen")

    screens.play(scene)
    until(asks, "auto-van-de-zaak", "received")
    assert statuses(asks)["auto-van-de-zaak"] == "received"


def test_a_colleague_finds_a_filing_completes_it_notes_holds_and_resumes(
    screens: Screens, pages: Pages, town: Town
) -> None:
    filing = town.begun()
    filing.acts("sanne", *(lambda acts, c=c: acts.check(filing.name, c) for c in COLLECT))

    def scene(screen: Screen) -> None:
        keys = Keys(screen, pages, "sanne").type("input[name=q]", f"Bedrijf {filing.relation}")
        with screen.page.expect_navigation():
            screen.page.keyboard.press("Enter")
        assert f"Bedrijf {filing.relation} B.V." in screen.words
        keys.open(f"/opdrachten/{filing.name}").press("afronden")
        assert "De fase is afgerond" in screen.words
        keys.unfold("Notitie").type("form#notitie textarea", "Gebeld").press("Bewaren")
        assert "Genoteerd." in screen.words
        keys.unfold("Aanhouden").type("form#aanhouden textarea", "Vakantie").press("Aanhouden")
        assert "De opdracht is aangehouden." in screen.words
        keys.press("Hervatten")
        assert "De opdracht gaat verder." in screen.words

    screens.play(scene)
    assert filing.now().phases == ("opstellen",)
