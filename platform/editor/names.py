"""Names: every id that a file defines and every place where it names one, each with its span.

The span of a name is exactly the id as it is written, without quotes and without `ends.` before it: a rename
writes the new id there.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..compiler.diagnostics import Span
from ..compiler.language.kinds import Kind
from ..compiler.language.phases import Sbr
from ..compiler.nodes import Node
from .positions import Page
from .slots import Place, kind_of, walk
from .stories import ACTORS, ASKED, TOLD, list_contacts, list_mapped
from .trees import read_tree

REFERENCES: dict[tuple[str, str], str] = {
    ("Role", "fallback"): "role",
    ("Phase", "role"): "role",
    ("Escalate", "role"): "role",
    ("RoleTo", "role"): "role",
    ("Sbr", "on_behalf_of"): "role",
    ("Offer", "on_behalf_of"): "role",
    ("Deliver", "on_behalf_of"): "role",
    ("Workflow", "products"): "product",
    ("Workflow", "corrected_by"): "template",
    ("Correction", "template"): "template",
    ("Correction", "note"): "template",
    ("StartFiling", "template"): "template",
    ("LeaveNote", "for"): "template",
    ("Awaited", "filing"): "template",
    ("LeaveNote", "text"): "message",
    ("Send", "message"): "message",
    ("Remind", "message"): "message",
    ("WaitRemind", "message"): "message",
    ("Escalate", "message"): "message",
    ("Sbr", "message"): "message",
    ("Offer", "message"): "message",
    ("Request", "message"): "message",
    ("Request", "form"): "form",
    ("FunctionTo", "function"): "function",
    ("Office", "function_gives_authority"): "function",
    ("Chat", "after_closing"): "role",
    ("Chat", "to_client"): "message",
    ("Chat", "to_colleague"): "message",
    ("Document", "report"): "report",
    ("Document", "made_in"): "phase",
    ("Fact", "set_in"): "phase",
    ("Phase", "back_to"): "phase",
    ("Phase", "four_eyes"): "phase",
    ("Awaited", "phase"): "phase",
    ("Document", "from"): "document",
    ("Phase", "reviews"): "document",
    ("Phase", "signs"): "document",
    ("Offer", "documents"): "document",
    ("Deliver", "document"): "document",
    ("Deliver", "deadline"): "deadline",
    ("Workflow", "corrects"): "template",
    ("Awaited", "fact"): "fact",
    ("WorkChase", "role"): "role",
    ("WorkChase", "message"): "message",
    ("Phase", "four_eyes_exception"): "role",
    ("Outcome", "then"): "target",
    ("GiveUp", "then"): "target",
    ("Offer", "may_end"): "target",
    ("FormSchema", "required"): "answer",
    ("Policy", "templates"): "template",
    ("Exempt", "template"): "template",
    ("World", "no_filings"): "template",
}
"""What the values of a key name. A target is a phase, or an end after `ends.`."""

REFERENCES |= TOLD

ANCHORS = ("after", "before", "month_of")
DATED = ("DateRule", "DueChoice", "Escalate", "GiveUp")
REFERENCES |= {(block, key): "anchor" for block in DATED for key in ANCHORS}

DEFINITIONS: dict[tuple[str, str], str] = {
    ("Phase", "id"): "phase",
    ("Document", "id"): "document",
    ("Deadline", "id"): "deadline",
    ("End", "id"): "end",
    ("Fact", "id"): "fact",
    ("Option", "id"): "option",
    ("RelationField", "id"): "field",
    ("Office", "functions"): "function",
    ("Checkpoint", "id"): "checkpoint",
    ("Automation", "id"): "automation",
    ("Outcome", "id"): "outcome",
    ("FormItem", "id"): "item",
}
"""What the values of a key give a name to."""

PREFIXES = {"ends": "end", "deadlines": "deadline", "facts": "fact", "phases": "phase"}
"""What is named after a prefix and a dot, in a target or an anchor."""

GROUPS = {"facts": "fact", "answers": "answer", "relation": "field"}
"""What a variable of a group names, where it is not one of the language's own."""

