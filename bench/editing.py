"""Editing: from a keystroke to its diagnostics and choices, through the language server as a process.

The office has eighty files of the shipped one, those of three templates. Letters are typed at several kinds
of places, one after the other, each of which changes what is diagnosed: that is how the client sees that a
keystroke was taken. Beside the time on the clock is the CPU that the server used until then, since other
programs share the machine. What compiling the folder costs in a warm process is measured too.
"""

import asyncio
import re
import shutil
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from kantoor.compiler.workspace import Workspace

from .cpu import read_children
from .material import TEMPLATE
from .office import DEFINITIONS

TURNS = 50
"""Keystrokes of each kind."""
REST = 0.03
"""Seconds between two keystrokes: who types fast needs more."""
MARK = 50.0
"""Milliseconds within which 95 of 100 keystrokes have their diagnostics."""
TEMPLATES = (TEMPLATE, "icp-opgaaf", "suppletie")
"""The templates of the office, which have some eighty files with what they name."""
_TEMPLATE = f"workflows/{TEMPLATE}.yaml"
_MESSAGE = "messages/btw-ter-accordering.yaml"
_ODD = " # kantoor: allow K000 because it is told where it stands"


class Kind(NamedTuple):
    """Where letters are typed: after what in a file; what is `wrong` after them is told with its place."""

    title: str
    path: str
    after: str
    wrong: str = ""

    def type(self, text: str, turn: int) -> str:
        """Return the text with the letters of a turn: another number of them than at the turn before."""
        return text.replace(self.after, f"{self.after}{'x' * (1 + turn % 9)}{self.wrong}", 1)


KINDS = (
    Kind("the id of a role", _TEMPLATE, "role: fiscaal"),
    Kind("a key", _TEMPLATE, "        required"),
    Kind("a condition", _TEMPLATE, "if: product.kor"),
    Kind("a title", _TEMPLATE, "title: Boeken en aangifte opstellen", _ODD),
    Kind("the id of a phase", _TEMPLATE, "- id: opstellen"),
    Kind("a text of a message", _MESSAGE, "gecontroleerd. U kunt de aangifte", " {{ filing.weg }}"),
    Kind("a variable of a message", _MESSAGE, "{{ filing.link"),
)


@dataclass(frozen=True, slots=True)
class Editing:
    """What each keystroke and question took, in milliseconds; `cpu` is that of the server."""

    files: int
    diagnostics: dict[str, list[float]] = field(default_factory=dict)
    cpu: dict[str, list[float]] = field(default_factory=dict)
    completion: list[float] = field(default_factory=list)
    hover: list[float] = field(default_factory=list)
    compiling: list[float] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """Yield the lines to print."""
        for title, found in self.diagnostics.items():
            yield _line(title, found)
            if title in self.cpu:
                yield _line("  CPU of the server", self.cpu[title])
        every = [one for found in self.diagnostics.values() for one in found]
        met = "met" if statistics.quantiles(every, n=20)[-1] <= MARK else "not met"
        yield _line(f"all {len(every)} keystrokes", every, f"mark: 95% within {MARK:.0f} ms: {met}")
        if self.cpu:
            yield _line("  CPU of the server", [one for found in self.cpu.values() for one in found])
        yield _line("  compiling the folder alone", self.compiling)
        yield _line("completion of an id", self.completion)
        yield _line("hover over an id", self.hover)


def _line(title: str, found: list[float], said: str = "") -> str:
    high = statistics.quantiles(found, n=20)[-1]
    return f"{title:<30} median {statistics.median(found):7.1f} ms   95% {high:7.1f} ms   {said}".rstrip()


async def measure(folder: Path, turns: int = TURNS) -> Editing:
    """Measure a copy of the shipped office made in `folder`."""
    copy_some(folder)
    news: asyncio.Queue[tuple[str, int | None]] = asyncio.Queue()
    found = Editing(_count(folder))
    async with _serve(folder, news) as client:
        for kind in KINDS:
            await _type(client, folder, kind, turns, news, found)
    found.compiling.extend(_compile(folder, turns))
    return found


def copy_some(folder: Path) -> None:
    """Copy the shipped definitions of the office's templates with what these name."""
    shutil.copytree(DEFINITIONS, folder)
    gone = {file.stem for file in (folder / "workflows").iterdir()}.difference(TEMPLATES)
    for name in gone:
        (folder / f"workflows/{name}.yaml").unlink()
        shutil.rmtree(folder / "scenarios" / name)
    said = "".join(file.read_text("utf-8") for file in (*folder.glob("workflows/*"), folder / "office.yaml"))
    for file in (*folder.glob("messages/*"), *folder.glob("forms/*"), *folder.glob("products/*")):
        if not re.search(rf"(?<![\w-]){file.stem}(?![\w-])", said):
            file.unlink()
    for file in folder.glob("policies/*"):
        if any(name in file.read_text("utf-8") for name in gone):
            file.unlink()


async def _type(
    client: LanguageClient,
    folder: Path,
    kind: Kind,
    turns: int,
    news: asyncio.Queue[tuple[str, int | None]],
    found: Editing,
) -> None:
    """Type at one kind of place, and ask twice about it: what fits, what it is; then close the file."""
    text = (folder / kind.path).read_text("utf-8")
    document = types.TextDocumentIdentifier((folder / kind.path).as_uri())
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(document.uri, "yaml", 0, text))
    )
    before = text[: text.index(kind.after)] + kind.after
    at = types.Position(before.count("\n"), len(before.rpartition("\n")[2]))
    told, used = found.diagnostics.setdefault(kind.title, []), list[float]()
    for turn in range(1, turns + 2):
        await asyncio.sleep(REST)
        change = types.TextDocumentContentChangeWholeDocument(kind.type(text, turn))
        versioned = types.VersionedTextDocumentIdentifier(turn, document.uri)
        cpu, began = read_children(), time.perf_counter()
        client.text_document_did_change(types.DidChangeTextDocumentParams(versioned, [change]))
        while await news.get() != (document.uri, turn):
            pass
        if turn > 1:  # the first warms up
            told.append(_since(began))
            used.append((read_children() - cpu) * 1000)
            await _ask(client, document, at, found)
    if any(used):
        found.cpu[kind.title] = used
    client.text_document_did_close(types.DidCloseTextDocumentParams(document))


async def _ask(
    client: LanguageClient, document: types.TextDocumentIdentifier, at: types.Position, found: Editing
) -> None:
    began = time.perf_counter()
    await client.text_document_completion_async(types.CompletionParams(document, at))
    found.completion.append(_since(began))
    began = time.perf_counter()
    await client.text_document_hover_async(types.HoverParams(document, at))
    found.hover.append(_since(began))


def _count(folder: Path) -> int:
    return len(list(folder.rglob("*.yaml")))


def _compile(folder: Path, turns: int) -> list[float]:
    workspace, found = Workspace(folder), list[float]()
    for kind in KINDS:
        text = (folder / kind.path).read_text("utf-8")
        for turn in range(turns + 1):
            began = time.perf_counter()
            workspace.compile({kind.path: kind.type(text, turn)})
            found += [_since(began)] if turn else []
    return found


@asynccontextmanager
async def _serve(folder: Path, news: asyncio.Queue[tuple[str, int | None]]) -> AsyncIterator[LanguageClient]:
    client = LanguageClient("bench", "1")

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
    def take(params: types.PublishDiagnosticsParams) -> None:
        news.put_nowait((params.uri, params.version))

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
