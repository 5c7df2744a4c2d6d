"""`kantoor snapshot --closed` and `kantoor what-if`: by a file, by the office, and what is refused."""

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kantoor.service.reviewing.closed_filings import make_schema

from ..simulation.simulating import simulate
from .test_recording import definitions, empty, keep, run
from .test_relations import Office

__all__ = ["definitions", "empty", "run"]  # fixtures

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def newer(definitions: Path) -> Path:
    """The definitions with a phase of the VAT return less, and another that nobody did."""
    folder = definitions.parent / "newer"
    shutil.copytree(definitions, folder)
    file = folder / "workflows" / "btw-aangifte.yaml"
    text = file.read_text("utf-8")
    extra = "  - id: extra\n    title: Extra controle\n    role: accountant\n\n  - id: aanbieden\n"
    file.write_text(text.replace("  - id: aanbieden\n", extra, 1), "utf-8")
    return folder


def test_what_is_closed_is_compared_by_a_file_as_by_the_office_itself(
    definitions: Path, newer: Path, run: Run, tmp_path: Path, empty: Office
) -> None:
    empty.deploy()
    empty.run("import", empty.files())
    keep(simulate("btw-aangifte"))
    plain, packed = tmp_path / "closed.json", tmp_path / "closed.json.gz"
    for file in (plain, packed):
        status, out, err = run("snapshot", "--closed", "--out", str(file))
        assert (status, out, err) == (0, f"written: {file} ({file.stat().st_size} bytes)\n", "")
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    made = json.loads(plain.read_text("utf-8"))
    schema = (ROOT / "schemas/closed-filings.schema.json").read_text("utf-8")
    assert schema == make_schema()
    Draft202012Validator(json.loads(schema)).validate(made)
    (filing,) = made["filings"]
    assert run("snapshot", "--find", filing["id"])[1] == "filing btw-aangifte/1001/2027-01\n"
    assert '"1001"' not in json.dumps(made["filings"])

    sides = (str(definitions), str(newer))
    found = [
        run("what-if", *sides, *words, "--format", "json")
        for words in (("--filings", str(plain)), ("--filings", str(packed)), ("--office",))
    ]
    assert found[0] == found[1] == found[2]
    (template,) = json.loads(found[0][1])["templates"]
    assert (template["template"], template["filings"], template["reproduced"]) == ("btw-aangifte", 1, 1)
    (stop,) = template["stopped"]
    assert (stop["where"], stop["filings"], stop["ids"]) == ("Extra controle", 1, [filing["id"]])
    status, out, err = run("what-if", *sides, "--filings", str(plain), "--fail-on", "stopped")
    assert (status, err) == (1, "1 of ‘Aangifte btw’ would not have ended.\n")
    assert "would have stopped in ‘Extra controle’" in out
    assert run("what-if", str(newer), str(newer), "--office")[0] == 0
    comment = tmp_path / "comment.md"
    words = ("review", sides[0], "--dir", sides[1], "--out", str(comment), "--closed")
    run(*words, str(packed))
    assert "**What if**" in comment.read_text("utf-8")
    assert "1 filing would not have ended" in comment.read_text("utf-8")

    assert run("snapshot", "--closed", "--since", "2027-12-31")[0] == 0
    later = tmp_path / "later.json"
    run("snapshot", "--closed", "--since", "2027-12-31", "--out", str(later))
    status, out, _ = run("what-if", *sides, "--filings", str(later))
    assert (status, "No filing of ‘Aangifte btw’ was closed." in out) == (0, True)

    plain.write_text(plain.read_text("utf-8").replace('"opening_hour":8', '"opening_hour":9'), "utf-8")
    status, _, err = run("what-if", *sides, "--filings", str(plain))
    assert status == 2
    assert "it was edited" in err
    assert run(*words, str(plain))[0] == 2
    assert "Nothing was compared" in comment.read_text("utf-8")
    assert "kantoor snapshot --closed" in err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((), "--filings FILE or --office"),
        (("--office", "--fail-on", "laat"), "unknown gate 'laat'"),
        (("--filings", "office.yaml"), "it is not a file of closed filings"),
    ],
)
def test_what_is_asked_wrongly_is_refused(
    definitions: Path, run: Run, words: tuple[str, ...], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(definitions)
    status, _, err = run("what-if", ".", ".", *words)
    assert status == 2
    assert why in err
    assert run("snapshot", "--since", "2027-01-01")[0] == 2
