"""A client does not agree: who works on it again and who was named to the client both read it."""

from functools import partial

from kantoor.filing.outcome import Refusal
from kantoor.service.bulk import runs
from kantoor.service.bulk.asking import Asked
from kantoor.service.bulk.reading import read_lines
from kantoor.service.bulk.selecting import Chosen
from kantoor.service.filings.acts import Acts
from kantoor.service.filings.giving import ALREADY_THEIRS
from kantoor.service.filings.rejected import refuse_same_version
from kantoor.service.lists import work_table
from kantoor.service.overviews.reading import work
from tests.portal.test_team_filing import look, send
from tests.portal.visitors import Pages
from tests.service.town import FIGURES, MAKE, REVIEW, Return, Town

WHY = "De huur van december ontbreekt."
OTHER = FIGURES.replace("1000000;210000", "2000000;420000")
SAME = "nog dezelfde versie"
ROW = "De klant is niet akkoord"


def rejected(town: Town) -> Return:
    """Offer a return, which its client rejects."""
    filing = town.begun().to("aanbieden")
    filing.acts(filing.client, lambda acts: acts.decide(filing.name, "reject", reason=WHY))
    filing.until_in("opstellen")
    return filing


def rows(pages: Pages, person: str, filing: Return, kind: str) -> list[str]:
    """Return what rows of a kind on somebody's work list say of a filing, and where each leads."""
    page = pages.client_of(person).open(f"/werk?werkproces=btw-aangifte&wat={kind}")
    name = f"/opdrachten/{filing.name}#"
    found = page.tree.xpath("//tr[.//a[starts-with(@href, $name)]]", name=name)
    return [" ".join([*one.text_content().split(), *one.xpath(".//a/@href")]) for one in found]


def test_who_works_on_it_again_reads_why_and_does_not_offer_the_same_unaware(
    pages: Pages, town: Town
) -> None:
    filing = rejected(town)
    page = look(pages, "sanne", filing)
    (said,) = page.tree.xpath("//section[@id='fase-opstellen']/div[@class='warn']")
    told = " ".join(said.text_content().split())
    assert told.startswith(f"De klant is niet akkoord Kim {filing.relation}, ")
    assert WHY in told
    assert SAME in told
    assert "ook voor de klant, de reden niet" in page.words
    for _ in MAKE:
        page = send(page, "afvinken")
    kept_back = send(page, "afronden")
    assert kept_back.status == 409
    assert "Voeg een nieuwe versie toe" in kept_back.problem
    assert filing.now().phases == ("opstellen",)
    first = filing.view().documents[0].shown
    filing.attach(FIGURES + "\n")  # the same amounts, in a return with another reference
    assert filing.view().documents[0].shown != first
    page = look(pages, "sanne", filing)
    assert SAME in page.words
    assert send(page, "afronden").status == 409
    kept_back = refuse_same_version(pages.desk, "sanne", filing.name, None)
    assert kept_back is not None
    assert kept_back.code == "same_version"
    assert send(page, "afronden", toch="ja").word.startswith("De fase is afgerond")
    assert SAME in look(pages, "tom", filing).words
    told = "gewerkt en mag 'Controle' niet afronden"
    give, chosen = partial(Asked, action="reassign", reason=WHY), Chosen(numbers=filing.relation)
    number = runs.prepare(pages.desk, "marieke", give(person="tom", to="sanne"), chosen)
    assert isinstance(number, int)
    lines = read_lines(pages.desk, number)
    assert not isinstance(lines, Refusal)
    assert any(told in line.text for line in lines)
    own = give(person="sanne", to="sanne")
    assert runs.prepare(pages.desk, "marieke", own, chosen) == ALREADY_THEIRS
    page = look(pages, "marieke", filing)
    assert (
        f"Vier ogen: Sanne Visser heeft zelf aan 'Stukken opvragen' en 'Boeken en aangifte opstellen' {told}."
        in page.words
    )
    assert "Vier ogen: 'Controle' en" not in page.words  # what Sanne did is told, and not once more
    warned = send(page, "overdragen", rol="accountant", persoon="sanne", reden=WHY)
    assert (warned.status, told in warned.problem) == (409, True)
    (tick,) = warned.tree.xpath("//input[@name='toch']/@value")
    other = send(warned, "overdragen", rol="accountant", persoon="sanne", reden=WHY, toch="accountant:ruud")
    assert other.status == 409  # that tick was of another colleague
    given = send(warned, "overdragen", rol="accountant", persoon="sanne", reden=WHY, toch=tick)
    assert told in given.word
    refused = town.play(lambda desk: Acts(desk, "sanne").check(filing.name, REVIEW[0]))
    assert isinstance(refused, Refusal)
    assert refused.code == "four_eyes"
    same = town.play(lambda desk: Acts(desk, "tom").reassign(filing.name, "administratie", "sanne", WHY))
    assert same == ALREADY_THEIRS


