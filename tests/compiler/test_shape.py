"""Shape: mistakes of keys and values at their places, without hiding others and without noise."""

import os
import shutil
from pathlib import Path

import pytest

from kantoor.compiler import Compilation, compile_definitions
from kantoor.compiler.reports import FORMATS

from .conftest import SmallOffice, codes, messages


def at(compilation: Compilation) -> list[tuple[str, int, int]]:
    return [(d.code.id, d.span.line, d.span.column) for d in compilation.diagnostics]


def test_a_missing_key_is_reported_at_its_mapping(office: SmallOffice) -> None:
    compilation = office.with_change("    title: Controle\n", "")
    assert at(compilation) == [("K121", *office.place("id: controle"))]
    assert messages(compilation) == ["missing key 'title'"]


def test_a_misspelt_key_is_one_mistake_not_two(office: SmallOffice) -> None:
    compilation = office.with_change("    back_to: opstellen\n    offer", "    bakc_to: opstellen\n    offer")
    assert codes(compilation) == ["K120"]
    assert compilation.diagnostics[0].help == "did you mean 'back_to'?"


def test_another_word_for_a_required_key_is_one_mistake_not_two(office: SmallOffice) -> None:
    path = "messages/ter-accordering.yaml"
    compilation = office.with_change("    body:", "    tekst:", path)
    assert codes(compilation) == ["K120"]
    assert compilation.diagnostics[0].help == "did you mean 'body', which is missing here?"
    assert codes(office.with_piece("sbr: { message: ter-accordering, to: { role: accountant } }\n")) == [
        "K120"
    ]


def test_a_missing_key_beside_a_misspelt_other_one_is_a_mistake_of_its_own(office: SmallOffice) -> None:
    change = "  - id: controle\n    title: Controle\n    role: accountant\n    reviews"
    assert codes(office.with_change(change, "  - id: controle\n    title: Controle\n    review")) == [
        "K121",
        "K120",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "help"),
    [
        ("title: Aangifte btw\n", "title:\n", "add a value"),
        ("law: AWR art. 10 en 19", "law:", "add a value, or remove the key"),
        (
            "{ after: period.end, days: 1 }",
            "2026-02-01",
            "write a date as { after: period.end, days: 8 }",
        ),
        ("title: Controle", "title: { Controle, boeken }", "put text with braces in quotes"),
    ],
)
def test_the_help_for_a_wrong_type_can_be_followed(
    office: SmallOffice, right: str, wrong: str, help: str
) -> None:
    compilation = office.with_change(right, wrong)
    assert [diagnostic.help for diagnostic in compilation.diagnostics] == [help]


@pytest.mark.parametrize(
    ("written", "help"),
    [
        ("    may_end: ends.weg\n    offer: { documents: [aangifte] }\n", "it belongs in 'offer'"),
        ("    remind: { every_days: 3 }\n", "it belongs in 'chase'"),
        ("    task: { title: T }\n", "it belongs in 'automations'"),
    ],
)
def test_a_key_one_level_too_far_to_the_left_is_told_where_it_belongs(
    office: SmallOffice, written: str, help: str
) -> None:
    piece = f"phases:\n  - id: klaar\n    title: Klaar\n    role: accountant\n{written}"
    helps = [one.help for one in office.with_piece(piece).diagnostics if one.code.id == "K120"]
    assert helps == [help]


def test_a_value_that_may_be_a_block_too_is_told_so(office: SmallOffice) -> None:
    (message,) = messages(office.with_piece("sbr: { message: ter-accordering, to: directeur }\n"))
    assert message == (
        "unknown value 'directeur', expected 'primary_contact' or a block such as { function: directeur }"
    )


def test_braces_without_quotes_are_one_mistake_not_two(office: SmallOffice) -> None:
    change = "required: true\n        if: {{ product.kor }}"
    assert codes(office.with_change("required: true", change)) == ["K111"]
    assert codes(office.with_change("title: Controle", "title: {{ product.title }}")) == ["K111"]


def test_a_misspelt_required_key_is_one_mistake_not_two(office: SmallOffice) -> None:
    assert codes(office.with_change("products: [", "produkts: [")) == ["K120"]


def test_a_broken_file_is_not_missed_where_it_is_named(office: SmallOffice) -> None:
    compilation = office.with_change("title: Accountant", "title: Accountant: AA", "roles/accountant.yaml")
    assert [(d.code.id, d.span.path) for d in compilation.diagnostics] == [("K101", "roles/accountant.yaml")]
    assert compilation.plans == {}


def test_a_phase_whose_id_is_wrong_is_not_missed_by_others(office: SmallOffice) -> None:
    assert codes(office.with_change("id: opstellen", "id: 5")) == ["K122"]


