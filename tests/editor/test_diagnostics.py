"""The server tells what is wrong while somebody types, and where, in all files of the folder."""

import shutil
from pathlib import Path

import pytest
from lsprotocol import types

from kantoor.compiler.examples import WORKFLOW

from .client import Editor, Server, apply_edits

pytestmark = pytest.mark.asyncio(loop_scope="package")


async def test_mistakes_come_while_typing_and_go_when_they_are_corrected(
    server: Server, folder: Path
) -> None:
    with server.editing(folder, folder.parent) as editor:  # definitions/ is found below the folder
        text = editor.open(WORKFLOW)
        editor.write(WORKFLOW, text.replace("role: accountant\n    reviews", "role: acountant\n    reviews"))
        [one] = await editor.wait(WORKFLOW, "K201")
        assert one.severity is types.DiagnosticSeverity.Error
        assert one.message == "unknown role 'acountant'\nhelp: did you mean 'accountant'?"
        assert one.code_description is not None
        assert one.code_description.href.endswith("docs/diagnostics.md#k201-unknown-role")
        editor.write(WORKFLOW, text)
        await editor.wait(WORKFLOW)


async def test_what_another_file_lacks_is_told_in_both(editor: Editor) -> None:
    role = editor.folder / "roles/accountant.yaml"
    editor.open(WORKFLOW)
    editor.open("roles/accountant.yaml", "titel: Accountant\n")
    [one] = await editor.wait("roles/accountant.yaml", "K120")
    assert one.range == types.Range(types.Position(0, 0), types.Position(0, 5))
    editor.close("roles/accountant.yaml")  # unsaved: the file on disk is right
    await editor.wait("roles/accountant.yaml")
    role.write_text("titel: Accountant\n", "utf-8")
    watched = [types.FileEvent(editor.uri("roles/accountant.yaml"), types.FileChangeType.Changed)]
    editor.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams(watched))
    await editor.wait("roles/accountant.yaml", "K120")


async def test_only_files_whose_mistakes_changed_are_published(editor: Editor) -> None:
    text = editor.open(WORKFLOW)
    editor.open("roles/accountant.yaml", "titel: Accountant\n")
    await editor.wait("roles/accountant.yaml", "K120")
    editor.write(WORKFLOW, text.replace("offer_as: approval", "offer_as: aproval"))
    await editor.wait(WORKFLOW, "K123")
    assert editor.published.count("roles/accountant.yaml") == 1


async def test_a_second_place_is_related_information(editor: Editor) -> None:
    text = editor.open(WORKFLOW)
    editor.write(WORKFLOW, text.replace("offer_as: approval", "message: ter-accordering"))
    [one] = await editor.wait(WORKFLOW, "K103")
    assert one.related_information is not None
    [other] = one.related_information
    assert (other.message, other.location.uri) == ("first defined", editor.uri(WORKFLOW))
    assert other.location.range.start.line == one.range.start.line - 1


async def test_columns_count_utf_16_also_in_files_with_crlf(editor: Editor) -> None:
    wide = "title: 𝄞 Aangifte\r\nproducts: [aangifte-btw, '𝄞𝄞', fout]\r\n"
    text = editor.open(WORKFLOW).replace("\n", "\r\n")
    start = "title: Aangifte btw\r\nproducts: [aangifte-btw]\r\n"
    assert start in text
    editor.write(WORKFLOW, text.replace(start, wide))
    first, second = await editor.wait(WORKFLOW, "K202", "K202")
    assert (first.range.start, first.range.end) == (types.Position(1, 25), types.Position(1, 31))
    assert (second.range.start, second.range.end) == (types.Position(1, 33), types.Position(1, 37))


async def test_a_line_separator_inside_a_text_moves_nothing(editor: Editor) -> None:
    text = editor.open(WORKFLOW)
    editor.write(WORKFLOW, text.replace("law: AWR", "law: 'A\u2028 WR'\n    low: AWR"))
    [one] = await editor.wait(WORKFLOW, "K120")
    line = text.split("\n").index("    law: AWR art. 10 en 19") + 1
    assert one.range.start == types.Position(line, 4)


async def test_the_right_word_is_one_step_away(editor: Editor) -> None:
    text = editor.open(WORKFLOW)
    editor.write(WORKFLOW, text.replace("offer_as: approval", "offer_as: 'aproval'"))
    [one] = await editor.wait(WORKFLOW, "K123")
    document = types.TextDocumentIdentifier(editor.uri(WORKFLOW))
    params = types.CodeActionParams(document, one.range, types.CodeActionContext([one]))
    actions = await editor.client.text_document_code_action_async(params)
    assert actions is not None
    [action] = actions
    assert isinstance(action, types.CodeAction)
    assert action.edit is not None
    assert action.title == "Change to 'approval'"
    assert action.edit.changes is not None
    fixed = apply_edits(editor.texts[WORKFLOW], action.edit.changes[editor.uri(WORKFLOW)])
    assert fixed == text.replace("offer_as: approval", "offer_as: 'approval'")


async def test_a_folder_without_definitions_says_so(server: Server, tmp_path: Path) -> None:
    (tmp_path / "definitions").mkdir()
    with server.editing(tmp_path / "definitions", tmp_path) as editor:
        (missing,) = await editor.wait("office.yaml", "K112")
    assert missing.message.startswith("no definitions in this folder")


async def test_a_folder_that_was_deleted_before_it_left_the_workspace_is_read_again_as_it_comes_back(
    server: Server, folder: Path
) -> None:
    workflow, law = "workflows/btw-aangifte.yaml", folder / "law"
    aside = folder.parent / "aside"
    law.rename(aside)
    with server.editing(folder) as editor:
        editor.open(workflow)
        assert await editor.hover(workflow, "report: omzetbelasting") == ""
        shutil.move(folder, folder.parent / "deleted")
    shutil.copytree(folder.parent / "deleted", folder)
    aside.rename(law)
    with server.editing(folder) as editor:
        editor.open(workflow)
        assert "law/omzetbelasting.yaml" in await editor.hover(workflow, "report: omzetbelasting")
