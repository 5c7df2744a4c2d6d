"""The index: the names of all files of a folder, and which mention names which definition."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from .names import EVERYWHERE, Definition, FileNames, Mention, Symbol, list_names
from .positions import Page


class Index:
    """The names of all files. It never changes; `replace` gives another one."""

    def __init__(self, files: Mapping[str, FileNames]) -> None:
        self.files = dict(files)

    def replace(self, texts: Mapping[str, str], encoding: str) -> "Index":
        """Return the index of these texts, by path; files that did not change are not read again.

        Files that are not among the texts are gone.
        """
        files = {}
        for path, text in texts.items():
            known = self.files.get(path)
            same = known is not None and known.page.text == text
            files[path] = known if known and same else list_names(path, Page(text, encoding))
        return Index(files)

    @cached_property
    def definitions(self) -> dict[Symbol, list[Definition]]:
        """Return the definitions of every symbol."""
        found = defaultdict(list)
        for file in self.files.values():
            for definition in file.definitions:
                found[definition.symbol].append(definition)
        return dict(found)

    @cached_property
    def _users(self) -> dict[Symbol, set[str]]:
        """Return the templates that send each message and ask each form."""
        found = defaultdict(set)
        for path, file in self.files.items():
            if path.startswith("workflows/"):
                for symbol, _ in file.mentions:
                    if symbol.kind in ("message", "form"):
                        found[symbol].add(path.removeprefix("workflows/").removesuffix(".yaml"))
        return dict(found)

    def list_scopes(self, scope: str, kind: str) -> list[str]:
        """Return the files whose facts or answers count in a scope, which may begin with a sort.

        A message that no template sends may name the facts of all, as the compiler has it.
        """
        sort, colon, name = scope.partition(":")
        templates = [scope]
        if sort == "scenario":
            templates = [name]
            if kind == "item":
                return sorted(self._asked.get(name, ()))
        elif colon:
            users = self._users.get(Symbol(sort, "", name), set())
            everyone = {one.id for one in self.definitions if one.kind == "template"}
            templates = sorted(users or (everyone if sort == "message" else users))
        if kind != "answer":
            return templates
        own = {name} if sort == "form" else set()
        return sorted(own.union(*(self._asked.get(template, set()) for template in templates)))

    @cached_property
    def _asked(self) -> dict[str, set[str]]:
        """Return the forms that each template asks."""
        found = defaultdict(set)
        for symbol, templates in self._users.items():
            for template in templates if symbol.kind == "form" else ():
                found[template].add(symbol.id)
        return dict(found)

    def resolve(self, mention: Mention) -> set[Symbol]:
        """Return what a mention names: symbols that are defined; none where it does not resolve."""
        symbol = mention.symbol
        contextual = symbol.kind in ("fact", "answer", "option") and symbol.kind not in EVERYWHERE
        contextual = contextual or symbol.scope.startswith("scenario:")
        scopes = self.list_scopes(symbol.scope, symbol.kind) if contextual else [symbol.scope]
        named = {symbol._replace(scope=scope) for scope in scopes}
        if symbol.within == "*":
            return {part for one in named for part in self._parts.get(one._replace(within=""), ())}
        return {one for one in named if one in self.definitions}

    def find_at(self, path: str, line: int, column: int) -> tuple[Mention | Definition, set[Symbol]] | None:
        """Return the mention or definition at a position of the compiler, and the symbols that it names."""
        file = self.files.get(path)
        names: Iterable[Mention | Definition] = (*file.definitions, *file.mentions) if file else ()
        for name in names:
            span = name.span
            if (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column):
                if isinstance(name, Mention):
                    alike = (one for one in names if isinstance(one, Mention) and one.span == span)
                    return name, set().union(*(self.resolve(one) for one in alike))
                if (span.line, span.column) != (span.end_line, span.end_column):
                    return name, {name.symbol}
        return None

    @cached_property
    def _parts(self) -> dict[Symbol, set[Symbol]]:
        """Return the symbols of parts of a file by themselves without that part."""
        found = defaultdict(set)
        for symbol in self.definitions:
            found[symbol._replace(within="")].add(symbol)
        return dict(found)

    def list_mentions(self, symbols: set[Symbol]) -> Iterator[Mention]:
        """Yield every mention of one of these symbols."""
        kinds, ids = {one.kind for one in symbols}, {one.id for one in symbols}
        for file in self.files.values():
            for mention in file.mentions:
                near = mention.symbol.kind in kinds and mention.symbol.id in ids
                if near and self.resolve(mention) & symbols:
                    yield mention

    def close(self, symbols: set[Symbol]) -> set[Symbol]:
        """Return these symbols with all that share a mention with one of them: they have one name.

        A fact of two templates that send one message which prints it is such a name.
        """
        while True:
            wider = symbols.union(*(self.resolve(mention) for mention in self.list_mentions(symbols)))
            if wider == symbols:
                return symbols
            symbols = wider

    def list_defined(self, kind: str, scope: str = "", within: str = "") -> list[Definition]:
        """Return the definitions of a kind in a scope, by where they stand."""
        told = scope.startswith("scenario:") or kind in ("fact", "answer", "option")
        scopes = self.list_scopes(scope, kind) if told else [scope]
        found = [
            definition
            for symbol, definitions in self.definitions.items()
            if symbol.kind == kind and symbol.scope in scopes and (not within or symbol.within == within)
            for definition in definitions
        ]
        return sorted(found, key=lambda one: one.span)
