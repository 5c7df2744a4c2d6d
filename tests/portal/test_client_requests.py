"""What is asked of a client, answered over HTTP: a form half filled in and sent, and files for a list."""

from datetime import date
from typing import Any

import pytest

from kantoor.filing.view import read_view
from kantoor.office.database.tables import authorities, relation_contacts, relations
from kantoor.office.filings.filing import Filing
from kantoor.plan import FormField
from kantoor.portal.pages import client_requests
from kantoor.service.clients.client_requests import check_typed, send_files
from kantoor.service.filings.acts import Unknown
from tests.portal.visitors import Browser, Page, Pages
from tests.service.town import Commands, Return, Town

FORM, LIST = "uitvraag.situatie.1", "uitvraag.stukken.1"
ANSWERS = {
    "v-auto": "ja",
    "v-kenteken": "XX-123-Y",
    "v-cataloguswaarde": "41.950,50",
    "v-in_gebruik": "2025-03-01",
    "v-gebruik": "gemengd",
}
PDF = b"%PDF-1.7 kentekenbewijs"


def asked(pages: Pages, town: Town) -> tuple[Return, Browser, str]:
    """Start a filing that asks its client; return it, their browser, and where the requests are."""
    filing = town.begun(template="uitvragen")
    filing.until_in("uitvraag")
    return filing, pages.client_of(filing.client), f"/mijn/{pages.key_of(filing.name)}/uitvraag"


def answered(browser: Browser, path: str) -> Page:
    check = browser.open(f"{path}/{FORM}").press("Verder", ANSWERS)
    return check.press("Versturen")


def statuses(filing: Return) -> dict[str, str]:
    return _statuses(filing.now())


def until(filing: Return, item: str, status: str) -> None:
    """Wait until an item is recorded so."""
    filing.until(lambda found: _statuses(found).get(item) == status)


def _statuses(found: Filing) -> dict[str, str]:
    return {item.id: item.status for one in read_view(found.view).requests for item in one.items}


def test_what_is_asked_names_who_asks_it_and_not_who_sends_in_the_name_of_the_office(
    pages: Pages, town: Town
) -> None:
    _, browser, path = asked(pages, town)
    check = browser.open(f"{path}/{FORM}").press("Verder", ANSWERS)
    assert "Sanne Visser bekijkt uw antwoorden." in check.words
    assert "Marieke" not in check.words


def test_a_form_is_kept_half_way_checked_and_sent(pages: Pages, town: Town) -> None:
    filing, browser, path = asked(pages, town)
    home = browser.open("/mijn")
    assert f"{path}/{FORM}" in home.links
    page = browser.open(f"{path}/{FORM}")
    assert page.heading == "De auto van de zaak"
    assert "Met streepjes, zoals XX-123-Y" in page.words
    kept = page.press("Bewaren", {"v-auto": "ja", "v-kenteken": "weet ik niet"})
    assert kept.word.startswith("Bewaard.")
    assert statuses(filing)["auto-van-de-zaak"] == "open"
    page = pages.client_of(filing.client).open(f"{path}/{FORM}")
    assert ("v-kenteken", "weet ik niet") in page.fields("Verder")
    assert ("v-auto", "ja") in page.fields("Verder")
    early = browser.open(f"{path}/{FORM}/controle")
    assert (early.status, len(early.tree.xpath("//*[@id='v-kenteken-fout']"))) == (422, 1)
    wrong = page.press("Verder", {**ANSWERS, "v-kenteken": "weet ik niet"})
    assert wrong.status == 422
    assert wrong.tree.xpath("//*[@id='v-kenteken']/@aria-invalid") == ["true"]
    assert wrong.tree.xpath("//*[@id='v-kenteken-fout']")
    assert ("v-cataloguswaarde", "41.950,50") in wrong.fields("Verder")
    check = wrong.press("Verder", {"v-kenteken": "XX-123-Y"})
    assert check.heading == "Controleer uw antwoorden"
    assert "€ 41.950,50" in check.words
    assert "1 maart 2025" in check.words
    assert "Zakelijk en privé" in check.words
    (back,) = check.tree.xpath("//a[text()='Wijzigen']/@href")
    assert ("v-kenteken", "XX-123-Y") in browser.open(back).fields("Verder")
    sent = check.fields("Versturen")
    done = check.press("Versturen")
    assert done.word == "Uw antwoorden zijn verstuurd. Dank u wel."
    until(filing, "auto-van-de-zaak", "received")
    assert browser.send(f"{path}/{FORM}/controle", sent).word == done.word
    back = browser.open(f"{path}/{FORM}/controle")
    assert (back.path, "Uw antwoorden zijn ontvangen" in back.words) == (f"{path}/{FORM}", True)
    page = browser.open(f"{path}/{FORM}")
    assert "zijn ontvangen" in page.words
    assert "nog niet hebt verstuurd" not in page.words
    assert ("v-cataloguswaarde", "41950,50") in page.fields("Verder")


