"""The one door: a filing is read by each as far as it is for them, and what is said lies sealed (R45)."""

import sqlite3
from datetime import UTC, datetime

from kantoor.audience import CLIENT, COMPLIANCE, Viewer, for_roles
from kantoor.filing.outcome import Refusal
from kantoor.office.database.tables import timeline
from kantoor.office.overviews.timeline import timeline_of
from kantoor.service.filings.acts import Done
from kantoor.service.filings.audiences import client_page
from kantoor.service.overviews.reading import document_bytes, filing_page


def reading(town, read):
    async def scene(desk):
        return read(desk)

    return town.play(scene)


def noted(page):
    return [line.text.removeprefix("Notitie: ") for line in page.timeline if line.what == "noted"]


def write_notes(filing):
    filing.acts(
        "sanne",
        lambda acts: acts.note(filing.name, "voor allen hier"),
        lambda acts: acts.note(filing.name, "voor de klant", CLIENT),
        lambda acts: acts.note(filing.name, "voor de accountant", for_roles(["accountant"])),
        lambda acts: acts.note(filing.name, "ongebruikelijke transactie", COMPLIANCE),
    )
    filing.until(lambda found: found.recorded >= 5)


def test_each_reads_the_notes_that_are_for_them(town):
    filing = town.begun()
    write_notes(filing)
    everybody = ["voor allen hier", "voor de klant"]
    own = [*everybody, "voor de accountant", "ongebruikelijke transactie"]
    expected = {None: everybody, "tom": [*everybody, "voor de accountant"], "ruud": everybody, "sanne": own}
    for who, notes in expected.items():
        assert noted(reading(town, lambda desk, who=who: filing_page(desk, filing.name, who))) == notes


def test_a_client_reads_what_is_for_the_client_and_no_word_more(town):
    filing = town.begun().to("aanbieden")
    write_notes(filing)
    page = reading(town, lambda desk: client_page(desk, filing.name, filing.client))
    assert noted(page) == ["Wij schreven u: voor de klant"]
    assert {line.audience for line in page.timeline} == {CLIENT}
    assert {line.what for line in page.timeline} == {"offer_released", "noted"}
    (paper,) = page.documents
    name, content = reading(
        town,
        lambda desk: document_bytes(desk, filing.name, paper.id, rendering=False, who=filing.client),
    )
    assert name.startswith(paper.id)
    assert content.startswith(b"<?xml")
    other = reading(town, lambda desk: document_bytes(desk, filing.name, None, rendering=False, who="z-2001"))
    assert isinstance(other, Refusal)


def test_a_contact_gets_no_page_of_the_office_and_a_stranger_none_at_all(town):
    filing = town.begun()
    stranger = town.begun().client
    refused = reading(town, lambda desk: filing_page(desk, filing.name, filing.client))
    assert refused.code == "for_office"
    for read in (filing_page, client_page):
        assert (
            reading(town, lambda desk, read=read: read(desk, filing.name, stranger)).code
            == "not_their_relation"
        )
        assert (
            reading(town, lambda desk, read=read: read(desk, filing.name, "niemand")).code == "unknown_person"
        )
    assert reading(town, lambda desk: client_page(desk, filing.name, "sanne")).code == "no_contact"


def test_how_a_colleague_knows_an_answer_is_not_for_the_client(town):
    filing = town.begun().to("aanbieden")
    how = "telefonisch, mevrouw was aan het rijden"
    proof = reading(town, lambda desk: desk.equipment.documents.put(b"verslag", "text/plain"))
    told = filing.act(
        "marieke",
        lambda acts: acts.decide(filing.name, "approve", contact=filing.client, reason=how, proof=proof),
    )
    assert isinstance(told, Done), told
    filing.until(lambda found: found.recorded >= told.sequence)
    (mine,) = [
        line.text
        for line in reading(town, lambda desk: client_page(desk, filing.name, filing.client)).timeline
        if line.what == "decided"
    ]
    assert how not in mine
    assert how in "".join(
        line.text for line in reading(town, lambda desk: filing_page(desk, filing.name)).timeline
    )


def test_why_somebody_rejects_is_read_by_them_and_by_no_other_contact(town):
    filing = town.begun().to("aanbieden")
    why = "mijn partner heeft de hypotheek betaald"
    told = filing.act(filing.client, lambda acts: acts.decide(filing.name, "reject", reason=why))
    filing.until(lambda found: found.recorded >= told.sequence)

    async def scene(desk):
        open_sealed = desk.equipment.document_ring.open_sealed
        viewers = (Viewer(client=True, id=filing.client), Viewer(client=True, id="een-ander"))
        id = f"filing/{filing.name}/-/1"
        return [
            desk.read(lambda connection, one=one: timeline_of(connection, id, open_sealed, one))
            for one in viewers
        ]

    own, other = ("".join(line.text for line in lines) for lines in town.play(scene))
    assert why in own
    assert why not in other


def test_what_was_written_before_there_were_audiences_is_the_offices(town):
    filing = town.begun()
    old = {"filing": f"filing/{filing.name}/-/1", "sequence": 10_000, "index": 0, "by": "kantoor"}
    old |= {"what": "offer_released", "data": {"title": "Aanbieden"}, "at": datetime(2025, 1, 1)}

    async def scene(desk):
        with desk.equipment.database.write() as connection:
            connection.execute(timeline.insert().values(**old, recorded_at=datetime.now(UTC)))
        return client_page(desk, filing.name, filing.client), filing_page(desk, filing.name)

    page, office = town.play(scene)
    assert page.timeline == ()
    assert "offer_released" in {line.what for line in office.timeline}


def test_nothing_that_people_wrote_is_in_the_database_in_the_clear(town):
    filing = town.begun()
    secret = "verhuisd naar een blijf-van-mijn-lijfhuis"
    filing.acts(
        "sanne",
        lambda acts: acts.note(filing.name, secret),
        lambda acts: acts.reassign(filing.name, "administratie", "wim", secret),
        lambda acts: acts.hold(filing.name, secret),
    )
    filing.until(lambda found: found.recorded >= 4)
    with sqlite3.connect(town.settings.home / "kantoor.db") as connection:
        everything = "\n".join(connection.iterdump())
    assert filing.name in everything
    assert secret not in everything
    page = reading(town, lambda desk: filing_page(desk, filing.name))
    assert page.view.held.reason == secret
    assert sum(secret in line.text for line in page.timeline) == 3
    filing.acts("sanne", lambda acts: acts.resume(filing.name))