FILES = {
    "roles": "role",
    "products": "product",
    "messages": "message",
    "forms": "form",
    "workflows": "template",
    "law": "report",
    "policies": "policy",
}
"""What the files of a folder are named as."""

EVERYWHERE = {*FILES.values(), "function", "field"}
"""The kinds whose names are the office's; others are of one file."""

INSIDE = {"checkpoint": "Phase", "automation": "Phase", "outcome": "Phase", "option": "Fact"}
"""The kinds whose names are of one part of a file, with that part's block."""

TEXTS = {("Text", "subject"), ("Text", "body")}
CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
VARIABLE = re.compile(r"(?<![\w.'\"-])([a-z_]+)\.([a-z][a-z0-9_]*)(?![\w-])")
ID = re.compile(r"[\w-]+")


class Symbol(NamedTuple):
    """What an id names: its kind, the file's id that it is of ('' for the office's), and its own id."""

    kind: str
    scope: str
    id: str
    within: str = ""
    """The id of the part that it is of, as an option is of a fact."""


class Definition(NamedTuple):
    """Where a symbol is defined: at a span, which for a file is its top."""

    symbol: Symbol
    span: Span
    title: str
    about: str = ""
    """Its type, where it has one."""


class Mention(NamedTuple):
    """Where a symbol is named. Of what, depends on other files where the scope begins with a sort.

    `message:ID` are the templates that send the message, `form:ID` those that ask the form.
    """

    symbol: Symbol
    span: Span


class FileNames(NamedTuple):
    """The names in one file."""

    page: Page
    tree: Node | None
    definitions: tuple[Definition, ...] = ()
    mentions: tuple[Mention, ...] = ()
    nameless: tuple[Mention, ...] = ()
    """Places where a role is meant though none is named: the sender of an offer or delivery."""
    notices: tuple[str, ...] = ()
    """The kinds of notice that are waited for."""


def list_names(path: str, page: Page) -> FileNames:
    """Return the names in a file. What cannot be read is left out."""
    kind = kind_of(path)
    if kind is None:
        return FileNames(page, None)
    tree = read_tree(page.text, path)
    if tree is None:
        return FileNames(page, None, tuple(_define_file(path, kind, tree)))
    reader = _Reader(path, kind, page)
    if reader.is_story:
        reader.contacts = list_contacts(tree)
    places = list(walk(tree, kind))
    definitions = [*_define_file(path, kind, tree)]
    mentions: list[Mention] = []
    for place in places:
        definitions += reader.define(place)
        mentions += reader.mention(place)
    notices = {text_of(one.node) for one in places if (one.block, one.key) == ("Awaited", "notice")}
    return FileNames(
        page,
        tree,
        tuple(definitions),
        tuple(mentions),
        tuple(reader.list_nameless(places)),
        tuple(sorted(notices)),
    )


def file_id(path: str) -> str:
    """Return the id of the definition in a file."""
    return path.rpartition("/")[2].removesuffix(".yaml")


def _define_file(path: str, kind: Kind, tree: Node | None) -> Iterator[Definition]:
    if kind.folder in FILES:
        title = text_of(tree.child("title")) if tree else ""
        name = FILES[kind.folder]
        if name == "report" and tree and not _has_entry_points(tree):
            name = "law"
        yield Definition(Symbol(name, "", file_id(path)), Span(path, 1, 1, 1, 1), title)


def _has_entry_points(tree: Node) -> bool:
    """Say whether a statutory table is one of a report: then documents name it."""
    rows = tree.child("rows")
    items = rows.value if rows and isinstance(rows.value, list) else []
    return not items or any(item.child("entry_point") for item in items)


def text_of(node: Node | None) -> str:
    """Return the text of a node, or '' where it is none."""
    return node.value if node is not None and isinstance(node.value, str) else ""