def test_what_was_kept_in_another_tab_is_not_written_over_without_a_word(pages: Pages, town: Town) -> None:
    _, browser, path = asked(pages, town)
    older, newer = browser.open(f"{path}/{FORM}"), browser.open(f"{path}/{FORM}")
    kept = newer.press("Bewaren", {"v-auto": "ja", "v-kenteken": "XX-123-Y"})
    assert newer.press("Bewaren", {"v-auto": "ja", "v-kenteken": "XX-123-Y"}).word == kept.word  # once more
    told = older.press("Bewaren", {"v-auto": "ja", "v-kenteken": "ZZ-999-Z"})
    assert (told.status, "ook in een ander venster" in told.problem) == (409, True)
    assert ("v-kenteken", "ZZ-999-Z") in told.fields("Bewaren")
    assert ("v-kenteken", "XX-123-Y") in browser.open(f"{path}/{FORM}").fields("Bewaren")
    assert told.press("Bewaren").word == kept.word
    assert ("v-kenteken", "ZZ-999-Z") in browser.open(f"{path}/{FORM}").fields("Bewaren")


def test_a_line_break_of_an_answer_counts_as_one_sign_as_people_count() -> None:
    field = FormField(id="toelichting", title="Toelichting", kind="text", most=5)
    answers, wrong = check_typed([field], {"toelichting": ("a\r\nb\r\nc",)})
    assert (answers, wrong) == ({"toelichting": "a\nb\nc"}, {})
    _, wrong = check_typed([field], {"toelichting": ("a\r\nb\r\ncd",)})
    assert [*wrong] == ["toelichting"]


def test_who_may_not_answer_checks_nothing_either(pages: Pages, town: Town) -> None:
    filing, _, path = asked(pages, town)
    other = pages.client_of(f"z-{filing.relation}")
    for page in (other.open(f"{path}/{FORM}/controle"), other.open(f"{path}/{FORM}")):
        assert "beantwoordt een ander" in page.words
        assert not page.tree.xpath("//button[starts-with(., 'Versturen')]")
    for to in (FORM, f"{FORM}/controle"):
        told = other.send(f"{path}/{to}", ANSWERS)
        assert told.status == 409
        assert "beantwoordt een ander" in told.words


def serve_both(pages: Pages, ours: Return, theirs: Return) -> None:
    """Have the client of one filing answer for the relation of another one too."""
    served = {"contact": ours.client, "relation": theirs.relation, "functions": [], "primary": False}
    given = {"contact": ours.client, "relation": theirs.relation, "may": ["see", "answer"]}
    with pages.desk.equipment.database.write() as connection:
        connection.execute(relation_contacts.insert().values(**served))
        connection.execute(authorities.insert().values(**given, since=date(2025, 1, 1)))


def card_of(home: Page, path: str) -> str:
    """Return what the card says that leads to the first thing asked there."""
    (card,) = home.tree.xpath(f"//a[@class='card' and @href='{path}/{FORM}']")
    return " ".join(card.text_content().split())


def test_a_contact_of_two_relations_reads_on_each_line_whose_it_is(
    pages: Pages, town: Town, kantoor: Commands
) -> None:
    (ours, browser, path), (theirs, _, other) = asked(pages, town), asked(pages, town)
    serve_both(pages, ours, theirs)
    home = browser.open("/mijn")
    for one, where in ((ours, path), (theirs, other)):
        assert f"Bedrijf {one.relation} B.V." in card_of(home, where)
    lines = kantoor.json("work", "--as", ours.client)
    found = {(line["filing"], line["relation"], line["relation_name"]) for line in lines}
    assert found == {
        (f"filing/{one.name}/-/1", one.relation, f"Bedrijf {one.relation} B.V.") for one in (ours, theirs)
    }
    table = kantoor("work", "--as", ours.client)[1]
    for one in (ours, theirs):
        rows = [row for row in table.splitlines() if one.name in row]
        assert rows
        assert [row for row in rows if f"{one.relation} Bedrijf {one.relation} B.V." not in row] == []


