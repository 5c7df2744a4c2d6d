"""The language server on pygls: which message of the protocol is answered by what.

Texts come whole with each change: pygls applies partial ones by Python's line ends, which are more than the
protocol's, and a definition is small.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from .completion import complete
from .diagnostics import fix
from .folder import OpenFolder, OpenText, find_above, find_definitions
from .hover import hover
from .index import Index
from .names import FILES, Definition, FileNames, Mention, Symbol, file_id
from .outline import outline
from .renaming import NotRenamedError, Renaming, check_renameable, rename

REFUSED = -32803
"""The protocol's RequestFailed: the request is right, and the answer is no."""

TRIGGERS = (" ", ".", "{", "[", "'", '"')
YAML = types.FileOperationRegistrationOptions(
    [types.FileOperationFilter(types.FileOperationPattern("**/*.yaml"), scheme="file")]
)

At = types.TextDocumentPositionParams


class DefinitionsServer(LanguageServer):
    """The server, with the definitions folders that are open."""

    def __init__(self) -> None:
        super().__init__("kantoor", version("kantoor"), types.TextDocumentSyncKind.Full)
        self.open_folders: list[OpenFolder] = []
        self._opened_for: dict[str, OpenFolder] = {}
        self._shown = 0
        self._showing: set[asyncio.Task[None]] = set()
        """What is shown to go on; kept, since nothing else holds a task."""
        self.was_shut_down = False

    def open_folder(self, root: Path | None) -> OpenFolder | None:
        """Open a definitions folder and have it compiled; one that is open already is returned."""
        if root is None:
            return None
        known = next((one for one in self.open_folders if one.root == root), None)
        if known is None:
            encoding = str(getattr(self.workspace.position_encoding, "value", "utf-16"))
            known = OpenFolder(root, encoding, self._publish, self._report, self._show)
            self.open_folders.append(known)
            known.check()
        return known

    def open_for(self, uri: str) -> OpenFolder | None:
        """Open the definitions folder of a folder of the editor's workspace."""
        name = to_fs_path(uri)
        found = self.open_folder(find_definitions(Path(name))) if name else None
        if found:
            self._opened_for[uri] = found
        return found

    def close_for(self, uri: str) -> None:
        """Close what was opened for a folder of the workspace, unless it was for another one too.

        By what was opened and not by what is on disk: a folder may be deleted before it leaves the workspace.
        """
        found = self._opened_for.pop(uri, None)
        if found and found not in self._opened_for.values():
            self.open_folders.remove(found)
            found.close()

    def find(self, uri: str) -> tuple[OpenFolder, str] | None:
        """Return the folder of a file and its path in it; a folder that was not open is opened."""
        for folder in self.open_folders:
            path = folder.find_path(uri)
            if path is not None:
                return folder, path
        name = to_fs_path(uri)
        above = self.open_folder(find_above(Path(name))) if name else None
        path = above.find_path(uri) if above else None
        return (above, path) if above and path is not None else None

    async def read(self, uri: str, *, fresh: bool = False) -> "Opened | None":
        """Return an open file with the names of its folder, or None for any other file.

        `fresh` where everything is about to be changed: then the disk is read again first.
        """
        found = self.find(uri)
        if found is None:
            return None
        folder, path = found
        index = await (folder.read_fresh_index() if fresh else folder.read_index())
        file = index.files.get(path)
        return Opened(folder, path, index, file) if file else None

    def can(self, capability: str) -> bool:
        """Say whether the editor can do something, by the path of its capability."""
        return bool(get_capability(self.client_capabilities, capability, False))

    def _publish(self, uri: str, diagnostics: list[types.Diagnostic], number: int | None) -> None:
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics, number))

    def _show(self, title: str) -> Callable[[], None]:
        """Show that something goes on, where the editor can; it is over once what this returns is called."""
        if not self.can("window.work_done_progress"):
            return lambda: None
        self._shown += 1
        token, over = f"kantoor-{self._shown}", asyncio.Event()

        async def show() -> None:
            with suppress(JsonRpcException):  # an editor that will not show it goes without
                await self.work_done_progress.create_async(token)
                self.work_done_progress.begin(token, types.WorkDoneProgressBegin(title))
                await over.wait()
                self.work_done_progress.end(token, types.WorkDoneProgressEnd())

        task = asyncio.ensure_future(show())
        self._showing.add(task)
        task.add_done_callback(self._showing.discard)
        return over.set

    def _report(self, message: str) -> None:
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, message))


