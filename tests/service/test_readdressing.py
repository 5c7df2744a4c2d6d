"""People change while an offer waits: who decides from now on hears of it, who no longer does loses it."""

import asyncio
from pathlib import Path

from sqlalchemy import Connection

from kantoor.mail.catcher import list_caught
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.overviews.timeline import timeline_of
from kantoor.office.overviews.worklist import work_of
from kantoor.office.people import find_contact
from kantoor.office.plans import active_office
from kantoor.service.clients.new_links import NewLink, send_links
from kantoor.service.desk import Desk
from kantoor.service.relations.identities import check_relation_identity
from kantoor.service.relations.relations import import_relations

from .town import TODAY, Return, Town


def take_in(town: Town, folder: Path, **files: str) -> None:
    """Import some rows."""
    folder.mkdir()
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)

    async def scene(desk: Desk) -> None:
        office = desk.read(active_office)
        assert office is not None
        done = import_folder(desk.equipment.database, folder, office, check_relation_identity)
        assert isinstance(done, Imported), done

    town.play(scene)


def contact_row(relation: str, contact: str) -> str:
    """Return a contact of the town as its import has it, but for whether it is the first."""
    name = {"c": "Kim", "z": "Zus"}[contact]
    address = f"{name.lower()}{relation}@klant.example"
    return f"{contact}-{relation};{name} {relation};Beste {name};{address};{relation};"


def make_first(town: Town, folder: Path, relation: str, first: str, other: str) -> None:
    """Make one of two contacts the first, with authority to approve."""
    take_in(
        town,
        folder,
        contacts="contact;name;salutation;email;relation;functions;primary\n"
        f"{contact_row(relation, other)};nee\n{contact_row(relation, first)};ja\n",
        authorities="contact;relation;product;may;jointly;since;until;proof\n"
        f"{first}-{relation};{relation};aangifte-btw;see answer approve sign;;2025-01-01;;KvK\n",
    )


def who_waits(town: Town, filing: Return) -> list[str]:
    """Return the contacts on whose work list a filing is."""
    id, both = filing.now().id, (f"c-{filing.relation}", f"z-{filing.relation}")

    async def scene(desk: Desk) -> list[str]:
        def read(connection: Connection) -> list[str]:
            people = [found for contact in both if (found := find_contact(connection, contact))]
            return [
                who.id for who in people if any(one.filing == id for one in work_of(connection, who, TODAY))
            ]

        return desk.read(read)

    return town.play(scene)


def told(town: Town, filing: Return) -> list[str]:
    """Return a filing's timeline."""
    id = filing.now().id

    async def scene(desk: Desk) -> list[str]:
        return [
            line.text
            for line in desk.read(
                lambda connection: timeline_of(connection, id, desk.equipment.document_ring.open_sealed)
            )
        ]

    return town.play(scene)


def offers_to(filing: Return, contact: str) -> None:
    """Wait until an offer is known to go to a contact."""
    filing.until(lambda f: any(contact in item["contacts"] for item in (f.view or {"work": []})["work"]))


def test_an_open_offer_goes_to_who_decides_after_an_import_and_both_are_told(
    town: Town, tmp_path: Path
) -> None:
    filing = town.begun().to("aanbieden")
    relation = filing.relation
    make_first(town, tmp_path / "csv", relation, "z", "c")
    offers_to(filing, f"z-{relation}")
    assert who_waits(town, filing) == [f"z-{relation}"]
    changed = "De ontvangers van de aanbieding in de fase 'Aanbieden aan de klant' zijn gewijzigd"
    assert f"{changed}; erbij: Zus {relation}; niet meer: Kim {relation}" in told(town, filing)
    filing.acts(f"z-{relation}", lambda acts: acts.decide(filing.name, "approve"))
    filing.until_in("afronden")
    mailed = [one.subject for one in list_caught(town.settings.mailbox) if f"zus{relation}@" in one.to]
    assert mailed


def test_an_import_names_whose_address_changed_while_something_waits_and_mails_them_a_new_link(
    town: Town, tmp_path: Path
) -> None:
    filing = town.begun().to("aanbieden")
    who, address = filing.client, f"anders{filing.relation}@klant.example"
    row = contact_row(filing.relation, "c").replace(f"kim{filing.relation}@klant.example", address)
    header = "contact;name;salutation;email;relation;functions;primary"
    (tmp_path / "contacts.csv").write_text(f"{header}\n{row};ja\n")

    async def scene(desk: Desk) -> tuple[Imported, list[NewLink], list[NewLink]]:
        done = import_relations(desk, tmp_path)
        assert isinstance(done, Imported), done
        told = await asyncio.to_thread(send_links, desk, done.readdressed, sends=False)
        sent = await asyncio.to_thread(send_links, desk, done.readdressed, sends=True)
        return done, [*told], [*sent]

    done, told, sent = town.play(scene)
    assert done.readdressed == (who,)
    assert [(one.waiting, one.address) for one in told] == [
        (f"Aangifte btw over januari 2026 (relatie {filing.relation})", "")
    ]
    assert [one.address for one in sent] == [address]
    assert len([one for one in list_caught(town.settings.mailbox) if address in one.to]) == 1


def test_authority_that_was_taken_away_leaves_the_offer_with_the_office_until_somebody_has_it(
    town: Town, tmp_path: Path
) -> None:
    filing = town.begun().to("aanbieden")
    relation = filing.relation
    ended = (
        "contact;relation;product;may;jointly;since;until;proof\n"
        f"c-{relation};{relation};aangifte-btw;see answer approve sign;;2025-01-01;2026-02-01;KvK\n"
    )
    take_in(town, tmp_path / "ended", authorities=ended)
    filing.until(lambda f: any(item["kind"] == "stalled" for item in (f.view or {"work": []})["work"]))
    assert who_waits(town, filing) == []
    make_first(town, tmp_path / "csv", relation, "z", "c")
    offers_to(filing, f"z-{relation}")
    assert {item.kind for item in filing.view().work} == {"decide"}
