"""Until a folder was read once, an editor is shown that it is, and what an open file has wrong by itself."""

import asyncio
from pathlib import Path

import attrs
import pytest
from lsprotocol import types

from kantoor.compiler.examples import WORKFLOW
from kantoor.compiler.one_file import read_alone

from .client import CAPABILITIES, SECONDS, Server, serving

pytestmark = pytest.mark.asyncio(loop_scope="package")

WRONG = "titel: Accountant\n"


async def test_the_open_file_is_told_before_the_others(server: Server, folder: Path) -> None:
    for role in ("accountant", "administratie"):
        (folder / f"roles/{role}.yaml").write_text(WRONG, "utf-8")
    text = (folder / WORKFLOW).read_text("utf-8").replace("offer_as: approval", "offer_as: aproval")
    with server.editing(folder) as editor:
        editor.open(WORKFLOW, text)
        await editor.wait("roles/administratie.yaml", "K120")
        await editor.wait(WORKFLOW, "K123")
        assert editor.published[0] == WORKFLOW


async def test_what_hangs_on_other_files_comes_with_the_folder(server: Server, folder: Path) -> None:
    text = (folder / WORKFLOW).read_text("utf-8")
    text = text.replace("offer_as: approval", "offer_as: aproval")
    text = text.replace("role: accountant", "role: acountant", 1)
    with server.editing(folder) as editor:
        editor.open(WORKFLOW, text)
        await editor.wait(WORKFLOW, "K123", "K201")


async def test_a_file_by_itself_has_its_own_mistakes_and_none_of_what_others_lack(folder: Path) -> None:
    text = (folder / WORKFLOW).read_text("utf-8")
    assert read_alone(WORKFLOW, text)[0] == ()
    broken = text.replace("role: accountant", "role: [accountant]", 1) + "zomaar: 1\n"
    assert [one.code.id for one in read_alone(WORKFLOW, broken)[0]] == ["K122", "K120"]
    silenced = text + "zomaar: 1  # kantoor: allow K120 because it is told elsewhere\n"
    assert "K201" not in [one.code.id for one in read_alone(WORKFLOW, silenced)[0]]


async def test_an_editor_that_can_show_it_is_shown_that_a_folder_is_read(folder: Path) -> None:
    window = types.WindowClientCapabilities(work_done_progress=True)
    async with serving(attrs.evolve(CAPABILITIES, window=window)) as server:
        with server.editing(folder) as editor:
            editor.open(WORKFLOW, "titel: Aangifte btw\n")
            await editor.wait_until(lambda: bool(editor.published))
            async with asyncio.timeout(SECONDS):
                while len(server.progress) < 2:
                    await asyncio.sleep(0.01)
    begin, end = server.progress
    assert isinstance(begin, dict | types.WorkDoneProgressBegin)
    assert "kantoor: reading definitions" in str(begin)
    assert "end" in str(end)