def test_filings_of_two_relations_with_one_name_are_told_apart(pages: Pages, town: Town) -> None:
    ours, theirs = asked(pages, town)[0], asked(pages, town)[0]
    named = relations.c.number.in_([ours.relation, theirs.relation])
    serve_both(pages, ours, theirs)
    with pages.desk.equipment.database.write() as connection:
        connection.execute(relations.update().where(named).values(name="Bakker"))
    page = pages.client_of(ours.client).open("/aangiften")
    headings = [" ".join(one.text_content().split()) for one in page.tree.xpath("//section/h2")]
    assert headings == [f"Bakker ({number}), 2026" for number in sorted((ours.relation, theirs.relation))]
    assert page.words.count("wacht op u") == 2
    home = pages.client_of(ours.client).open("/mijn")
    assert {f"Bakker ({one.relation})" in home.words for one in (ours, theirs)} == {True}


def test_what_was_sent_back_says_why_and_is_sent_again(pages: Pages, town: Town) -> None:
    filing, browser, path = asked(pages, town)
    answered(browser, path)
    until(filing, "auto-van-de-zaak", "received")
    filing.acts(
        "sanne", lambda acts: acts.send_back_item(filing.name, FORM, None, "Is de waarde met <b>btw</b>?")
    )
    until(filing, "auto-van-de-zaak", "sent_back")
    page = browser.open(f"{path}/{FORM}")
    assert "Is de waarde met <b>btw</b>?" in page.words
    check = page.press("Verder", {"v-cataloguswaarde": "42000"})
    check.press("Versturen")
    until(filing, "auto-van-de-zaak", "received")


def test_no_answer_of_a_wrong_kind_is_sent_and_every_one_stays(pages: Pages, town: Town) -> None:
    filing, browser, path = asked(pages, town)
    for name, bad in {
        "v-auto": "misschien",
        "v-kenteken": "<script>alert(1)</script>",
        "v-cataloguswaarde": "-5",
        "v-in_gebruik": "31-02-2025",
        "v-gebruik": "soms",
    }.items():
        page = browser.open(f"{path}/{FORM}").press("Verder", {**ANSWERS, name: bad})
        assert page.status == 422, name
        assert page.tree.xpath(f"//*[@id='{name}-fout']"), name
        direct = browser.send(f"{path}/{FORM}/controle", {**ANSWERS, name: bad})
        assert direct.status == 422
    page = browser.open(f"{path}/{FORM}").press("Verder", {**ANSWERS, "v-kenteken": "x" * 200_000})
    assert page.status == 422
    assert "te veel tekst" in page.problem
    page = browser.send(f"{path}/{FORM}/controle", {**ANSWERS, "v-bestaat_niet": "1"})
    assert statuses(filing)["auto-van-de-zaak"] in ("open", "received")