class Opened:
    """A file that is asked about, with the names of its folder."""

    def __init__(self, folder: OpenFolder, path: str, index: Index, file: FileNames) -> None:
        self.folder = folder
        self.path = path
        self.index = index
        self.file = file

    def offset(self, position: types.Position) -> int:
        """Return the offset of a position in its text."""
        return self.file.page.offset_at(position)

    def find_name(self, position: types.Position) -> tuple[Mention | Definition, set[Symbol]] | None:
        """Return the name at a position, and what it names."""
        offset = self.offset(position)
        at = self.file.page.span(self.path, offset, offset)
        return self.index.find_at(self.path, at.line, at.column)

    def locate(self, name: Mention | Definition) -> types.Location:
        """Return where a name stands, in whichever file."""
        path = name.span.path
        return types.Location(self.folder.make_uri(path), self.index.files[path].page.range(name.span))

    def edit(self, renaming: Renaming, new: str, *, whole: bool) -> types.WorkspaceEdit:
        """Return the changes of a rename; `whole` where the editor takes versions and files too."""
        edits: dict[str, list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit]] = {}
        for span in renaming.spans:
            where = self.index.files[span.path].page.range(span)
            edits.setdefault(span.path, []).append(types.TextEdit(where, new))
        uri = self.folder.make_uri
        if not whole:
            plain = {
                uri(path): [one for one in some if isinstance(one, types.TextEdit)]
                for path, some in edits.items()
            }
            return types.WorkspaceEdit(changes=plain)
        changes: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = [
            types.TextDocumentEdit(
                types.OptionalVersionedTextDocumentIdentifier(uri(path), self.folder.version_of(path)), some
            )
            for path, some in edits.items()
        ]
        moves = (one for one in (renaming.file, renaming.folder) if one)
        changes += [types.RenameFile(uri(before), uri(after)) for before, after in moves]
        return types.WorkspaceEdit(document_changes=changes)


def make_server() -> DefinitionsServer:
    """Return a server that answers an editor; `start_io` runs it."""
    server = DefinitionsServer()
    _follow_texts(server)
    _follow_folders(server)
    _answer_questions(server)
    _answer_renames(server)
    return server


def serve(stdin: BinaryIO, stdout: BinaryIO) -> bool:
    """Serve one editor until it leaves; say whether it shut the server down before it did."""
    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # what fails is told to the editor
    server = make_server()
    server.start_io(stdin, stdout)
    return server.was_shut_down


def _follow_texts(server: DefinitionsServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def take_opened(params: types.DidOpenTextDocumentParams) -> None:
        one = params.text_document
        _put(server, OpenText(one.uri, one.text, one.version))

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def take_changed(params: types.DidChangeTextDocumentParams) -> None:
        uri = params.text_document.uri
        _put(
            server,
            OpenText(uri, server.workspace.get_text_document(uri).source, params.text_document.version),
        )

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def take_closed(params: types.DidCloseTextDocumentParams) -> None:
        found = server.find(params.text_document.uri)
        if found:
            folder, path = found
            folder.drop(path)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def take_saved(params: types.DidSaveTextDocumentParams) -> None:
        found = server.find(params.text_document.uri)
        if found:
            found[0].check()


def _put(server: DefinitionsServer, text: OpenText) -> None:
    found = server.find(text.uri)
    if found:
        folder, path = found
        folder.put(path, text)


def _follow_folders(server: DefinitionsServer) -> None:
    @server.feature(types.INITIALIZED)
    def open_all(params: types.InitializedParams) -> None:
        uris = [*server.workspace.folders] or [server.workspace.root_uri]
        for uri in uris:
            if uri:
                server.open_for(uri)
        if server.can("workspace.did_change_watched_files.dynamic_registration"):
            watch = types.DidChangeWatchedFilesRegistrationOptions(
                [types.FileSystemWatcher("**/*.{yaml,yml}")]
            )
            one = types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, watch)
            server.client_register_capability(types.RegistrationParams([one]))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def take_files(params: types.DidChangeWatchedFilesParams) -> None:
        for change in params.changes:
            found = server.find(change.uri)
            if found:
                found[0].check()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def take_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        for gone in params.event.removed:
            server.close_for(gone.uri)
        for added in params.event.added:
            server.open_for(added.uri)

    @server.feature(types.SHUTDOWN)
    def close_all(params: None) -> None:
        server.was_shut_down = True
        for folder in server.open_folders:
            folder.close()
        server.open_folders = []


