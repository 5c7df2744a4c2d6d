"""A return that a client reads and decides on, over HTTP, in an office that runs."""

import hashlib
import re
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kantoor.mail.catcher import list_caught
from kantoor.office.database.tables import (
    authorities,
    relation_contacts,
    relation_products,
    standing_authorities,
)
from kantoor.period import Period, in_words
from kantoor.service.clients import client_cases, client_offers
from kantoor.service.desk import Desk
from kantoor.service.filings.attaching import attach
from kantoor.service.filings.proofs import keep_proof
from kantoor.service.uploads import Upload
from kantoor.service.visiting.visiting import make_own_link
from tests.portal.visitors import Browser, Page, Pages, open_pages
from tests.service.test_readdressing import make_first, offers_to
from tests.service.town import FIGURES, Return, Town
from tests.shipped import compile_shipped

A_YEAR_AGO = Period.parse("2025-01")
ISO_DAY = re.compile(r"\b[0-9]{4}-[0-9]{2}-[0-9]{2}\b")
OTHER = FIGURES.replace("1000000;210000", "2000000;420000")


def offered(pages: Pages, town: Town) -> tuple[Return, Browser, str]:
    """Bring a filing to its client; return it, the client's browser, and the path of the offer."""
    filing = town.begun().to("aanbieden")
    path = f"/mijn/{pages.key_of(filing.name)}/aanbieding/aanbieden"
    return filing, pages.client_of(filing.client), path


def choose(browser: Browser, path: str, choice: str = "akkoord", reason: str = "") -> Page:
    return browser.open(path).press("Verder", {"besluit": choice, "reden": reason})


def ticked(page: Page) -> dict[str, list[str]]:
    """Return what ticking every box of a check page sends."""
    return {"gezien": [str(one) for one in page.tree.xpath("//input[@type='checkbox']/@value")]}


def decided(filing: Return) -> list[str]:
    """Return the answers that were recorded of an offer."""
    view = filing.view()
    return [one.outcome or "" for one in view.offers]


def test_a_client_reads_checks_and_approves_and_is_told_what_is_next(pages: Pages, town: Town) -> None:
    filing, browser, path = offered(pages, town)
    home = browser.open("/mijn")
    assert path in home.links
    page = browser.open(path)
    assert (page.status, page.heading) == (200, "Aangifte omzetbelasting")
    assert "Wat uw akkoord betekent" in page.words
    assert "Marieke van der Linde" in page.words
    (frame,) = page.tree.xpath("//iframe/@src")
    check = page.press("Verder", {"besluit": "akkoord"})
    assert check.heading == "Controleer uw besluit"
    assert "Aangifte omzetbelasting over januari 2026" in check.words
    assert (check.path, browser.open(check.address).heading) == (f"{path}/controle", check.heading)
    assert decided(filing) == [""]
    (offer,) = filing.view().offers
    (sentence,) = check.tree.xpath("//label[input[@name='gezien']]")
    assert offer.documents[0].hash[:8] not in sentence.text_content()
    assert offer.documents[0].hash in check.tree.xpath("string(//main//details)")
    act = check.fields("Akkoord geven")
    unticked = check.press("Akkoord geven")
    assert (unticked.status, unticked.path) == (422, check.path)
    back = unticked.follow("Terug")
    assert (back.status, back.tree.xpath("//*[@class='problem']")) == (200, [])
    assert ("besluit", "akkoord") in back.fields("Verder")
    done = check.press("Akkoord geven", ticked(check))
    assert done.word == "Uw akkoord is vastgelegd."
    assert filing.until(lambda f: "aanbieden" not in f.phases)
    done = browser.open(f"{path}/klaar")
    assert done.heading == "U hebt akkoord gegeven"
    assert "Wij dienen het in bij de Belastingdienst, uiterlijk 28 februari 2026" in done.words
    assert "€ 2.000" in done.words
    copied = done.tree.xpath("//@data-copy")
    assert [len(one) for one in copied] == [18, 16]
    (seen,) = ticked(check)["gezien"]
    assert seen.endswith(frame.rpartition("/")[2])
    # gone back to, it is over
    assert browser.open(check.address).path == path
    # pressed once more, from the same page
    again = browser.send(f"{path}/controle", [*act, *(("gezien", one) for one in ticked(check)["gezien"])])
    assert again.status == 200
    assert decided(filing) == ["approved"]


