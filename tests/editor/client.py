"""An editor of the tests: the protocol's own client with the server as a process, over stdio."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from lsprotocol import types
from pygls.lsp.client import LanguageClient

SECONDS = 45
"""The most that anything may take on a machine that does much else."""

CAPABILITIES = types.ClientCapabilities(
    text_document=types.TextDocumentClientCapabilities(
        rename=types.RenameClientCapabilities(prepare_support=True),
    ),
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(
            document_changes=True, resource_operations=[types.ResourceOperationKind.Rename]
        ),
        file_operations=types.FileOperationClientCapabilities(will_rename=True),
    ),
)

Diagnostics = Sequence[types.Diagnostic]


class Editor:
    """An editor with a folder open."""

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.diagnostics: dict[str, Diagnostics] = {}
        self.published: list[str] = []
        """The paths for which diagnostics came, in order."""
        self.texts: dict[str, str] = {}
        self._versions: dict[str, int] = {}
        self._news = asyncio.Condition()

    def uri(self, path: str) -> str:
        return (self.folder / path).as_uri()

    async def take(self, params: types.PublishDiagnosticsParams) -> None:
        async with self._news:
            path = self.path(params.uri)
            self.diagnostics[path] = params.diagnostics
            self.published.append(path)
            self._news.notify_all()

    def path(self, uri: str) -> str:
        return uri.removeprefix(f"{self.folder.as_uri()}/")

    def open(self, path: str, text: str | None = None) -> str:
        """Open a file, with what is on disk or with another text; return the text."""
        self.texts[path] = (self.folder / path).read_bytes().decode() if text is None else text
        self._versions[path] = 1
        item = types.TextDocumentItem(self.uri(path), "yaml", 1, self.texts[path])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return self.texts[path]

    def type(self, path: str, old: str, new: str) -> None:
        """Change a word of an open file that stands once in it."""
        assert self.texts[path].count(old) == 1, old
        self.write(path, self.texts[path].replace(old, new))

    def write(self, path: str, text: str) -> None:
        """Give an open file another text."""
        self.texts[path] = text
        self._versions[path] += 1
        document = types.VersionedTextDocumentIdentifier(self._versions[path], self.uri(path))
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))

    def close(self, path: str) -> None:
        document = types.TextDocumentIdentifier(self.uri(path))
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(document))

    async def wait(self, path: str, *codes: str) -> Diagnostics:
        """Wait until a file has diagnostics of these codes and no others; return them."""
        await self.wait_until(lambda: [one.code for one in self.diagnostics.get(path, ())] == [*codes])
        return self.diagnostics.get(path, ())

    async def wait_until(self, holds: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(SECONDS), self._news:
                await self._news.wait_for(holds)
        except TimeoutError:
            found = {
                path: [(one.code, one.message) for one in some] for path, some in self.diagnostics.items()
            }
            raise AssertionError(f"not within {SECONDS} s; what came: {found}") from None

    def at(self, path: str, words: str, into: int = 0) -> dict[str, object]:
        """Return the parameters of a request about words that stand once in an open file."""
        text = self.texts[path]
        assert text.count(words) == 1, words
        before = text[: text.index(words) + into]
        line = before.count("\n")
        character = len(before.rpartition("\n")[2].encode("utf-16-le")) // 2
        document = types.TextDocumentIdentifier(self.uri(path))
        return {"text_document": document, "position": types.Position(line, character)}

    async def complete(self, path: str, words: str) -> list[types.CompletionItem]:
        """Return what is offered after words that stand once in an open file."""
        params = types.CompletionParams(**self.at(path, words, len(words)))  # type: ignore[arg-type]
        found = await self.client.text_document_completion_async(params)
        assert isinstance(found, types.CompletionList)
        return list(found.items)

    async def hover(self, path: str, words: str) -> str:
        """Return what is said at the end of words that stand once in an open file; '' when it is nothing."""
        params = types.HoverParams(**self.at(path, words, len(words) - 1))  # type: ignore[arg-type]
        found = await self.client.text_document_hover_async(params)
        assert found is None or isinstance(found.contents, types.MarkupContent)
        return found.contents.value if found else ""

    async def define(self, path: str, words: str) -> list[str]:
        """Return where words are defined, as path:line."""
        params = types.DefinitionParams(**self.at(path, words, 1))  # type: ignore[arg-type]
        found = await self.client.text_document_definition_async(params)
        return self.name_places(found)

    async def refer(self, path: str, words: str) -> list[str]:
        """Return where what words name is named, its definition first, as path:line."""
        context = types.ReferenceContext(include_declaration=True)
        params = types.ReferenceParams(context=context, **self.at(path, words, 1))  # type: ignore[arg-type]
        return self.name_places(await self.client.text_document_references_async(params))

    def name_places(self, found: object) -> list[str]:
        assert isinstance(found, Sequence)
        return [f"{self.path(one.uri)}:{one.range.start.line + 1}" for one in found]

    async def rename(self, path: str, words: str, new: str, into: int = 1) -> types.WorkspaceEdit:
        """Return the changes of a rename."""
        params = types.RenameParams(new_name=new, **self.at(path, words, into))  # type: ignore[arg-type]
        edit = await self.client.text_document_rename_async(params)
        assert edit is not None
        return edit

    def apply(self, edit: types.WorkspaceEdit) -> None:
        """Make the changes of an edit on disk, as an editor would."""
        changes = list(edit.document_changes or ())
        for uri, edits in (edit.changes or {}).items():
            document = types.OptionalVersionedTextDocumentIdentifier(uri)
            changes.append(types.TextDocumentEdit(document, list(edits)))
        for change in changes:
            if isinstance(change, types.TextDocumentEdit):
                file = self.folder / self.path(change.text_document.uri)
                file.write_bytes(apply_edits(file.read_bytes().decode(), change.edits).encode())
            elif isinstance(change, types.RenameFile):
                old, new = self.path(change.old_uri), self.path(change.new_uri)
                (self.folder / old).rename(self.folder / new)


def apply_edits(text: str, edits: Sequence[object]) -> str:
    """Return a text with edits made, the last first, columns in UTF-16 as the protocol has them."""
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]

    def offset(position: types.Position) -> int:
        line = lines[position.line] if position.line < len(lines) else ""
        units = line.encode("utf-16-le")[: position.character * 2]
        return starts[position.line] + len(units.decode("utf-16-le"))

    plain = [one for one in edits if isinstance(one, types.TextEdit)]
    assert len(plain) == len(edits)
    for edit in sorted(plain, key=lambda one: offset(one.range.start), reverse=True):
        text = text[: offset(edit.range.start)] + edit.new_text + text[offset(edit.range.end) :]
    return text


class Server:
    """The server's process, and the editors of the folders that are open in it."""

    def __init__(self, client: LanguageClient, capabilities: types.ServerCapabilities) -> None:
        self.client = client
        self.capabilities = capabilities
        self.editors: list[Editor] = []
        self.progress: list[object] = []
        """What was shown to go on, and to have ended, in order."""

    async def take(self, params: types.PublishDiagnosticsParams) -> None:
        for editor in self.editors:
            if params.uri.startswith(f"{editor.folder.as_uri()}/"):
                await editor.take(params)

    @contextmanager
    def editing(self, folder: Path, root: Path | None = None) -> Iterator[Editor]:
        """Open a folder of definitions, or one above it, in the editor's workspace; close it at the end."""
        editor = Editor(self.client, folder)
        self.editors.append(editor)
        one = types.WorkspaceFolder((root or folder).as_uri(), "office")
        self._change(types.WorkspaceFoldersChangeEvent([one], []))
        yield editor
        self._change(types.WorkspaceFoldersChangeEvent([], [one]))
        self.editors.remove(editor)

    def _change(self, event: types.WorkspaceFoldersChangeEvent) -> None:
        params = types.DidChangeWorkspaceFoldersParams(event)
        self.client.workspace_did_change_workspace_folders(params)


