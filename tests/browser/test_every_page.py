"""Every page as it is looked at, with data on it: by axe in light and dark, its width on a telephone too.

Some need an office that runs, most one in which nothing does. Most of its cost is in the browser.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pyotp
import pytest
from jinja2 import Environment

from kantoor.portal.answers import environment
from kantoor.service.filings.attaching import Attached
from kantoor.service.visiting.managing import give_management
from tests.browser.links import link_of
from tests.browser.screens import DESK, TELEPHONE, WIDER, Screen, Screens
from tests.portal.reading import FIRST
from tests.portal.test_client_requests import ANSWERS, FORM, LIST
from tests.portal.test_reading_pages import MANAGER, READ
from tests.portal.visitors import Pages
from tests.service.moving import managing, offering_otherwise, plan_of, published
from tests.service.town import COLLECT, MAKE, REVIEW, Return, Town

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("whole_town")]

SIX_FIGURES = "rubriek;omzet_centen;btw_centen\n1a;98765400;20740700\n1b;45678900;4111100\n5b;;10000\n"
ELSEWHERE = ("/werk", "/planner", "/beheer/team", "/beheer/team/sanne", f"/relaties/{FIRST}/gereed")
"""What the list of pages that are read leaves out."""
ALIKE = ("/wijzigen", "/weghalen", "/nieuw", "/bekende", "/procesteam")
"""Ends of addresses of sheets, which are one template: all but one of each end are left out."""
PIECES = ("base.html.j2", "parts")
_PREPARE = """() => {
  for (const body of document.querySelectorAll('tbody')) {
    const seen = {}
    for (const row of [...body.children]) {
      const all = [row, ...row.querySelectorAll('*')]
      const kind = all.map(one => one.tagName + '.' + one.getAttribute('class')).join(' ')
      seen[kind] = (seen[kind] || 0) + 1
      if (seen[kind] > 2) row.remove()
    }
  }
  document.querySelectorAll('details').forEach(one => one.open = true)
}"""
"""Of rows that are alike two stay: axe would look at each. What is folded away it would not look at."""
_SEND = """([path, fields]) => {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = path
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement('input')
    field.name = name
    field.value = value
    form.append(field)
  }
  document.body.append(form)
  form.submit()
}"""
LOOKED_AT: set[str] = set()
"""The templates of the pages that these tests looked at."""
RAN: set[str] = set()
SCENES = 6
"""Tests of this file that look; where one is left out, nobody asks whether every template was looked at."""


@pytest.fixture(autouse=True)
def shown_templates(request: pytest.FixtureRequest) -> Iterator[None]:
    """Note which templates are filled in."""
    known: Environment = environment()
    assert known.cache is not None
    known.cache.clear()
    yield
    RAN.update({request.node.name} - {"test_every_template_was_looked_at"})
    LOOKED_AT.update(name for _, name in list(known.cache))


class Eye:
    """Somebody who looks at pages on a screen that is made narrow and wide."""

    def __init__(self, screen: Screen, base: str) -> None:
        self.screen = screen
        self._base = base

    def open(self, path: str) -> "Eye":
        """Open a page of ours and look at it."""
        self.screen.page.goto(self._base + path)
        return self.look()

    def press(self, words: str) -> "Eye":
        """Press a button and look at the page that follows."""
        self.screen.page.get_by_role("button", name=words).first.click()
        return self.look()

    def back(self) -> "Eye":
        """Go back, as a browser does, and look at the page that it shows."""
        self.screen.page.go_back()
        return self.look()

    def send(self, path: str, fields: dict[str, str]) -> "Eye":
        """Send a form that no page has, or has no longer, and look at what comes of it."""
        with self.screen.page.expect_navigation():
            self.screen.page.evaluate(_SEND, [path, fields])
        return self.look()

    def look(self) -> "Eye":
        """Assert that it looks right, narrow and wide."""
        self.screen.page.evaluate(_PREPARE)
        self.screen.look_at_each(TELEPHONE, DESK)
        return self


def one_of_each_kind() -> list[str]:
    """Return the addresses that are read, without those that are filled in from the same parts as another."""
    seen: set[str] = set()
    kept = []
    for path in READ:
        end = next((one for one in ALIKE if path.endswith(one)), path.partition("?")[0])
        if end not in seen:
            kept.append(path)
        seen.add(end)
    return kept


def come_in(screen: Screen, pages: Pages, person: str) -> Eye:
    """Sign somebody in by a link of theirs."""
    screen.page.goto(link_of(pages, person))
    screen.page.get_by_role("button", name="Ja, log mij in").click()
    return Eye(screen, pages.settings.base_url)


def offered_to_sign(town: Town) -> Return:
    """Offer an agreement to its client, to be signed."""
    filing = town.begun(template="tekenen")
    filing.until_in("opstellen")
    attached = filing.attach("%PDF-1.7 overeenkomst")
    assert isinstance(attached, Attached), attached
    filing.acts("sanne", lambda acts: acts.complete(filing.name))
    filing.until_offer("waiting")
    return filing


def test_what_colleagues_read(screens: Screens, reading: Pages) -> None:
    def scene(screen: Screen) -> None:
        eye = come_in(screen, reading, MANAGER)
        for path in (*one_of_each_kind(), *ELSEWHERE):
            eye.open(path)

    screens.play(scene)


def test_what_follows_a_form_of_a_colleague(screens: Screens, reading: Pages) -> None:
    relation = f"/relaties/{FIRST}"

    def scene(screen: Screen) -> None:
        eye = come_in(screen, reading, MANAGER)
        eye.open("/relaties/1001/starten?werkproces=btw-aangifte")
        page = screen.page
        page.locator("input[name=periode]").first.check()
        eye.press("Bekijk wat er gebeurt")
        eye.open(f"{relation}/gegevens/wijzigen")
        page.get_by_label("Status", exact=True).select_option("bankrupt")
        eye.press("Bewaar")
        assert eye.screen.heading == "Dit heeft gevolgen"
        eye.open("/beheer/team/sanne")
        page.locator("input[name=van]").first.fill("2026-02-10")
        eye.press("Bekijk wat er in valt")
        eye.open("/bulk/nieuw").press("Toon wat er zou gebeuren")
        eye.open(f"{relation}/gegevens/wijzigen")
        with closing(
            sqlite3.connect(next(reading.settings.home.glob("*.db")), isolation_level=None)
        ) as other:
            other.execute("BEGIN IMMEDIATE")
            eye.press("Bewaar")
        assert "niet bereikbaar" in eye.screen.heading
        eye.send("/inzichten", {"wie": "sanne"})
        assert eye.screen.heading == "Dit is niet gedaan"
        eye.send(f"{relation}/contactpersonen/weg/wijzigen", {"name": "Els"})
        assert eye.screen.heading == "Dit is niet bewaard"

    screens.play(scene)


def test_the_planner_prints_without_what_is_pressed(screens: Screens, reading: Pages) -> None:
    def scene(screen: Screen) -> None:
        come_in(screen, reading, MANAGER)
        screen.page.goto(f"{reading.settings.base_url}/planner/aangifte-btw?jaar=2026")
        forms, table = screen.page.locator("form"), screen.page.locator("main table").first
        assert forms.first.is_visible()
        screen.page.emulate_media(media="print")
        assert not any(one.is_visible() for one in forms.all())
        assert table.is_visible()

    screens.play(scene)


def test_the_doors(screens: Screens, quiet_doors: Pages) -> None:
    give_management(quiet_doors.desk, "ruud")

    def scene(screen: Screen) -> None:
        eye = Eye(screen, quiet_doors.settings.base_url)
        for path in ("/mijn", "/in/verzonnen", "/bestaat-niet", "/in"):
            eye.open(path)
        screen.page.get_by_label("Uw e-mailadres").fill("niemand@elders.example")
        eye.press("Stuur mij een link")
        screen.page.goto(link_of(quiet_doors, "ruud"))
        eye.look().press("Ja, log mij in")
        secret = screen.page.locator("code.secret").inner_text()
        screen.page.get_by_label("Code van zes cijfers").fill("000000")
        eye.press("Koppelen")
        screen.page.get_by_label("Code van zes cijfers").fill(pyotp.TOTP(secret).now())
        eye.press("Koppelen").open("/beheer/medewerkers").press("Uitloggen")
        come_in(screen, quiet_doors, "ruud").look()
        assert screen.heading == "Vul uw code in"

    screens.play(scene)


def test_what_a_client_reads_and_what_follows_a_form_of_theirs(
    screens: Screens, pages: Pages, town: Town
) -> None:
    filing = town.begun()
    filing.tick("sanne", *COLLECT)
    filing.attach(SIX_FIGURES)
    filing.tick("sanne", *MAKE)
    filing.tick("tom", *REVIEW)
    filing.until_offer("waiting")
    asks = town.begun(template="uitvragen")
    signs = town.begun(template="tekenen")
    asks.until_in("uitvraag")
    signs.until_in("opstellen")
    signed = offered_to_sign(town)

    def scene(screen: Screen) -> None:
        eye = come_in(screen, pages, filing.client)
        key = pages.key_of(filing.name)
        for path in ("/mijn", "/aangiften", f"/mijn/{key}", f"/mijn/{key}/gesprek"):
            eye.open(path)
        offer = f"/mijn/{key}/aanbieding/aanbieden"
        eye.open(offer)
        for size in (TELEPHONE, DESK):
            screen.page.set_viewport_size({"width": size[0], "height": size[1]})
            frame = screen.page.frames[1]
            assert not frame.evaluate(WIDER), f"the document runs off a frame at {size}"
            # A frame that lies below what is seen is not drawn, and what waits for a drawing waits for ever.
            frame.wait_for_function("document.documentElement.scrollHeight <= innerHeight", polling=50)
        eye.press("Verder")
        assert screen.heading == "Aangifte omzetbelasting"
        screen.page.get_by_label("Ik ga akkoord").check()
        eye.press("Verder").back()
        assert screen.page.get_by_label("Ik ga akkoord").is_checked()
        eye.press("Verder").press("Akkoord geven")
        screen.page.locator("input[type=checkbox]").check()
        eye.press("Akkoord geven")
        assert screen.heading == "U hebt akkoord gegeven"
        eye.back()
        assert "U hebt hier al akkoord op gegeven" in screen.words
        eye = come_in(screen, pages, asks.client)
        request = f"/mijn/{pages.key_of(asks.name)}/uitvraag"
        eye.open(f"{request}/{LIST}").open(f"{request}/{FORM}")
        eye.send(f"{request}/{FORM}", ANSWERS)
        assert screen.heading == "Controleer uw antwoorden"
        eye = come_in(screen, pages, signs.client)
        task = f"/mijn/{pages.key_of(signs.name)}/taak/opstellen"
        for one in ("machtigen", "kenmerk", "uittreksel"):
            eye.open(f"{task}.{one}.1")
        eye = come_in(screen, pages, signed.client)
        eye.open(f"/mijn/{pages.key_of(signed.name)}/aanbieding/ondertekenen/tekenblad")
        assert screen.heading.startswith("Blad om te ondertekenen")

    screens.play(scene, TELEPHONE)


def test_what_a_colleague_reads_of_a_filing_that_runs(screens: Screens, pages: Pages, town: Town) -> None:
    filing = town.begun().to("aanbieden")
    assessed = town.begun(template="naheffing")

    def scene(screen: Screen) -> None:
        eye = come_in(screen, pages, "marieke")
        name = f"/opdrachten/{filing.name}"
        for path in (name, f"{name}/gesprek", f"/opdrachten/{assessed.name}"):
            eye.open(path)
        eye.open(f"/relaties/{filing.relation}/dossier/nieuw")
        start = f"/relaties/{town.relation()}/starten"
        eye.open(f"{start}?werkproces=btw-aangifte")
        screen.page.locator("input[name=periode]").first.check()
        eye.press("Bekijk wat er gebeurt").press("Ja, start").back()
        assert screen.heading == "Dit is al gestart"

    screens.play(scene)
    plan = plan_of(town, "btw-aangifte")

    def see_the_move(screen: Screen) -> None:
        eye = come_in(screen, pages, "marieke")
        eye.open(f"/opdrachten/{filing.name}").open(f"/opdrachten/{filing.name}/verplaatsen")
        assert "Nu kan het nog niet" in screen.words

    with managing(town, "marieke"), published(town, offering_otherwise(plan)):
        screens.play(see_the_move)


def test_every_template_was_looked_at() -> None:
    if len(RAN) < SCENES:
        pytest.skip("not every test of this file ran")
    whole = {one for one in environment().list_templates() if not one.startswith(PIECES)}
    assert whole - LOOKED_AT == set()
