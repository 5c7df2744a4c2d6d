"""Mistakes are told at their own cell, those of headers first, and none that only follows from another."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from kantoor.office.database.engine import Database
from kantoor.office.exchange import Imported, NotImported, export_folder, import_folder
from kantoor.office.exchange.cells import CellError
from kantoor.office.exchange.columns import file_kinds
from kantoor.office.exchange.holdings import load
from kantoor.service.relations.identities import check_relation_identity

from .material import FILES, OFFICE, folder_of

RIGHT = FILES | {"relations.csv": FILES["relations.csv"].replace("001234560", "801234505")}
"""The folder of the other tests, with numbers that the rules of identity accept."""
OF_A_UNIT = {
    "relations": RIGHT["relations.csv"].replace("801234505B01", "801234517B01"),
    "products": FILES["products.csv"]
    .replace("recipient\n", "recipient;fiscal_unit\n")
    .replace(";nee;;\n", ";nee;;;ja\n", 1)
    .replace("information;\n", "information;;\n")
    .replace("directeur\n", "directeur;nee\n")
    .replace("31;nee;;\n", "31;nee;;;nee\n"),
}
"""Of it those files in which relation 1001 files in a fiscal unit, under its number."""
NOT_ITS_OWN = "De eerste negen cijfers van het OB-nummer zijn niet het RSIN van deze relatie."


@pytest.fixture
def dialect() -> str:
    """One dialect is enough for what is read from files."""
    return "sqlite"


Told = Callable[..., list[str]]


@pytest.fixture
def told(database: Database, tmp_path: Path) -> Told:
    """Import the right folder with lines replaced, and return what is told; then nothing was imported."""

    def import_with(changed: dict[str, dict[int, str]]) -> list[str]:
        files = {name.removesuffix(".csv"): _with(RIGHT[name], changed.get(name, {})) for name in RIGHT}
        return _mistakes(database, folder_of(tmp_path / "csv", **files))

    return import_with


def _with(text: str, changed: dict[int, str]) -> str:
    lines = text.splitlines()
    for number, line in changed.items():
        lines[number - 1 : number] = [line]
    return "\n".join(lines) + "\n"


def _mistakes(database: Database, folder: Path) -> list[str]:
    with database.read() as connection:
        before = load(connection).before
    result = import_folder(database, folder, OFFICE, check_relation_identity)
    assert isinstance(result, NotImported)
    with database.read() as connection:
        assert load(connection).before == before
    return [str(problem) for problem in result.problems]


def test_header_mistakes_of_all_files_are_told_at_once_and_no_row_is_judged(told: Told) -> None:
    assert told(
        {
            "relations.csv": {
                1: "number;name;legal_form;ob_number;rsin;bsn;sbr_enabled;dga;medewerkers;klant_sinds;kleur",
                2: "1001;Bakkerij De Korenaar B.V.;bv;801234517B01;801234505;;soms;ja;twaalf;2019-02-30;rood",
            },
            "contacts.csv": {1: "contact;name;salutation;emial;relation;functions;primary"},
            "authorities.csv": {1: "contact;relation;product;may;;since;until;proof"},
            "team.csv": {1: "member;name;phone;phone;qualifications;active"},
            "roles.csv": {3: "1001;acountant;bos"},
            "products.csv": {
                1: "relaties;product;frequency;sub_number;first_period;until;foreign;way;recipient",
            },
        }
    ) == [
        "relations.csv, regel 1, kolom 11: onbekende kolom 'kleur'; kies uit: kind, btw_id, kvk, "
        "ideal_enabled, "
        "status, status_since, language, automations_off, group, branche",
        "contacts.csv, regel 1, kolom 4: onbekende kolom 'emial'; bedoelt u 'email'?",
        "authorities.csv, regel 1, kolom 5: kolom 5 heeft geen naam; geef de kolom een naam of verwijder de "
        "kolom",
        "team.csv: de kolom 'email' ontbreekt",
        "team.csv, regel 1, kolom 4: de kolom 'phone' komt twee keer voor, ook als kolom 3",
        "products.csv: onbekende kolom 'relaties'; bedoelt u 'relation'?",
    ]


def test_mistakes_all_over_a_folder_are_told_at_once_and_none_besides(told: Told) -> None:
    assert told(
        {
            "relations.csv": {
                2: "1001;Bakkerij De Korenaar B.V.;bv;801234517B01;801234505;;soms;ja;twaalf;2019-02-30;rood",
                3: "1002;;eenmanszaak;111222333B01;;111222334;ja;;;;",
                4: "10 03;VOF De Twee;vaf;;;;nee;nee;;;",
            },
            "contacts.csv": {
                4: "c2;Bert Bakker;;bert@korenaar;1001;directeur baas;ja",
                5: "c3;Piet Jansen;Beste Piet;ans@linde.example;1002;;ja",
            },
            "authorities.csv": {
                2: "c1;1001;aangifte-bwt;see approve;sign;2025-01-01;2024-01-01;",
                3: "c2;1001;;see sing;;2025-01-01;2025-12-31;volmacht",
            },
            "standing_authorities.csv": {2: "1009;aangifte-btw;2025-07-01;;"},
            "team.csv": {
                3: "bas;Bas Groen;bas@linde.example;088 2;AB;ja;",
                4: 'cor;"Cor Zwart;cor@linde.example;;RB;nee',
            },
            "roles.csv": {
                3: "1001;acountant;bos",
                7: "1003;relatiebeheerder;cor\n1003;relatiebeheerder;ans",
            },
            "products.csv": {
                3: "1002;aangifte-btw;quarter;B1;2026-01;;nee;information;",
                5: "1003;jaarrekening;month;;;2025-12-31;nee;soms;",
            },
        }
    ) == [
        f"relations.csv, regel 2, kolom 4 (ob_number): {NOT_ITS_OWN}",
        "relations.csv, regel 2, kolom 7 (sbr_enabled): verwacht ja of nee",
        "relations.csv, regel 2, kolom 9 (medewerkers): verwacht een geheel getal",
        "relations.csv, regel 2, kolom 10 (klant_sinds): verwacht een bestaande datum zoals 2026-01-31",
        "relations.csv, regel 3, kolom 2 (name): dit veld mag niet leeg zijn",
        "relations.csv, regel 3, kolom 6 (bsn): Het BSN voldoet niet aan de elfproef.",
        "relations.csv, regel 4, kolom 1 (number): verwacht hoogstens 40 letters, cijfers, punten en "
        "streepjes, "
        "zonder spaties",
        "relations.csv, regel 4, kolom 3 (legal_form): Deze rechtsvorm is niet bekend; bekend zijn: "
        "natuurlijk_persoon, "
        "eenmanszaak, maatschap, vof, cv, rederij, bv, nv, cooperatie, owm, stichting, vereniging, vve, "
        "kerkgenootschap, publiekrechtelijk, buitenlands.",
        "contacts.csv, regel 4, kolom 4 (email): dit is geen geldig e-mailadres",
        "contacts.csv, regel 4, kolom 6 (functions): onbekende functie 'baas'; verwacht directeur, vennoot",
        "contacts.csv, regel 4, kolom 7 (primary): relatie '1001' heeft al een eerste contactpersoon: "
        "Anna Bakker, contactpersoon 'c1' (regel 2)",
        "contacts.csv, regel 5, kolom 4 (email): dit e-mailadres is ook van een ander (team.csv, regel 2)",
        "authorities.csv, regel 2, kolom 3 (product): onbekend product 'aangifte-bwt'; bedoelt u "
        "'aangifte-btw'?",
        "authorities.csv, regel 2, kolom 5 (jointly): zet wat alleen samen mag ook in de kolom 'may': sign",
        "authorities.csv, regel 2, kolom 7 (until): de laatste dag ligt vóór de eerste",
        "authorities.csv, regel 2, kolom 8 (proof): geef het bewijsstuk op waaruit de bevoegdheid blijkt",
        "authorities.csv, regel 3, kolom 4 (may): onbekende bevoegdheid 'sing'; bedoelt u 'sign'?",
        "standing_authorities.csv, regel 2, kolom 4 (until): dit veld mag niet leeg zijn",
        "standing_authorities.csv, regel 2, kolom 5 (proof): dit veld mag niet leeg zijn",
        "team.csv, regel 3, kolom 7: 7 velden, waar de kopregel er 6 heeft; "
        "zet een tekst waar het scheidingsteken in staat tussen aanhalingstekens",
        "team.csv, regel 4: een veld is te lang of een aanhalingsteken is niet afgesloten; "
        "schrijf het binnen een veld dubbel",
        "roles.csv, regel 3, kolom 2 (role): onbekende rol 'acountant'; bedoelt u 'accountant'?",
        "roles.csv, regel 8, kolom 1 (relation): nog een rij met dezelfde relatie en rol (ook op regel 7)",
        "products.csv, regel 3, kolom 4 (sub_number): verwacht een subnummer zoals B01 of L02",
        "products.csv, regel 3, kolom 5 (first_period): '2026-01' is geen periode van de frequentie quarter; "
        "bedoelt u '2026-Q1'?",
        "products.csv, regel 5, kolom 3 (frequency): het product 'jaarrekening' kent de frequentie year, "
        "niet month",
        "products.csv, regel 5, kolom 8 (way): onbekende aanbiedwijze 'soms'; verwacht ter accordering, "
        "ter informatie, ter ondertekening",
    ]


def _broken_cells(name: str) -> list[tuple[int, int, str]]:
    """Return line, column and the whole line for every cell of a file that can be made unreadable."""
    header, *lines = (line.split(";") for line in RIGHT[name].splitlines())
    columns = {column.name: column for column in file_kinds(OFFICE)[name].columns}
    found = []
    for number, cells in enumerate(lines, 2):
        for place, column in enumerate(header):
            wrong = f"{cells[place]} ?".strip()
            try:
                columns[column].kind.read(wrong)
            except CellError:
                found.append((number, place + 1, ";".join([*cells[:place], wrong, *cells[place + 1 :]])))
    return found


@pytest.mark.parametrize("name", RIGHT)
def test_a_cell_that_cannot_be_read_is_told_and_nothing_that_follows_from_it(told: Told, name: str) -> None:
    cells = _broken_cells(name)
    assert cells
    for line, column, text in cells:
        (said,) = told({name: {line: text}})
        assert said.startswith(f"{name}, regel {line}, kolom {column}")


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("wrong", ['"{} x', "{};x;x;x"])
def test_a_row_that_cannot_be_split_is_told_and_nothing_that_follows_from_it(
    told: Told, name: str, wrong: str
) -> None:
    for number, line in enumerate(RIGHT[name].splitlines()[1:], 2):
        (said,) = told({name: {number: wrong.format(line)}})
        assert said.startswith(f"{name}, regel {number}")


@pytest.mark.parametrize(
    ("name", "line", "mistake"),
    [
        (
            "relations.csv",
            ";VOF De Twee;vof;;;;nee;nee;;;",
            "4, kolom 1 (number): dit veld mag niet leeg zijn",
        ),
        (
            "relations.csv",
            "1002;VOF De Twee;vof;;;;nee;nee;;;",
            "4, kolom 1 (number): nog een rij met hetzelfde num",
        ),
        (
            "team.csv",
            "c or;Cor Zwart;cor@linde.example;;RB;nee",
            "4, kolom 1 (member): verwacht hoogstens 40 lett",
        ),
        ("team.csv", "cor;Cor Zwart", "4, kolom 3: 2 velden, waar de kopregel er 6 heeft"),
        (
            "contacts.csv",
            "c2;;Bert;Bakker;;bert@korenaar.example;1001;directeur;nee",
            "4, kolom 8: 9 velden, waar",
        ),
    ],
)
def test_names_that_nothing_brings_wait_while_a_row_has_no_name_of_its_own(
    told: Told, name: str, line: str, mistake: str
) -> None:
    """They may all be that row's, or those of nobody: of other files nothing is held back."""
    strange = {
        "relations.csv": "1009;aangifte-btw;2025-07-01;2026-06-30;machtiging 7",
        "team.csv": "1003;relatiebeheerder;bos",
        "contacts.csv": "c9;1001;;see;;2025-01-01;;",
    }
    others = {"relations.csv": ("standing_authorities.csv", 2, 1), "team.csv": ("roles.csv", 7, 3)}
    others["contacts.csv"] = ("authorities.csv", 3, 1)
    named = {file: {at: strange[of]} for of, (file, at, _) in others.items()}
    places = {of: f"{file}:{at}:{column}" for of, (file, at, column) in others.items()}
    assert [_place(said) for said in told(named)] == [
        places[of] for of in ("contacts.csv", "relations.csv", "team.csv")
    ]
    said = told({name: {4: line}} | named)
    assert len([one for one in said if one.startswith(f"{name}, regel {mistake}")]) == 1
    assert {_place(one) for one in said if not one.startswith(name)} == {*places.values()} - {places[name]}


