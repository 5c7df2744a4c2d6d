"""A workspace gives what a cold compile of the same texts gives."""

from pathlib import Path

from kantoor.compiler import compile_definitions
from kantoor.compiler.examples import WORKFLOW
from kantoor.compiler.workspace import Workspace

from .conftest import SmallOffice, messages


def test_unsaved_texts_stand_in_for_files(office: SmallOffice, tmp_path: Path) -> None:
    office.with_piece("title: Aangifte btw\n")
    text = (office.folder / WORKFLOW).read_text("utf-8")
    workspace = Workspace(office.folder)
    assert messages(workspace.compile({WORKFLOW: text.replace("title:", "titel:", 1)})) == [
        "unknown key 'titel'"
    ]
    assert messages(workspace.compile()) == []


def test_an_unsaved_text_needs_no_file(office: SmallOffice) -> None:
    office.with_piece("title: Aangifte btw\n")
    new = "title: Assistent\n"
    workspace = Workspace(office.folder)
    compilation = workspace.compile({"roles/assistent.yaml": new})
    assert "assistent" in workspace.definitions.roles
    (office.folder / "roles/assistent.yaml").write_text(new, "utf-8")
    assert compilation.diagnostics == compile_definitions(office.folder).diagnostics
