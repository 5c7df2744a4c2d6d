"""No page sends more than ten statements to the database in one transaction, or weighs over 30 kB gzipped."""

import gzip

from starlette.routing import compile_path

from kantoor.portal.pages.mending import PLACES
from kantoor.portal.routes import list_pages
from tests.counting import count_statements
from tests.portal.test_bulk import ask as show_run
from tests.portal.test_client_requests import FORM, LIST, asked
from tests.portal.test_reading_pages import MOST_STATEMENTS, READ
from tests.portal.visitors import Browser, Pages
from tests.service.town import Town

TEAM = (
    "/werk",
    "/werk?lijst=niemand",
    "/opdrachten/{offered}",
    "/opdrachten/{offered}/gesprek",
    "/opdrachten/{asking}",
    "/opdrachten/{offered}/document/aangifte/weergave",
    "/relaties/{relation}/gereed",
    "/relaties/{relation}/opdrachten",
    "/opdrachten",
    "/planner",
    "/planner/aangifte-btw",
    "/planner/aangifte-btw/csv",
    "/inzichten",
    "/inzichten?kolommen=rollen,ontbreekt",
    "/relaties/{relation}",
    "/relaties/{relation}/gegevens/wijzigen?{sheet}",
    "/relaties/{relation}/gegevens/wijzigen/controle?{sheet}",
    "/relaties/{relation}/rollen/wijzigen",
    "/relaties/{relation}/dossier/nieuw",
    "/relaties/{relation}/starten?{start}",
    "/relaties/{relation}/starten/controle?{start}",
    "/relaties/{relation}/starten/btw-aangifte",
    "/relaties/{recurring}/vanzelf/btw-aangifte/-",
    "{run}",
    "{run}/csv",
    "/beheer/werkprocessen/btw-aangifte/verloop.svg",
    "/beheer/team",
    "/beheer/team/sanne?{absence}",
    "/beheer/team/sanne/controle?{absence}",
)
OFFERED = (
    "/mijn",
    "/aangiften",
    "/mijn/{offer}",
    "/mijn/{offer}/gesprek",
    "/mijn/{offer}/aanbieding/aanbieden?{choice}",
    "/mijn/{offer}/aanbieding/aanbieden/controle?{choice}",
    "/mijn/{offer}/aanbieding/aanbieden/klaar",
    "/mijn/{offer}/aanbieding/aanbieden/tekenblad",
)
ASKED = (f"/mijn/{{request}}/uitvraag/{FORM}", f"/mijn/{{request}}/uitvraag/{LIST}")
STRANGER = ("/", "/in", "/uit", "/werk")
FILES = (
    "/aangiften/document/{id}",
    "/mijn/{key}/weergave/{hash}",
    "/mijn/{key}/document/{hash}",
    "/mijn/{key}/ontvangen/{hash}",
    "/opdrachten/{name:path}/document/{document}",
    "/opdrachten/{name:path}/document/{document}/voorbeeld",
    "/opdrachten/{name:path}/stuk/{hash}",
    "/opdrachten/{name:path}/bewijs/{hash}",
    "/opdrachten/{name:path}/ontvangstbevestiging",
    "/relaties/{number}/dossier/{document}",
    "/in/app/code.svg",
)
"""Pages that are a file of a filing or a relation: they read less than the page that leads to them."""
LIKE_OTHERS = (
    "/in/{token}",
    "/in/code",
    "/in/app",
    "/mijn/{key}/taak/{task}",
    "/mijn/{key}/uitvraag/{request}/controle",
    *(f"/relaties/{{number}}/{place.path}/controle" for place in PLACES[1:]),
)
"""Pages that read what another one reads: of who signs in, of a client's filing, of a form."""

OPENED = ("choice", "start", "sheet", "absence")
"""Forms that were sent and are not done: what the address of their page asks."""
FILE_ENDS = ("/csv", ".svg", "/weergave")
"""How pages end that are files: what is downloaded or framed is as heavy as it is."""
MOST_BYTES = 30_000
"""Of a page as it is sent, gzipped: office and client alike."""
COUNTED_ELSEWHERE = ("/opdrachten/{name:path}/verplaatsen",)
"""Pages that need more than these scenes have, counted beside what they do (test_moving.py)."""


def count(pages: Pages, browser: Browser, path: str) -> int:
    with count_statements(pages.desk.equipment.database) as sent:
        page = browser.open(path, follow=False)
    assert page.status in (200, 303, 401), f"{path}: {page.status} {page.text}"
    weight = len(gzip.compress(page.body))
    assert weight <= MOST_BYTES or path.endswith(FILE_ENDS), f"{path}: {weight} bytes gzipped"
    begun = [one for one in sent if one.startswith("BEGIN")]
    assert len(begun) == 1, path
    return len([one for one in sent if not one.startswith(("BEGIN", "PRAGMA"))])


def test_no_page_asks_more_and_each_asks_in_one_moment(pages: Pages, town: Town) -> None:
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
    colleague, client = pages.client_of("marieke"), pages.client_of(offered.client)
    chosen = client.open(f"/mijn/{names['offer']}/aanbieding/aanbieden").press(
        "Verder", {"besluit": "akkoord"}
    )
    assert chosen.heading == "Controleer uw besluit"
    form = f"/relaties/{offered.relation}/starten?werkproces=btw-aangifte&periode=2026-02"
    start = colleague.open(form).press("Bekijk")
    assert start.heading == "Klopt dit?"
    sheet = colleague.open(f"/relaties/{offered.relation}/gegevens/wijzigen")
    asked_first = sheet.press("Bewaar", {"v-status": "leaving"})
    assert asked_first.heading == "Dit heeft gevolgen"
    absence = colleague.open("/beheer/team/sanne").press("Bekijk wat er in valt", {"van": "2026-02-10"})
    assert absence.heading == "Klopt dit?"
    opened = zip(OPENED, (chosen, start, asked_first, absence), strict=True)
    names |= {name: page.address.partition("?")[2] for name, page in opened}
    looked = (
        (colleague, TEAM),
        (client, OFFERED),
        (asked_one, ASKED),
        (pages.stranger(), STRANGER),
    )
    for browser, paths in looked:
        for path in paths:  # what never changes is read once
            browser.open(path.format(**names))
        found = {path: count(pages, browser, path.format(**names)) for path in paths}
        assert {path: sent for path, sent in found.items() if sent > MOST_STATEMENTS} == {}


def test_every_page_that_is_looked_at_is_counted() -> None:
    names = {"offered": "a/1/2026-01", "asking": "a/1/2026-01", "run": "/bulk/1"}
    other = dict.fromkeys(("relation", "recurring", "offer", "request", *OPENED), "1")
    paths = [path.format(**names, **other) for path in (*TEAM, *OFFERED, *ASKED, *STRANGER)]
    addresses = {path.partition("?")[0] for path in (*paths, *READ)}
    patterns = [page.path for page in list_pages() if page.method == "GET"]
    matched = {next(one for one in patterns if compile_path(one)[0].match(address)) for address in addresses}
    assert {*patterns} - matched == {*FILES, *LIKE_OTHERS, *COUNTED_ELSEWHERE}