def _answer_questions(server: DefinitionsServer) -> None:
    @server.feature(
        types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=list(TRIGGERS))
    )
    async def answer_completion(params: types.CompletionParams) -> types.CompletionList:
        found = await server.read(params.text_document.uri)
        if found is None:
            return types.CompletionList(False, [])
        items = complete(found.file.page, found.path, found.offset(params.position), found.index)
        return types.CompletionList(is_incomplete=False, items=items)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def answer_hover(params: types.HoverParams) -> types.Hover | None:
        found = await server.read(params.text_document.uri)
        if found is None:
            return None
        return hover(found.file.page, found.path, found.offset(params.position), found.index)

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def answer_definition(params: types.DefinitionParams) -> list[types.Location]:
        found = await server.read(params.text_document.uri)
        name = found and found.find_name(params.position)
        if not found or not name:
            return []
        return [found.locate(one) for symbol in sorted(name[1]) for one in found.index.definitions[symbol]]

    @server.feature(types.TEXT_DOCUMENT_REFERENCES)
    async def answer_references(params: types.ReferenceParams) -> list[types.Location]:
        found = await server.read(params.text_document.uri)
        symbols = found and _find_symbols(found, params.position)
        if not found or not symbols:
            return []
        names: list[Mention | Definition] = []
        if params.context.include_declaration:
            names += [one for symbol in sorted(symbols) for one in found.index.definitions[symbol]]
        names += sorted(found.index.list_mentions(symbols), key=lambda one: one.span)
        return [found.locate(one) for one in names]

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def answer_outline(params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        found = await server.read(params.text_document.uri)
        return outline(found.file) if found else []

    options = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, options)
    async def answer_fixes(params: types.CodeActionParams) -> list[types.CodeAction]:
        found = await server.read(params.text_document.uri)
        if found is None or not found.folder.is_checked(found.path):
            return []
        here = [one for one in found.folder.published.get(found.path, ()) if _meet(one.range, params.range)]
        fixes = (fix(one, found.file.page, params.text_document.uri) for one in here)
        return [one for one in fixes if one]


def _find_symbols(found: Opened, position: types.Position) -> set[Symbol]:
    """Return what is named at a position; at the top of a file, that file."""
    name = found.find_name(position)
    if name:
        return name[1]
    if position.line == 0:
        return {one.symbol for one in found.file.definitions if one.symbol.kind in FILES.values()}
    return set()


def _meet(one: types.Range, other: types.Range) -> bool:
    return (one.start.line, one.start.character) <= (other.end.line, other.end.character) and (
        other.start.line,
        other.start.character,
    ) <= (one.end.line, one.end.character)


def _answer_renames(server: DefinitionsServer) -> None:
    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare(params: types.PrepareRenameParams) -> types.PrepareRenamePlaceholder | None:
        found = await server.read(params.text_document.uri)
        name = found and found.find_name(params.position)
        if not found or not name or not name[1]:
            return None
        try:
            check_renameable(name[1])
        except NotRenamedError as error:
            raise JsonRpcException(str(error), REFUSED) from None
        return types.PrepareRenamePlaceholder(found.file.page.range(name[0].span), name[0].symbol.id)

    @server.feature(types.TEXT_DOCUMENT_RENAME)
    async def answer_rename(params: types.RenameParams) -> types.WorkspaceEdit | None:
        found = await server.read(params.text_document.uri, fresh=True)
        name = found and found.find_name(params.position)
        if not found or not name or not name[1]:
            return None
        try:
            renaming = rename(found.index, name[1], params.new_name)
        except NotRenamedError as error:
            raise JsonRpcException(str(error), REFUSED) from None
        if renaming.file and not _can_rename_files(server):
            message = f"this is the name of {renaming.file[0]}, and this editor cannot rename files"
            raise JsonRpcException(message, REFUSED)
        return found.edit(
            renaming, params.new_name, whole=server.can("workspace.workspace_edit.document_changes")
        )

    @server.feature(types.WORKSPACE_WILL_RENAME_FILES, YAML)
    async def follow_renames(params: types.RenameFilesParams) -> types.WorkspaceEdit | None:
        for one in params.files:
            edit = await _follow_rename(server, one)
            if edit:
                return edit  # editors rename one definition at a time; of more, the others become diagnostics
        return None


async def _follow_rename(server: DefinitionsServer, one: types.FileRename) -> types.WorkspaceEdit | None:
    """Return the changes that follow from another name of a file; None where nothing names it."""
    found = await server.read(one.old_uri, fresh=True)
    new = found.folder.find_path(one.new_uri) if found else None
    if not found or not new or new.rpartition("/")[0] != found.path.rpartition("/")[0]:
        return None
    kind = FILES.get(found.path.rpartition("/")[0])
    symbols = {one.symbol for one in found.file.definitions if one.symbol.kind == kind}
    if not symbols:
        return None
    try:
        renaming = rename(found.index, symbols, file_id(new))
    except NotRenamedError as error:
        server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, f"kantoor: {error}"))
        return None
    whole = server.can("workspace.workspace_edit.document_changes")
    if renaming.folder and not _can_rename_files(server):
        before, after = renaming.folder
        message = f"kantoor: rename the folder {before} to {after} too: this editor cannot"
        server.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))
    return found.edit(renaming._replace(file=None), file_id(new), whole=whole)


def _can_rename_files(server: DefinitionsServer) -> bool:
    operations = get_capability(
        server.client_capabilities, "workspace.workspace_edit.resource_operations", []
    )
    known: Sequence[types.ResourceOperationKind] = operations or []
    return types.ResourceOperationKind.Rename in known and server.can(
        "workspace.workspace_edit.document_changes"
    )