def test_files_are_sent_per_item_judged_by_content_and_given_back_as_downloads(
    pages: Pages, town: Town
) -> None:
    filing, browser, path = asked(pages, town)
    answered(browser, path)
    until(filing, "kentekenbewijs", "open")
    page = browser.open(f"{path}/{LIST}")
    assert "Nog 1 stuk te gaan" in page.words
    button, field = "Sturen", "bestand-kentekenbewijs"
    for name, content, said in (
        ("kenteken.pdf", b"MZ\x90\x00 geen pdf", "de inhoud is iets anders"),
        ("kenteken.exe", PDF, "niet aannemen"),
        ("kenteken.pdf", b"", "is leeg"),
    ):
        bad = page.press(button, files=[(field, (name, content, "application/pdf"))])
        assert bad.status == 422
        assert said in bad.words
    assert "Kies eerst een bestand" in page.press(button).problem
    assert statuses(filing)["kentekenbewijs"] == "open"
    ritten, exe = ("ritten.pdf", PDF, "application/pdf"), ("kenteken.exe", PDF, "application/pdf")
    half = page.press(button, files=[("bestand-ritten", ritten), (field, exe)])
    assert half.status == 422
    assert "Wel ontvangen: Rittenregistratie." in half.words
    assert "niet aannemen" in half.words
    until(filing, "ritten", "received")
    assert statuses(filing)["kentekenbewijs"] == "open"
    hostile = "../../<b>kenteken\u202e\r\n.pdf"
    done = page.press(
        button,
        files=[
            (field, (hostile, PDF, "text/html")),
            (field, ("foto.png", b"\x89PNG\r\n\x1a\n12", "image/png")),
        ],
    )
    assert done.word == "Ontvangen: Kentekenbewijs. Dank u wel."
    until(filing, "kentekenbewijs", "received")
    page = browser.open(f"{path}/{LIST}")
    links = [one for one in page.links if "/ontvangen/" in one]
    assert len(links) == 3
    files = [browser.open(one) for one in links]
    assert {one.body for one in files} == {PDF, b"\x89PNG\r\n\x1a\n12"}
    ((own, other_name),) = [
        [one.headers["content-disposition"].partition(";")[2] for one in files if one.body == PDF]
    ]
    assert ("ritten.pdf" in own) != ("ritten.pdf" in other_name), "one content under the name of each"
    seen = pages.client_of("sanne").open(f"/opdrachten/{filing.name}")
    names = [[one.text for one in li.xpath(".//p/a")] for li in seen.tree.xpath("//ul[@class='items']/li")]
    assert sorted(map(len, names)) == [0, 1, 2], "each beside what it was sent for"
    assert ["ritten.pdf"] in names
    for one in files:
        assert one.headers["content-disposition"].startswith("attachment;")
        assert one.headers["x-content-type-options"] == "nosniff"
        assert "text/html" not in one.headers["content-type"]
        assert "\n" not in one.headers["content-disposition"]
    filing.acts("sanne", lambda acts: acts.send_back_item(filing.name, LIST, "ritten", "Onleesbaar"))
    until(filing, "ritten", "sent_back")
    first = browser.open(f"{path}/{LIST}").tree.xpath("//main//section/h2")[0]
    assert first.text == "Rittenregistratie", "what was sent back comes first"
    other = pages.client_of(town.begun().client)
    assert other.open(links[0]).status == 404
    sister = pages.client_of(f"z-{filing.relation}")
    assert sister.open(links[0]).status == 404


def test_what_comes_after_the_phase_is_over_is_taken_and_waits_for_a_colleague(
    pages: Pages, town: Town
) -> None:
    filing, browser, path = asked(pages, town)
    answered(browser, path)
    until(filing, "kentekenbewijs", "open")
    browser.open(f"{path}/{LIST}").press(
        "Sturen", files=[("bestand-kentekenbewijs", ("kenteken.pdf", PDF, "application/pdf"))]
    )
    until(filing, "kentekenbewijs", "received")
    filing.acts(
        "sanne",
        lambda acts: acts.accept_item(filing.name, FORM),
        lambda acts: acts.accept_item(filing.name, LIST, "kentekenbewijs"),
        lambda acts: acts.complete(filing.name, "uitvraag"),
    )
    filing.until_in("bijtelling")
    late = browser.open(f"{path}/{LIST}")
    done = late.press("Sturen", files=[("bestand-ritten", ("ritten.pdf", PDF, "application/pdf"))])
    assert done.word == "Ontvangen: Rittenregistratie. Dank u wel."
    until(filing, "ritten", "received")
    assert filing.now().phases == ("bijtelling",)  # nothing went back
    (waits,) = [one for one in filing.view().work if one.kind == "received_late"]
    assert (waits.missing, waits.roles) == (("Rittenregistratie",), ("administratie",))
    dossier = pages.client_of("sanne").open(f"/relaties/{filing.relation}/dossier")
    assert "Rittenregistratie: Gegevens opvragen over januari 2026" in dossier.words


def test_what_is_needed_is_not_set_aside_by_a_client_and_what_is_not_needed_is(
    pages: Pages, town: Town
) -> None:
    filing, browser, path = asked(pages, town)
    answered(browser, path)
    until(filing, "kentekenbewijs", "open")
    page = browser.open(f"{path}/{LIST}")
    assert "Nog 1 stuk te gaan, en 1 alleen als u dat hebt." in page.words
    (needed,) = [one for one in page.links if "stuk=kentekenbewijs" in one]
    assert "Kentekenbewijs’ heb ik niet, omdat" in browser.open(needed).words
    long = page.press("Sturen", {"nvt": "ritten", "reden-ritten": "x" * 1003})
    assert (long.status, "Dit is 3 tekens te lang" in long.problem + long.words) == (422, True)
    assert {("nvt", "ritten"), ("reden-ritten", "x" * 1003)} <= set(long.fields("Sturen"))
    unsaid = page.press("Sturen", {"reden-ritten": "Ik rijd alleen zakelijk"})
    assert "Vink aan" in unsaid.words
    both = unsaid.press("Sturen", {"nvt": "ritten"}, [("bestand-ritten", ("r.pdf", PDF, "application/pdf"))])
    assert "niet allebei" in both.words
    done = both.press("Sturen")
    assert done.word == "Ontvangen: Rittenregistratie. Dank u wel."
    until(filing, "ritten", "not_applicable")
    assert "Ik rijd alleen zakelijk" in browser.open(f"{path}/{LIST}").words
    refused = browser.send(f"{path}/{LIST}/stukken", {"nvt": "kentekenbewijs"})
    assert refused.status == 409
    assert "is nodig" in refused.words
    assert browser.send(f"{path}/{LIST}/stukken", {"nvt": "bestaat_niet"}).status == 422
    assert browser.send(f"{path}/{FORM}/stukken", {"nvt": "kentekenbewijs"}).status == 404