def agreed_earlier(pages: Pages, town: Town) -> str:
    """Return a fresh relation that takes the return for a year."""
    relation = town.relation()
    with pages.desk.equipment.database.write() as connection:
        theirs = relation_products.c.relation == relation
        connection.execute(relation_products.update().where(theirs).values(since=date(2025, 1, 1)))
    return relation


def test_earlier_periods_stand_beside_a_return_where_there_are_such(pages: Pages, town: Town) -> None:
    relation = agreed_earlier(pages, town)
    town.begun(relation, period=A_YEAR_AGO, anyway=True).to("afronden", OTHER)
    filing = town.begun(relation).to("aanbieden")
    path = f"/mijn/{pages.key_of(filing.name)}/aanbieding/aanbieden"
    page = pages.client_of(filing.client).open(path)
    assert "Dit is geen deel van de aangifte." in page.words
    (panel,) = page.tree.xpath("//section[@aria-labelledby='eerder']")
    rows = [[cell.text_content().replace("\xa0", " ") for cell in row] for row in panel.xpath(".//tr")]
    assert rows[0] == ["Cijfer", "januari 2026", "januari 2025"]
    assert rows[-1] == ["Te betalen (min: terug te krijgen)", "€ 2.000", "€ 4.100"]
    # another relation has nothing to compare with, and sees nothing of this one
    _, stranger, theirs = offered(pages, town)
    assert "Vergeleken met eerder" not in stranger.open(theirs).words


def test_what_was_not_delivered_is_not_compared_with(pages: Pages, town: Town) -> None:
    relation = agreed_earlier(pages, town)
    town.begun(relation, period=A_YEAR_AGO, anyway=True).to("aanbieden")
    filing = town.begun(relation).to("aanbieden")
    path = f"/mijn/{pages.key_of(filing.name)}/aanbieding/aanbieden"
    assert "Vergeleken met eerder" not in pages.client_of(filing.client).open(path).words


def test_the_frame_holds_the_very_bytes_that_the_decision_is_about(pages: Pages, town: Town) -> None:
    filing, browser, path = offered(pages, town)
    (frame,) = browser.open(path).tree.xpath("//iframe/@src")
    shown = browser.open(frame)
    (offer,) = filing.view().offers
    assert hashlib.sha256(shown.body).hexdigest() == offer.documents[0].rendering
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.headers["x-frame-options"] == "SAMEORIGIN"
    assert browser.open(path).headers["x-frame-options"] == "DENY"
    stored = browser.open(f"{path.partition('/aanbieding')[0]}/document/{offer.documents[0].hash}")
    assert stored.headers["content-disposition"].startswith("attachment;")
    assert hashlib.sha256(stored.body).hexdigest() == offer.documents[0].hash
    for wrong in ("0" * 64, "..%2f..%2fkantoor.db", offer.documents[0].hash):
        assert browser.open(f"{frame.rpartition('/')[0]}/{wrong}").status == 404


def test_what_is_of_another_and_what_is_not_there_are_told_alike(pages: Pages, town: Town) -> None:
    filing, _, path = offered(pages, town)
    key = pages.key_of(filing.name)
    other = pages.client_of(town.begun().client)
    (offer,) = filing.view().offers
    paths = [path, f"/mijn/{key}", f"/mijn/{key}/weergave/{offer.documents[0].rendering}"]
    paths += [f"{path}/klaar", f"{path}/tekenblad", f"/mijn/{key}/document/{offer.documents[0].hash}"]
    for one in paths:
        foreign, absent = other.open(one), other.open(one.replace(key, "bestaatniet"))
        assert (foreign.status, foreign.text) == (absent.status, absent.text)
        assert foreign.status == 404
    posted = other.send(f"{path}/controle", {"besluit": "akkoord", "gezien": "aangifte:a:b"})
    assert posted.status == 404
    assert decided(filing) == [""]
    # a colleague has pages of their own
    assert pages.client_of("tom").open(path).status == 404


