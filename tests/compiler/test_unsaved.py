"""Unsaved texts: they are read instead of files of the folder, or beside them."""

from pathlib import Path

import pytest

from kantoor.compiler import Compilation, compile_definitions
from kantoor.compiler.examples import WORKFLOW
from kantoor.compiler.source import MAX_BYTES
from tests.compiler.conftest import SmallOffice, codes

ROLE = "roles/accountant.yaml"


@pytest.fixture
def folder(office: SmallOffice) -> Path:
    assert codes(office.with_piece("title: Aangifte btw\n")) == []
    return office.folder


def places(compilation: Compilation) -> list[tuple[str, str, int, int]]:
    return [(d.code.id, d.span.path, d.span.line, d.span.column) for d in compilation.diagnostics]


def test_an_unsaved_text_is_read_instead_of_the_file(folder: Path) -> None:
    unsaved = {ROLE: "title: Accountant\nfallbak: x\n"}
    compilation = compile_definitions(folder, unsaved)
    assert ("K120", ROLE, 2, 1) in places(compilation)
    assert compilation.sources[ROLE].text == unsaved[ROLE]
    assert codes(compile_definitions(folder)) == []


def test_an_unsaved_text_is_what_the_other_files_refer_to(folder: Path) -> None:
    template = (folder / WORKFLOW).read_text("utf-8").replace("role: ", "role: nieuw-", 1)
    without = compile_definitions(folder, {WORKFLOW: template})
    assert "K201" in codes(without)
    role = next(word for word in template.split() if word.startswith("nieuw-"))
    beside = {WORKFLOW: template, f"roles/{role}.yaml": "title: Nieuw\n"}
    assert "K201" not in codes(compile_definitions(folder, beside))


def test_an_unsaved_text_needs_no_file_and_no_folder(tmp_path: Path) -> None:
    compilation = compile_definitions(tmp_path / "niets", {"office.yaml": "name: De Linde\n"})
    assert ("K121", "office.yaml") in [place[:2] for place in places(compilation)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"title: caf\xe9\n", "K104"),
        ("title: caf\udce9\n", "K104"),
        (b"\xef\xbb\xbftitle: Accountant\n", "K105"),
        (b"title: " + b"a" * MAX_BYTES, "K107"),
        ("", "K108"),
    ],
)
def test_an_unsaved_text_is_judged_as_a_file_is(folder: Path, content: str | bytes, code: str) -> None:
    assert code in codes(compile_definitions(folder, {ROLE: content}))


def test_an_unsaved_text_in_an_unknown_folder_is_misplaced(folder: Path) -> None:
    assert codes(compile_definitions(folder, {"rollen/accountant.yaml": "title: Accountant\n"})) == ["K113"]
