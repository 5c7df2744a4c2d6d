"""Tasks of a client, done over HTTP with the proof that each asks for."""

from tests.portal.visitors import Pages
from tests.service.town import Town


def test_a_task_is_done_by_a_tick_a_code_or_a_document(pages: Pages, town: Town) -> None:
    filing = town.begun(template="tekenen")
    filing.until_in("opstellen")
    browser, key = pages.client_of(filing.client), pages.key_of(filing.name)
    path = f"/mijn/{key}/taak"
    page = browser.open(f"/mijn/{key}")
    assert {f"{path}/opstellen.{one}.1" for one in ("machtigen", "kenmerk", "uittreksel")} <= set(page.links)

    tick = browser.open(f"{path}/opstellen.machtigen.1")
    assert tick.press("Gedaan").status == 422
    done = tick.press("Gedaan", {"gedaan": "opstellen.machtigen.1"})
    assert done.word == "Gedaan: Zet uw toestemming klaar"

    code = browser.open(f"{path}/opstellen.kenmerk.1")
    assert code.press("Gedaan", {"code": "  "}).status == 422
    long = code.press("Gedaan", {"code": "x" * 10_000})
    assert long.status == 422
    assert ("code", "x" * 10_000) in long.fields("Gedaan")
    assert code.press("Gedaan", {"code": "AB-12"}).word == "Gedaan: Geef het kenmerk door"

    paper = browser.open(f"{path}/opstellen.uittreksel.1")
    assert paper.press("Gedaan").status == 422
    bad = paper.press("Gedaan", files=[("bestand", ("uittreksel.pdf", b"MZ", "application/pdf"))])
    assert bad.status == 422
    paper.press("Gedaan", files=[("bestand", ("uittreksel.pdf", b"%PDF-1.7 kvk", "application/pdf"))])
    filing.until(lambda f: not any(one["kind"] == "task" for one in (f.view or {})["work"]))
    assert "U hebt dit gedaan" in browser.open(f"{path}/opstellen.machtigen.1").words
    again = tick.press("Gedaan", {"gedaan": "opstellen.machtigen.1", "act": "f" * 32})
    assert again.status == 409
    assert "al afgerond" in again.problem


def test_a_task_of_the_office_or_of_another_is_not_there(pages: Pages, town: Town) -> None:
    filing = town.begun(template="met-de-hand")
    browser, key = pages.client_of(filing.client), pages.key_of(filing.name)
    assert browser.open(f"/mijn/{key}/taak/opstellen.dossier.1").status == 404
    theirs = town.begun(template="tekenen")
    theirs.until_in("opstellen")
    path = f"/mijn/{pages.key_of(theirs.name)}/taak/opstellen.machtigen.1"
    assert browser.open(path).status == 404
    assert browser.send(path, {"gedaan": "opstellen.machtigen.1"}).status == 404
    sister = pages.client_of(f"z-{theirs.relation}")
    assert "een ander bij" in sister.open(path).words
    assert sister.send(path, {"gedaan": "opstellen.machtigen.1"}).status == 409
