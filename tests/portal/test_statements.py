"""How many statements each page sends to the database at most, however much it shows, in one transaction.

The work list asks more where others left work of other kinds in the office that tests share.
"""

from tests.counting import count_statements
from tests.portal.test_bulk import ask as show_run
from tests.portal.test_client_requests import FORM, LIST, asked
from tests.portal.visitors import Browser, Pages
from tests.service.town import Town

TEAM = {
    "/werk": 20,
    "/werk?lijst=niemand": 30,
    "/opdrachten/{offered}": 14,
    "/opdrachten/{offered}/gesprek": 14,
    "/opdrachten/{asking}": 14,
    "/opdrachten/{offered}/document/aangifte/weergave": 4,
    "/relaties/{relation}/gereed": 17,
    "/opdrachten": 8,
    "/planner/aangifte-btw": 5,
    "/inzichten": 5,
    "/inzichten?kolommen=rollen,ontbreekt": 19,
    "/relaties/{relation}/gegevens/wijzigen": 3,
    "/relaties/{relation}/rollen/wijzigen": 5,
    "/relaties/{relation}/starten": 4,
    "/relaties/{recurring}/vanzelf/btw-aangifte/-": 3,
    "{run}": 7,
}
OFFERED = {
    "/mijn": 7,
    "/aangiften": 5,
    "/mijn/{offer}": 13,
    "/mijn/{offer}/gesprek": 14,
    "/mijn/{offer}/aanbieding/aanbieden": 10,
}
ASKED = {
    f"/mijn/{{request}}/uitvraag/{FORM}": 10,
    f"/mijn/{{request}}/uitvraag/{LIST}": 10,
}
STRANGER = {"/in": 2, "/werk": 2}


def count(pages: Pages, browser: Browser, path: str) -> int:
    with count_statements(pages.desk.equipment.database) as sent:
        page = browser.open(path, follow=False)
    assert page.status in (200, 401), page.text
    begun = [one for one in sent if one.startswith("BEGIN")]
    assert len(begun) == 1, path
    return len([one for one in sent if not one.startswith(("BEGIN", "PRAGMA"))])


def test_each_page_asks_no_more_and_in_one_moment(pages: Pages, town: Town) -> None:
    offered = town.begun().to("aanbieden")
    asking, asked_one, _ = asked(pages, town)
    recurring = town.relation()
    town.told(recurring, recurring=True)
    names = {
        "offered": offered.name,
        "asking": asking.name,
        "relation": offered.relation,
        "recurring": recurring,
        "run": show_run(pages.client_of("marieke"), town.relation()).path,
        "offer": pages.key_of(offered.name),
        "request": pages.key_of(asking.name),
    }
    looked = (
        (pages.client_of("marieke"), TEAM),
        (pages.client_of(offered.client), OFFERED),
        (asked_one, ASKED),
        (pages.stranger(), STRANGER),
    )
    for browser, expected in looked:
        for path in expected:  # what never changes is read once
            browser.open(path.format(**names))
        found = {path: count(pages, browser, path.format(**names)) for path in expected}
        assert {path: sent for path, sent in found.items() if sent > expected[path]} == {}