def test_without_a_choice_reason_or_tick_nothing_is_decided_and_what_was_typed_stays(
    pages: Pages, town: Town
) -> None:
    filing, browser, path = offered(pages, town)
    page = browser.open(path).press("Verder", {"reden": "<b>Klopt</b> niet"})
    assert page.status == 422
    assert "Kies of u akkoord gaat." in page.words
    assert page.tree.xpath("//textarea")[0].text_content() == "<b>Klopt</b> niet"
    page = choose(browser, path, "afkeuren")
    assert page.status == 422
    assert page.tree.xpath("//textarea/@aria-invalid") == ["true"]
    page = choose(browser, path, "afkeuren", "x" * 10_000)
    assert (page.status, len(page.tree.xpath("//textarea")[0].text_content())) == (422, 10_000)
    assert "Dit is 6.000 tekens te lang: schrijf het in hooguit 4.000 tekens." in page.words
    fits = "\r\n".join(["y" * 99] * 40)
    assert choose(browser, path, "afkeuren", fits).heading == "Controleer uw besluit"  # 4,000 as people count
    # opened twice these are two forms, and who goes back finds in each what was typed there
    agreeing, rejecting = browser.open(path), browser.open(path)
    check = agreeing.press("Verder", {"besluit": "akkoord", "reden": "Toch niet"})
    other = rejecting.press("Verder", {"besluit": "afkeuren", "reden": "Het klopt niet"})
    assert f"{agreeing.address}#besluit" in check.links
    assert [browser.open(one.address).words for one in (check, other)] == [check.words, other.words]
    back = browser.open(agreeing.address)
    assert {("besluit", "akkoord"), ("reden", "Toch niet")} <= set(back.fields("Verder"))
    back = browser.open(rejecting.address)
    assert {("besluit", "afkeuren"), ("reden", "Het klopt niet")} <= set(back.fields("Verder"))
    assert not {"akkoord", "afkeuren"} & {value for _, value in browser.open(path).fields("Verder")}
    page = check.press("Akkoord geven")
    assert page.status == 422
    assert "Vink aan" in page.words
    again = browser.open(page.address)
    assert (again.status, again.words) == (422, page.words)
    for mangled in ("", "aangifte", "aangifte:x", "a:b:c", "aangifte:" + "0" * 64 + ":" + "0" * 64):
        page = check.press("Akkoord geven", {"gezien": mangled})
        assert page.status in (409, 422), mangled
    for strange in ("sign", "not_deliver", "x" * 1000):
        assert check.press("Akkoord geven", {"besluit": strange, **ticked(check)}).status == 422
    assert decided(filing) == [""]


def test_who_gets_another_address_while_something_waits_gets_a_new_link_there_alone(
    pages: Pages, town: Town
) -> None:
    filing, browser, path = offered(pages, town)
    old, relation = browser.open("/mijn"), filing.relation
    assert path in old.links
    kept = make_own_link(pages.desk, filing.client)
    assert isinstance(kept, str)
    colleague = pages.client_of("sanne")
    sheet = colleague.open(f"/relaties/{relation}/contactpersonen/{filing.client}/wijzigen")
    assert f"Wacht op Kim {relation}: Aangifte btw over januari 2026 (relatie {relation})" in sheet.words
    address = f"nieuw{relation}@klant.example"
    asked = sheet.press("Bewaar", {"v-email": address})
    assert f"Kim {relation} krijgt een nieuwe link op {address}." in asked.words
    saved = asked.press("Voer door")
    assert saved.word == f"Opgeslagen. Kim {relation} krijgt een nieuwe link op {address}."
    caught = [one for one in list_caught(town.settings.mailbox) if relation in "".join(one.to)]
    (mail,) = [one for one in caught if address in one.to]
    assert caught[-1] == mail
    (link,) = [line for line in mail.text.splitlines() if "/in/" in line]
    home = pages.stranger().open(urlsplit(link).path).press("Ja, log mij in")
    assert path in home.links
    assert pages.stranger().open(urlsplit(kept).path).status == 404
    # unticked, nobody is mailed; the button on the tab does so later
    asked = colleague.open(f"/relaties/{relation}/contactpersonen/{filing.client}/wijzigen").press(
        "Bewaar", {"v-email": f"later{relation}@klant.example", "v-link_to": None}
    )
    assert "krijgt geen nieuwe link" in asked.words
    saved = asked.press("Voer door")
    assert saved.word == "Opgeslagen."
    assert not [
        one for one in list_caught(town.settings.mailbox) if f"later{relation}@klant.example" in one.to
    ]
    saved.press(f"Stuur een nieuwe link aan Kim {relation}")
    assert [one for one in list_caught(town.settings.mailbox) if f"later{relation}@klant.example" in one.to]


