"""The doors in a browser: coming in with a code, and beheer."""

import pyotp

from kantoor.service.visiting.managing import give_management
from tests.browser.links import link_of
from tests.browser.screens import DESK, TELEPHONE, Screen, Screens
from tests.portal.quiet import CLIENT, MEMBER
from tests.portal.visitors import Pages


def test_a_client_without_work_comes_in_and_goes_out(screens: Screens, quiet_doors: Pages) -> None:
    link = link_of(quiet_doors, CLIENT)

    def scene(screen: Screen) -> None:
        assert screen.open(link).heading.startswith("Welkom bij")
        assert screen.press("Ja, log mij in").heading == "Wat wacht op mij"
        assert screen.press("Uitloggen").heading == "U bent uitgelogd"

    screens.play(scene, TELEPHONE)


def test_the_door_and_what_is_wrong_there_read_well(screens: Screens, quiet_doors: Pages) -> None:
    def scene(screen: Screen) -> None:
        base = quiet_doors.settings.base_url
        assert screen.open(f"{base}/in").heading == "Inloggen"
        for path in ("/mijn", "/in/verzonnen", "/bestaat-niet"):
            screen.page.goto(base + path)
            screen.refused.clear()  # a browser notes each answer other than a page
            screen.look()

    screens.play(scene, DESK, TELEPHONE)


def test_a_manager_adds_an_app_and_sees_the_doors_of_the_team(screens: Screens, quiet_doors: Pages) -> None:
    give_management(quiet_doors.desk, MEMBER)
    link = link_of(quiet_doors, MEMBER)

    def scene(screen: Screen) -> None:
        screen.open(link).press("Ja, log mij in")
        assert screen.heading == "Koppel een authenticator-app"
        secret = screen.page.locator("code.secret").inner_text()
        screen.page.get_by_label("Code van zes cijfers").fill(pyotp.TOTP(secret).now())
        assert screen.press("Koppelen").heading == "Mijn werk"
        screen.page.get_by_role("link", name="Menu").click()
        screen.page.get_by_role("link", name="Medewerkers").click()
        assert screen.look().heading == "Medewerkers en inloggen"

    screens.play(scene, DESK, TELEPHONE)
