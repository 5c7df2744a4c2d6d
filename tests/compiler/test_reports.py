"""Reports: the same diagnostics as text, JSON, GitHub annotations and SARIF."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator, Draft7Validator

from kantoor.compiler import Compilation, compile_definitions
from kantoor.compiler.diagnostics import all_codes
from kantoor.compiler.examples import lay_out
from kantoor.compiler.reports import FORMATS

from .conftest import SmallOffice

SARIF_SCHEMA = Path(__file__).parents[3] / "shared/reference/sarif-schema-2.1.0.json"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def compile_misspelled(office: SmallOffice) -> Compilation:
    return office.with_change("    role: accountant\n    rev", "    role: acountant\n    rev")


def test_text_shows_place_source_line_caret_and_help(office: SmallOffice, here: Path) -> None:
    compilation = compile_misspelled(office)
    line = compilation.diagnostics[0].span.line
    assert FORMATS["text"](compilation) == (
        f"definitions/workflows/btw-aangifte.yaml:{line}:11: error[K201]: unknown role 'acountant'\n"
        f"  {line} |     role: acountant\n"
        "     |           ^^^^^^^^^\n"
        "  help: did you mean 'accountant'?\n"
    )


def test_text_shows_where_the_first_one_is(office: SmallOffice, here: Path) -> None:
    compilation = office.with_change("id: controle", "id: opstellen")
    first, second = office.place("opstellen\n    title: Opstellen"), office.place("opstellen\n    title: Con")
    lines = FORMATS["text"](compilation).splitlines()
    start = f"definitions/workflows/btw-aangifte.yaml:{second[0]}:{second[1]}: error[K210]"
    assert any(line.startswith(start) for line in lines)
    assert f"  first defined at {first[0]}:{first[1]}" in lines


def test_text_is_relative_to_where_one_stands(
    office: SmallOffice, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compilation = compile_misspelled(office)
    monkeypatch.chdir(office.folder / "roles")
    assert FORMATS["text"](compilation).startswith("../workflows/btw-aangifte.yaml:")


def test_text_cuts_a_long_line_around_the_place(office: SmallOffice, here: Path) -> None:
    compilation = office.with_piece(f"created: {{ {' ' * 300}before: period.begin, days: 1{' ' * 300} }}\n")
    source, caret = FORMATS["text"](compilation).splitlines()[1:3]
    assert len(source) < 130
    at = caret.index("^")
    assert source[at : at + caret.count("^")] == "period.begin"


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_lines_are_those_of_an_editor_in_every_report(office: SmallOffice, here: Path, sign: str) -> None:
    office.with_change("title: Opstellen", f"title: 'Op{sign}stellen'")
    file = office.folder / "workflows" / "btw-aangifte.yaml"
    text = file.read_text("utf-8").replace("role: accountant\n    rev", "role: acountant\n    rev")
    file.write_text(text, "utf-8", newline="")
    line = text[: text.index("acountant")].count("\n") + 1
    compilation = office.compile()
    assert FORMATS["text"](compilation).splitlines()[:2] == [
        f"definitions/workflows/btw-aangifte.yaml:{line}:11: error[K201]: unknown role 'acountant'",
        f"  {line} |     role: acountant",
    ]
    assert json.loads(FORMATS["json"](compilation))[0]["line"] == line
    assert f"line={line},col=11,endLine={line}," in FORMATS["github"](compilation)
    [result] = json.loads(FORMATS["sarif"](compilation))["runs"][0]["results"]
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] == line


def test_carets_stand_below_what_a_terminal_shows_wide(office: SmallOffice, here: Path) -> None:
    phase = (
        "  - id: controle\n    title: Controle\n    role: accountant\n    reviews: [aangifte]\n"
        "    four_eyes: [opstellen]\n    back_to: opstellen\n"
    )
    keys = "id: controle, reviews: [aangifte], back_to: opstellen"
    line = f"  - {{ title: \u4e2d\u6587e\u0301, role: acountant, {keys} }}\n"
    compilation = office.with_change(phase, line)
    source, caret = FORMATS["text"](compilation).splitlines()[1:3]
    assert caret.index("^") == source.index("acountant") + 2 - 1  # two signs of two columns, one of none


def test_text_sends_nothing_to_a_terminal_that_it_obeys(office: SmallOffice, here: Path) -> None:
    hostile = 'title: "x"\n"\\e[31m\\a": rood\n'
    shown = FORMATS["text"](office.with_piece(hostile, "roles/rood.yaml"))
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_a_clean_compilation_is_an_empty_report(office: SmallOffice) -> None:
    compilation = office.with_piece("title: Aangifte btw\n")
    assert FORMATS["text"](compilation) == ""
    assert FORMATS["github"](compilation) == ""
    assert json.loads(FORMATS["json"](compilation)) == []
    assert json.loads(FORMATS["sarif"](compilation))["runs"][0]["results"] == []


def test_json_is_a_list_of_diagnostics(office: SmallOffice, here: Path) -> None:
    diagnostics = json.loads(FORMATS["json"](office.with_change("id: controle", "id: opstellen")))
    duplicate = next(one for one in diagnostics if one["code"] == "K210")
    line, column = office.place("opstellen\n    title: Con")
    assert {key: duplicate[key] for key in ("severity", "path", "line", "column", "end_column")} == {
        "severity": "error",
        "path": "definitions/workflows/btw-aangifte.yaml",
        "line": line,
        "column": column,
        "end_column": column + len("opstellen"),
    }
    assert duplicate["related"][0]["message"] == "first defined"


def test_github_escapes_what_would_end_the_command(office: SmallOffice, here: Path) -> None:
    text = FORMATS["github"](office.with_piece('"a%b\\nc": d\n', "roles/accountant.yaml"))
    (line,) = [line for line in text.splitlines() if "title=K120" in line]
    assert line.startswith("::error file=definitions/roles/accountant.yaml,line=2,col=1,")
    assert "a%25b%0Ac" in line


def test_a_warning_is_told_as_one(office: SmallOffice, here: Path) -> None:
    lay_out(all_codes()["K105"].wrong, office.folder)
    compilation = compile_definitions(office.folder)
    assert compilation.errors == ()
    assert ": warning[K105]: " in FORMATS["text"](compilation)
    assert FORMATS["github"](compilation).startswith("::warning ")
    assert json.loads(FORMATS["json"](compilation))[0]["severity"] == "warning"


def test_sarif_names_rules_and_places(office: SmallOffice, here: Path) -> None:
    compilation = compile_misspelled(office)
    run = json.loads(FORMATS["sarif"](compilation))["runs"][0]
    result = run["results"][0]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "K201"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "definitions/workflows/btw-aangifte.yaml"
    assert place["region"]["startColumn"] == 11


def test_sarif_keeps_its_schema_for_every_code(office: SmallOffice, here: Path) -> None:
    if not SARIF_SCHEMA.exists():
        pytest.skip("the SARIF schema is not beside this checkout (../shared/reference)")
    schema: dict[str, Any] = json.loads(SARIF_SCHEMA.read_text("utf-8"))
    kind = Draft4Validator if "draft-04" in schema["$schema"] else Draft7Validator
    validator = kind(schema)
    for name, code in all_codes().items():
        folder = here / name
        lay_out(code.wrong, folder)
        log = json.loads(FORMATS["sarif"](compile_definitions(folder)))
        assert [error.message for error in validator.iter_errors(log)] == [], name
