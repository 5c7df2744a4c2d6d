"""Colleagues mend a relation in the pages: nothing typed is lost, nobody is overwritten, costs come first."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from kantoor.office.database.errors import DatabaseError
from kantoor.office.database.tables import (
    drafts,
    filings,
    process_teams,
    recurrences,
    relation_changes,
    relation_products,
    relations,
    work,
)
from kantoor.office.filings.filing import NewFiling, create_filings
from kantoor.period import Period
from kantoor.portal.pages.mending import PLACES
from kantoor.service.relations.relations import remove
from tests.portal.marks import check_forms
from tests.portal.reading import FIRST, LONG_AGO, serve_reading
from tests.portal.visitors import Browser, Page, Pages
from tests.service.town import elfproef

COLLEAGUE, OTHER = "sanne", "joost"
LACKING, BUSY, RECURRING = "1011", "1013", "1012"
KEPT = str(FIRST + 40)
OB_NUMBER = "999902489B01"
FILING = f"filing/btw-aangifte/{BUSY}/2026-Q1/-/1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """An office in which nothing runs; one relation has a filing with work for the administration."""
    with serve_reading(tmp_path_factory.mktemp("mending")) as pages:
        with pages.desk.equipment.database.write() as connection:
            plan = connection.execute(select(filings.c.plan).limit(1)).scalar_one()
            begun = NewFiling(
                id=FILING,
                template="btw-aangifte",
                relation=BUSY,
                period="2026-Q1",
                sequence=1,
                product="aangifte-btw",
                plan=plan,
                title="Aangifte btw",
                start_date=LONG_AGO,
                due=date(2126, 1, 1),
            )
            create_filings(connection, [begun])
            item = {"filing": FILING, "item": "x", "kind": "phase", "phase": "cijfers", "title": "Cijfers"}
            rest = {"position": 0, "missing": [], "contacts": [], "roles": ["administratie"]}
            connection.execute(work.insert(), [item | rest])
            recurring = {"relation": RECURRING, "template": "btw-aangifte", "sub_number": "-"}
            recurring |= {"product": "aangifte-btw", "next_period": "2026-Q4"}
            connection.execute(recurrences.insert().values(**recurring, next_start=date(2026, 12, 31)))
        yield pages


@pytest.fixture(scope="module")
def colleague(office: Pages) -> Browser:
    return office.client_of(COLLEAGUE)


@pytest.fixture(scope="module")
def other(office: Pages) -> Browser:
    return office.client_of(OTHER)


def sheet(browser: Browser, relation: str | int, path: str = "gegevens/wijzigen") -> Page:
    return browser.open(f"/relaties/{relation}/{path}")


def save(page: Page, typed: dict[str, object], button: str = "Bewaar") -> Page:
    return page.press(button, {f"v-{name}": value for name, value in typed.items()})


def agree(page: Page) -> Page:
    """Carry out what has consequences, where it has."""
    return page.press("Voer door") if page.heading == "Dit heeft gevolgen" else page


def value_of(page: Page, name: str) -> str:
    return dict(page.fields("Bewaar"))[f"v-{name}"]


def stored(office: Pages, number: str | int) -> dict[str, object]:
    query = select(relations).where(relations.c.number == str(number))
    return dict(office.desk.read(lambda connection: connection.execute(query).mappings().one()))


def count_changes(office: Pages, number: str | int) -> int:
    query = select(relation_changes.c.id).where(relation_changes.c.relation == str(number))
    return len(office.desk.read(lambda connection: connection.execute(query).all()))


def find_link(page: Page, part: str) -> str:
    return next(one for one in page.links if part in one)


def test_what_a_contact_lacks_leads_to_that_contact_and_not_to_a_namesake(colleague: Browser) -> None:
    lacking = colleague.open(f"/relaties/{LACKING}/gereed")
    path = find_link(lacking, "/wijzigen?terug=gereed#v-email")
    name = colleague.open(path).heading.removesuffix(" wijzigen")
    page = sheet(colleague, LACKING, "contactpersonen/nieuw")
    agree(save(page, {"name": name, "primary": "nee"}))
    assert find_link(colleague.open(f"/relaties/{LACKING}/gereed"), "#v-email") == path


def test_a_relation_is_mended_until_it_is_ready(colleague: Browser) -> None:
    ready = colleague.open(f"/relaties/{LACKING}/gereed")
    assert "Het omzetbelastingnummer ontbreekt." in ready.words
    ready = save(colleague.open(find_link(ready, "#v-ob_number")), {"ob_number": OB_NUMBER})
    assert (ready.word, ready.path) == ("Opgeslagen.", f"/relaties/{LACKING}/gereed")
    assert "omzetbelastingnummer" not in ready.words
    ready = save(colleague.open(find_link(ready, "#v-sbr_enabled")), {"sbr_enabled": "ja"})
    ready = save(colleague.open(find_link(ready, "c-noor/wijzigen")), {"email": "noor@sterk.example"})
    typed = {"may": ["see", "approve"], "since": "2025-01-01", "proof": "uittreksel KvK"}
    ready = save(colleague.open(find_link(ready, "bevoegdheden/nieuw?terug=gereed&contact=c-noor")), typed)
    assert "Er ontbreekt niets" in ready.words
    (start,) = [one for one in ready.links if one.startswith(f"/relaties/{LACKING}/starten?werkproces=")]
    assert colleague.open(start).heading == "Een opdracht starten"


def test_a_new_relation_is_made_once_with_its_contact_and_leads_to_what_it_lacks(
    office: Pages, colleague: Browser, other: Browser
) -> None:
    form = colleague.open(find_link(colleague.open("/relaties"), "/nieuwe-relatie"))
    assert "Het hoogste nummer is nu 5120." in form.words
    typed: dict[str, object] = {
        "number": "6001",
        "name": "Kaas B.V.",
        "legal_form": "bv",
        "rsin": "123456789",
    }
    typed |= {"email": "anja@korenaar.example", "may": ["see", "approve"], "status": "active"}
    wrong = save(form, typed, "Voeg toe")
    assert wrong.status == 422
    beside = wrong.tree.xpath("//p[@class='wrong']/@id")
    assert beside == [f"v-{name}-fout" for name in ("rsin", "contact_name", "email", "proof")]
    assert "Dit adres is van Anja Bakker" in wrong.tree.xpath("string(//p[@id='v-email-fout'])")
    assert "123456789" not in wrong.text
    assert "Vul opnieuw in: RSIN." not in wrong.words, "its own line says it"
    unread = save(wrong, typed | {"number": "6 001"}, "Voeg toe")
    assert "v-number-fout" in unread.tree.xpath("//p[@class='wrong']/@id")
    typed |= {"contact_name": "Kim Kaas", "email": "kim@kaas.example"}
    typed |= {"rsin": elfproef(400_000), "proof": "uittreksel KvK"}
    taken = save(wrong, typed | {"number": "1003,0"}, "Voeg toe")
    said = taken.tree.xpath("string(//p[@id='v-number-fout'])")
    assert said == "Dit nummer heeft VOF De Twee Gezusters al."
    made = save(taken, typed, "Voeg toe")
    assert (made.path, made.heading) == ("/relaties/6001/gereed", "Kaas B.V.")
    assert made.word.startswith("De relatie is toegevoegd.")
    assert find_link(made, "/producten/nieuw?terug=gereed")
    changes = count_changes(office, 6001)
    assert save(taken, typed, "Voeg toe").path == made.path, "pressed twice, it is made once"
    assert count_changes(office, 6001) == changes > 0
    another = other.open("/nieuwe-relatie")
    assert save(another, typed | {"name": "Melk B.V."}, "Voeg toe").status == 422
    people = colleague.open("/relaties/6001/contactpersonen").words
    assert "Kim Kaas eerste contactpersoon" in people
    assert "Alle producten, vanaf" in people
    assert stored(office, 6001)["status"] == "active"
    assert isinstance(remove(office.desk, "6001", agreed=True), dict)


def test_a_bsn_becomes_no_relation_number_and_what_can_be_one_is_asked_about(
    office: Pages, colleague: Browser
) -> None:
    bsn = "999901382"
    form = colleague.open("/nieuwe-relatie")
    person = {"number": bsn, "name": "Ann Anders", "legal_form": "eenmanszaak"}
    own = save(form, person | {"bsn": bsn}, "Voeg toe")
    assert "Het BSN van een relatie kan niet het relatienummer zijn" in own.tree.xpath(
        "string(//p[@id='v-number-fout'])"
    )
    asked = save(form, person, "Voeg toe")
    assert "Het nummer kan een BSN zijn" in asked.words
    made = asked.press("Voeg toe")
    assert made.path == f"/relaties/{bsn}/gereed"
    assert "BSN" not in made.word, "asked before it was made"
    assert isinstance(remove(office.desk, bsn, agreed=True), dict)


def list_beside(page: Page) -> list[str]:
    """Return the fields beside which something is told."""
    ids = page.tree.xpath("//p[@class='wrong']/@id")
    return [str(one).removeprefix("v-").removesuffix("-fout") for one in ids]


@pytest.mark.parametrize(
    ("number", "said"),
    [("", "mag niet leeg"), ("<b>", "erwacht hoogstens 40"), ("1003", "heeft VOF De Twee Gezusters al")],
    ids=["empty", "unreadable", "taken"],
)
def test_of_a_new_relation_all_that_is_wrong_is_told_whatever_is_wrong_with_its_number(
    colleague: Browser, number: str, said: str
) -> None:
    wrongly: dict[str, object] = {"rsin": "123456789", "kvk": "1", "ob_number": "q", "btw_id": "q"}
    wrongly |= {"email": "kim@", "may": ["see", "approve"]}
    form = colleague.open("/nieuwe-relatie")
    wrong = save(form, {"number": number, "name": "Kaas B.V.", **wrongly}, "Voeg toe")
    fields = ["number", "ob_number", "rsin", "btw_id", "kvk", "contact_name", "email", "proof"]
    assert (wrong.status, list_beside(wrong)) == (422, fields)
    assert said in wrong.tree.xpath("string(//p[@id='v-number-fout'])")
    assert dict(wrong.fields("Voeg toe"))["v-number"] == number
    again = save(wrong, {"number": "6002", "name": "", **wrongly}, "Voeg toe")
    assert list_beside(again) == ["name", *fields[1:]]


def test_the_highest_number_is_of_those_that_are_numbers(office: Pages, colleague: Browser) -> None:
    rows = [{"number": one, "name": one, "kind": "organisation"} for one in ("wijzigen", "PROSPECT-2026")]
    with office.desk.equipment.database.write() as connection:
        connection.execute(relations.insert(), rows)
    assert "Het hoogste nummer is nu 5120." in colleague.open("/nieuwe-relatie").words
    for row in rows:
        assert isinstance(remove(office.desk, row["number"], agreed=True), dict)


def test_on_a_sheet_a_status_of_a_later_day_hides_nothing_else_that_is_wrong(colleague: Browser) -> None:
    typed: dict[str, object] = {"name": "", "ob_number": "123", "rsin": "abc", "kvk": "9" * 50}
    wrong = save(sheet(colleague, 1008), {**typed, "status_since": "1-1-2030"})
    assert wrong.status == 422
    assert sorted(list_beside(wrong)) == sorted(["status_since", *typed])
    told = [str(one).removeprefix("#") for one in wrong.tree.xpath("//div[@class='problem']//a/@href")]
    fields = [str(one) for one in wrong.tree.xpath("//form//@id[starts-with(., 'v-')]")]
    assert told == [one for one in fields if one in told], "in the order of the fields"


def test_a_contact_that_has_to_be_the_first_is_told_with_all_else_that_is_wrong(colleague: Browser) -> None:
    page = sheet(colleague, 1009, "contactpersonen")
    (change,) = [one for one in page.links if one.endswith("/wijzigen") and "contactpersonen/" in one]
    wrong = save(colleague.open(change), {"name": "", "email": "kim@", "primary": "nee"})
    assert wrong.status == 422
    assert sorted(list_beside(wrong)) == ["email", "name", "primary"]


def test_a_wrong_number_is_told_beside_its_field_and_nothing_typed_is_lost(
    office: Pages, colleague: Browser
) -> None:
    wrong = save(sheet(colleague, 1003), {"name": "Twee Zussen", "rsin": "123456789", "kvk": "12"})
    assert wrong.status == 422
    assert wrong.tree.xpath("//p[@id='v-rsin-fout']")
    assert wrong.tree.xpath("//div[@class='problem']//a[@href='#v-kvk']")
    assert [value_of(wrong, name) for name in ("name", "rsin", "kvk")] == ["Twee Zussen", "", "12"]
    assert "123456789" not in wrong.text
    assert stored(office, 1003)["name"] == "VOF De Twee Gezusters"
    right = save(wrong, {"rsin": str(stored(office, 1003)["rsin"])})
    assert sorted(list_beside(right)) == ["kvk", "rsin"], "what has to be typed again is marked"
    assert "vul dit opnieuw in" in right.tree.xpath("string(//div[@class='problem']//a[@href='#v-rsin'])")
    left = save(right, {"kvk": "12345678"})
    assert "verstuur nog eens om het zo te laten" in left.tree.xpath("string(//p[@id='v-rsin-fout'])")
    assert list_beside(left) == ["rsin"]
    assert save(left, {}).word == "Opgeslagen.", "said once: then it is meant so"
    assert stored(office, 1003)["kvk"] == "12345678"
    number = "123456782"
    numbers = {"rsin": number, "ob_number": f"{number}B01", "btw_id": f"NL{number}B01"}
    warned = agree(save(sheet(colleague, 1003), {**numbers}))
    assert "Het RSIN begint als een BSN" in warned.word
    assert save(sheet(colleague, 1003), {"ideal_enabled": "ja"}).word == "Opgeslagen.", "of what was sent now"


def test_what_was_saved_is_told_as_saved_where_nothing_more_can_be_written(
    office: Pages, colleague: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise DatabaseError("away")

    page = sheet(colleague, KEPT)
    with monkeypatch.context() as broken:
        broken.setattr("kantoor.office.visits.drafts.drop_passing", fail)
        saved = save(page, {"group": "Zonder woord"})
    assert (saved.status, saved.path) == (200, f"/relaties/{KEPT}/gegevens")
    with monkeypatch.context() as broken:
        broken.setattr("kantoor.service.visiting.visiting.show_next", fail)
        said = save(sheet(colleague, KEPT), {"group": "Met woord"})
    assert (said.status, said.word, stored(office, KEPT)["group"]) == (200, "Opgeslagen.", "Met woord")
    assert (colleague.open(said.path).word, colleague.open(said.path).word) == ("Opgeslagen.", "")


def test_who_comes_back_to_what_has_passed_is_told_so_and_who_has_no_room_loses_nothing(
    office: Pages, colleague: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = sheet(colleague, KEPT)
    wrong = save(fresh, {"kvk": "12"})
    assert wrong.status == 422
    with office.desk.equipment.database.write() as connection:
        connection.execute(update(drafts).values(at=datetime.now(UTC) - timedelta(days=2)))
    passed = colleague.open(wrong.address)
    assert (passed.status, "staat er niet meer" in passed.words) == (200, True)
    assert "staat er niet meer" not in fresh.words
    assert save(passed, {"kvk": "00900777"}).word == "Opgeslagen."
    assert "staat er niet meer" not in colleague.open(wrong.address).words
    monkeypatch.setattr("kantoor.office.visits.drafts.MOST_PASSING", 0)
    at_once = save(sheet(colleague, KEPT), {"kvk": "13"})
    assert (at_once.status, value_of(at_once, "kvk")) == (422, "13")


def test_who_is_signed_out_reads_what_they_wrote_in_words_and_no_code_and_no_number(
    office: Pages, colleague: Browser
) -> None:
    form = dict(colleague.open("/nieuwe-relatie").fields("Voeg toe"))
    typed = {"v-contact_name": "Jan de Korenaar", "v-bsn": "123 456 782", "v-dga": "nee", "toch": "ja"}
    page = office.stranger().send("/nieuwe-relatie", {**form, **typed, "v-eigen": "een eigen tekst"})
    assert page.status == 401
    read = [" ".join(one.itertext()) for one in page.tree.xpath("//main//dl/*")]
    assert read == ["Naam van de contactpersoon", "Jan de Korenaar", "Geschreven", "een eigen tekst"]
    assert typed.items() <= dict(page.fields("Ik ben weer ingelogd")).items()


def test_numbers_are_masked_on_the_sheet_and_stay_as_they_are_until_somebody_types(
    office: Pages, colleague: Browser
) -> None:
    page = sheet(colleague, 1004)
    assert "001001681" not in page.text
    assert "******681" in page.words
    assert save(page, {"name": "Vermeer Techniek B.V."}).word == "Opgeslagen."
    assert stored(office, 1004)["rsin"] == "001001681"
    gone = sheet(colleague, 1004).press("Bewaar", {"leeg": "btw_id"})
    assert gone.word == "Opgeslagen."
    assert stored(office, 1004)["btw_id"] is None
    history = colleague.open("/relaties/1004/wijzigingen")
    assert "Sanne Visser Gegevens Btw-id: van NL******681B01 naar leeg" in history.words
    assert "001001681" not in history.text


def test_relations_of_one_group_are_found_together(office: Pages, colleague: Browser) -> None:
    for number in (FIRST + 5, FIRST + 6):
        assert save(sheet(colleague, number), {"group": "Familie Jansen"}).word == "Opgeslagen."
    assert "RelatiegroepFamilie Jansen" in colleague.open(f"/relaties/{FIRST + 5}").words
    assert (
        "Relatiegroep: van leeg naar Familie Jansen"
        in colleague.open(f"/relaties/{FIRST + 5}/wijzigingen").words
    )
    found = colleague.open("/inzichten?filter=groep:%22familie%20jansen%22&kolommen=groep")
    assert "Familie Jansen" in found.words
    numbers = [one.text_content().strip() for one in found.tree.xpath("//tbody/tr/td[2]|//tbody/tr/th")]
    assert f"{FIRST + 5}" in " ".join(numbers)
    assert len(found.tree.xpath("//tbody/tr")) == 2
    assert "groep:geen" not in found.words
    assert save(sheet(colleague, FIRST + 6), {"group": ""}).word == "Opgeslagen."
    again = colleague.open("/inzichten?filter=groep:%22Familie%20Jansen%22")
    assert len(again.tree.xpath("//tbody/tr")) == 1


def test_who_comes_second_sees_what_changed_and_keeps_what_was_typed(
    office: Pages, colleague: Browser, other: Browser
) -> None:
    mine, theirs = sheet(colleague, 1005), sheet(other, 1005)
    assert save(theirs, {"kvk": "00900129", "language": "en"}).word == "Opgeslagen."
    second = save(mine, {"name": "Rijschool Bosch"})
    assert second.status == 409
    assert "Joost Mulder: Gegevens" in second.words
    assert "KvK-nummer: van 00900128 naar 00900129" in second.words
    assert stored(office, 1005)["name"] == "Rijschool Bos"
    assert [value_of(second, name) for name in ("name", "kvk", "language")] == [
        "Rijschool Bosch",
        "00900129",
        "en",
    ]
    assert save(second, {}).word == "Opgeslagen."
    found = stored(office, 1005)
    assert (found["name"], found["kvk"], found["language"]) == ("Rijschool Bosch", "00900129", "en")


def test_what_was_typed_about_somebody_who_was_taken_away_is_kept(colleague: Browser, other: Browser) -> None:
    page = sheet(colleague, 1008, "contactpersonen/nieuw")
    added = agree(save(page, {"name": "Kees Kort", "email": "kees@kort.example", "primary": "nee"}))
    sheets = [colleague.open(one) for one in added.links if "/contactpersonen/c-" in one]
    mine = next(one for one in sheets if one.heading == "Kees Kort wijzigen")
    other.open(mine.path.replace("/wijzigen", "/weghalen")).press("Verwijderen")
    kept = save(mine, {"name": "Kees de Kort"})
    assert kept.status == 409
    assert "Joost Mulder: Contactpersoon bij deze relatie: Kees Kort weggehaald" in kept.words
    assert kept.tree.xpath("string(//dt[.='Naam']/following-sibling::dd)") == "Kees de Kort"


@pytest.mark.parametrize("way", ["wrong", "back"])
def test_who_corrects_what_they_typed_still_overwrites_nobody(
    office: Pages, colleague: Browser, other: Browser, way: str
) -> None:
    number = {"wrong": 1003, "back": 1004}[way]
    mine = sheet(colleague, number)
    if way == "back":
        mine = save(mine, {"status": "leaving"})
    assert save(sheet(other, number), {"kvk": "00900129"}).word == "Opgeslagen."
    shown = mine.follow("Terug naar het formulier") if way == "back" else save(mine, {"rsin": "123456789"})
    assert value_of(shown, "kvk") != "00900129"
    second = save(shown, {"rsin": "", "status": "active", "name": "Anders"})
    assert (second.status, value_of(second, "kvk")) == (409, "00900129")
    assert stored(office, number)["name"] != "Anders"


def test_two_people_on_different_parts_are_in_nobodys_way(colleague: Browser, other: Browser) -> None:
    mine, theirs = sheet(colleague, 1006), sheet(other, 1006, "rollen/wijzigen")
    assert save(theirs, {"administratie": "sanne"}).word == "Opgeslagen."
    assert save(mine, {"name": "Groothandel Van Dam en Zoon B.V."}).word == "Opgeslagen."


def test_a_sheet_that_is_sent_twice_is_saved_once(office: Pages, colleague: Browser) -> None:
    page = sheet(colleague, 1007, "contactpersonen/nieuw")
    typed = {"name": "Jelle Elzinga", "email": "jelle@elzingafoto.example", "functions": ["eigenaar"]}
    assert save(page, typed).word == "Opgeslagen."
    before = count_changes(office, 1007)
    again = save(page, typed)
    assert again.word == "Er is niets veranderd."
    another = save(page, {**typed, "name": "Iemand Anders"})
    assert another.tree.xpath("//p[@id='v-name-fout']")  # the form makes one person and changes none
    assert count_changes(office, 1007) == before
    assert len(again.tree.xpath("//article")) == 2


def test_a_status_shows_what_it_stops_before_it_is_given(office: Pages, colleague: Browser) -> None:
    page = sheet(colleague, BUSY)
    assert "De curator beslist voortaan" in page.words
    asked = save(page, {"status": "left", "name": "Gebroeders Maas"})
    assert asked.heading == "Dit heeft gevolgen"
    check_forms(asked)
    assert "Er start niets meer" in asked.words
    crumbs = asked.tree.xpath("string(//p[@class='crumbs'])")
    assert "Gebroeders Maas VOF" in crumbs
    assert (
        "De relatie is vertrokken, maar Aangifte btw over het eerste kwartaal van 2026 loopt door: de klant "
        "krijgt daarvan nog uitvragen" in asked.words
    )
    assert stored(office, BUSY)["status"] == "active"
    back = asked.follow("Terug naar het formulier")
    assert (value_of(back, "status"), value_of(back, "name")) == ("left", "Gebroeders Maas")
    number = str(stored(office, BUSY)["rsin"])
    asked = save(back, {"status": "leaving", "rsin": number})
    assert "De relatie krijgt de status 'vertrekt'." in asked.words
    assert ("v-rsin", number) in asked.fields("Voer door")
    typed_so_far = colleague.open(back.address)  # what is agreed to has the number; what is kept has not
    assert (typed_so_far.status, "Vul opnieuw in: RSIN." in typed_so_far.words) == (200, True)
    assert (value_of(typed_so_far, "status"), number in typed_so_far.text) == ("leaving", False)
    done = asked.press("Voer door")
    assert done.word == "Opgeslagen."
    found = stored(office, BUSY)
    assert (found["status"], found["name"]) == ("leaving", "Gebroeders Maas")
    assert found["status_since"] != date(2024, 1, 1)
    tomorrow = office.desk.now().date() + timedelta(days=1)
    for typed in ({"status": "left"}, {}):
        ahead = save(sheet(colleague, BUSY), {**typed, "status_since": tomorrow.isoformat()})
        assert ahead.status == 422
        assert ahead.tree.xpath("//p[@id='v-status_since-fout'][contains(., 'een status werkt meteen')]")
    assert stored(office, BUSY)["status"] == "leaving"
    assert stored(office, BUSY)["status_since"] == found["status_since"]


def test_who_loses_work_is_told_before_a_role_goes_to_another(office: Pages, colleague: Browser) -> None:
    asked = save(sheet(colleague, BUSY, "rollen/wijzigen"), {"administratie": "joost"})
    assert "Sanne Visser doet Administratie niet meer: 1 open punt gaat naar Joost Mulder." in asked.words
    assert "Sanne Visser aanwezig" in colleague.open(f"/relaties/{BUSY}/rollen").words
    assert "Joost Mulder aanwezig" in asked.press("Voer door").words


def test_a_process_team_fills_several_roles_at_once_and_leaves_the_others(
    office: Pages, colleague: Browser
) -> None:
    empty = sheet(colleague, 1003, "rollen/procesteam")
    assert "nog geen procesteams" in empty.words
    team = [{"role": "administratie", "member": "joost"}, {"role": "relatiebeheerder", "member": "sanne"}]
    with office.desk.equipment.database.write() as connection:
        connection.execute(process_teams.insert(), [{"process_team": "Noord", **one} for one in team])
    page = sheet(colleague, 1003, "rollen/procesteam")
    assert "Noord: Administratie Joost Mulder, Relatiebeheerder Sanne Visser" in page.words
    given = agree(page.press("Rollen toewijzen", {"v-procesteam": "Noord"}))
    assert "Administratie Joost Mulder" in given.words
    assert "Relatiebeheerder Sanne Visser" in given.words
    assert "Accountant Tom de Boer" in given.words
    again = page.press("Rollen toewijzen", {"v-procesteam": "Noord"})
    assert again.word == "Er is niets veranderd."


def test_consequences_that_changed_since_are_shown_again(office: Pages, colleague: Browser) -> None:
    asked = save(sheet(colleague, BUSY, "rollen/wijzigen"), {"accountant": "", "fiscaal": ""})
    assert "Niemand heeft de rol" in asked.words
    form = [(name, value) for name, value in asked.fields("Voer door") if name != "gevolgen"]
    again = colleague.send(str(asked.find_form("Voer door").get("action")), [*form, ("gevolgen", "0" * 16)])
    assert again.heading == "Dit heeft gevolgen"
    assert colleague.open(again.address).words == again.words


def test_what_recurs_and_could_not_start_is_told(colleague: Browser) -> None:
    page = sheet(colleague, RECURRING, "producten/aangifte-btw/-/2026-01-01")
    asked = save(page, {"until": "2026-03-31"})
    assert "Aangifte btw start vanzelf, en kan dan niet starten." in asked.words
    done = asked.press("Voer door")
    assert "tot en met 31 maart 2026" in done.words


def test_the_first_contact_is_one_and_goes_to_another_by_saying_so(colleague: Browser) -> None:
    page = sheet(colleague, 1008, "contactpersonen/nieuw")
    unread = save(page, {"name": "Petra Peters", "phone": "6,12346E+08", "primary": "ja"})
    assert unread.status == 422
    assert unread.tree.xpath("//p[@id='v-phone-fout']")
    asked = save(unread, {"phone": "06 1234 5678"})
    assert "Petra Peters heeft geen e-mailadres." in asked.words
    added = agree(asked)
    assert "Petra Peters eerste contactpersoon" in added.words
    assert "06 1234 5678" in added.words
    assert added.text.count("eerste contactpersoon") == 1
    paths = [one for one in added.links if one.endswith("/wijzigen") and "contactpersonen/" in one]
    first = next(one for one in paths if "Petra Peters" in colleague.open(one).heading)
    refused = save(colleague.open(first), {"primary": "nee"})
    assert refused.status == 422
    assert refused.tree.xpath("//p[@id='v-primary-fout']")
    kept = colleague.open(first.replace("/wijzigen", "/weghalen")).press("Verwijderen")
    assert "Maak eerst een ander de eerste contactpersoon" in kept.words
    gone = next(one for one in paths if one != first).replace("/wijzigen", "/weghalen")
    left = agree(colleague.open(gone).press("Verwijderen"))
    assert len(left.tree.xpath("//article")) == 1


def test_somebody_whom_the_office_knows_serves_another_relation_too(colleague: Browser) -> None:
    page = sheet(colleague, 1009, "contactpersonen/bekende")
    unknown = save(page, {"contact": "niemand@x.example"})
    assert unknown.tree.xpath("//p[@id='v-contact-fout']")
    added = save(unknown, {"contact": "ilse@vandam.example"})
    assert "Ilse van Dam" in added.words
    assert (
        "ook contactpersoon van relatie 1006"
        in sheet(colleague, 1009, "contactpersonen/c-ilse/wijzigen").words
    )
    again = sheet(colleague, 1009, "contactpersonen/bekende")
    changed = save(again, {"contact": "ilse@vandam.example", "functions": ["eigenaar"], "primary": "nee"})
    assert "Dit is al vastgelegd" in changed.words
    assert save(changed, {"functions": [], "primary": "nee"}).word == "Er is niets veranderd."
    taken = save(
        sheet(colleague, 1009, "contactpersonen/nieuw"), {"name": "X", "email": "ilse@vandam.example"}
    )
    assert "Dit e-mailadres is al van contactpersoon Ilse van Dam." in taken.words


def test_who_may_decide_is_recorded_with_the_proof_of_it(colleague: Browser) -> None:
    page = sheet(colleague, 1010, "bevoegdheden/nieuw")
    assert page.tree.xpath("normalize-space(//label[@for='v-proof'])") == "Bewijsstuk"
    assert page.tree.xpath("normalize-space(//label[@for='v-until'])") == "Tot en met niet verplicht"
    typed = {"may": ["see", "sign"], "jointly": ["sign"], "since": "2026-02-01", "product": "aangifte-btw"}
    refused = save(page, typed)
    assert refused.tree.xpath("//p[@id='v-proof-fout']")
    assert "Rechten: Kies er ten minste één." in save(page, {**typed, "may": []}).words
    done = save(refused, {"proof": "volmacht van 1 februari 2026"})
    assert "vanaf 1 februari 2026: inzien, ondertekenen" in done.words
    twice = save(sheet(colleague, 1010, "bevoegdheden/nieuw"), {**typed, "may": ["see"], "jointly": []})
    assert "Dit is al vastgelegd" in twice.words
    ended = save(colleague.open(find_link(done, "/2026-02-01")), {"until": "2026-12-31"})
    assert "tot en met 31 december 2026" in ended.words


def test_another_frequency_is_a_new_agreement_from_a_period_on(office: Pages, colleague: Browser) -> None:
    path = "producten/aangifte-btw/-/2026-01-01"
    asked = save(sheet(colleague, 1002, path), {"frequency": "quarter", "first_period": ""})
    assert asked.status == 422
    far = save(asked, {"first_period": "2126-Q3"})
    assert "1 juli 2126 ligt meer dan 2 jaar vooruit. Klopt het jaar?" in far.words
    later = Period.holding("quarter", office.desk.now().date() + timedelta(days=365))
    before = {"first_period": later.code, "until": (later.start - timedelta(days=1)).isoformat()}
    endless = save(far, before)
    assert endless.tree.xpath("//p[@id='v-until-fout'][contains(., 'vóór de eerste periode')]")
    agree(save(endless, {"first_period": later.code, "until": ""}))
    query = select(relation_products.c.frequency, relation_products.c.until).where(
        relation_products.c.relation == "1002", relation_products.c.product == "aangifte-btw"
    )
    found = office.desk.read(lambda connection: connection.execute(query.order_by("since")).all())
    assert [tuple(row) for row in found] == [("month", later.start - timedelta(days=1)), ("quarter", None)]


def test_adding_a_product_that_is_there_overwrites_no_agreement(office: Pages, colleague: Browser) -> None:
    query = select(relation_products).where(relation_products.c.relation == "1007")
    before = office.desk.read(lambda connection: connection.execute(query).all())
    new = sheet(colleague, 1007, "producten/nieuw")
    assert value_of(new, "product") == ""
    untouched = save(new, {})
    assert untouched.status == 422
    assert untouched.tree.xpath("//p[@id='v-product-fout']")
    refused = save(new, {"product": "aangifte-btw", "frequency": "month", "first_period": ""})
    assert refused.status == 422
    assert refused.tree.xpath("//p[@id='v-product-fout'][contains(., 'al vastgelegd')]")
    assert refused.tree.xpath("//div[@class='problem']//a[@href='/relaties/1007/producten']")
    over = save(new, {"product": "opgaaf-icp", "first_period": "2026-Q2", "until": "2025-01-01"})
    assert over.tree.xpath("//p[@id='v-until-fout'][contains(., 'vóór de eerste periode')]")
    assert office.desk.read(lambda connection: connection.execute(query).all()) == before


def test_a_product_and_a_standing_authority_are_added(colleague: Browser) -> None:
    added = save(
        sheet(colleague, 1012, "producten/nieuw"),
        {"product": "aangifte-vpb", "frequency": "year", "first_period": "2026"},
    )
    assert "Vennootschapsbelasting" in added.words or "vennootschapsbelasting" in added.words
    assert "per jaar, vanaf 2026" in added.words
    once = save(sheet(colleague, 1012, "producten/nieuw"), {"product": "onboarding"})
    assert "per keer" in once.words, "what can be done in one way alone asks for no choice"
    many = save(sheet(colleague, 1012, "producten/nieuw"), {"product": "opgaaf-icp"})
    assert many.tree.xpath("//p[@id='v-frequency-fout']")
    typed = {"since": "2026-01-01", "until": "2026-12-31", "proof": "machtiging", "product": "aangifte-btw"}
    standing = save(sheet(colleague, 1012, "machtigingen/nieuw"), typed)
    assert "bewijsstuk machtiging" in standing.words


@pytest.mark.parametrize(
    "path",
    [
        "contactpersonen/c-piet/wijzigen",
        "contactpersonen/bestaat-niet/weghalen",
        "bevoegdheden/c-anja/alle/2020-01-01",
        "bevoegdheden/c-anja/alle/gisteren",
        "producten/aangifte-btw/B01/begin",
        "machtigingen/alle/begin",
    ],
)
def test_what_a_relation_does_not_have_has_no_sheet(colleague: Browser, path: str) -> None:
    assert sheet(colleague, 1001, path).status == 404


@pytest.mark.parametrize("path", [place.path for place in PLACES])
def test_a_form_that_lacks_its_fields_is_no_failure(office: Pages, colleague: Browser, path: str) -> None:
    for part, there in {
        "contact": "c-anja",
        "product": "aangifte-btw",
        "sub": "-",
        "link": "owner",
        "other": "1002",
    }.items():
        path = path.replace(f"{{{part}}}", there)
    before = stored(office, 1001)
    for since in ("2026-01-01", "2025-01-01", "begin", "0000"):
        answer = colleague.send(f"/relaties/1001/{path.replace('{since}', since)}", {"versie": "x"})
        assert answer.status < 500
    assert stored(office, 1001)["status"] == before["status"]


def test_a_link_is_written_once_and_mended_from_either_side(office: Pages, colleague: Browser) -> None:
    new = sheet(colleague, 1001, "verbanden/nieuw")
    wrong = save(new, {"link": "owner", "other": "9999", "since": "2024-01-01"})
    assert (wrong.status, value_of(wrong, "other")) == (422, "9999")
    far = save(wrong, {"link": "owner", "other": "1002", "since": "1899-01-01"})
    assert (far.status, "Klopt het jaar?" in far.words) == (422, True)
    meant = save(far, {"link": "owner", "other": "1002", "since": "1899-01-01", "anyway": "ja"})
    assert meant.word == "Opgeslagen."
    colleague.open("/relaties/1001/verbanden/owner/1002/1899-01-01/weghalen").press(
        "Verwijder het verband", {}
    )
    saved = save(wrong, {"link": "owner", "other": "1002", "since": "2024-01-01"})
    assert (saved.word, saved.path) == ("Opgeslagen.", "/relaties/1001/gegevens")
    assert "Eigenaar:" in saved.words
    there = colleague.open("/relaties/1002/gegevens")
    assert "Onderneming:" in there.words
    ended = save(
        colleague.open(find_link(there, "/verbanden/business/1001/2024-01-01")), {"until": "2025-12-31"}
    )
    assert "tot en met 31 december 2025" in ended.words
    assert (
        "Verband: eigenaar 1002, vanaf 1 januari 2024" in colleague.open("/relaties/1001/wijzigingen").words
    )
    taken = colleague.open(find_link(ended, "/weghalen")).press("Verwijder het verband", {})
    assert taken.word == "Opgeslagen."
    assert "Eigenaar" not in colleague.open("/relaties/1001/gegevens").words


def test_every_text_is_shown_as_text(colleague: Browser) -> None:
    script = "<script>alert(1)</script>"
    typed = {"name": script, "salutation": script, "phone": script, "primary": "nee"}
    added = save(sheet(colleague, FIRST + 1, "contactpersonen/nieuw"), typed | {"primary": "ja"})
    assert script not in added.text
    assert script not in colleague.open(f"/relaties/{FIRST + 1}/wijzigingen").text
    long = save(sheet(colleague, FIRST + 1, "contactpersonen/nieuw"), {"name": "x" * 10_000})
    assert "9.800 tekens te lang" in long.words
    assert value_of(long, "name") == "x" * 10_000


def test_a_long_history_says_that_it_is_not_all(office: Pages, colleague: Browser) -> None:
    path = f"/relaties/{FIRST + 2}/wijzigingen"
    change = {"relation": str(FIRST + 2), "kind": "relations", "subject": "", "by": None}
    change |= {"before": {"name": "Oud"}, "after": {"name": "Nieuw"}, "at": datetime(2026, 1, 5)}
    with office.desk.equipment.database.write() as connection:
        connection.execute(relation_changes.insert(), [change] * 100)
    assert "Er is meer gewijzigd" not in colleague.open(path).words
    with office.desk.equipment.database.write() as connection:
        connection.execute(relation_changes.insert(), [change])
    assert "hier staan de laatste 100 wijzigingen" in colleague.open(path).words


def test_a_relation_that_was_changed_can_be_removed_with_what_was_kept_of_it(
    office: Pages, colleague: Browser
) -> None:
    assert save(sheet(colleague, 1014), {"name": "Per ongeluk"}).word == "Opgeslagen."
    assert isinstance(remove(office.desk, "1014", agreed=True), dict)
    assert count_changes(office, 1014) == 0
