"""Completion: the keys, ids, values and variables that fit at the cursor."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lsprotocol import types

from ..compiler.reference import Key
from .cursor import MARK, Typed, read_typed
from .descriptions import describe_key, describe_name, describe_variable
from .index import Index
from .names import ANCHORS, EVERYWHERE, PREFIXES, REFERENCES, Definition, file_id, text_of
from .positions import Page
from .slots import Place, key_table, kind_of, slots_of
from .stories import ACTORS, ASKED, CHOSEN, MAPPED, TOLD
from .variables import COMPARED, Shown, is_code, list_variables, read_code
from .words import list_links, list_notices, list_words

MOMENTS = {
    "period.start": "first day of the period",
    "period.end": "last day of the period",
    "period.year_end": "last day of the year of the period",
    "filing.start": "start date of the filing",
}
"""The anchors of a date that every template has."""

TARGETS = {
    ("Outcome", "then"): ("phase", "end"),
    ("GiveUp", "then"): ("phase", "end"),
    ("Offer", "may_end"): ("end",),
}
"""The kinds that a target can be."""

_PREFIX = {kind: prefix for prefix, kind in PREFIXES.items()}
_Kind = types.CompletionItemKind


class Choice(NamedTuple):
    """One choice: what is typed, and what is said of it."""

    label: str
    detail: str
    meaning: str
    kind: types.CompletionItemKind
    text: str = ""
    """What is written, where it is not the label."""


def complete(page: Page, path: str, offset: int, index: Index) -> list[types.CompletionItem]:
    """Return what fits at an offset of a file, in the order in which it is offered."""
    kind = kind_of(path)
    if kind is None:
        return []
    for typed in read_typed(page, kind, offset):
        choices = [_wrap(choice, typed, page) for choice in _list_choices(typed, path, index)]
        if choices:
            where = page.range_of(typed.start, typed.end)
            return [_offer(choice, number, where, typed) for number, choice in enumerate(choices)]
    return []


def _offer(choice: Choice, number: int, where: types.Range, typed: Typed) -> types.CompletionItem:
    return types.CompletionItem(
        label=choice.label,
        kind=choice.kind,
        detail=choice.detail,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, choice.meaning),
        sort_text=f"{number:04}",
        filter_text=choice.label,
        text_edit=types.TextEdit(where, f"{typed.lead}{choice.text or choice.label}"),
    )


def _wrap(choice: Choice, typed: Typed, page: Page) -> Choice:
    """Return a choice as it is written where a list is expected and none has begun."""
    if typed.is_key or typed.place.slot.item is None or choice.kind is _Kind.Property:
        return choice
    begin, _ = page.line_bounds(typed.start)
    alone = not page.text[begin : typed.start].strip()
    return choice._replace(text=f"- {choice.label}" if alone else f"[{choice.label}]")


def _list_choices(typed: Typed, path: str, index: Index) -> Iterator[Choice]:
    place = typed.place
    if typed.is_key:
        yield from _offer_keys(place, typed)
        yield from _offer_mapped(place, typed, path, index)
    elif is_code(place):
        yield from _offer_code(place, typed, path, index)
    else:
        yield from _offer_ids(place, path, index)
        words = list_words(place, path, index)
        yield from (Choice(word, "", said or _explain(place), _Kind.EnumMember) for word, said in words)
        values = place.slot.values or (place.slot.item.values if place.slot.item else ())
        yield from (Choice(value, "", _explain(place), _Kind.EnumMember) for value in values)
        if place.node.value == MARK and not values:
            yield from _offer_keys(place, typed)


def _offer_mapped(place: Place, typed: Typed, path: str, index: Index) -> Iterator[Choice]:
    """Yield what the keys of a mapping can name, without those that it has."""
    kind = MAPPED.get((place.block, place.key))
    if kind is None:
        return
    if kind in ("link", "notice"):
        words = list_links() if kind == "link" else ((one, "") for one in list_notices(path, index))
        found = [Choice(word, "", said or _explain(place), _Kind.EnumMember) for word, said in words]
    else:
        form = place.named if place.key == "answers.*" else ""
        scope = f"form:{form}" if form else f"scenario:{path.split('/')[1]}"
        named = index.list_defined(kind, "" if kind in EVERYWHERE else scope)
        found = [*_offer_names(named, "")]
    there = place.node.value if isinstance(place.node.value, dict) else {}
    colon = "" if typed.has_colon else ": "
    yield from (one._replace(text=f"{one.label}{colon}") for one in found if one.label not in there)


def _offer_keys(place: Place, typed: Typed) -> Iterator[Choice]:
    """Yield the keys that a mapping does not have yet, required ones first."""
    names = place.slot.blocks or (place.slot.item.blocks if place.slot.item else ())
    dash = "- " if not place.slot.blocks and names and not typed.lead else ""
    there = place.node.value.keys() if isinstance(place.node.value, dict) else set()
    found: dict[str, tuple[Key, str]] = {}
    for name in names:
        for key in key_table(name).values():
            if key.name not in there:
                found.setdefault(key.name, (key, name))
    for key, name in sorted(found.values(), key=lambda one: not one[0].required):
        slot = slots_of(name)[key.name]
        colon = "" if typed.has_colon else ":" if (slot.blocks and not slot.values) or slot.item else ": "
        detail = "required" if key.required else ""
        text = f"{dash}{key.name}{colon}"
        yield Choice(key.name, detail, describe_key(key), _Kind.Property, text)


def _offer_ids(place: Place, path: str, index: Index) -> Iterator[Choice]:
    """Yield the ids that the value of a key can name."""
    where = place.block, place.key
    if where in CHOSEN:
        story = f"scenario:{path.split('/')[1]}"
        if CHOSEN[where] == "outcome":
            yield from _offer_names(index.list_defined("outcome", story, place.named), "")
        return
    kind = REFERENCES.get(where)
    if kind is None:
        return
    scope = file_id(path)
    if where in TOLD:
        story = f"scenario:{path.split('/')[1]}"
        for one in ASKED.get(kind, ("role", *ACTORS[kind]) if kind in ACTORS else (kind,)):
            yield from _offer_names(index.list_defined(one, "" if one in EVERYWHERE else story), "")
        return
    if where == ("Awaited", "phase") and place.owner is not None:
        scope = text_of(place.owner.child("filing"))
    if kind == "anchor" and place.key in ANCHORS:
        yield from (Choice(name, "", said, _Kind.Constant) for name, said in MOMENTS.items())
        dated = [one for one in index.list_defined("fact", scope) if one.about == "date"]
        yield from _offer_names([*index.list_defined("deadline", scope), *dated], "own")
        yield from _offer_names(index.list_defined("phase", scope), "own")
    elif kind == "target":
        for one in TARGETS[where]:
            yield from _offer_names(index.list_defined(one, scope), "" if one == "phase" else "own")
    else:
        yield from _offer_names(index.list_defined(kind, _scope(kind, scope)), "")


def _scope(kind: str, own: str) -> str:
    if kind == "answer":
        return f"form:{own}"
    return own if kind in ("phase", "document", "deadline", "fact") else ""


def _offer_names(definitions: Iterable[Definition], prefix: str) -> Iterator[Choice]:
    """Yield names; with the prefix of their kind, as `ends.`, where `prefix` is not empty."""
    for one in definitions:
        before = f"{_PREFIX[one.symbol.kind]}." if prefix else ""
        yield Choice(f"{before}{one.symbol.id}", one.title, describe_name(one), _Kind.Reference)


def _offer_code(place: Place, typed: Typed, path: str, index: Index) -> Iterator[Choice]:
    """Yield the variables of a condition or text, or the values of the one that is compared."""
    text = typed.text
    code = read_code(place, text, text.find(MARK))
    if code is None:
        return
    folder = path.partition("/")[0]
    sort = {"messages": "message:", "forms": "form:"}.get(folder, "")
    variables = list_variables(index, f"{sort}{file_id(path)}", texts=place.key != "if")
    compared = COMPARED.search(code)
    if compared:
        values = next((one.values for one in variables if one.path == compared[1]), ())
        products = index.list_defined("product") if compared[1] == "product.id" else ()
        yield from (Choice(value, "", compared[1], _Kind.EnumMember) for value in values)
        yield from _offer_names(products, "")
    elif code.count("'") % 2 == 0 and code.count('"') % 2 == 0:
        yield from (_offer_variable(one) for one in variables)


def _offer_variable(variable: Shown) -> Choice:
    return Choice(variable.path, variable.type, describe_variable(variable), _Kind.Variable)


def _explain(place: Place) -> str:
    key = key_table(place.block).get(place.key) if place.block else None
    return key.meaning if key else ""