def test_a_list_of_the_wrong_type_hides_no_other_mistake(office: SmallOffice) -> None:
    compilation = office.with_piece("documents: geen\nends: [x]\nstart: soms\n")
    assert sorted(codes(compilation)) == ["K122", "K122", "K123"]


def test_mistakes_of_shape_and_of_reference_come_in_one_run(office: SmallOffice) -> None:
    compilation = office.with_piece(
        "phases:\n  - id: controle\n    title: 5\n    role: acountant\n    reviews: [aangifte]\n"
        "    back_to: opstellen\n    due: { before: deadlines.aangifte, workdays: nul }\n"
    )
    assert at(compilation) == [
        ("K122", *office.place("5\n")),
        ("K201", *office.place("acountant")),
        ("K122", *office.place("nul }")),
    ]


def test_an_office_without_functions_that_can_be_read_knows_no_unknown_function(office: SmallOffice) -> None:
    office.with_piece("sbr: { message: ter-accordering, to: { function: directeur } }\n")
    file = office.folder / "office.yaml"
    file.write_text(
        file.read_text("utf-8").replace("functions: [directeur]", "functions: directeur"), "utf-8"
    )
    assert codes(compile_definitions(office.folder)) == ["K122"]


def test_one_phase_alone_runs_beside_nothing(office: SmallOffice) -> None:
    compilation = office.with_change(
        "  - id: controle\n", "  - together: [{ id: a, title: A, role: accountant }]\n\n  - id: controle\n"
    )
    assert codes(compilation) == ["K126"]
    assert compilation.diagnostics[0].message == "expected at least two phases, found a list"


def test_a_policy_that_says_nothing_is_refused(office: SmallOffice) -> None:
    assert codes(office.with_piece("title: x\n", "policies/x.yaml")) == ["K870"]


@pytest.mark.parametrize(
    ("path", "piece"),
    [
        ("messages/ter-accordering.yaml", "channels: [email, portal]\n"),
    ],
)
def test_a_value_that_comes_later_is_told_as_such(office: SmallOffice, path: str, piece: str) -> None:
    assert codes(office.with_piece(piece, path)) == ["K124"]


@pytest.mark.parametrize(
    ("path", "piece", "message"),
    [
        ("office.yaml", "opening_hour: 24\n", "expected a number from 0 to 23, found '24'"),
        ("office.yaml", "name: ''\n", "expected a single non-empty line, found ''"),
        (
            "office.yaml",
            "closing_days: { extra: [2026-02-30] }\n",
            "expected a valid date, found '2026-02-30'",
        ),
        (
            "products/aangifte-btw.yaml",
            "frequencies: []\n",
            "expected at least one item, found an empty list",
        ),
        (
            "office.yaml",
            "functions: [Directeur]\n",
            "invalid id 'Directeur': expected lower-case letters, digits and single underscores,"
            " starting with a letter",
        ),
        ("office.yaml", "functions: directeur\n", "expected a list, found the string 'directeur'"),
    ],
)
def test_a_wrong_value_is_told_with_what_was_expected_and_what_was_found(
    office: SmallOffice, path: str, piece: str, message: str
) -> None:
    assert messages(office.with_piece(piece, path))[0] == message


def test_a_title_and_a_subject_are_one_line(office: SmallOffice) -> None:
    compilation = office.with_change("subject: Uw", "subject: |\n      Uw", "messages/ter-accordering.yaml")
    assert at(compilation) == [("K126", 5, 14)]


def test_an_address_that_is_none_is_found(office: SmallOffice) -> None:
    assert codes(office.with_change("post@voorbeeld", "post.voorbeeld", "office.yaml")) == ["K126"]


def test_an_empty_value_says_to_leave_the_key_out(office: SmallOffice) -> None:
    compilation = office.with_change("law: AWR art. 10 en 19", "law:")
    assert codes(compilation) == ["K122"]
    assert compilation.diagnostics[0].help == "add a value, or remove the key"


def test_a_word_for_yes_is_told_what_to_write(office: SmallOffice) -> None:
    compilation = office.with_change("required: true", "required: ja")
    assert compilation.diagnostics[0].help == "write true"


def test_prose_in_braces_that_a_comma_cut_is_told_as_such(office: SmallOffice) -> None:
    compilation = office.with_change(
        "      - id: aansluiting\n        title: De aangifte sluit aan op het grootboek\n"
        "        required: true\n",
        "      - { id: aansluiting, title: Bank, kas en vraagposten }\n",
    )
    assert at(compilation) == [("K127", *office.place("kas en vraagposten"))]


