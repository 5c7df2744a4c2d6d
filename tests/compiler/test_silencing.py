"""Warnings are silenced with a reason, at their line; nothing else is."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from kantoor.cli.main import execute
from kantoor.compiler.reports import FORMATS
from kantoor.compiler.reports.text import summary, text

from .conftest import SmallOffice
from .test_reports import SARIF_SCHEMA

ALLOW = "# kantoor: allow K231 because de portal gebruikt het"
END = "ends:\n  - id: gestopt\n    title: Gestopt\n    planner: klaar\n"
SAME = END.replace("gestopt\n", f"gestopt  {ALLOW}\n", 1)
ABOVE = END.replace("  - id", f"  {ALLOW}\n  # de portal komt nog\n  - id")


@pytest.mark.parametrize("piece", [SAME, ABOVE], ids=["at the line", "above it"])
def test_a_comment_at_the_line_or_above_it_silences_a_warning(office: SmallOffice, piece: str) -> None:
    compilation = office.with_piece(piece)
    assert compilation.diagnostics == ()
    (silenced,) = compilation.silenced
    assert (silenced.diagnostic.code.id, silenced.reason) == ("K231", "de portal gebruikt het")
    assert summary(compilation).endswith("no errors, 1 warning silenced")


@pytest.mark.parametrize(
    ("comment", "code"),
    [
        ("allow K231", "K181"),
        ("allow K231 because", "K181"),
        ("allow because het mag", "K181"),
        ("allow K201 because het mag", "K182"),
        ("allow K999 because het mag", "K182"),
        ("allow K180 because het mag", "K182"),
        ("allow K610 because het mag", "K231"),  # of another code; what is unused too is told last
    ],
)
def test_a_comment_that_is_wrong_silences_nothing(office: SmallOffice, comment: str, code: str) -> None:
    compilation = office.with_piece(END.replace("gestopt\n", f"gestopt # kantoor: {comment}\n", 1))
    assert compilation.silenced == ()
    assert code in [diagnostic.code.id for diagnostic in compilation.diagnostics]


def test_a_comment_that_allows_another_warning_is_pointed_at(office: SmallOffice) -> None:
    for allowed, noted in (("K610", "this comment allows K610, and not K231"), ("K610, K231", None)):
        (found, *_) = office.with_piece(
            f"ends:\n  - id: gestopt  # kantoor: allow {allowed} because het mag\n"
            "    title: Gestopt\n    planner: klaar\n"
        ).diagnostics
        assert [one.note for one in found.related if "allows" in one.note] == [noted] * bool(noted), allowed


def test_a_comment_that_silences_nothing_is_told_when_nothing_else_is(office: SmallOffice) -> None:
    useless = "title: Aangifte btw  # kantoor: allow K231 because het mag\n"
    assert [d.code.id for d in office.with_piece(useless).diagnostics] == ["K180"]
    wrong = useless + "corrected_by: bestaat-niet\n"
    assert [d.code.id for d in office.with_piece(wrong).diagnostics] == ["K221"]


def test_a_warning_inside_a_text_is_silenced_at_its_key(office: SmallOffice) -> None:
    body = "texts:\n  nl:\n    subject: S\n    body: |{}\n      {{{{ filing.link }}}}\n      Boete: EUR 68\n"
    reason = "  # kantoor: allow K610 because de boete is voor iedereen gelijk"
    assert [d.code.id for d in office.with_piece(body.format(""), MESSAGE).diagnostics] == ["K610"]
    assert office.with_piece(body.format(reason), MESSAGE).diagnostics == ()


MESSAGE = "messages/ter-accordering.yaml"


@pytest.mark.parametrize(
    "written",
    [
        "body: |\n      {{ filing.link }}\n      # kantoor: allow K610\n",
        'body: "{{ filing.link }} # kantoor: allow K610"\n',
        'body: "{{ filing.link }}\n      # kantoor: allow K610"\n',
    ],
)
def test_a_comment_inside_a_text_is_told_as_text(office: SmallOffice, written: str) -> None:
    compilation = office.with_piece(f"texts:\n  nl:\n    subject: S\n    {written}", MESSAGE)
    assert [told.code.id for told in compilation.diagnostics] == ["K183"]


def test_other_comments_about_the_office_say_nothing_to_the_compiler(office: SmallOffice) -> None:
    assert office.with_piece("title: Btw  # kantoor: zo doen wij dat altijd\n").diagnostics == ()


def test_sarif_has_what_is_silenced_as_suppressed(office: SmallOffice) -> None:
    log: dict[str, Any] = json.loads(FORMATS["sarif"](office.with_piece(SAME)))
    (result,) = log["runs"][0]["results"]
    assert result["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "de portal gebruikt het"}
    ]
    open_log = json.loads(FORMATS["sarif"](office.with_piece(END)))
    assert [one["suppressions"] for one in open_log["runs"][0]["results"]] == [[]]
    if not SARIF_SCHEMA.exists():
        pytest.skip("the SARIF schema is not beside this checkout (../shared/reference)")
    validator = Draft4Validator(json.loads(SARIF_SCHEMA.read_text("utf-8")))
    assert [error.message for error in validator.iter_errors(log)] == []


MANY = "ends:\n" + "".join(f"  - {{ id: e{n}, title: Einde {n}, planner: klaar }}\n" for n in range(70))


def test_text_shows_fifty_and_counts_the_rest(office: SmallOffice) -> None:
    compilation = office.with_piece(MANY)
    shown = text(compilation)
    assert (shown.count("warning[K231]"), text(compilation, None).count("warning[K231]")) == (50, 70)
    assert shown.endswith("\n\n... and 20 warnings more; --all shows all 70\n")
    assert len(json.loads(FORMATS["json"](compilation))) == 70


def test_errors_are_shown_before_warnings_when_there_are_too_many(office: SmallOffice) -> None:
    text_cut = "".join(f"  - id: e{n}\n    title: Einde #{n}\n    planner: klaar\n" for n in range(60))
    shown = text(office.with_piece(f"ends:\n{text_cut}corrected_by: bestaat-niet\n"))
    assert shown.count("error[K221]") == 1
    assert shown.count("warning[") == 49


def test_check_shows_all_when_asked(
    office: SmallOffice, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    office.with_piece(MANY)
    assert execute(["check", "--all", str(office.folder)]) == 0
    assert capfd.readouterr().out.count("warning[K231]") == 70
    assert execute(["check", str(office.folder)]) == 0
    assert "--all shows all 70" in capfd.readouterr().out