def read_written(page: Page, node: Node) -> tuple[int, str]:
    """Return where the text of a scalar begins, and the text as it is written there, without quotes."""
    start, end = page.offsets(node.span)
    text = page.text[start:end]
    if node.style in ("'", '"') and len(text) > 1:
        return start + 1, text[1:-1]
    return start, text


class _Reader:
    """Finds the names in the places of one file."""

    def __init__(self, path: str, kind: Kind, page: Page) -> None:
        self.path = path
        self.page = page
        self.own = file_id(path)
        self.scope = self.own if kind.name == "workflow" else f"{kind.name}:{self.own}"
        self.contacts: set[str] = set()
        self.is_story = kind.name == "scenario"
        if self.is_story:
            self.scope = f"scenario:{path.split('/')[1]}"

    def define(self, place: Place) -> Iterator[Definition]:
        """Yield what a place gives a name to."""
        kind = DEFINITIONS.get((place.block, place.key))
        owner = place.owner
        if kind and owner is not None and isinstance(place.node.value, str):
            span = self._span_id(place.node, place.node.value)
            title = text_of(owner.child("title")) if kind != "function" else ""
            if span:
                symbol = Symbol(kind, self._scope_of(kind), place.node.value, _find_part(place, kind))
                yield Definition(symbol, span, title, text_of(owner.child("type")))
        elif (place.block, place.key) == ("FormSchema", "properties") and place.slot.each:
            for name, value in place.node.value.items() if isinstance(place.node.value, dict) else ():
                about = text_of(value.child("type"))
                yield Definition(
                    Symbol("answer", self.own, name),
                    self._span_key(place.node, name),
                    text_of(value.child("title")),
                    about,
                )

    def mention(self, place: Place) -> Iterator[Mention]:
        """Yield what a place names."""
        value = place.node.value
        if self.is_story:
            yield from self._mention_told(place)
            return
        if not isinstance(value, str):
            return
        kind = REFERENCES.get((place.block, place.key))
        if kind:
            prefix, dot, name = value.rpartition(".")
            if kind in ("target", "anchor"):
                kind = PREFIXES.get(prefix, "" if dot or kind == "anchor" else "phase")
            elif dot:
                return
            span = self._span_id(place.node, name)
            scope = self._scope_of(kind)
            if (place.block, place.key) == ("Awaited", "phase") and place.owner is not None:
                scope = text_of(place.owner.child("filing"))
            if kind and span:
                yield Mention(Symbol(kind, scope, name), span)
        elif place.key == "if":
            yield from self._read_code(place.node, 0, None)
        elif (place.block, place.key) in TEXTS:
            start, text = read_written(self.page, place.node)
            for code in CODE.finditer(text):
                yield from self._read_code(place.node, start + code.start(), code[0])

    def _mention_told(self, place: Place) -> Iterator[Mention]:
        """Yield what a place of a scenario names: one span may be of several kinds, of which one is there."""
        value, where = place.node.value, (place.block, place.key)
        if isinstance(value, dict):
            for kind, name, node, within in list_mapped(where, place.node):
                span = self._span_id(node, name) if node is not None else self._span_key(place.node, name)
                if span:
                    yield Mention(self._tell(kind, name, within), span)
            return
        told = TOLD.get(where)
        if told is None or not isinstance(value, str):
            return
        if told in ACTORS:
            yield from self._mention_actor(place.node, value, ACTORS[told])
            return
        within = text_of(place.owner.child("phase")) if place.owner and told in INSIDE else ""
        part, slash, name = value.partition("/")
        if told == "automation" and slash:
            start, text = read_written(self.page, place.node)
            if text == value:
                span = self.page.span(self.path, start, start + len(part))
                yield Mention(self._tell("phase", part), span)
            within = part
        for one in ASKED.get(told, (told,)):
            span = self._span_id(place.node, name if slash else value)
            if span:
                yield Mention(self._tell(one, name if slash else value, within), span)

    def _mention_actor(self, node: Node, value: str, others: tuple[str, ...]) -> Iterator[Mention]:
        """Yield the role that somebody has: role-2 is its second holder. A contact is the scenario's own."""
        if value in self.contacts:
            return
        start, text = read_written(self.page, node)
        name = value.removesuffix("-2")
        if text == value:
            yield Mention(Symbol("role", "", name), self.page.span(self.path, start, start + len(name)))
            for other in others:
                yield Mention(Symbol(other, "", value), self.page.span(self.path, start, start + len(value)))

    def _tell(self, kind: str, name: str, within: str = "") -> Symbol:
        """Return what a scenario names; `*` is any part of the template."""
        part = within or "*" if kind in INSIDE else ""
        return Symbol(kind, "" if kind in EVERYWHERE else self.scope, name, part)

    def list_nameless(self, places: list[Place]) -> Iterator[Mention]:
        """Yield the blocks whose sender is the default role because none is named."""
        default = str(Sbr.model_fields["on_behalf_of"].default)
        template = next((place.node for place in places), None)
        named = template.child("sbr") if template else None
        for place in places:
            block = place.slot.blocks[0] if place.slot.blocks else ""
            relies = block == "Sbr" or (block in ("Offer", "Deliver") and named is None)
            if relies and isinstance(place.node.value, dict) and "on_behalf_of" not in place.node.value:
                yield Mention(Symbol("role", "", default), place.node.start)

    def _scope_of(self, kind: str) -> str:
        if kind in EVERYWHERE:
            return ""
        return self.own if kind == "item" else self.scope

    def _span_id(self, node: Node, name: str) -> Span | None:
        """Return the span of an id at the end of a scalar, or None where it is written in another way."""
        start, text = read_written(self.page, node)
        if not name or not text.endswith(name) or not ID.fullmatch(name):
            return None
        end = start + len(text)
        return self.page.span(self.path, end - len(name), end)

    def _span_key(self, owner: Node, name: str) -> Span:
        span = owner.keys[name]
        text = self.page.read(span)
        quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "'\""
        start, end = self.page.offsets(span)
        return self.page.span(self.path, start + quoted, end - quoted)

    def _read_code(self, node: Node, start: int, code: str | None) -> Iterator[Mention]:
        """Yield what an expression names: variables, and the values with which they are compared."""
        if code is None:
            start, code = read_written(self.page, node)
        for found in VARIABLE.finditer(code):
            kind = GROUPS.get(found[1])
            if kind:
                yield Mention(
                    Symbol(kind, "" if kind == "field" else self.scope, found[2]),
                    self._span(start, found, 2),
                )
        for group, name, value, place in _find_compared(code, node.style):
            span = self.page.span(self.path, start + place, start + place + len(value))
            if (group, name) == ("product", "id"):
                yield Mention(Symbol("product", "", value), span)
            elif group == "facts":
                yield Mention(Symbol("option", self.scope, value, name), span)

    def _span(self, start: int, found: re.Match[str], group: int) -> Span:
        return self.page.span(self.path, start + found.start(group), start + found.end(group))


def _find_part(place: Place, kind: str) -> str:
    """Return the id of the part of the file that a name is of, '' where it is of the whole file."""
    part = place.above(INSIDE[kind]) if kind in INSIDE else None
    return text_of(part.child("id")) if part else ""


def _find_compared(code: str, style: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield group and name of each variable that is compared, with the value and where that stands."""
    single, double = ("''" if style == "'" else "'"), (r"\\\"" if style == '"' else '"')
    value = rf"{single}[\w-]+{single}|{double}[\w-]+{double}"
    variable = r"(?P<group>[a-z]+)\.(?P<name>[a-z][a-z0-9_]*)"
    forms = (
        rf"{variable}\s*(?:==|!=|(?:not\s+)?in\b)\s*(?P<values>\[[^\]]*\]|\([^)]*\)|{value})",
        rf"(?P<values>{value})\s*(?:==|!=)\s*{variable}",
    )
    for form in forms:
        for found in re.finditer(form, code):
            for one in re.finditer(value, found["values"]):
                word = ID.search(one[0])
                if word:
                    place = found.start("values") + one.start() + word.start()
                    yield found["group"], found["name"], word[0], place
