"""Relations found by a filter: in the database where it can, by what lacks, in order and in pages."""

from datetime import date

import pytest
from sqlalchemy import Connection

from kantoor.data import replace
from kantoor.filters import Filter, Reading, Term, read_filter, read_terms
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import filings, relations
from kantoor.office.overviews.facets import count_relations, leave_out
from kantoor.office.overviews.filter_names import find_names
from kantoor.office.overviews.insights import Page, Sort, find_numbers, list_relations
from kantoor.office.relations.readiness import CODES

from .material import NEEDS, TODAY, find_filter, start

ALL = ["1001", "1002", "1003"]


@pytest.fixture
def filled(office: Database) -> Database:
    """The office, with an open filing of 1001 and closed ones of 1001 and 1002."""
    with office.write() as connection:
        _put(connection, "1001", "2026-01", phases=["aanbieden"], status="loopt", due=date(2026, 2, 28))
        _put(connection, "1001", "2025-12", phases=[], status="afgesloten", ended="completed")
        _put(connection, "1002", "2025-Q4", phases=[], status="afgesloten", ended="cancelled")
    return office


def _put(connection: Connection, relation: str, period: str, **values: object) -> None:
    made = start(connection, relation, period)
    connection.execute(filings.update().where(filings.c.id == made.id).values(**values))


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ("", ALL),
        ("product:aangifte-btw", ALL),
        ("product:jaarrekening", []),  # it ended
        ("product:jaarrekening,aangifte-btw frequentie:maand", ["1001", "1003"]),
        ("frequentie:kwartaal", ["1002"]),
        ("-frequentie:maand", ["1002"]),
        ("rol.administratie:iemand", ["1002"]),
        ("rol.administratie:niemand", ["1001", "1003"]),
        ("rol.accountant:niemand,ans", ["1003"]),
        ("rol.relatiebeheerder:bas", ["1002"]),
        ("medewerker:bas", ["1001", "1002"]),
        ('medewerker:"ans de wit"', ["1001", "1002"]),
        ("-medewerker:ans", ["1003"]),
        ("status:vertrokken", []),
        ("-status:vertrokken,prospect", ALL),
        ("rechtsvorm:B.V.,vof", ["1001", "1003"]),
        ("rechtsvorm:cv", []),  # which nobody has now
        ("-rechtsvorm:bv", ["1002", "1003"]),
        ("sbr:uit", ["1003"]),
        ("veld.branche:Horeca", ["1001"]),
        ("-veld.branche:horeca", ["1002", "1003"]),
        ("veld.branche:geen", ["1002", "1003"]),
        ("veld.medewerkers:12", ["1001"]),
        ("veld.dga:ja", ["1001"]),
        ("veld.dga:nee", ["1003"]),
        ("veld.klant_sinds:2019-04-01,bouw", ["1001"]),
        ("loopt:ja", ["1001"]),
        ("loopt:nee frequentie:maand", ["1003"]),
        ("-loopt:nee", ["1001"]),
        ("werkproces:btw-aangifte", ["1001"]),  # what was cancelled is not done
        ("fase:aanbieden", ["1001"]),
        ("-fase:aanbieden", ["1002", "1003"]),
        ("periode:2025-12", ["1001"]),
        ("periode:2025-12 loopt:ja", []),  # of one filing
        ("-periode:2026-01", ["1002", "1003"]),
        ("uiterlijk<2026-03-01", ["1001"]),
        ("uiterlijk<vandaag", []),
        ("uiterlijk<=2026-02-28 uiterlijk>=2026-02-28 uiterlijk=2026-02-28", ["1001"]),
        ("uiterlijk>2026-02-28", []),
        ("korenaar", ["1001"]),
        ("KORENAAR,jansen", ["1001", "1002"]),
        ("-korenaar", ["1002", "1003"]),
        ("nummer:100", ALL),
        ("naam:100", []),
        ("naam:%", []),
        ("100%", []),
        ("mist:iets", ["1003"]),
        ("mist:rsin,bsn", ["1003"]),
        ("mist:bsn", []),
        ("-mist:iets", ["1001", "1002"]),
        ("gedekt:nee", ["1002", "1003"]),
        ("gedekt:ja", ["1001"]),
        ("-gedekt:nee", ["1001"]),
        ("gedekt:nee mist:iets frequentie:maand", ["1003"]),
    ],
)
def test_relations_are_found_by_anything(filled: Database, wanted: str, numbers: list[str]) -> None:
    with filled.read() as connection:
        found = find_numbers(connection, find_filter(wanted), TODAY, NEEDS)
        counted = count_relations(connection, find_filter(wanted), TODAY)
        lines = list_relations(connection, find_filter(wanted), TODAY, NEEDS)
    assert list(found) == numbers
    assert [line.number for line in lines] == numbers
    lacks = "mist" in wanted or "gedekt" in wanted
    assert (counted.found if counted else None) == (None if lacks else len(numbers))


