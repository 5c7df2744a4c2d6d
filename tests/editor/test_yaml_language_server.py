"""npm's yaml-language-server, reading the published schemas, agrees with the compiler about what they say.

It is installed once, from npm, into .npm/ of the repository; where npm is missing or has no network these
tests are skipped, and say so. In CI they fail: `.ci/run` installs npm beside the browser.
"""

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from kantoor.compiler.language.kinds import find_kind
from kantoor.compiler.shape import shape
from kantoor.compiler.source import read_bytes
from kantoor.editor.completion import complete
from kantoor.editor.index import Index
from kantoor.editor.positions import Page

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("yaml-language-server"),
    pytest.mark.timeout(300),
]

ROOT = Path(__file__).parents[2]
PACKAGE = "yaml-language-server@2.0.0"
PROGRAM = ROOT / ".npm/node_modules/.bin/yaml-language-server"
SECONDS = 90

WRONG = [
    ("workflows/btw-aangifte.yaml", "role: fiscaal", "rol: fiscaal"),
    ("workflows/btw-aangifte.yaml", "pay: now", "pay: nu"),
    ("workflows/btw-aangifte.yaml", "every_days: 3", "every_days: drie"),
    ("workflows/btw-aangifte.yaml", "every_days: 3", "every_days: 0"),
    ("workflows/btw-aangifte.yaml", "- id: verzamelen", "- id: Verzamelen"),
    ("workflows/btw-aangifte.yaml", "products: [aangifte-btw]", "products: []"),
    ("workflows/btw-aangifte.yaml", "to: primary_contact", "to: { functie: directeur }"),
    ("messages/btw-ingediend.yaml", "channels: [email]", "channels: email"),
    ("office.yaml", "opening_hour: 8", "opening_hour: 24"),
    ("roles/fiscaal.yaml", "title:", "titel:"),
]


class Yaml:
    """The server, with what it says of each file."""

    def __init__(self, client: LanguageClient) -> None:
        self.client = client
        self.said: dict[str, list[str]] = {}
        self.news = asyncio.Condition()
        self.versions: dict[str, int] = {}

    async def take(self, params: types.PublishDiagnosticsParams) -> None:
        async with self.news:
            self.said[params.uri] = [one.message for one in params.diagnostics]
            self.news.notify_all()

    async def judge(self, path: str, text: str) -> list[str]:
        """Return what it says of a text of a shipped file."""
        uri = (ROOT / "definitions" / path).as_uri()
        self.said.pop(uri, None)
        item = types.TextDocumentItem(uri, "yaml", 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        async with asyncio.timeout(SECONDS), self.news:
            await self.news.wait_for(lambda: uri in self.said)
        said = self.said.pop(uri)
        document = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))
        async with asyncio.timeout(SECONDS), self.news:  # it takes back what it said
            await self.news.wait_for(lambda: uri in self.said)
        return said


def give_up(reason: str) -> NoReturn:
    """Skip where somebody works, and fail in CI, as the tests in a browser do."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


@pytest.fixture(scope="module")
def program() -> Path:
    npm = shutil.which("npm")
    if npm is None:
        give_up("npm is not installed, so its yaml-language-server is not asked about schemas/")
    if not PROGRAM.exists():
        words = (npm, "install", "--prefix", str(ROOT / ".npm"), "--ignore-scripts", PACKAGE)
        done = subprocess.run(words, capture_output=True, text=True, timeout=240)
        if done.returncode:
            give_up(f"npm could not install {PACKAGE}: {done.stderr.strip().splitlines()[-1:]}")
    return PROGRAM


@asynccontextmanager
async def asking(program: Path) -> AsyncIterator[Yaml]:
    client = LanguageClient("tests", "1")
    yaml = Yaml(client)

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    async def take(params: types.PublishDiagnosticsParams) -> None:
        await yaml.take(params)

    @client.feature(types.WORKSPACE_CONFIGURATION)
    def configure(params: types.ConfigurationParams) -> list[dict[str, Any]]:
        return [{} for _ in params.items]

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(params: types.RegistrationParams) -> None:
        return None

    await client.start_io(str(program), "--stdio")
    try:
        async with asyncio.timeout(SECONDS):
            root = types.InitializeParams(types.ClientCapabilities(), root_uri=ROOT.as_uri())
            await client.initialize_async(root)
            client.initialized(types.InitializedParams())
        yield yaml
    finally:
        async with asyncio.timeout(SECONDS):
            await client.shutdown_async(None)
            client.exit(None)
            await client.stop()


def read(path: str) -> str:
    return (ROOT / "definitions" / path).read_text("utf-8")


def shape_errors(path: str, text: str) -> list[str]:
    """Return what the models say of a text, which is all that a schema can say."""
    kind = find_kind(path.rpartition("/")[0])
    assert kind is not None
    return [one.message for one in shape(kind.model, read_bytes(text.encode(), path))[1]]


async def test_it_finds_the_shipped_definitions_right(program: Path) -> None:
    files = sorted(ROOT.glob("definitions/**/*.yaml"))
    paths = [file.relative_to(ROOT / "definitions").as_posix() for file in files]
    assert paths
    async with asking(program) as yaml:
        told = await asyncio.gather(*(yaml.judge(path, read(path)) for path in paths))
        assert {path: said for path, said in zip(paths, told, strict=True) if said} == {}


async def test_it_finds_wrong_what_the_models_find_wrong(program: Path) -> None:
    async with asking(program) as yaml:
        for path, old, new in WRONG:
            text = read(path)
            assert old in text
            wrong = text.replace(old, new, 1)
            assert shape_errors(path, wrong), new
            assert await yaml.judge(path, wrong), new


async def test_it_offers_the_keys_that_our_server_offers(program: Path) -> None:
    path = "workflows/btw-aangifte.yaml"
    text = read(path).replace("    role: fiscaal\n", "    \n")
    offset = text.index("    \n") + 4
    page = Page(text)
    ours = {item.label for item in complete(page, path, offset, Index({}))}
    async with asking(program) as yaml:
        uri = (ROOT / "definitions" / path).as_uri()
        item = types.TextDocumentItem(uri, "yaml", 1, text)
        yaml.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        at = types.CompletionParams(types.TextDocumentIdentifier(uri), page.position(offset))
        found = await yaml.client.text_document_completion_async(at)
        assert isinstance(found, types.CompletionList)
        theirs = {one.label for one in found.items if one.kind == types.CompletionItemKind.Property}
        assert theirs == ours
