"""Editing: from a keystroke to its diagnostics and choices, through the language server as a process.

The office is the shipped one, with one word of a template written in another way at each turn. What compiling
the folder costs in a warm process is measured beside it.
"""

import asyncio
import shutil
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from kantoor.compiler.workspace import Workspace

from .material import TEMPLATE
from .office import DEFINITIONS

TURNS = 40
PATH = f"workflows/{TEMPLATE}.yaml"
WORD = "role: fiscaal"
MARK = 50.0
"""Milliseconds within which 95 of 100 keystrokes have their diagnostics."""


@dataclass(frozen=True, slots=True)
class Editing:
    """What each turn took, in milliseconds."""

    files: int
    diagnostics: list[float]
    completion: list[float]
    hover: list[float]
    compiling: list[float]

    def lines(self) -> Iterator[str]:
        """Yield the lines to print."""
        yield _line("keystroke to diagnostics", self.diagnostics, f"mark: 95% within {MARK:.0f} ms")
        share = statistics.median(self.diagnostics) / statistics.median(self.compiling)
        yield _line("  compiling the folder alone", self.compiling, f"the server takes {share:.1f} × this")
        yield _line("completion of an id", self.completion)
        yield _line("hover over an id", self.hover)


def _line(title: str, found: list[float], said: str = "") -> str:
    high = statistics.quantiles(found, n=20)[-1]
    return f"{title:<30} median {statistics.median(found):7.1f} ms   95% {high:7.1f} ms   {said}".rstrip()


async def measure(folder: Path, turns: int = TURNS) -> Editing:
    """Measure a copy of the shipped office made in `folder`."""
    shutil.copytree(DEFINITIONS, folder)
    text = (folder / PATH).read_text("utf-8")
    news: asyncio.Queue[None] = asyncio.Queue()
    found = Editing(_count(folder), [], [], [], [])
    async with _serve(folder, news) as client:
        document = types.TextDocumentIdentifier((folder / PATH).as_uri())
        item = types.TextDocumentItem(document.uri, "yaml", 0, text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        before = text[: text.index(WORD)]
        at = types.Position(before.count("\n"), len(before.rpartition("\n")[2]) + len(WORD))
        for turn in range(turns + 1):
            here = text.replace(WORD, f"{WORD}{turn}")
            change = types.TextDocumentContentChangeWholeDocument(here)
            versioned = types.VersionedTextDocumentIdentifier(turn + 1, document.uri)
            began = time.perf_counter()
            client.text_document_did_change(types.DidChangeTextDocumentParams(versioned, [change]))
            await news.get()
            told = _since(began)
            began = time.perf_counter()
            await client.text_document_completion_async(types.CompletionParams(document, at))
            offered = _since(began)
            began = time.perf_counter()
            await client.text_document_hover_async(types.HoverParams(document, at))
            if turn:  # the first warms up
                found.diagnostics.append(told)
                found.completion.append(offered)
                found.hover.append(_since(began))
    found.compiling.extend(_compile(folder, text, turns))
    return found


def _count(folder: Path) -> int:
    return len(list(folder.rglob("*.yaml")))


def _compile(folder: Path, text: str, turns: int) -> list[float]:
    workspace, found = Workspace(folder), []
    for turn in range(turns + 1):
        began = time.perf_counter()
        workspace.compile({PATH: text.replace(WORD, f"{WORD}{turn}")})
        found.append(_since(began))
    return found[1:]


@asynccontextmanager
async def _serve(folder: Path, news: asyncio.Queue[None]) -> AsyncIterator[LanguageClient]:
    client = LanguageClient("bench", "1")

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
    def take(params: types.PublishDiagnosticsParams) -> None:
        news.put_nowait(None)

    await client.start_io(sys.executable, "-m", "kantoor.cli", "lsp")
    root = types.InitializeParams(types.ClientCapabilities(), root_uri=folder.as_uri())
    await client.initialize_async(root)
    client.initialized(types.InitializedParams())
    yield client
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000