def test_what_is_missing_is_found_by_each_of_its_codes(filled: Database) -> None:
    bare = {"ob_number": None, "legal_form": "", "rsin": None, "sbr_enabled": False}
    with filled.write() as connection:
        connection.execute(relations.update().where(relations.c.number == "1001").values(**bare))
        connection.execute(relations.update().where(relations.c.number == "1002").values(status="prospect"))
    with filled.read() as connection:
        lines = list_relations(connection, find_filter(""), TODAY, NEEDS)
        codes = {line.number: {one.code for one in line.missing} for line in lines}
        found = {
            code: find_numbers(
                connection, Filter(terms=(Term(field="missing", values=(code,)),)), TODAY, NEEDS
            )
            for code in CODES
        }
    assert {"no_ob_number", "no_rsin", "sbr_off", "not_accepted"} <= set().union(*codes.values())
    assert found == {code: tuple(n for n in ALL if code in codes[n]) for code in CODES}


@pytest.mark.parametrize("wanted", ["", "-mist:bsn"])
@pytest.mark.parametrize(
    ("sort", "numbers"),
    [
        ("number", ALL),
        ("name", ["1001", "1003", "1002"]),
        ("status", ["1001", "1002", "1003"]),
        ("legal_form", ["1003", "1001", "1002"]),
    ],
)
def test_pages_in_any_order_leave_nothing_out(
    office: Database, sort: Sort, numbers: list[str], wanted: str
) -> None:
    with office.write() as connection:
        change = relations.update().where(relations.c.number == "1003")
        connection.execute(change.values(name="bakkerij de twee", legal_form=None))
    after, found = None, []
    with office.read() as connection:
        while True:
            page = Page(size=1, after=after, sort=sort)
            some = find_numbers(connection, find_filter(wanted), TODAY, NEEDS, page)
            if not some:
                break
            found += some
            after = some[-1]
    assert found == numbers


@pytest.mark.parametrize(("sort", "numbers"), [("number", ["1002", "1003"]), ("status", ALL)])
def test_a_page_after_a_relation_that_was_removed_is_not_empty(
    office: Database, sort: Sort, numbers: list[str]
) -> None:
    with office.read() as connection:
        page = Page(after="1001-gone", sort=sort)
        assert [*find_numbers(connection, find_filter(""), TODAY, NEEDS, page)] == numbers


def test_those_that_are_asked_about_are_read_and_no_others(office: Database) -> None:
    with office.read() as connection:
        page = Page(among=frozenset({"1002", "9999"}))
        found = list_relations(connection, find_filter(""), TODAY, NEEDS, page)
        assert [line.number for line in found] == ["1002"]


