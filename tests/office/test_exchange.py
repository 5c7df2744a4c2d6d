"""Import is all or nothing with every mistake told; again is an update; export is its mirror."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from kantoor.office.database.engine import Database, open_database
from kantoor.office.database.migrate import upgrade
from kantoor.office.database.tables import relations
from kantoor.office.exchange import (
    ExportError,
    ExportThereError,
    Imported,
    NotImported,
    export_folder,
    import_folder,
)
from kantoor.office.exchange.columns import file_kinds
from kantoor.office.exchange.holdings import load
from kantoor.office.overviews.insights import find_numbers
from kantoor.office.overviews.relation_page import relation_page
from kantoor.office.people import contacts_of, named_roles
from kantoor.office.relations.relation import find_relation, products_of

from .material import FILES, OFFICE, VAT, accepting, count_by_statistics, find_filter, folder_of

NAMES = ", ".join(file_kinds(OFFICE))


def held(database: Database) -> dict[str, Any]:
    with database.read() as connection:
        return load(connection).before


def read(database: Database, folder: Path) -> Imported | NotImported:
    return import_folder(database, folder, OFFICE, accepting)


def mistakes(database: Database, folder: Path) -> list[str]:
    """Import a folder that is wrong: nothing of it is kept."""
    before = held(database)
    result = read(database, folder)
    assert isinstance(result, NotImported)
    assert held(database) == before
    return [str(problem) for problem in result.problems]


def replaced(name: str, old: str, new: str) -> dict[str, str]:
    text = FILES[f"{name}.csv"]
    assert text.count(old) >= 1
    return {name: text.replace(old, new, 1)}


def test_a_folder_comes_in_whole(office: Database) -> None:
    with office.read() as connection:
        relation = find_relation(connection, "1001")
        schilder = find_relation(connection, "1002")
        roles = named_roles(connection, "1001")
        taken = products_of(connection, "1002")
        people = contacts_of(connection, "1001")
    assert relation is not None
    assert schilder is not None
    assert (relation.name, relation.legal_form, relation.kind) == (
        "Bakkerij De Korenaar B.V.",
        "bv",
        "organisation",
    )
    own = {"dga": True, "medewerkers": 12, "klant_sinds": "2019-04-01", "branche": "horeca"}
    assert relation.fields == own
    assert (schilder.kind, schilder.fields, schilder.status) == ("natural_person", {}, "active")
    assert roles == {"relatiebeheerder": "ans", "accountant": "bas"}
    assert [(t.product, t.sub_number, t.frequency, t.way) for t in taken] == [
        (VAT, "B01", "quarter", "information")
    ]
    assert [(p.id, p.functions, p.primary) for p in people] == [
        ("c1", ("directeur",), True),
        ("c2", ("directeur",), False),
    ]


def test_columns_may_have_their_dutch_names(office: Database, tmp_path: Path) -> None:
    folder = tmp_path / "dutch"
    folder.mkdir()
    (folder / "relations.csv").write_text("Nummer;Naam;Rechtsvorm\n1001;Korenaar;nv\n")
    result = read(office, folder)
    assert isinstance(result, Imported)
    with office.read() as connection:
        relation = find_relation(connection, "1001")
    assert relation is not None
    assert (relation.name, relation.legal_form) == ("Korenaar", "nv")


def test_what_was_done_is_counted(database: Database, tmp_path: Path) -> None:
    result = read(database, folder_of(tmp_path / "a"))
    assert isinstance(result, Imported)
    assert result.counts["relations"].new == 3
    changed = folder_of(tmp_path / "b", **replaced("relations", "Schilder Jansen", "Jansen Schilders"))
    result = read(database, changed)
    assert isinstance(result, Imported)
    counts = result.counts["relations"]
    assert (counts.new, counts.changed, counts.unchanged) == (0, 1, 2)


def test_after_an_import_the_database_knows_how_much_there_is(office: Database) -> None:
    with office.read() as connection:
        count = connection.execute(select(func.count()).select_from(relations)).scalar_one()
    assert count_by_statistics(office, "relations") == count > 0


def test_importing_the_same_again_changes_nothing(office: Database, tmp_path: Path) -> None:
    before = held(office)
    result = read(office, folder_of(tmp_path / "again"))
    assert isinstance(result, Imported)
    assert all(c.new == c.changed == 0 for c in result.counts.values())
    assert held(office) == before


def test_an_absent_file_or_column_leaves_what_is_known(office: Database, tmp_path: Path) -> None:
    folder = tmp_path / "part"
    folder.mkdir()
    (folder / "relations.csv").write_text("number,name,ideal_enabled\n1001,Korenaar,ja\n")
    assert isinstance(read(office, folder), Imported)
    with office.read() as connection:
        found = find_relation(connection, "1001")
        assert len(contacts_of(connection, "1001")) == 2
    assert found is not None
    assert (found.name, found.ideal_enabled, found.sbr_enabled) == ("Korenaar", True, True)
    assert (found.ob_number, found.fields["medewerkers"]) == ("001234560B01", 12)


def test_an_empty_cell_clears_and_an_empty_member_unfills(office: Database, tmp_path: Path) -> None:
    folder = tmp_path / "part"
    folder.mkdir()
    (folder / "relations.csv").write_text("number;name;ob_number;branche\n1001;Korenaar;;\n")
    (folder / "roles.csv").write_text("relation;role;member\n1001;accountant;\n1001;fiscaal;\n")
    result = read(office, folder)
    assert isinstance(result, Imported)
    assert (result.counts["relation_roles"].new, result.counts["relation_roles"].changed) == (0, 1)
    with office.read() as connection:
        found = find_relation(connection, "1001")
        assert named_roles(connection, "1001") == {"relatiebeheerder": "ans"}
    assert found is not None
    assert found.ob_number is None
    assert "branche" not in found.fields


def test_roles_without_a_column_for_the_member_stay_as_they_are(office: Database, tmp_path: Path) -> None:
    before = held(office)
    folder = tmp_path / "part"
    folder.mkdir()
    (folder / "roles.csv").write_text("relation;role\n1001;accountant\n1001;fiscaal\n")
    result = read(office, folder)
    assert isinstance(result, Imported)
    assert (result.counts["relation_roles"].new, result.counts["relation_roles"].changed) == (0, 0)
    assert held(office) == before


def test_addresses_and_the_primary_place_can_change_hands_at_once(office: Database, tmp_path: Path) -> None:
    swapped = """\
