"""The small office in a folder of its own, open in an editor; all tests share the server's process."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from kantoor.compiler.examples import Example, lay_out

from .client import Editor, Server, serving


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lay_out(Example("title: Aangifte btw\n"), tmp_path / "definitions")
    return tmp_path / "definitions"


@pytest_asyncio.fixture(scope="package", loop_scope="package")
async def server() -> AsyncIterator[Server]:
    async with serving() as server:
        yield server


@pytest.fixture
def editor(server: Server, folder: Path) -> Iterator[Editor]:
    with server.editing(folder) as editor:
        yield editor