def _place(said: str) -> str:
    file, line, column = _PLACE.match(said).groups()  # type: ignore[union-attr]
    return f"{file}:{line or 1}:{column or 1}"


_PLACE = re.compile(r"([a-z_]+\.csv)(?:, regel (\d+))?(?:, kolom (\d+))?")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("relations.csv", "number;", "x;"),
        ("contacts.csv", "contact;", "x;"),
        ("contacts.csv", "relation;", "x;"),
        ("authorities.csv", ";proof", ";x"),
        ("team.csv", "member;", "x;"),
        ("products.csv", "relation;", ";"),
        ("products.csv", "sub_number;", "product;"),
    ],
)
def test_a_column_that_is_not_found_makes_no_row_wrong(told: Told, name: str, old: str, new: str) -> None:
    header = RIGHT[name].splitlines()[0]
    said = told({name: {1: header.replace(old, new, 1)}})
    assert said
    assert all(re.match(rf"{name}(, regel 1, kolom \d+)?: ", line) for line in said)


def test_a_required_column_that_is_missing_is_told(told: Told) -> None:
    header = RIGHT["relations.csv"].splitlines()[0].replace("number", "x", 1)
    said = told({"relations.csv": {1: header, 2: "1001;Bakkerij;bv;801234517B01;801234505;;soms;ja;12;;"}})
    assert said == ["relations.csv: onbekende kolom 'x'; bedoelt u 'number'?"]
    said = told({"relations.csv": {1: header.replace("x;name;", "x;y;").replace(";dga", "")}})
    assert said == [
        "relations.csv: onbekende kolom 'x'; kies uit: number, name, kind, btw_id, kvk, ideal_enabled, "
        "status, status_since, language, automations_off, group, dga",
        "relations.csv: de kolom 'number' ontbreekt",
        "relations.csv: de kolom 'name' ontbreekt",
        "relations.csv, regel 1, kolom 2: onbekende kolom 'y'",
    ]