@pytest.mark.parametrize(
    ("wanted", "code", "near"),
    [
        ("product:aangifte-bwt", "unknown_product", "aangifte-btw"),
        ("rol.acountant:bas", "unknown_role", "accountant"),
        ("rol.accountant:onzin", "unknown_member", '"Ans de Wit", "Bas Groen"'),
        ("medewerker:onzin", "unknown_member", '"Bas Groen"'),
        ("werkproces:btwaangifte", "unknown_template", "btw-aangifte"),
        ("fase:aanbiedn", "unknown_phase", "aanbieden"),
        ("veld.branch:horeca", "unknown_own", "branche"),
        ("rechtsvorm:stichtng", "unknown_legal_form", "stichting"),
        ('product:"Aangfte BT"', "unknown_product", 'Bedoelt u "Aangifte BTW"?'),
        ('medewerker:"Bas Goen"', "unknown_member", 'Bedoelt u "Bas Groen"?'),
    ],
)
def test_a_name_that_the_office_has_not_is_pointed_at(
    office: Database, wanted: str, code: str, near: str
) -> None:
    reading = read_filter(wanted)
    assert isinstance(reading, Reading)
    with office.read() as connection:
        _, (found,) = find_names(connection, reading)
    assert (found.code, near in found.text) == (code, True)
    assert wanted[found.at : found.at + found.length].strip('"') in found.text


@pytest.mark.parametrize("wanted", ["rol.accountant:niemand", "rechtsvorm:geen", "medewerker:groen"])
def test_a_name_that_the_office_has_is_known(office: Database, wanted: str) -> None:
    reading = read_filter(wanted)
    assert isinstance(reading, Reading)
    with office.read() as connection:
        assert find_names(connection, reading) == (reading, ())


def test_what_people_see_is_taken_for_its_id_and_is_what_they_are_told(filled: Database) -> None:
    shown = 'product:"aangifte btw" fase:AANBIEDEN -rol.Administratie:iemand'
    with filled.read() as connection:
        found, wrong = find_names(connection, read_terms(shown)[0])
        assert wrong == ()
        assert find_numbers(connection, found.filter, TODAY, NEEDS) == ("1001",)
        form, _ = find_names(connection, read_terms('rechtsvorm:"besloten vennootschap"')[0])
        assert form.filter == find_filter("rechtsvorm:bv")
        _, (wrong,) = find_names(connection, read_terms("product:zzzz")[0])
    assert wrong.text == "Het product 'zzzz' bestaat niet. Kies uit: \"Aangifte BTW\", Jaarrekening."


def test_no_text_of_a_filter_comes_into_a_statement(office: Database) -> None:
    nasty = "x'; DROP TABLE relations; --"
    with office.read() as connection:
        assert find_numbers(connection, find_filter(f'naam:"{nasty}"'), TODAY, NEEDS) == ()
        assert len(find_numbers(connection, find_filter(""), TODAY, NEEDS)) == 3


def facet(filled: Database, wanted: str, field: str) -> dict[str, int]:
    with filled.read() as connection:
        counts = count_relations(connection, find_filter(wanted), TODAY, whole=True)
    assert counts is not None
    return {one.value: one.count for one in counts.facets.get(field, ())}


@pytest.mark.parametrize(
    ("wanted", "field", "counts"),
    [
        ("", "status", {"active": 3}),
        ("", "product", {"aangifte-btw": 3}),
        ("frequentie:maand", "product", {"aangifte-btw": 2}),
        ("frequentie:maand", "frequency", {"month": 2, "quarter": 1}),
        ("sbr:uit", "sbr", {"yes": 2, "no": 1}),
        ("sbr:uit", "legal_form", {"vof": 1}),
        ("", "member", {"ans": 2, "bas": 2}),
        ("", "phase", {"aanbieden": 1}),
        ("periode:2025-12", "phase", {}),
        ("rol.accountant:bas -rol.administratie:ans", "member", {"ans": 1, "bas": 1}),
        ("-fase:aanbieden -korenaar", "member", {"ans": 1, "bas": 1}),
    ],
)
def test_a_facet_counts_what_choosing_it_finds(
    filled: Database, wanted: str, field: str, counts: dict[str, int]
) -> None:
    found = facet(filled, wanted, field)
    assert found == counts
    for value, count in found.items():
        rest = find_filter(wanted)
        chosen = replace(rest, terms=(*leave_out(rest, field).terms, Term(field=field, values=(value,))))
        with filled.read() as connection:
            assert len(find_numbers(connection, chosen, TODAY, NEEDS)) == count