contact;name;email;relation;functions;primary
c1;Anna Bakker;bert@korenaar.example;1001;directeur;nee
c2;Bert Bakker;anna@korenaar.example;1001;directeur;ja
"""
    assert isinstance(read(office, folder_of(tmp_path / "swap", contacts=swapped)), Imported)
    team = FILES["team.csv"].replace("ans@", "x@").replace("bas@", "ans@").replace("x@", "bas@")
    assert isinstance(read(office, folder_of(tmp_path / "team", contacts=swapped, team=team)), Imported)
    with office.read() as connection:
        people = {p.id: (p.email, p.primary) for p in contacts_of(connection, "1001")}
    assert people == {"c1": ("bert@korenaar.example", False), "c2": ("anna@korenaar.example", True)}


CASES = [
    (
        replaced("relations", "number;name", "numer;name"),
        ["relations.csv: onbekende kolom 'numer'; bedoelt u 'number'?"],
    ),
    (
        replaced("relations", "number;name", "klant;name"),
        [
            "relations.csv: onbekende kolom 'klant'; bedoelt u 'number'?",
        ],
    ),
    (
        replaced("relations", "dga;", "name;"),
        ["relations.csv, regel 1, kolom 8: de kolom 'name' komt twee keer voor, ook als kolom 2"],
    ),
    (
        replaced("relations", "ja;ja;12", "misschien;ja;twaalf"),
        [
            "relations.csv, regel 2, kolom 7 (sbr_enabled): verwacht ja of nee",
            "relations.csv, regel 2, kolom 9 (medewerkers): verwacht een geheel getal",
        ],
    ),
    (
        replaced("relations", "2019-04-01", "31-02-2019"),
        ["relations.csv, regel 2, kolom 10 (klant_sinds): verwacht een bestaande datum zoals 2026-01-31"],
    ),
    (
        replaced("relations", "1003;VOF De Twee", "10 03;"),
        [
            "relations.csv, regel 4, kolom 1 (number): verwacht hoogstens 40 letters, cijfers, punten en "
            "streepjes, "
            "zonder spaties",
            "relations.csv, regel 4, kolom 2 (name): dit veld mag niet leeg zijn",
        ],
    ),
    (
        replaced("relations", "001234560B01", "123456789B01"),
        ["relations.csv, regel 2, kolom 4 (ob_number): Het OB-nummer voldoet niet aan de elfproef."],
    ),
    (
        replaced("relations", "1002;", "1001;"),
        ["relations.csv, regel 3, kolom 1 (number): nog een rij met hetzelfde nummer (ook op regel 2)"],
    ),
    (
        replaced("contacts", "bert@korenaar.example", "bert@korenaar"),
        ["contacts.csv, regel 4, kolom 4 (email): dit is geen geldig e-mailadres"],
    ),
    (
        replaced("contacts", "bert@korenaar.example", "ANNA@korenaar.example"),
        ["contacts.csv, regel 4, kolom 4 (email): dit e-mailadres is ook van een ander (regel 2)"],
    ),
    (
        replaced("contacts", "bert@korenaar.example", "ans@linde.example"),
        ["contacts.csv, regel 4, kolom 4 (email): dit e-mailadres is ook van een ander (team.csv, regel 2)"],
    ),
    (
        replaced("contacts", "c2;Bert", "bas;Bert"),
        [
            "contacts.csv, regel 4, kolom 1 (contact): dit id is al van een medewerker (team.csv, regel 3)",
            "authorities.csv, regel 3, kolom 1 (contact): "
            "contactpersoon 'c2' staat niet in deze bestanden en niet in de administratie",
        ],
    ),
    (
        replaced(
            "contacts", "c1;Anna Bakker;Beste mevrouw Bakker;anna", "c1;Anna B.;Beste mevrouw Bakker;anna"
        ),
        ["contacts.csv, regel 3, kolom 2 (name): anders dan op regel 2 voor dezelfde contactpersoon"],
    ),
    (
        replaced("contacts", "1001;directeur;nee", "1001;directeuren;nee"),
        [
            "contacts.csv, regel 4, kolom 6 (functions): onbekende functie 'directeuren'; bedoelt u "
            "'directeur'?"
        ],
    ),
    (
        replaced("contacts", "1001;directeur;nee", "1001;directeur;ja"),
        [
            "contacts.csv, regel 4, kolom 7 (primary): relatie '1001' heeft al een eerste "
            "contactpersoon: Anna Bakker, contactpersoon 'c1' (regel 2)",
        ],
    ),
    (
        replaced("contacts", ";1001;directeur;nee", ";;directeur;nee"),
        [
            "contacts.csv, regel 4, kolom 5 (relation): "
            "een functie of eerste contactpersoon hoort bij een relatie; vul die in",
            "authorities.csv, regel 3, kolom 1 (contact): 'c2' is geen contactpersoon van relatie '1001'",
        ],
    ),
    (
        replaced("authorities", "see approve;", "see aprove;"),
        ["authorities.csv, regel 2, kolom 4 (may): onbekende bevoegdheid 'aprove'; bedoelt u 'approve'?"],
    ),
    (
        replaced("authorities", ";uittreksel KvK", ";"),
        [
            "authorities.csv, regel 2, kolom 8 (proof): geef het bewijsstuk op waaruit de bevoegdheid blijkt",
        ],
    ),
    (
        replaced("authorities", "2025-12-31", "2024-12-31"),
        ["authorities.csv, regel 3, kolom 7 (until): de laatste dag ligt vóór de eerste"],
    ),
    (
        replaced("standing_authorities", "2026-06-30", ""),
        ["standing_authorities.csv, regel 2, kolom 4 (until): dit veld mag niet leeg zijn"],
    ),
    (
        replaced("roles", "1001;accountant;bas", "1001;acountant;bos"),
        [
            "roles.csv, regel 3, kolom 2 (role): onbekende rol 'acountant'; bedoelt u 'accountant'?",
            "roles.csv, regel 3, kolom 3 (member): medewerker 'bos' staat niet in deze bestanden "
            "en niet in de administratie",
        ],
    ),
    (
        replaced("roles", "1001;accountant;bas", "1001;accountant;bos"),
        [
            "roles.csv, regel 3, kolom 3 (member): medewerker 'bos' staat niet in deze bestanden en niet in "
            "de administratie"
        ],
    ),
    (
        replaced("products", "jaarrekening;year", "jaarrekening;month"),
        [
            "products.csv, regel 5, kolom 3 (frequency): het product 'jaarrekening' kent de frequentie "
            "year, niet month"
        ],
    ),
    (
        replaced("products", "2026-Q1", "2026-01"),
        [
            "products.csv, regel 3, kolom 5 (first_period): '2026-01' is geen periode van de frequentie "
            "quarter; "
            "bedoelt u '2026-Q1'?"
        ],
    ),
    (
        replaced("products", "2026-Q1", "2026-X1"),
        [
            "products.csv, regel 3, kolom 5 (first_period): verwacht een periode zoals 2026-01, 2026-Q1 of "
            "2026, "
            "een gebroken boekjaar als 2025-07..2026-06"
        ],
    ),
    (
        replaced("products", "1001;aangifte-btw;month;;2026-01;;nee;;", "1001;aangifte-btw;month"),
        ["products.csv, regel 2, kolom 4: 3 velden, waar de kopregel er 9 heeft"],
    ),
    (
        replaced("team", "Ans de Wit", '"Ans "de" Wit'),
        [
            "team.csv, regel 2: een veld is te lang of een aanhalingsteken is niet afgesloten; "
            "schrijf het binnen een veld dubbel"
        ],
    ),
    (
        replaced("team", "Ans de Wit", "Ans\x07de Wit"),
        [
            "team.csv, regel 2, kolom 2 (name): er staat een regeleinde of een onzichtbaar teken in dit "
            "veld; "
            "zet het op één regel"
        ],
    ),
    (
        {"team": ""},
        [
            "team.csv: het bestand is leeg; "
            "zet op de eerste regel de kolomnamen, ten minste medewerker;naam;e-mailadres"
        ],
    ),
]


@pytest.mark.parametrize(("changed", "expected"), CASES, ids=[str(i) for i in range(len(CASES))])
def test_every_mistake_is_told_where_it_stands_and_nothing_is_imported(
    database: Database, tmp_path: Path, changed: dict[str, str], expected: list[str]
) -> None:
    assert mistakes(database, folder_of(tmp_path / "csv", **changed)) == expected


def test_mistakes_in_several_files_are_told_together(database: Database, tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path / "csv",
        **replaced("relations", "1003;VOF De Twee", "1003;"),
        **replaced("team", "ans@linde.example", "ans"),
        **replaced("products", "jaarrekening;year", "jaarekening;year"),
    )
    assert [line.split(":")[0].split(",")[0] for line in mistakes(database, folder)] == [
        *("relations.csv", "team.csv", "products.csv"),
    ]


def test_no_mistake_repeats_personal_data(database: Database, tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path / "csv",
        **replaced("relations", "001234560B01", "123456789B01"),
        **replaced("contacts", "bert@korenaar.example", "bert@geheim"),
        **replaced("team", "ans@linde.example", "ans@geheim"),
    )
    said = "".join(mistakes(database, folder))
    assert "123456789" not in said
    assert "geheim" not in said


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"number;name\n1;caf\x81\n", "relations.csv: dit is geen tekst die te lezen is; bewaar het als"),
        (
            b"\xff\xfen\x00",
            "relations.csv: dit is geen tekst die te lezen is; bewaar het als 'CSV UTF-8'",
        ),
        (b"number;name\n1;" + b"x" * 200_000 + b"\n", "relations.csv, regel 2: een veld is te lang"),
    ],
)
def test_bytes_that_are_no_csv_are_told(
    database: Database, tmp_path: Path, content: bytes, expected: str
) -> None:
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "relations.csv").write_bytes(content)
    assert mistakes(database, tmp_path / "csv")[0].startswith(expected)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_comma_or_semicolon_with_or_without_bom(
    database: Database, tmp_path: Path, encoding: str, delimiter: str, newline: str
) -> None:
    (tmp_path / "csv").mkdir()
    lines = ["number;name;legal_form", '1;"Café ""De; Zon"", Épe";bv', "", "2;B;"]
    text = newline.join(lines)
    if delimiter == ",":
        text = newline.join(["number,name,legal_form", '1,"Café ""De; Zon"", Épe",bv', "", "2,B,"])
    (tmp_path / "csv" / "relations.csv").write_bytes(text.encode(encoding))
    assert isinstance(read(database, tmp_path / "csv"), Imported)
    with database.read() as connection:
        found = find_relation(connection, "1")
    assert found is not None
    assert found.name == 'Café "De; Zon", Épe'


def test_a_folder_without_any_file_or_with_a_strange_one_is_told(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    folder.mkdir()
    assert mistakes(database, folder) == [
        f"csv: er valt niets te importeren; zet een of meer van deze bestanden in de map: {NAMES}"
    ]
    (folder / "relation.csv").write_text("number;name\n1;A\n")
    (folder / "leesmij.txt").write_text("…")
    (folder / "prijzen.csv").write_text("…")
    assert mistakes(database, folder) == [
        f"prijzen.csv: dit bestand hoort niet bij een import; gelezen worden: {NAMES}",
        "relation.csv: dit bestand hoort niet bij een import; bedoelt u 'relations.csv'?",
    ]
    assert mistakes(database, tmp_path / "nowhere") == [
        "nowhere: de map is niet te lezen; bestaat de map, en heeft u leesrechten?"
    ]


def test_a_kind_that_does_not_fit_the_legal_form_is_told(database: Database, tmp_path: Path) -> None:
    (tmp_path / "csv").mkdir()
    (tmp_path / "csv" / "relations.csv").write_text(
        "number;name;legal_form;kind\n1;A;bv;natural_person\n2;B;;natural_person\n"
    )
    assert mistakes(database, tmp_path / "csv") == [
        "relations.csv, regel 2, kolom 4 (kind): past niet bij de rechtsvorm; verwacht organisation"
    ]


def test_an_export_that_cannot_be_written_is_told(office: Database, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match="cannot write"):
        export_folder(office, tmp_path / "file" / "out", OFFICE)


def test_an_export_writes_over_files_only_when_asked_and_keeps_them_to_their_owner(
    office: Database, tmp_path: Path
) -> None:
    (tmp_path / "team.csv").write_text("mine")
    with pytest.raises(ExportThereError, match=r"team\.csv already; nothing was written"):
        export_folder(office, tmp_path, OFFICE)
    assert [(file.name, file.read_text()) for file in tmp_path.glob("*.csv")] == [("team.csv", "mine")]
    export_folder(office, tmp_path, OFFICE, overwrite=True)
    assert {file.stat().st_mode & 0o777 for file in tmp_path.glob("*.csv")} == {0o600}


def test_what_was_exported_comes_in_elsewhere_as_it_was(
    office: Database, tmp_path: Path, new_url: Any
) -> None:
    counts = export_folder(office, tmp_path / "out", OFFICE)
    assert counts["relations.csv"] == 3
    other = open_database(new_url())
    upgrade(other)
    assert isinstance(read(other, tmp_path / "out"), Imported)
    assert held(other) == held(office)


def test_one_number_of_two_relations_is_told_unless_it_is_the_ob_number_of_a_fiscal_unit(
    database: Database, tmp_path: Path
) -> None:
    same = "bv;801234517B01;801234517"
    both = f"number;name;legal_form;ob_number;rsin\n1;A;{same}\n2;B;{same}\n"
    folder = folder_of(tmp_path / "csv", **dict.fromkeys((n.removesuffix(".csv") for n in FILES), None))
    (folder / "relations.csv").write_text(both)
    first = read(database, folder)
    assert isinstance(first, Imported)
    assert [str(warning) for warning in first.warnings] == [
        "relations.csv, regel 3, kolom 4 (ob_number): relatie '1' heeft hetzelfde OB-nummer; "
        "dat hoort alleen bij een fiscale eenheid"
    ]
    (folder / "products.csv").write_text("relation;product;frequency;fiscal_unit\n1;aangifte-btw;month;ja\n")
    unit = read(database, folder)
    assert isinstance(unit, Imported)
    assert [str(warning) for warning in unit.warnings] == [
        "relations.csv, regel 3, kolom 5 (rsin): relatie '1' heeft hetzelfde RSIN; is een van de twee dubbel?"
    ]
    (folder / "relations.csv").write_text(both.replace("801234517\n2", "\n2"))
    own = read(database, folder)
    assert isinstance(own, Imported)
    assert own.warnings == ()


def test_one_bsn_of_two_relations_that_take_nothing_is_told_and_found_later(
    office: Database, tmp_path: Path
) -> None:
    with office.read() as connection:
        known = find_relation(connection, "1002")
        assert known is not None
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "relations.csv").write_text(
        f"number;name;legal_form;bsn\n2002;K. Wit;particulier;{known.bsn}\n"
    )
    first = read(office, folder)
    assert isinstance(first, Imported)
    assert [str(warning) for warning in first.warnings] == [
        "relations.csv, regel 2, kolom 4 (bsn): relatie '1002' heeft hetzelfde BSN; is een van de twee "
        "dubbel?"
    ]
    with office.read() as connection:
        page = relation_page(connection, "2002", date(2026, 1, 5), {})
        found = find_numbers(connection, find_filter("advies:same_number"), date(2026, 1, 5), {})
    assert page is not None
    assert [(one.code, one.level, known.name in one.text) for one in page.advice] == [
        ("same_number", "advice", True)
    ]
    assert found == ("1002", "2002")