def test_a_first_line_that_names_no_columns_is_not_repeated(told: Told) -> None:
    (said,) = told({"relations.csv": {1: "1000;Jansen;eenmanszaak;111222333B01;;111222333;ja;;;;"}})
    assert said.startswith("relations.csv: zet op de eerste regel de kolomnamen")
    assert "ansen" not in said
    assert "111222333" not in said


@pytest.mark.parametrize(
    "changed",
    [
        {"relations.csv": {1: RIGHT["relations.csv"].splitlines()[0].replace("branche", "1112.22.333")}},
        {"contacts.csv": {4: "c2;Bert Bakker;;;1001;bert@geheim.example 111222333;nee"}},
    ],
)
def test_what_may_be_a_number_or_address_of_a_person_is_not_repeated(
    told: Told, changed: dict[str, dict[int, str]]
) -> None:
    (said,) = told(changed)
    assert "geheim" not in said
    assert "222" not in said


@pytest.mark.parametrize("phone", ["telefoon", "+", "12", "0612345678 / 020-1234567", "612345678"])
def test_what_is_no_telephone_number_is_refused_with_an_example(told: Told, phone: str) -> None:
    (said,) = told({"team.csv": {3: f"bas;Bas Groen;bas@linde.example;{phone};;ja"}})
    assert said.startswith("team.csv, regel 3, kolom 4 (phone): dit is geen telefoonnummer; ")
    assert said.endswith("zoals 06-12345678, 020-1234567 of +32 2 123 45 67")


