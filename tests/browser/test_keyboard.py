"""The acts of clients and colleagues by the keyboard alone: Tab, Space, Enter, typing. Costs 10 s of CPU."""

from kantoor.data import replace
from tests.browser.links import link_of
from tests.browser.screens import Screen, Screens
from tests.portal.test_client_offers import informed_only
from tests.portal.test_client_requests import FORM, LIST, PDF, asked, statuses, until
from tests.portal.test_pilots import TEMPLATE as PILOTED
from tests.portal.visitors import Pages
from tests.service.moving import plan_of, published
from tests.service.town import COLLECT, FIGURES, MAKE, REVIEW, Return, Town


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

    def choose(self, selector: str, words: str) -> "Keys":
        """Go to a list of choices and type the beginning of one."""
        return self.type(selector, words)

    def attach(self, selector: str, name: str, media_type: str, content: bytes) -> "Keys":
        """Go to a field for a file, open the window that chooses one by the space bar, and choose it."""
        # Listened for before the way there: a browser under load was not told of it yet as the bar came.
        with self.screen.page.expect_file_chooser() as chosen:
            self.screen.tab_to_field(selector)
            self.screen.page.keyboard.press("Space")
        chosen.value.set_files({"name": name, "mimeType": media_type, "buffer": content})
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


def test_a_client_objects_to_what_goes_out_by_a_standing_authority_and_remarks_on_a_pilot(
    screens: Screens, pages: Pages, town: Town, piloted: str
) -> None:
    filing = town.begun(informed_only(pages, town)).to("aanbieden")
    on_pilot = town.begun(piloted, template=PILOTED)

    def scene(screen: Screen) -> None:
        keys = Keys(screen, pages, filing.client)
        keys.open(f"/mijn/{pages.key_of(filing.name)}/aanbieding/aanbieden")
        keys.type("textarea[name=reden]", "De bus ontbreekt.").press("Niet akkoord: verder")
        keys.tick("input[name=gezien]").press("Niet akkoord: versturen")
        assert screen.heading == "U bent niet akkoord"
        keys = Keys(screen, pages, on_pilot.client).open(f"/mijn/{pages.key_of(on_pilot.name)}")
        keys.type("textarea[name=opmerking]", "Fijn zo.").press("Versturen")
        assert screen.focus == "Bedankt, uw opmerking is verstuurd."

    screens.play(scene)
    filing.until_in("opstellen")


def test_a_client_does_a_task_answers_a_form_and_writes_in_the_chat(
    screens: Screens, pages: Pages, town: Town
) -> None:
    signs, (asks, _, path) = town.begun(template="tekenen"), asked(pages, town)
    signs.until_in("opstellen")

    def scene(screen: Screen) -> None:
        keys = Keys(screen, pages, signs.client)
        keys.open(f"/mijn/{pages.key_of(signs.name)}/taak/opstellen.machtigen.1")
        keys.tick("input[name=gedaan]").press("Gedaan")
        assert "Gedaan: Zet uw toestemming klaar" in screen.words
        keys = Keys(screen, pages, asks.client).open(f"{path}/{FORM}")
        keys.tick_second("input[name=v-auto]").press("Verder").press("Versturen")
        keys.open(f"{path.rpartition('/')[0]}/gesprek").type("textarea[name=bericht]", "Klopt dit zo?")
        keys.press("Versturen")
        assert "Uw bericht is verstuurd." in screen.words
        assert "Klopt dit zo?" in screen.words

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
        keys.unfold("Notitie").type("form#notitie textarea", "Gebeld")
        keys.unfold("Aanhouden").type("form#aanhouden textarea", "Vakantie").press("Aanhouden")
        assert "De opdracht is aangehouden." in screen.words
        assert "is nog niet verstuurd. Het staat er nog." in screen.words
        keys.press("Hervatten")
        assert "De opdracht gaat verder." in screen.words
        assert screen.page.input_value("form#notitie textarea") == "Gebeld"
        for _ in range(2):  # on a page that has none of these forms too
            keys.type("input[name=q]", "niemand")
            with screen.page.expect_navigation():
                screen.page.keyboard.press("Enter")
            assert "Gebeld" not in screen.words
        keys.open(f"/opdrachten/{filing.name}")
        assert screen.page.input_value("form#notitie textarea") == "Gebeld"
        keys.press("Bewaren")
        assert "Genoteerd." in screen.words
        assert "nog niet verstuurd" not in screen.words
        keys.unfold("Notitie").type("form#notitie textarea", "Nog eens").type("input[name=q]", "niemand")
        with screen.page.expect_navigation():
            screen.page.keyboard.press("Enter")
        Keys(screen, pages, "marieke").open(f"/opdrachten/{filing.name}")
        assert screen.page.input_value("form#notitie textarea") == "", "it is of who typed it"

    screens.play(scene)
    assert filing.now().phases == ("opstellen",)