@asynccontextmanager
async def serving(capabilities: types.ClientCapabilities = CAPABILITIES) -> AsyncIterator[Server]:
    """Start the server's process; at the end shut it down, and see that it leaves in silence."""
    client = LanguageClient("tests", "1")
    warnings: list[str] = []
    await client.start_io(sys.executable, "-m", "kantoor.cli", "lsp")
    process = client._server
    assert process is not None
    try:
        async with asyncio.timeout(SECONDS):
            answer = await client.initialize_async(types.InitializeParams(capabilities))
            client.initialized(types.InitializedParams())
        server = Server(client, answer.capabilities)

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        async def take(params: types.PublishDiagnosticsParams) -> None:
            await server.take(params)

        @client.feature(types.WINDOW_WORK_DONE_PROGRESS_CREATE)
        def allow(params: types.WorkDoneProgressCreateParams) -> None:
            """Show whatever goes on."""

        @client.feature(types.PROGRESS)
        def show(params: types.ProgressParams) -> None:
            server.progress.append(params.value)

        @client.feature(types.WINDOW_SHOW_MESSAGE)
        def warn(params: types.ShowMessageParams) -> None:
            warnings.append(params.message)

        yield server
        async with asyncio.timeout(SECONDS):
            await client.shutdown_async(None)
            client.exit(None)
            assert await process.wait() == 0
            assert process.stderr is not None
            assert (await process.stderr.read()).decode() == ""
        assert warnings == []  # nothing that the server did not expect
    finally:
        if process.returncode is None:
            process.kill()
        await client.stop()