def test_a_telephone_number_that_a_spreadsheet_rounded_is_refused(told: Told) -> None:
    (said,) = told({"team.csv": {3: "bas;Bas Groen;bas@linde.example;6,12346E+08;;ja"}})
    assert said.startswith("team.csv, regel 3, kolom 4 (phone): het rekenblad heeft dit nummer afgerond; ")


def test_a_number_of_a_person_in_a_column_for_ids_is_not_repeated(told: Told) -> None:
    said = told(
        {
            "contacts.csv": {4: "c2;Bert Bakker;;bert@korenaar.example;1001;;nee\n111222333;Cas;;;1002;;ja"},
            "authorities.csv": {2: "c1;111222333;;see;;2025-01-01;;", 3: "111222333;1001;;see;;2025-01-01;;"},
            "roles.csv": {3: "1001;accountant;111222333", 7: "1003;relatiebeheerder;bos"},
        }
    )
    wrong = "dit kan een BSN zijn; geef mensen een eigen kenmerk, zoals c-017"
    assert said == [
        f"contacts.csv, regel 5, kolom 1 (contact): {wrong}",
        "authorities.csv, regel 2, kolom 2 (relation): relatie '…' staat niet in deze bestanden en niet in "
        "de administratie",
        f"authorities.csv, regel 3, kolom 1 (contact): {wrong}",
        f"roles.csv, regel 3, kolom 3 (member): {wrong}",
        "roles.csv, regel 7, kolom 3 (member): medewerker 'bos' staat niet in deze bestanden en niet in de "
        "administratie",
    ]


def test_a_row_with_a_wrong_number_of_cells_is_told_alone(told: Told) -> None:
    said = told(
        {
            "relations.csv": {3: "1002;Schilder; Jansen;eenmansbedrijf;111222333B01;;111222333;ja;;;;"},
            "products.csv": {2: "1001;aangifte-btw;month;2026-01;;nee;;", 3: "1002;aangifte-btw;kwartaal"},
        }
    )
    assert said == [
        "relations.csv, regel 3, kolom 12: 12 velden, waar de kopregel er 11 heeft; "
        "zet een tekst waar het scheidingsteken in staat tussen aanhalingstekens",
        "products.csv, regel 2, kolom 9: 8 velden, waar de kopregel er 9 heeft",
        "products.csv, regel 3, kolom 4: 3 velden, waar de kopregel er 9 heeft",
    ]


DUTCH_RELATIONS = "nummer;naam;soort;rechtsvorm;status sinds"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        (
            "relations",
            "nummer;naam;rechtsform",
            [", regel 1, kolom 3: onbekende kolom 'rechtsform'; bedoelt u 'rechtsvorm'?"],
        ),
        (
            "relations",
            "number;name;rechtsform",
            [", regel 1, kolom 3: onbekende kolom 'rechtsform'; bedoelt u 'rechtsvorm'?"],
        ),
        (
            "relations",
            "Nummer;Naam;NAAM",
            [", regel 1, kolom 3: de kolom 'naam' komt twee keer voor, ook als kolom 2"],
        ),
        ("relations", "nummer;rsin", [": de kolom 'naam' ontbreekt"]),
        (
            "relations",
            f"{DUTCH_RELATIONS}\n1;A;organisatie;eenmanszaak;gisteren",
            [
                ", regel 2, kolom 3 (soort): past niet bij de rechtsvorm; verwacht natuurlijk persoon",
                ", regel 2, kolom 5 (status sinds): verwacht een bestaande datum zoals 2026-01-31",
            ],
        ),
        (
            "products",
            "relatie;product;frequentie;Eerste periode\n1001;jaarrekening;maand;2026",
            [
                ", regel 2, kolom 3 (frequentie): het product 'Jaarrekening' kent de frequentie per jaar, "
                "niet per maand",
                ", regel 2, kolom 4 (eerste periode): '2026' is geen periode van de frequentie per maand; "
                "bedoelt u '2026-01'?",
            ],
        ),
        (
            "authorities",
            "contactpersoon;relatie;bevoegdheden;alleen samen;vanaf;bewijsstuk\n"
            "c1;1001;inzien;akkoord geven;2026-01-01;x",
            [
                ", regel 2, kolom 4 (alleen samen): zet wat alleen samen mag ook in de kolom "
                "'bevoegdheden': akkoord geven"
            ],
        ),
    ],
)
def test_mistakes_in_a_dutch_file_name_its_own_columns_and_words(
    office: Database, tmp_path: Path, name: str, text: str, expected: list[str]
) -> None:
    folder = folder_of(tmp_path / "csv", **dict.fromkeys(file.removesuffix(".csv") for file in FILES))
    (folder / f"{name}.csv").write_text(f"{text}\n")
    assert _mistakes(office, folder) == [f"{name}.csv{mistake}" for mistake in expected]