def test_requests_are_of_who_may_answer_and_of_their_own_relation(pages: Pages, town: Town) -> None:
    filing, browser, path = asked(pages, town)
    answered(browser, path)
    sister = pages.client_of(f"z-{filing.relation}")
    page = sister.open(f"{path}/{FORM}")
    assert "een ander bij" in page.words
    assert "XX-123-Y" not in page.text
    assert sister.send(f"{path}/{FORM}/controle", ANSWERS).status in (409, 422)
    other = pages.client_of(town.begun().client)
    for one in (FORM, LIST, "bestaat.niet.1", "x", f"{FORM}/controle"):
        assert other.open(f"{path}/{one}").status == 404
    for one in ("bestaat.niet.1", "x", "uitvraag.situatie", "..", "uitvraag.situatie.x" * 500):
        assert browser.open(f"{path}/{one}").status in (200, 404)
    assert other.send(f"{path}/{FORM}", ANSWERS).status == 404
    assert other.send(f"{path}/{LIST}/stukken", {"nvt": "kentekenbewijs"}).status == 404


@pytest.mark.parametrize(
    ("outcome", "status", "said"),
    [
        (None, 409, "Rittenregistratie – Dit wordt u hier niet (meer) gevraagd."),
        (Unknown(workflow_id="x", act="y"), 503, "Alleen de bestanden moet u daarvoor opnieuw kiezen"),
    ],
    ids=["is not there", "is not known"],
)
def test_what_was_taken_is_told_where_what_comes_after_it_is_not(
    pages: Pages,
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    outcome: Unknown | None,
    status: int,
    said: str,
) -> None:
    filing, browser, path = asked(pages, town)
    answered(browser, path)
    until(filing, "kentekenbewijs", "open")
    page = browser.open(f"{path}/{LIST}")

    async def send(*given: Any) -> Any:
        return outcome if given[5] == "ritten" else await send_files(*given)

    monkeypatch.setattr(client_requests, "send_files", send)
    chosen = [
        (f"bestand-{one}", (f"{one}.pdf", PDF, "application/pdf")) for one in ("kentekenbewijs", "ritten")
    ]
    told = page.press("Sturen", files=chosen)
    assert told.status == status
    assert "Wel ontvangen: Kentekenbewijs." in told.words
    assert said in told.words


def test_fields_without_a_file_take_no_room_of_those_with_one(pages: Pages, town: Town) -> None:
    filing, browser, path = asked(pages, town)
    answered(browser, path)
    until(filing, "kentekenbewijs", "open")
    nothing = ("niets", b"", "application/octet-stream")  # with no name it would be no file here
    empty = [(f"bestand-ander-{one}", nothing) for one in range(60)]
    photos = [("bestand-kentekenbewijs", (f"{one}.pdf", PDF, "application/pdf")) for one in range(20)]
    done = browser.send(f"{path}/{LIST}/stukken", {}, [*empty, *photos])
    assert done.word.startswith("Ontvangen: ")
    until(filing, "kentekenbewijs", "received")
    many = [*photos, photos[0]]
    refused = browser.send(f"{path}/{LIST}/stukken", {}, [*empty, *many])
    assert refused.status == 422
    assert "Stuur hoogstens 20 bestanden tegelijk." in refused.words


def test_too_much_at_once_is_refused_before_it_is_read(pages: Pages, town: Town) -> None:
    filing, browser, path = asked(pages, town)
    large = b"%PDF-1.7" + bytes(31_000_000)
    page = browser.send(
        f"{path.rpartition('/uitvraag')[0]}/taak/x", {}, [("bewijs", ("groot.pdf", large, "application/pdf"))]
    )
    assert page.status == 413
    assert "samen mogen de bestanden 30 MB zijn" in page.words
    assert statuses(filing)["ritten"] == "open"