def test_a_new_version_asks_for_nothing_and_once_it_is_offered_nothing_is_said(
    pages: Pages, town: Town
) -> None:
    filing = rejected(town)
    (before,) = rows(pages, "sanne", filing, "phase")
    assert "klant niet akkoord 2e ronde" in before
    filing.attach(OTHER)
    page = look(pages, "sanne", filing)
    assert WHY in page.words
    assert SAME not in page.words
    filing.tick("sanne", *MAKE)
    filing.tick("tom", *REVIEW)
    filing.until_offer("waiting")
    assert not look(pages, "tom", filing).tree.xpath("//div[@class='warn']")
    assert rows(pages, "marieke", filing, "rejected") == []


def test_whom_the_client_was_told_of_has_it_on_their_work_list(pages: Pages, town: Town) -> None:
    filing = rejected(town)
    (row,) = rows(pages, "marieke", filing, "rejected")
    assert ROW in row
    assert "Weer aan de beurt: Boeken en aangifte opstellen." in row
    assert row.endswith("#fase-opstellen")
    lines = work(pages.desk, "sanne")
    assert isinstance(lines, tuple)
    ours = [one for one in work_table(lines).rows if one[5] == filing.name]
    assert [(one[4], one[7].partition(";")[0]) for one in ours] == [
        ("klant niet akkoord: Boeken en aangifte opstellen", "2e ronde")
    ]
    # who prepares it too is told in the row of that work, and not twice
    filing.acts("marieke", lambda acts: acts.reassign(filing.name, "administratie", "marieke", "Druk"))
    filing.until(lambda f: any(item["person"] == "marieke" for item in (f.view or {"work": []})["work"]))
    assert rows(pages, "marieke", filing, "rejected") == []
    (row,) = rows(pages, "marieke", filing, "phase")
    assert "klant niet akkoord" in row


def test_a_client_finds_what_they_rejected_under_the_name_of_its_document(pages: Pages, town: Town) -> None:
    filing = rejected(town)
    client, path = pages.client_of(filing.client), f"/mijn/{pages.key_of(filing.name)}"
    overview = client.open("/aangiften")
    assert path in overview.links
    assert "bij ons in behandeling" in overview.words
    page = client.open(path)
    (link,) = page.tree.xpath("//a[@href=$path]", path=f"{path}/aanbieding/aanbieden")
    assert link.text_content() == "Aangifte omzetbelasting"
    assert client.open(f"{path}/aanbieding/aanbieden").heading == "Aangifte omzetbelasting"
    assert path not in pages.client_of(f"z-{filing.relation}").open("/aangiften").links


def test_what_the_office_took_back_is_told_before_and_explained_to_the_client(
    pages: Pages, town: Town
) -> None:
    filing = town.begun().to("aanbieden")
    browser, path = pages.client_of(filing.client), f"/mijn/{pages.key_of(filing.name)}"
    contact = f"/relaties/{filing.relation}/contactpersonen/{filing.client}/wijzigen"
    moved = pages.client_of("marieke").open(contact).press("Bewaar", {"v-email": "ander@klant.example"})
    assert moved.heading == "Dit heeft gevolgen"
    assert (
        "links in eerdere mails werken dan niet meer. Wie met zo'n link is ingelogd, wordt uitgelogd"
        in moved.words
    )
    page = look(pages, "marieke", filing)
    assert "De klant heeft 'Aanbieden aan de klant' nu in handen" in page.words
    remark = "De kilometers volgen nog."
    check = browser.open(f"{path}/aanbieding/aanbieden").press(
        "Verder", {"besluit": "akkoord", "reden": remark}
    )
    send(page, "terug", reden="De huur ontbreekt")
    filing.until_in("opstellen")
    (box,) = check.tree.xpath("//input[@type='checkbox']/@value")
    late = check.press("Akkoord geven", {"gezien": [box]})
    assert late.status == 409
    assert "Uw besluit is niet vastgelegd" in late.problem
    assert "Wij hebben dit teruggenomen" in late.words
    assert "nieuwere versie" not in late.words
    assert [one.text_content() for one in late.tree.xpath("//p[@class='said']")] == [remark]
    explained = browser.open(f"{path}/aanbieding/aanbieden")
    assert explained.status == 200
    assert "Wij hebben dit teruggenomen" in explained.words
    assert not explained.tree.xpath("//form[contains(@action, '/aanbieding/')]")
    overview = browser.open(path).words
    assert "door ons teruggenomen" in overview
    assert "Aangifte omzetbelasting is teruggenomen; u krijgt" in overview
    assert "De huur ontbreekt" not in overview