def test_a_file_of_a_dutch_spreadsheet_is_read_and_its_letters_are_told(
    database: Database, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "csv", relations=RIGHT["relations.csv"].replace(";ja;12", ";ja;veel"))
    text = (folder / "relations.csv").read_text("utf-8").replace("Jansen", "Jansén").replace("Twee", "Tweeën")
    (folder / "relations.csv").write_bytes(text.encode("cp1252"))
    assert _mistakes(database, folder) == [
        "relations.csv, regel 2, kolom 9 (medewerkers): verwacht een geheel getal"
    ]
    (folder / "relations.csv").write_bytes(text.replace(";veel", ";12").encode("cp1252"))
    tried = import_folder(database, folder, OFFICE, check_relation_identity, unless="losses")
    assert isinstance(tried, Imported)
    assert not tried.done
    result = import_folder(database, folder, OFFICE, check_relation_identity)
    assert isinstance(result, Imported)
    assert result.losses == (
        "relations.csv: gelezen als Windows-1252, met é, ë; kloppen die tekens niet, "
        "bewaar het dan als 'CSV UTF-8'",
    )
    with database.read() as connection:
        names = {key[0]: record["name"] for key, record in load(connection).before["relations"].items()}
    assert names["1002"] == "Schilder Jansén"


def test_a_file_that_is_partly_utf_8_is_refused_with_the_line(database: Database, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "csv", relations="")
    lines = (b"number;name", "1001;José Müller".encode(), "1002;Zoë".encode("cp1252"))
    (folder / "relations.csv").write_bytes(b"\n".join(lines))
    assert _mistakes(database, folder) == [
        "relations.csv, regel 2: hier staat UTF-8 in een bestand dat het verder niet is; herstel de letters "
        "en "
        "bewaar het als 'CSV UTF-8'"
    ]