def test_a_client_rejects_with_a_reason_and_decides_anew_on_the_next_version_alone(
    pages: Pages, town: Town
) -> None:
    filing, browser, path = offered(pages, town)
    old = choose(browser, path)
    check = choose(browser, path, "afkeuren", "De omzet <script>van mei</script> mist.")
    assert "De omzet <script>van mei</script> mist." in check.words
    done = check.press("Niet akkoord", ticked(check))
    assert done.word == "Uw afkeuring is vastgelegd."
    filing.until_in("opstellen")
    page = browser.open(path)
    assert "U bent hier niet mee akkoord gegaan" in page.words
    assert not page.tree.xpath("//form[@action!='/uit']")
    # the office makes another version, which is offered
    filing.attach(OTHER)
    filing.tick("sanne", "bank_aangesloten", "vraagposten")
    filing.tick("tom", "grootboek", "tarieven", "aftrek")
    filing.until_offer("waiting")
    again = browser.open(old.address)
    assert (again.status, again.heading) == (409, page.heading)
    assert "nieuwere versie" in again.problem
    stale = old.press("Akkoord geven", ticked(old))
    assert stale.status == 409
    assert "nieuwere versie" in stale.problem
    assert decided(filing) == [""]
    fresh = choose(browser, path)
    assert ticked(fresh) != ticked(old)
    fresh.press("Akkoord geven", ticked(fresh))
    filing.until(lambda f: "aanbieden" not in f.phases)
    done = browser.open(f"{path}/klaar")
    assert "Dit betaalt u € 4.100" in done.words
    assert "niet wordt afgekeurd" not in done.words


@pytest.mark.parametrize(
    ("first", "word"), [("afkeuren", "afgekeurd"), ("akkoord", "akkoord")], ids=["rejects", "approves"]
)
def test_who_decided_in_another_tab_is_told_so_and_not_of_a_newer_version(
    pages: Pages, town: Town, first: str, word: str
) -> None:
    filing, browser, path = offered(pages, town)
    other = choose(browser, path, "akkoord" if first == "afkeuren" else "afkeuren", "Toch anders.")
    check = choose(browser, path, first, "De omzet mist." if first == "afkeuren" else "")
    check.press("Niet akkoord" if first == "afkeuren" else "Akkoord geven", ticked(check))
    filing.until(lambda f: "aanbieden" not in f.phases)
    late = other.press("Akkoord geven" if first == "afkeuren" else "Niet akkoord", ticked(other))
    assert late.status == 409
    assert f"U hebt intussen al besloten ({word}, op 3 februari 2026 om " in late.problem
    assert "Wat u nu koos, is niet vastgelegd." in late.problem
    assert "nieuwere versie klaargezet" not in late.words


def test_an_offer_that_was_taken_back_meanwhile_is_not_told_as_a_newer_version(
    pages: Pages, town: Town
) -> None:
    filing, browser, path = offered(pages, town)
    check = choose(browser, path)
    filing.acts("marieke", lambda acts: acts.back(filing.name, "De omzet mist."))
    filing.until_in("opstellen")
    late = check.press("Akkoord geven", ticked(check))
    assert late.status == 409
    assert "Uw besluit is niet vastgelegd" in late.problem
    assert "nieuwere versie" not in late.words


def test_what_somebody_writes_with_an_approval_is_checked_by_them_and_read_by_the_office(
    pages: Pages, town: Town
) -> None:
    filing, browser, path = offered(pages, town)
    remark = "Akkoord, maar de <b>kilometers</b> volgen nog."
    check = choose(browser, path, "akkoord", remark)
    assert [one.text_content() for one in check.tree.xpath("//dd[@class='said']")] == [remark]
    assert "Uw akkoord geldt: wij gaan verder." in check.words
    assert check.press("Akkoord geven", ticked(check)).word == "Uw akkoord is vastgelegd."
    filing.until(lambda f: "aanbieden" not in f.phases)
    assert decided(filing) == ["approved"]
    assert f": {remark}" in pages.client_of("tom").open(f"/opdrachten/{filing.name}").words
    assert remark in browser.open(path).words
    # it waits for a colleague until somebody has read it
    marieke, waits = pages.client_of("marieke"), f"/opdrachten/{filing.name}/gesprek"
    assert waits in marieke.open("/werk").links
    assert "schreef iets dat nog niet is gelezen" in marieke.open(f"/opdrachten/{filing.name}").words
    chat = marieke.open(waits)
    assert chat.words.count(remark) == 1
    chat.press("Gelezen, geen antwoord nodig")
    assert waits not in marieke.open("/werk").links
    # of somebody else with the same relation it stays what they said to the office alone
    assert remark not in pages.client_of(f"z-{filing.relation}").open(path).words


