"""A workspace gives what a cold compile of the same texts gives."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kantoor.compiler import Compilation, compile_definitions
from kantoor.compiler.compilation import all_checks
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


SHIPPED = Path(__file__).parents[2] / "definitions"
TEMPLATES = ("btw-aangifte", "suppletie")
"""Those whose files are edited: one corrects what the other filed, and they share products and messages."""


def ignore_other_templates(here: str, names: list[str]) -> list[str]:
    if not here.endswith(("workflows", "scenarios")):
        return []
    return [name for name in names if name.removesuffix(".yaml") not in TEMPLATES]


PATHS = sorted(
    file.relative_to(SHIPPED).as_posix()
    for file in SHIPPED.rglob("*.yaml")
    if not {"workflows", "scenarios"} & set(file.parts) or {file.stem, file.parent.name} & set(TEMPLATES)
)
SWAPS = [
    ("title: ", "titel: "),
    ("aangifte", "aangiftes"),
    ("role: ", "role: x"),
    ("message: ", "message: on"),
    ("workdays: ", "workdays: 2"),
    ("facts.", "fact."),
    ("\n  ", "\n   "),
    ("type: date", "type: text"),
    ("optional: true", "optional: false"),
    ("{{ ", "{{ x."),
    ("year", "month"),
    ("bv", "nv"),
]


def _same(one: Compilation, other: Compilation) -> bool:
    return (
        one.diagnostics == other.diagnostics
        and dict(one.plans) == dict(other.plans)
        and one.office == other.office
        and one.sources == other.sources
        and one.count == other.count
    )


@settings(max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_after_any_edits_a_workspace_gives_what_a_cold_compile_gives(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "definitions"
        shutil.copytree(SHIPPED, folder, ignore=ignore_other_templates)
        workspace = Workspace(folder)
        for _ in range(data.draw(st.integers(2, 5))):
            path = data.draw(st.sampled_from(PATHS))
            change = data.draw(st.sampled_from(["swap", "swap", "swap", "remove", "restore"]))
            old, new = data.draw(st.sampled_from(SWAPS))
            _edit(folder, path, change, old, new)
            assert _same(workspace.compile(), compile_definitions(folder))


def _edit(folder: Path, path: str, change: str, old: str, new: str) -> None:
    file = folder / path
    if change == "remove":
        file.unlink(missing_ok=True)
    elif change == "restore" or not file.exists():
        shutil.copy(SHIPPED / path, file)
    else:
        file.write_text(file.read_text("utf-8").replace(old, new, 2), "utf-8")


def test_only_what_an_edit_touches_is_asked_again(tmp_path: Path) -> None:
    folder = tmp_path / "definitions"
    shutil.copytree(SHIPPED, folder)
    workspace = Workspace(folder)
    workspace.compile()
    templates = len(workspace.definitions.workflows)
    assert workspace.asked > templates
    workspace.compile()
    assert workspace.asked == 0
    text = (folder / WORKFLOW).read_text("utf-8")
    workspace.compile({WORKFLOW: text.replace("title: ", "title: Nieuwe ", 1)})
    of_one = workspace.asked
    assert of_one > 0
    workspace.compile()
    assert workspace.asked == of_one
    own = len([name for name in workspace.definitions.scenarios if name.startswith("btw-aangifte/")])
    assert of_one <= len(all_checks()) + own + 2, (
        "checks of other templates, and their scenarios, are not asked again"
    )