def _sheet(database: Database, folder: Path, text: str, name: str = "relations.csv") -> Imported | list[str]:
    """Import one file as somebody's spreadsheet wrote it."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    result = import_folder(database, folder, OFFICE, check_relation_identity)
    return result if isinstance(result, Imported) else [str(problem) for problem in result.problems]


def test_numbers_and_days_are_read_as_a_spreadsheet_writes_them(database: Database, tmp_path: Path) -> None:
    rows = ("43556", "1-apr-2019", "2019-04-01 00:00:00", "1-4-2019 0:00", "43556,0", "1 april 2019")
    rows += ("43556,5", "43556.604166", "2019-04-01T14:30", "1-4-2019 9:05:12")
    lines = [f"{1001 + n}.0;A;{day}" for n, day in enumerate(rows)]
    found = _sheet(database, tmp_path / "csv", "\n".join(("number;name;status_since", *lines)))
    assert isinstance(found, Imported), found
    with database.read() as connection:
        held = load(connection).before["relations"]
    assert [key for (key,) in sorted(held)] == [str(1001 + n) for n in range(len(rows))]
    assert {str(record["status_since"]) for record in held.values()} == {"2019-04-01"}


def test_what_the_product_prints_is_read(database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "csv"
    found = _sheet(database, folder, "nummer;naam;soort;status\n1001;A;Natuurlijk persoon;In liquidatie\n")
    assert isinstance(found, Imported), found
    (folder / "team.csv").write_text("member;name;email;qualifications\nans;Ans;ans@x.example;aa, RB\n")
    (folder / "roles.csv").write_text("relation;role;member\n1001;Relatiebeheerder;ans\n")
    (folder / "contacts.csv").write_text("contact;name;relation\nc1;Ann;1001\n")
    (folder / "authorities.csv").write_text(
        "contact;relation;product;may;jointly;since;proof\n"
        "c1;1001;Aangifte BTW;Inzien, akkoord geven;akkoord geven;1-1-2026;akte\n"
    )
    found = _sheet(
        database,
        folder,
        "relation;product;frequency;way\n1001;aangifte btw;Maand;Ter accordering\n",
        "products.csv",
    )
    assert isinstance(found, Imported), found
    with database.read() as connection:
        held = load(connection).before
    assert held["relations"]["1001",]["status"] == "in_liquidation"
    assert held["team"]["ans",]["qualifications"] == ["AA", "RB"]
    assert list(held["relation_roles"]) == [("1001", "relatiebeheerder")]
    (authority,) = held["authorities"].values()
    assert (authority["may"], authority["jointly"]) == (["see", "approve"], ["approve"])
    (product,) = held["relation_products"].values()
    assert (product["product"], product["frequency"], product["way"]) == (
        "aangifte-btw",
        "month",
        "approval",
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("Totaal;5 relaties;", "dit lijkt een totaalregel; verwijder die regel"),
        ('1;"A\nBcc: b@x.example";', "er staat een regeleinde of een onzichtbaar teken in dit veld"),
        ("1;A\u202eB;", "er staat een regeleinde of een onzichtbaar teken in dit veld"),
        (f"1;{'x' * 3000};", "dit is 2.800 tekens te lang: schrijf het in hooguit 200 tekens"),
        ("1;#N/B;", "dit is een foutmelding van het rekenblad"),
        ("1;#VERW!;", "dit is een foutmelding van het rekenblad"),
        ("1;A;8,01235E+08", "het rekenblad heeft dit nummer afgerond; maak de kolom op als tekst"),
    ],
)
def test_what_no_cell_may_hold_is_told_with_its_line(
    database: Database, tmp_path: Path, row: str, said: str
) -> None:
    found = _sheet(database, tmp_path / "csv", f"number;name;rsin\n{row}\n")
    assert isinstance(found, list)
    (problem,) = found
    assert problem.startswith("relations.csv, regel 2, ")
    assert problem.partition(": ")[2].startswith(said)


@pytest.mark.parametrize("cell", ["+", ", ,"])
def test_a_cell_of_words_with_signs_alone_holds_none(database: Database, tmp_path: Path, cell: str) -> None:
    rows = f"member;name;email;qualifications\nans;Ans;ans@x.example;{cell}\n"
    found = _sheet(database, tmp_path / "csv", rows, "team.csv")
    assert isinstance(found, list)
    (problem,) = found
    assert "dit veld bevat alleen leestekens" in problem


def test_a_bsn_is_not_the_id_of_a_person(database: Database, tmp_path: Path) -> None:
    assert _sheet(database, tmp_path / "csv", "contact;name\n999901382;Ann\n", "contacts.csv") == [
        "contacts.csv, regel 2, kolom 1 (contact): dit kan een BSN zijn; geef mensen een eigen kenmerk, "
        "zoals c-017"
    ]


def test_the_bsn_of_a_relation_is_not_its_number_and_what_can_be_one_is_warned_of_once(
    database: Database, tmp_path: Path
) -> None:
    head, folder = "number;name;bsn", tmp_path / "csv"
    assert _sheet(database, folder, f"{head}\n999901382;Ann;999901382\n") == [
        "relations.csv, regel 2, kolom 1 (number): het BSN van een relatie kan niet het relatienummer zijn: "
        "dat staat in adressen; neem een ander"
    ]
    found = _sheet(database, folder, f"{head}\n999901382;Ann;\n")
    assert isinstance(found, Imported)
    assert [one.text for one in found.warnings] == [
        "dit kan een BSN zijn, en een relatienummer staat in adressen; neem dan een eigen nummer"
    ]
    again = _sheet(database, folder, f"{head}\n999901382;Anna;\n")
    assert isinstance(again, Imported)
    assert not again.warnings
    (late,) = _sheet(database, folder, f"{head}\n999901382;Anna;999901382\n")  # type: ignore[misc]
    assert "(bsn): het BSN van een relatie kan niet het relatienummer zijn" in late


def test_a_cell_that_a_spreadsheet_would_calculate_is_guarded_and_comes_back_as_it_was(
    database: Database, tmp_path: Path
) -> None:
    names = ("=1+1", "'=1+1", "''@A", "@SUM(A1)", "+31 6", "-2", "'t Hoekje", "-")
    rows = "".join(f"{1001 + n};{name}\n" for n, name in enumerate(names))
    assert isinstance(_sheet(database, tmp_path / "csv", f"number;name\n{rows}"), Imported)
    with database.read() as connection:
        before = load(connection).before["relations"]
    export_folder(database, tmp_path / "out", OFFICE)
    text = (tmp_path / "out" / "relations.csv").read_text("utf-8-sig")
    assert not [cell for cell in text.replace("\n", ";").split(";") if cell[:1] in "=+@\t" and cell]
    assert isinstance(import_folder(database, tmp_path / "out", OFFICE, check_relation_identity), Imported)
    with database.read() as connection:
        assert load(connection).before["relations"] == before
    assert [record["name"] for record in before.values()] == ["=1+1", "=1+1", "'@A", *names[3:]]


def test_names_of_files_are_told_with_what_they_may_mean_and_nothing_is_read(
    database: Database, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "csv", relations=RIGHT["relations.csv"].replace("VOF De Twee", ""))
    (folder / "relations.csv").rename(folder / "relaties.csv")
    (folder / "team.csv").rename(folder / "TEAM.CSV")
    (folder / "roles.csv").rename(folder / "wij.csv")
    assert [line.partition(", ")[0] for line in _mistakes(database, folder)] == [
        "TEAM.CSV: dit bestand hoort niet bij een import; bedoelt u 'team.csv'?",
        "relaties.csv: dit bestand hoort niet bij een import; bedoelt u 'relations.csv'?",
        "wij.csv: dit bestand hoort niet bij een import; gelezen worden: relations.csv",
    ]


def test_what_is_no_file_and_headers_that_cannot_be_read_are_told_at_once(
    database: Database, tmp_path: Path
) -> None:
    folder = folder_of(
        tmp_path / "csv",
        relations=None,
        team='member;"na"me;email\nans;Ans;ans@linde.example\n',
        roles=RIGHT["roles.csv"].replace("administratie", "administrator"),
        products="",
    )
    (folder / "relations.csv").mkdir()
    assert _mistakes(database, folder) == [
        "relations.csv: het bestand is niet te lezen; is het een gewoon bestand, en heeft u leesrechten?",
        "team.csv: een veld is te lang of een aanhalingsteken is niet afgesloten; "
        "schrijf het binnen een veld dubbel",
        "products.csv: het bestand is leeg; zet op de eerste regel de kolomnamen, "
        "ten minste relatie;product;frequentie",
    ]


def test_a_fiscal_unit_that_cannot_be_read_makes_no_number_wrong(told: Told) -> None:
    rows = RIGHT["products.csv"].replace(";way;", ";fiscal_unit;", 1).splitlines()
    other = "{};Bakkerij De Korenaar B.V.;bv;801234517B01;801234505;;ja;ja;12;2019-04-01;horeca"
    changed = {
        1: rows[0],
        2: "1001;aangifte-btw;month;;2026-01;;nee;misschien;",
        3: rows[2].replace("information", ""),
    }
    assert told({"relations.csv": {2: other.format(1001)}, "products.csv": changed}) == [
        "products.csv, regel 2, kolom 8 (fiscal_unit): verwacht ja of nee"
    ]


UNIT = OF_A_UNIT["products"].splitlines()[1]
"""The row that says that relation 1001 files in a fiscal unit."""


@pytest.mark.parametrize(
    ("number", "header", "product", "places"),
    [
        ("1001", None, UNIT.replace("ja", "nee"), ["relations.csv:2:4"]),
        ("1001", None, UNIT.replace("1001", "10 01"), ["products.csv:2:1"]),
        (
            "1001",
            None,
            UNIT.replace("1001", "10 01").replace("ja", "nee"),
            ["relations.csv:2:4", "products.csv:2:1"],
        ),
        ("10 01", None, UNIT, ["relations.csv:2:1"]),
        ("10 01", None, UNIT.replace("ja", "nee"), ["relations.csv:2:1", "relations.csv:2:4"]),
        ("1001", '"re"lation', UNIT, ["products.csv:1:1"]),
    ],
)
def test_a_number_is_wrong_only_where_it_is_known_who_files_in_a_fiscal_unit(
    database: Database, tmp_path: Path, number: str, header: str | None, product: str, places: list[str]
) -> None:
    folder = folder_of(
        tmp_path / "csv",
        relations=OF_A_UNIT["relations"].replace("1001", number),
        products=OF_A_UNIT["products"].replace(UNIT, product).replace("relation", header or "relation", 1),
    )
    assert [_place(said) for said in _mistakes(database, folder)] == places


def test_what_the_database_has_of_others_is_named_with_where_it_is(
    database: Database, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path / "first", relations=RIGHT["relations.csv"])
    assert isinstance(import_folder(database, folder, OFFICE, check_relation_identity), Imported)
    second = tmp_path / "second"
    second.mkdir()
    (second / "contacts.csv").write_text(
        "contact;name;email;relation;functions;primary\n"
        "bas;Bas Boer;ans@linde.example;1001;;ja\n"
        "c9;Kees Boer;bert@korenaar.example;1003;vennoot;nee\n"
    )
    (second / "team.csv").write_text("member;name;email\nc1;Anna Bakker;anna@linde.example\n")
    (second / "relations.csv").write_text("number;name;rsin\n1001;Bakkerij;801234517\n")
    assert _mistakes(database, second) == [
        f"relations.csv, regel 2, kolom 'ob_number' (niet in het bestand): {NOT_ITS_OWN}",
        "contacts.csv, regel 2, kolom 1 (contact): dit id is al van een medewerker (in de database)",
        "contacts.csv, regel 2, kolom 3 (email): dit e-mailadres is al van Ans de Wit, medewerker 'ans' (in "
        "de database)",
        "contacts.csv, regel 2, kolom 6 (primary): relatie '1001' heeft al een eerste contactpersoon: "
        "Anna Bakker, contactpersoon 'c1' (in de database)",
        "contacts.csv, regel 3, kolom 3 (email): dit e-mailadres is al van Bert Bakker, contactpersoon 'c2' "
        "(in de "
        "database)",
        "team.csv, regel 2, kolom 1 (member): dit id is al van een contactpersoon (in de database)",
    ]


def _over(database: Database, folder: Path, name: str, *lines: str, **others: str) -> list[str]:
    """Import lines of one file, and others, over the right folder; nothing comes in, for what is returned."""
    first = folder_of(folder / "first", **OF_A_UNIT)
    result = import_folder(database, first, OFFICE, check_relation_identity)
    assert isinstance(result, Imported), result
    (folder / "second").mkdir()
    (folder / "second" / name).write_text("\n".join(lines))
    for other, text in others.items():
        (folder / "second" / f"{other}.csv").write_text(text)
    return _mistakes(database, folder / "second")


def test_the_proof_that_is_known_counts_where_the_file_has_no_column_for_it(
    database: Database, tmp_path: Path
) -> None:
    assert _over(
        database,
        tmp_path,
        "authorities.csv",
        "contact;relation;product;may;since",
        "c1;1001;aangifte-btw;see approve sign;2025-01-01",
        "c1;1001;;approve;2025-01-01",
    ) == [
        "authorities.csv, regel 3, kolom 'proof' (niet in het bestand): geef het bewijsstuk op waaruit de "
        "bevoegdheid blijkt"
    ]


def test_a_right_that_is_held_jointly_is_not_lost_where_the_file_has_no_column_for_it(
    database: Database, tmp_path: Path
) -> None:
    lines = ["contact;relation;may;since", "c2;1001;see approve;2025-01-01", "c3;1002;see;2025-01-01"]
    assert _over(database, tmp_path, "authorities.csv", *lines) == [
        "authorities.csv, regel 2, kolom 'jointly' (niet in het bestand): zet wat alleen samen mag ook in "
        "de kolom 'may': sign"
    ]


def test_a_frequency_that_changes_without_a_first_period_is_told(database: Database, tmp_path: Path) -> None:
    lines = ["relation;product;frequency", "1001;aangifte-btw;quarter", "1003;aangifte-btw;quarter"]
    asked = (
        "kolom 'first_period' (niet in het bestand): het product is per maand afgesproken; vul in vanaf "
        "welke periode het per kwartaal gaat"
    )
    first, second = _over(database, tmp_path, "products.csv", *lines)
    assert first == f"products.csv, regel 2, {asked}: 2026-Q1 of later"
    assert second.startswith(f"products.csv, regel 3, {asked}: 20")


def test_who_leaves_a_fiscal_unit_has_a_number_of_its_own(database: Database, tmp_path: Path) -> None:
    lines = ["relation;product;frequency;fiscal_unit", "1001;aangifte-btw;month;nee"]
    assert _over(database, tmp_path, "products.csv", *lines) == [
        f"products.csv, regel 2, kolom 4 (fiscal_unit): {NOT_ITS_OWN}"
    ]


def test_who_leaves_a_fiscal_unit_may_bring_a_number_of_its_own(database: Database, tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "csv", **OF_A_UNIT)
    assert isinstance(import_folder(database, folder, OFFICE, check_relation_identity), Imported)
    folder_of(
        folder, relations=RIGHT["relations.csv"], products=OF_A_UNIT["products"].replace(";ja\n", ";nee\n")
    )
    assert isinstance(import_folder(database, folder, OFFICE, check_relation_identity), Imported)


def test_what_is_known_of_a_row_whose_key_cannot_be_read_is_not_missed(
    database: Database, tmp_path: Path
) -> None:
    lines = ["contact;relation;may;since", "c 1;1001;see approve;2025-01-01"]
    (said,) = _over(database, tmp_path, "authorities.csv", *lines)
    assert said.startswith("authorities.csv, regel 2, kolom 1 (contact): verwacht")


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (
            {},
            [
                "team.csv, regel 2, kolom 3 (email): dit e-mailadres is al van Anna Bakker, contactpersoon "
                "'c1' (in de "
                "database)"
            ],
        ),
        (
            {"contacts": "contact;name;email\nc 1;Anna Bakker;bakker@korenaar.example\n"},
            [
                "contacts.csv, regel 2, kolom 1 (contact): verwacht hoogstens 40 letters, cijfers, punten "
                "en streepjes, "
                "zonder spaties"
            ],
        ),
    ],
)
def test_an_address_that_is_known_may_be_given_up_by_a_row_that_cannot_be_read(
    database: Database, tmp_path: Path, others: dict[str, str], said: list[str]
) -> None:
    lines = ["member;name;email", "ans;Ans de Wit;anna@korenaar.example"]
    assert _over(database, tmp_path, "team.csv", *lines, **others) == said


def test_a_primary_place_may_be_given_up_by_a_row_that_cannot_be_read(
    database: Database, tmp_path: Path
) -> None:
    lines = ["contact;name;relation;primary", "c2;Bert Bakker;1001;ja"]
    (said,) = _over(database, tmp_path, "contacts.csv", *lines, "c 1;Anna Bakker;1001;nee")
    assert said.startswith("contacts.csv, regel 3, kolom 1 (contact): ")


def test_a_column_named_in_dutch_and_in_english_is_duplicate(told: Told) -> None:
    assert told({"roles.csv": {1: "relatie;relation;medewerker"}}) == [
        "roles.csv: de kolom 'rol' ontbreekt",
        "roles.csv, regel 1, kolom 2: de kolom 'relation' komt twee keer voor, ook als kolom 1",
    ]


@pytest.mark.parametrize("name", ["1001-0001", "2024.0001", "12345678", "123456789"])
def test_an_id_of_many_digits_that_cannot_be_a_bsn_is_a_persons(
    database: Database, tmp_path: Path, name: str
) -> None:
    found = _sheet(database, tmp_path / "csv", f"contact;name\n{name};Ann\n", "contacts.csv")
    assert isinstance(found, Imported), found
    with database.read() as connection:
        assert list(load(connection).before["contacts"]) == [(name,)]


@pytest.mark.parametrize(
    ("ids", "read"),
    [
        (["1001.0", "1002.0"], ["1001", "1002"]),
        (["1001.00", "1002"], ["1001", "1002"]),
        (["1001,00", "k-2"], ["1001", "k-2"]),
        (["12.0", "k-2"], ["12.0", "k-2"]),
        (["7.0", "k-2"], ["7", "k-2"]),
    ],
)
def test_decimals_of_an_id_are_dropped_only_where_they_are_a_spreadsheets(
    database: Database, tmp_path: Path, ids: list[str], read: list[str]
) -> None:
    assert isinstance(_sheet(database, tmp_path / "csv", "number;name\n7;A\n"), Imported)
    lines = "".join(f"{one};A\n" for one in ids)
    found = _sheet(database, tmp_path / "csv", f"number;name\n{lines}")
    assert isinstance(found, Imported), found
    with database.read() as connection:
        assert {key for (key,) in load(connection).before["relations"]} == {"7", *read}