def test_a_client_says_that_an_item_does_not_apply_and_sends_a_file_after_all(
    screens: Screens, pages: Pages, town: Town
) -> None:
    filing, _, path = asked(pages, town)

    def scene(screen: Screen) -> None:
        keys = Keys(screen, pages, filing.client).open(f"{path}/{LIST}")
        keys.press("Sturen")
        assert "Kies eerst een bestand" in screen.focus
        keys.unfold("Ik heb dit niet").tick("input[name=nvt]")
        keys.type("textarea[name=reden-ritten]", "Ik rijd alleen zakelijk").press("Sturen")
        assert screen.focus.startswith("Ontvangen: Rittenregistratie")
        assert "Ik rijd alleen zakelijk" in screen.words
        keys.unfold("Toch iets sturen").attach(
            "input[name=bestand-ritten]", "ritten.pdf", "application/pdf", PDF
        ).press("Sturen")
        assert screen.focus.startswith("Ontvangen")
        assert "ritten.pdf" in screen.words

    screens.play(scene)
    until(filing, "ritten", "received")


def test_a_colleague_chooses_work_ticks_it_off_and_attaches_the_figures(
    screens: Screens, pages: Pages, town: Town
) -> None:
    plan = replace(plan_of(town, "btw-aangifte"), template="met-toetsen", title="Toetsenbord")
    with published(town, plan):
        filing = town.begun(template=plan.template)

    def scene(screen: Screen) -> None:
        keys = Keys(screen, pages, "sanne").choose("select[name=werkproces]", "Toets").press("Toon")
        keys.follow(f"main a[href*='{filing.name}']")
        screen.page.keyboard.press("Tab")
        first = screen.focus
        assert screen.page.evaluate("document.activeElement.matches('#fase-verzamelen .tick')")
        for _ in COLLECT:
            with screen.page.expect_navigation():
                screen.page.keyboard.press("Enter")
            assert screen.page.evaluate("document.activeElement.matches('.tick[aria-pressed=true]')")
            screen.page.keyboard.press("Tab")
        assert first in screen.words
        assert "Nog te doen" not in screen.words
        keys.press("afronden")
        assert screen.focus == "De fase is afgerond."
        keys.attach("#document-aangifte input[type=file]", "cijfers.csv", "text/csv", FIGURES.encode())
        keys.press("Toevoegen")
        assert screen.focus.startswith("Toegevoegd.")

    screens.play(scene)
    assert filing.now().phases == ("opstellen",)
    assert any(one.shown for one in filing.view().documents)


def test_a_colleague_sends_work_back_and_another_hands_it_over(
    screens: Screens, pages: Pages, town: Town
) -> None:
    filing = town.begun().to("controle")

    def scene(screen: Screen) -> None:
        keys = Keys(screen, pages, "tom").open(f"/opdrachten/{filing.name}").unfold("Terugsturen naar")
        keys.type("form#terug-controle textarea", " ").press("Terugsturen")
        assert "Geef een reden" in screen.focus
        keys.type("form#terug-controle textarea", "De aftrek klopt niet").press("Terugsturen")
        assert screen.focus == "Het werk is teruggestuurd."
        keys = Keys(screen, pages, "marieke").open(f"/opdrachten/{filing.name}").unfold("Werk overdragen")
        keys.choose("form#overdragen select[name=rol]", "Adm").choose("select[name=persoon]", "Wim")
        keys.type("form#overdragen textarea", "Sanne is druk").press("Overdragen")
        assert screen.focus == "Het werk van Administratie is overgedragen aan Wim Vos."
        assert "Administratie: Wim Vos" in screen.words

    screens.play(scene)
    assert filing.now().phases == ("opstellen",)


def test_a_colleague_releases_an_offer(screens: Screens, pages: Pages, town: Town) -> None:
    filing = town.begun(template="met-de-hand")
    filing.tick("sanne", *COLLECT)
    filing.attach(FIGURES, document="aangifte")
    filing.attach("%PDF-1.7 memo", document="memo")
    filing.tick("sanne", *MAKE)
    filing.tick("tom", *REVIEW)
    filing.until_offer("to_release")

    def scene(screen: Screen) -> None:
        Keys(screen, pages, "marieke").open(f"/opdrachten/{filing.name}").press("Vrijgeven")
        assert screen.focus == "Vrijgegeven: de klant krijgt bericht."

    screens.play(scene)
    filing.until_offer("waiting")