def test_an_offer_whose_mail_has_yet_to_go_out_is_on_its_way_and_not_gone(
    pages: Pages, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, browser, path = offered(pages, town)
    check = choose(browser, path)
    for module in (client_cases, client_offers):  # as while no mail can be sent
        monkeypatch.setattr(module, "is_made", lambda offer: False)
    page = browser.open(path)
    assert (page.status, page.heading) == (200, "Aangifte omzetbelasting")
    assert "Dit wordt voor u klaargezet" in page.words
    assert not page.tree.xpath("//iframe | //form[contains(@action, '/aanbieding/')]")
    assert "wordt klaargezet" in browser.open(path.partition("/aanbieding")[0]).words
    late = check.press("Akkoord geven", ticked(check))
    assert (late.status, late.problem.count("Uw besluit is niet vastgelegd")) == (409, 1)
    assert "Dit wordt voor u klaargezet" in late.words


def test_what_a_colleague_recorded_is_told_and_cannot_be_decided_again(pages: Pages, town: Town) -> None:
    filing, browser, path = offered(pages, town)
    check = choose(browser, path)

    async def record(desk: Desk) -> str:
        return keep_proof(desk, Upload(name="brief.txt", media_type="text/plain", content=b"brief"))

    proof = town.play(record)
    filing.acts(
        "marieke",
        lambda acts: acts.decide(
            filing.name, "approve", contact=filing.client, reason="Per brief", proof=proof
        ),
    )
    filing.until(lambda f: "aanbieden" not in f.phases)
    page = check.press("Akkoord geven", ticked(check))
    assert page.status == 409
    assert "U hebt hier al akkoord op gegeven" in page.words
    assert "vastgelegd door Marieke van der Linde" in page.words
    assert "Per brief" not in page.words


def test_somebody_of_the_relation_who_is_not_asked_reads_nothing_and_is_told_why(
    pages: Pages, town: Town
) -> None:
    filing, _, path = offered(pages, town)
    sister = pages.client_of(f"z-{filing.relation}")
    page = sister.open(path)
    assert page.status == 200
    assert "een ander bij" in page.words
    assert not page.tree.xpath("//iframe")
    (offer,) = filing.view().offers
    key = pages.key_of(filing.name)
    assert sister.open(f"/mijn/{key}/weergave/{offer.documents[0].rendering}").status == 404
    assert sister.send(path, {"besluit": "akkoord"}).status == 409
    posted = f"aangifte:{offer.documents[0].hash}:{offer.documents[0].rendering}"
    assert sister.send(f"{path}/controle", {"besluit": "akkoord", "gezien": posted}).status == 409
    assert decided(filing) == [""]
    assert sister.open("/aangiften").words.count("omzetbelasting") == 0


def test_who_was_asked_and_no_longer_decides_reads_nothing_more_from_then_on(
    pages: Pages, town: Town, tmp_path: Path
) -> None:
    filing, browser, path = offered(pages, town)
    rendering = f"/mijn/{pages.key_of(filing.name)}/weergave/{filing.view().offers[0].documents[0].rendering}"
    assert browser.open(path).tree.xpath("//iframe")
    assert browser.open(rendering).status == 200
    make_first(town, tmp_path / "csv", filing.relation, "z", "c")
    offers_to(filing, f"z-{filing.relation}")
    page = browser.open(path)
    assert "een ander bij" in page.words
    assert not page.tree.xpath("//iframe")
    assert browser.open(rendering).status == 404
    assert pages.client_of(f"z-{filing.relation}").open(path).tree.xpath("//iframe")


def test_what_was_approved_is_in_the_overview_by_relation_and_year(pages: Pages, town: Town) -> None:
    filing, browser, path = offered(pages, town)
    page = browser.open("/aangiften")
    assert f"Bedrijf {filing.relation} B.V., 2026" in page.words
    assert "wacht op u" in page.words
    check = choose(browser, path)
    check.press("Akkoord geven", ticked(check))
    filing.until(lambda f: "aanbieden" not in f.phases)
    page = browser.open("/aangiften")
    assert "wacht op u" not in page.words
    (read,) = [one for one in page.links if "/weergave/" in one]
    assert browser.open(read).status == 200


def test_who_gets_an_offer_and_may_not_decide_reads_it_and_no_more(pages: Pages, town: Town) -> None:
    filing = town.begun()
    reader = f"z-{filing.relation}"
    with pages.desk.equipment.database.write() as connection:
        theirs = relation_contacts.c.contact == reader
        connection.execute(relation_contacts.update().where(theirs).values(functions=["directeur"]))
        taken = relation_products.c.relation == filing.relation
        connection.execute(relation_products.update().where(taken).values(recipient="directeur"))
    filing.to("aanbieden")
    path = f"/mijn/{pages.key_of(filing.name)}/aanbieding/aanbieden"
    browser = pages.client_of(reader)
    page = browser.open(path)
    assert "Volgens onze administratie bent u niet bevoegd om hierover te beslissen" in page.words
    assert not page.tree.xpath("//input[@name='besluit']")
    (frame,) = page.tree.xpath("//iframe/@src")
    assert browser.open(frame).status == 200
    check = choose(pages.client_of(filing.client), path)
    told = browser.send(
        f"{path}/controle",
        [*check.fields("Akkoord geven"), *(("gezien", one) for one in ticked(check)["gezien"])],
    )
    assert told.status == 409
    assert decided(filing) == [""]
    check.press("Akkoord geven", ticked(check))
    filing.until(lambda f: "aanbieden" not in f.phases)


@pytest.mark.parametrize(
    ("template", "offering", "delivering", "made_of_it"),
    [
        ("btw-aangifte", "aanbieden", "indienen", ""),
        ("loonaangifte", "aanbieden", "indienen", "Aangifte loonheffingen"),
    ],
)
def test_what_is_made_of_an_offer_is_not_taken_for_it(
    template: str, offering: str, delivering: str, made_of_it: str
) -> None:
    plan = compile_shipped().plans[template]
    phase = plan.phase(offering)
    later = plan.phases[plan.phases.index(phase) + 1 :]
    found = client_offers.find_delivering(plan, phase, later)
    assert found
    assert (found[0].id, found[2]) == (delivering, made_of_it)


def test_who_decides_on_a_document_of_their_own_hears_of_what_delivers_that() -> None:
    plan = compile_shipped().plans["aangifte-ib"]
    (offering,) = (one for one in plan.phases if one.offer)
    for document, delivering in (("aangifte", "indienen"), ("aangifte_partner", "indienen_partner")):
        found = client_offers.find_delivering(plan, offering, plan.phases, (document,))
        assert found
        assert found[0].id == delivering


@pytest.mark.parametrize("template", ["onboarding", "jaarrekening"])
def test_of_what_is_signed_nothing_is_delivered_that_is_known_by_then(template: str) -> None:
    plan = compile_shipped().plans[template]
    assert client_offers.find_delivering(plan, plan.phase("ondertekenen"), plan.phases) is None


def test_a_signature_is_on_paper_and_recorded_by_a_colleague(pages: Pages, town: Town) -> None:
    filing = town.begun(template="tekenen")
    filing.until_in("opstellen")
    paper = town.folder / "overeenkomst.pdf"
    paper.write_bytes(b"%PDF-1.7 overeenkomst")

    async def put(desk: Desk) -> object:
        return await attach(desk, "sanne", filing.name, paper)

    town.play(put)
    filing.acts("sanne", lambda acts: acts.complete(filing.name))
    filing.until_offer("waiting")
    browser = pages.client_of(filing.client)
    path = f"/mijn/{pages.key_of(filing.name)}/aanbieding/ondertekenen"
    page = browser.open(path)
    assert "Een elektronische handtekening is dit niet" in page.words
    # nothing is delivered of it: the page has no word of a return
    assert "U zegt daarmee dat u het eens bent met wat erin staat." in page.words
    assert "Wij gaan voor u verder. U hoort van ons" in page.words
    assert "Dan gaan wij er niet mee verder." in page.words
    assert "klopt en volledig" not in page.words
    (shown,) = filing.view().offers[0].documents
    sheet = browser.open(f"{path}/tekenblad")
    assert shown.hash in sheet.words
    assert "geen (gekwalificeerde) elektronische handtekening" in sheet.words
    asked = {"besluit": "akkoord", "gezien": f"overeenkomst:{shown.hash}:"}
    refused = browser.send(f"{path}/controle", asked)
    assert refused.status == 409
    assert "op papier" in refused.problem
    assert decided(filing) == [""]

    async def record(desk: Desk) -> str:
        return keep_proof(desk, Upload(name="blad.txt", media_type="text/plain", content=b"getekend blad"))

    proof = town.play(record)
    filing.acts(
        "marieke",
        lambda acts: acts.decide(
            filing.name, "sign", contact=filing.client, reason="Blad per post", proof=proof
        ),
    )
    filing.until(lambda f: "ondertekenen" not in f.phases)
    assert "U hebt dit al ondertekend." in browser.open(path).words
    assert "u hebt ondertekend" in browser.open(f"/mijn/{pages.key_of(filing.name)}").words


def test_with_the_server_away_a_client_reads_on_and_repeats_an_act_that_then_happens_once(
    pages: Pages, town: Town
) -> None:
    filing, browser, path = offered(pages, town)
    check = choose(browser, path)
    away = town.settings.model_copy(
        update={
            "temporal": town.settings.temporal.model_copy(
                update={"address": "127.0.0.1:9", "answer_seconds": 0.2}
            )
        }
    )
    with open_pages(away) as alone:
        there = alone.client_of(filing.client)
        assert there.open(path).heading == "Aangifte omzetbelasting"
        sent = [*check.fields("Akkoord geven"), *(("gezien", one) for one in ticked(check)["gezien"])]
        unsure = there.send(f"{path}/controle", sent)
        assert unsure.status == 503
        assert unsure.heading == "De software wordt nog gestart."
        repeated = unsure.fields("Herhaal")
    done = browser.send(f"{path}/controle", repeated)
    assert done.word == "Uw akkoord is vastgelegd."
    filing.until(lambda f: "aanbieden" not in f.phases)
    assert decided(filing) == ["approved"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_path_that_no_page_has_is_not_there(pages: Pages, town: Town, method: str) -> None:
    browser = pages.client_of(town.begun().client)
    for path in ("/mijn/x/y", "/mijn/x/aanbieding", "/mijn//aanbieding/aanbieden", "/mijn/" + "x" * 5000):
        page = browser.open(path) if method == "get" else browser.send(path, {})
        assert page.status == 404


def test_an_act_is_taken_once_however_often_its_form_is_sent(pages: Pages, town: Town) -> None:
    filing, browser, path = offered(pages, town)
    check = choose(browser, path)
    sent = [*check.fields("Akkoord geven"), *(("gezien", one) for one in ticked(check)["gezien"])]
    answers = [browser.send(f"{path}/controle", sent, follow=False).status for _ in range(3)]
    assert answers == [303, 303, 303]
    filing.until(lambda f: "aanbieden" not in f.phases)
    key = pages.key_of(filing.name)
    assert browser.open(f"/mijn/{key}").words.count("U hebt akkoord gegeven: Aangifte omzetbelasting") == 1


def informed_only(pages: Pages, town: Town) -> str:
    """Return a fresh relation that takes the return for information, under a standing authority."""
    relation = town.relation()
    with pages.desk.equipment.database.write() as connection:
        theirs = relation_products.c.relation == relation
        connection.execute(relation_products.update().where(theirs).values(way="information"))
        lasting = {"since": date(2026, 1, 1), "until": date(2026, 12, 31), "proof": "machtiging"}
        row = {"relation": relation, "product": "aangifte-btw", **lasting}
        connection.execute(standing_authorities.insert().values(row))
    return relation


def test_who_is_only_informed_objects_in_time_and_nothing_was_delivered(pages: Pages, town: Town) -> None:
    filing = town.begun(informed_only(pages, town)).to("aanbieden")
    path = f"/mijn/{pages.key_of(filing.name)}/aanbieding/aanbieden"
    browser = pages.client_of(filing.client)
    (offer,) = filing.view().offers
    assert offer.object_until
    until = in_words(offer.object_until)
    home, listed = browser.open("/mijn"), browser.open("/aangiften")
    whole = browser.open(f"/mijn/{pages.key_of(filing.name)}")
    assert path in home.links
    assert "Er wacht nu niets op u" not in home.words
    assert "niets op u." not in whole.words
    assert f"Bezwaar maken kan tot en met {until}" in home.words
    assert f"ter informatie bezwaar maken kan tot en met {until}" in listed.words
    assert f"daartegen bezwaar maken tot en met {until}" in whole.words
    assert (
        f"Ter informatie verstuurd: Aangifte omzetbelasting; bezwaar maken kan tot en met {until}"
        in whole.words
    )
    assert "Aangifte omzetbelasting is klaargezet voor u, ter informatie" in whole.words
    assert "De klant" not in whole.words
    assert not ISO_DAY.search(home.words + listed.words + whole.words)
    page = browser.open(path)
    assert f"tot en met {until} laten weten" in page.words
    for shown in (page, whole):
        assert "Wat u straks betaalt" in shown.words
        assert "Dit betaalt u" not in shown.words
        assert f"Dit staat vast als het tot en met {until} niet wordt afgekeurd." in shown.words
    assert not page.tree.xpath("//input[@value='akkoord']")
    assert page.press("Niet akkoord: verder", {"reden": ""}).status == 422
    reason = "De aankoop van de bus\u200b ontbreekt."
    check = page.press("Niet akkoord: verder", {"reden": reason})
    assert check.heading == "Controleer uw besluit"
    assert ("reden", reason) in check.fields("Niet akkoord: versturen")
    assert "bus\ufffd ontbreekt" in check.words
    done = check.press("Niet akkoord: versturen", ticked(check))
    assert done.word == "Uw afkeuring is vastgelegd."
    filing.until_in("opstellen")
    assert filing.view().deadlines[0].status == "open"


def test_a_filing_that_is_held_is_read_and_not_decided_on(pages: Pages, town: Town) -> None:
    filing, browser, path = offered(pages, town)
    check = choose(browser, path)
    filing.acts("marieke", lambda acts: acts.hold(filing.name, "Wij zoeken iets uit"))
    filing.until(lambda f: (f.view or {})["held"] is not None)
    page = browser.open(path)
    assert "Wij houden deze opdracht even aan" in page.words
    assert "Wij zoeken iets uit" not in page.words
    assert not page.tree.xpath("//form[@action!='/uit']")
    assert browser.open(f"/mijn/{pages.key_of(filing.name)}").status == 200
    refused = check.press("Akkoord geven", ticked(check))
    assert refused.status == 409
    assert refused.problem == "Wij houden deze opdracht even aan. U hoeft nu niets te doen."
    filing.acts("marieke", lambda acts: acts.resume(filing.name))
    filing.until(lambda f: (f.view or {})["held"] is None)
    assert check.press("Akkoord geven", ticked(check)).word == "Uw akkoord is vastgelegd."


def test_who_decides_on_their_own_document_is_not_told_that_another_decides_on_it(
    pages: Pages, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, browser, path = offered(pages, town)
    monkeypatch.setattr(client_offers, "awaits_owners", lambda *_: True)
    monkeypatch.setattr(client_offers, "needs_another", lambda *_: True)
    for page in (browser.open(path), choose(browser, path)):
        assert "beslist over een eigen stuk, niet over dit." in page.words
        assert "iemand anders bij" not in page.words


def test_who_agreed_jointly_is_told_that_another_has_to(pages: Pages, town: Town) -> None:
    filing, browser, path = offered(pages, town)
    another = "iemand anders bij"
    assert another not in browser.open(path).words, "who may alone decides alone"
    with pages.desk.equipment.database.write() as connection:
        theirs = authorities.c.contact == filing.client
        connection.execute(authorities.update().where(theirs).values(jointly=["approve"]))
    assert f"Ook {another}" in browser.open(path).words, "before anybody has decided"
    check = choose(browser, path)
    assert f"moet nog {another}" in check.words
    check.press("Akkoord geven", ticked(check))
    filing.until(lambda f: any(one["answered"] for one in (f.view or {})["offers"]))
    page = browser.open(f"{path}/klaar")
    assert "Er moet nog iemand anders" in page.words
    whole = browser.open(path)
    assert "Dat is niet genoeg" in whole.words
    for shown in (page, whole):
        assert "Wat u straks betaalt" in shown.words
    office = pages.client_of("marieke").open(f"/opdrachten/{filing.name}")
    assert f"Wacht op antwoord. Akkoord: Kim {filing.relation}" in office.words
    assert decided(filing) == [""]


def test_a_filing_that_was_cancelled_says_so_and_takes_nothing(pages: Pages, town: Town) -> None:
    filing, browser, path = offered(pages, town)
    check = choose(browser, path)
    filing.acts("marieke", lambda acts: acts.cancel(filing.name, "Fiscale eenheid"))
    filing.until(lambda f: f.ended == "cancelled")
    page = browser.open(path)
    assert "is afgesloten" in page.words
    assert "Fiscale eenheid" not in page.words
    assert check.press("Akkoord geven", ticked(check)).status == 409
    assert path not in browser.open("/mijn").links