def test_files_that_stand_elsewhere_are_reported_and_others_still_read(office: SmallOffice) -> None:
    office.with_piece("title: x\n", "rollen/x.yaml")
    for path in ("los.yaml", "roles/diep/x.yaml", "roles/y.yml"):
        (office.folder / path).parent.mkdir(exist_ok=True)
        (office.folder / path).write_text("title: x\n", "utf-8")
    (office.folder / "README.md").write_text("not a definition", "utf-8")
    (office.folder / ".git").mkdir()
    (office.folder / ".git" / "x.yaml").write_text("title: x\n", "utf-8")
    compilation = compile_definitions(office.folder)
    assert sorted(d.span.path for d in compilation.diagnostics) == [
        *("los.yaml", "roles/diep/x.yaml", "roles/y.yml", "rollen/x.yaml")
    ]
    assert set(codes(compilation)) == {"K113"}
    assert set(compilation.plans) == {"btw-aangifte"}


@pytest.mark.parametrize(
    ("moves", "code"),
    [
        ((("messages", "Messages"),), "K113"),
        ((("roles", "Roles"),), "K113"),
        ((("roles/accountant.yaml", "roles/accountant.YAML"),), "K113"),
        ((("office.yaml", "kantoor/office.yaml"), ("roles", "kantoor/roles")), "K113"),
        ((("messages", "berichten"),), "K113"),
        ((("roles", "roles/roles"),), "K113"),
        ((("office.yaml", "office.yml"),), "K113"),
        ((("workflows/btw-aangifte.yaml", "workflows/BTW-aangifte.yaml"),), "K114"),
        ((("messages/ter-accordering.yaml", "messages/Ter_accordering.yaml"),), "K114"),
    ],
    ids=str,
)
def test_what_is_misplaced_or_wrongly_named_is_one_mistake(
    office: SmallOffice, tmp_path: Path, moves: tuple[tuple[str, str], ...], code: str
) -> None:
    office.with_piece("title: Aangifte btw\n")
    for old, new in moves:
        (office.folder / old).rename(tmp_path / "between")
        (office.folder / new).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "between").rename(office.folder / new)
    compilation = compile_definitions(office.folder)
    assert codes(compilation) == [code]
    assert compilation.plans == {}


def test_files_of_a_kind_that_lie_nowhere_are_one_mistake(office: SmallOffice) -> None:
    office.with_piece("title: Aangifte btw\n")
    shutil.rmtree(office.folder / "roles")
    [diagnostic] = compile_definitions(office.folder).diagnostics
    assert (diagnostic.code.id, "in the folder roles" in diagnostic.message) == ("K201", True)


def test_another_folder_than_that_of_the_definitions_is_told_which_one_it_is(office: SmallOffice) -> None:
    office.with_piece("title: Aangifte btw\n")
    [above] = compile_definitions(office.folder.parent).diagnostics
    assert (above.code.id, above.message) == (
        "K112",
        "no definitions in this folder: they are in 'definitions'",
    )
    assert codes(compile_definitions(office.folder / "roles")) == ["K112"]


def test_a_language_that_there_is_not_is_one_mistake(office: SmallOffice) -> None:
    nl = "  nl: { subject: Uw aangifte, body: 'Kijk op {{ filing.link }}' }\n"
    en = "  en: { subject: Your return, body: 'Look at {{ filing.link }}' }\n"
    reminder = f"title: Herinnering\nchannels: [email]\ntexts:\n{nl}{en}"
    office.with_change("at_most: 2 }", "at_most: 2, message: herinnering }")
    (office.folder / "messages" / "herinnering.yaml").write_text(reminder, "utf-8")
    offer = office.folder / "messages" / "ter-accordering.yaml"
    offer.write_text(reminder.replace("  en:", "  fr:"), "utf-8")
    assert codes(office.compile()) == ["K120"]
    offer.write_text(reminder.replace(en, ""), "utf-8")
    assert codes(office.compile()) == ["K684"]


def test_a_linked_folder_counts_and_a_round_of_links_ends(office: SmallOffice, tmp_path: Path) -> None:
    office.with_piece("title: Aangifte btw\n")
    (office.folder / "roles").rename(tmp_path / "gedeeld")
    (office.folder / "roles").symlink_to(tmp_path / "gedeeld")
    (office.folder / "law" / "rond").symlink_to(office.folder / "law")
    compilation = compile_definitions(office.folder)
    assert "btw-aangifte" in compilation.plans
    assert set(codes(compilation)) == {"K113"}


def test_a_file_name_in_another_encoding_is_told_readably(office: SmallOffice) -> None:
    office.with_piece("title: Aangifte btw\n")
    (office.folder / "roles" / os.fsdecode(b"caf\xe9.yaml")).write_text("title: x\n", "utf-8")
    compilation = compile_definitions(office.folder)
    assert [(d.code.id, d.span.path) for d in compilation.diagnostics] == [("K114", "roles/caf?.yaml")]
    for report in FORMATS.values():
        report(compilation).encode()


def test_a_folder_without_definitions_is_a_mistake(tmp_path: Path) -> None:
    compilation = compile_definitions(tmp_path)
    assert codes(compilation) == ["K112"]
    assert compilation.office is None
