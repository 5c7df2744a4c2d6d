"""A rename changes an id everywhere, and nothing but the id."""

import json
import re
import shutil
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from kantoor.compiler import Compilation, compile_definitions
from kantoor.compiler.examples import WORKFLOW
from kantoor.plan import plan_bytes

from .client import Editor, serving

pytestmark = pytest.mark.asyncio(loop_scope="package")

RICH = Path(__file__).parent / "rich_office"
"""Files of the small office in which an id is named in every way that the language has."""


def compile_rightly(folder: Path) -> Compilation:
    compilation = compile_definitions(folder)
    assert compilation.errors == ()
    return compilation


def write_plan(compilation: Compilation, old: str = "", new: str = "") -> object:
    """Return the plan as it is written, with one id written in another way, and without an order of ids."""
    text = plan_bytes(compilation.plans["btw-aangifte"]).decode()
    return sort_lists(json.loads(re.sub(rf'(?<=["/.]){old}(?=["\\ ])', new, text) if old else text))


def sort_lists(value: object) -> object:
    """Return plain data with its lists in an order that ids have no part in."""
    if isinstance(value, dict):
        return {key: sort_lists(one) for key, one in value.items()}
    if isinstance(value, list):
        return sorted((sort_lists(one) for one in value), key=str)
    return value


@pytest.mark.parametrize(
    ("words", "new"),
    [
        ("to: { role: accountant", "controleur"),
        ("on_behalf_of: relatiebeheerder", "beheerder"),
        ("products: [aangifte-btw", "btw"),
        ('product.id in ["aangifte-btw', "btw"),
        ("message: ter-accordering", "akkoord"),
        ("form: vragen", "ib-vragen"),
        ("function: directeur", "bestuurder"),
        ("- id: controle", "nakijken"),
        ("set_in: 'controle", "nakijken"),
        ("after: phases.indienen", "versturen"),
        ("reviews: [stuk", "opgaaf"),
        ("deadlines.termijn", "datum"),
        ('then: "ends.gestaakt', "afgebroken"),
        ("facts.klasse", "omvang"),
        ("after: facts.getekend", "ondertekend"),
        ("id: klein", "beperkt"),
        ("klasse == 'klein", "beperkt"),
        ("answers.woning", "huis"),
        ("relation.dga", "grootaandeelhouder"),
        ("- id: aansluiting", "sluit_aan"),
    ],
)
async def test_a_rename_gives_the_same_plan_but_for_the_id(editor: Editor, words: str, new: str) -> None:
    shutil.copytree(RICH, editor.folder, dirs_exist_ok=True)
    before = compile_rightly(editor.folder)
    editor.open(WORKFLOW)
    old = re.split(r"[^\w-]", words)[-1]
    editor.apply(await editor.rename(WORKFLOW, words, new, len(words)))
    after = compile_rightly(editor.folder)
    assert write_plan(after) == write_plan(before, old, new)
    assert any(
        file.read_text("utf-8") != (RICH / file.relative_to(editor.folder)).read_text("utf-8")
        for file in editor.folder.rglob("*.yaml")
        if (RICH / file.relative_to(editor.folder)).exists()
    )


async def test_a_template_gets_another_name_with_its_file(editor: Editor) -> None:
    other = editor.folder / "workflows/suppletie.yaml"
    text = (editor.folder / WORKFLOW).read_text("utf-8")
    other.write_text(text.replace("created:", "corrected_by: btw-aangifte\ncreated:"), "utf-8")
    editor.open("workflows/suppletie.yaml")
    edit = await editor.rename("workflows/suppletie.yaml", "corrected_by: btw-aangifte", "aangifte-ob", 20)
    editor.apply(edit)
    after = compile_rightly(editor.folder)
    assert set(after.plans) == {"aangifte-ob", "suppletie"}


async def test_a_file_that_gets_another_name_takes_along_who_names_it(editor: Editor) -> None:
    files = [types.FileRename(editor.uri("roles/accountant.yaml"), editor.uri("roles/controleur.yaml"))]
    editor.open(WORKFLOW)
    edit = await editor.client.workspace_will_rename_files_async(types.RenameFilesParams(files))
    assert edit is not None
    editor.apply(edit)
    (editor.folder / "roles/accountant.yaml").rename(editor.folder / "roles/controleur.yaml")
    compile_rightly(editor.folder)


@pytest.mark.parametrize(
    ("words", "new", "said"),
    [
        ("role: accountant\n    reviews", "administratie", "there is already a role 'administratie'"),
        ("role: accountant\n    reviews", "De Accountant", "invalid file name 'De Accountant'"),
        ("role: relatiebeheerder", "beheerder", "write on_behalf_of at workflows/btw-aangifte.yaml:"),
        ("report: omzetbelasting", "btw", "kantoor has the report of that name built in"),
        ("- id: controle", "na-kijken", "invalid id 'na-kijken'"),
        ("- id: controle", "opstellen", "there is already a phase 'opstellen'"),
    ],
)
async def test_a_rename_that_would_break_something_is_refused(
    editor: Editor, words: str, new: str, said: str
) -> None:
    editor.open(WORKFLOW)
    with pytest.raises(JsonRpcException, match=re.escape(said)):
        await editor.rename(WORKFLOW, words, new, words.index(": ") + 3)


async def test_what_is_renamed_is_shown_first(editor: Editor) -> None:
    editor.open(WORKFLOW)
    params = types.PrepareRenameParams(**editor.at(WORKFLOW, "deadlines.aangifte", 12))  # type: ignore[arg-type]
    found = await editor.client.text_document_prepare_rename_async(params)
    assert isinstance(found, types.PrepareRenamePlaceholder)
    assert found.placeholder == "aangifte"
    assert found.range.end.character - found.range.start.character == len("aangifte")
    params = types.PrepareRenameParams(**editor.at(WORKFLOW, "Aangifte omzetbelasting", 1))  # type: ignore[arg-type]
    assert await editor.client.text_document_prepare_rename_async(params) is None


async def test_an_editor_that_cannot_rename_files_is_told(folder: Path) -> None:
    async with serving(types.ClientCapabilities()) as server:
        with server.editing(folder) as editor:
            editor.open(WORKFLOW)
            with pytest.raises(JsonRpcException, match="this editor cannot rename files"):
                await editor.rename(WORKFLOW, "role: accountant\n    reviews", "controleur", 7)
            editor.apply(await editor.rename(WORKFLOW, "- id: controle", "nakijken", 7))
            compile_rightly(folder)
