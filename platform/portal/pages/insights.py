"""Insights: relations found by a typed filter, narrowed by links, chosen by tick boxes, kept as a file."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

from starlette.responses import Response

from ...data import replace
from ...filters import (
    FIELDS,
    LONGEST,
    Filter,
    Term,
    find_field,
    write_filter,
    write_term,
    write_value,
)
from ...service.lists import describe_taken, list_next_days, say_advice, say_missing
from ...service.overviews.insights import (
    FilterRefusal,
    Insights,
    Part,
    RelationLine,
    Sort,
    find_private,
    leave_out,
    list_examples,
    list_relations,
    name_in_words,
    read_insights,
)
from ...service.visiting.front import read_front
from ...tables import Table
from ...words import RELATION_STATUS_WORDS, on_or_off, say_legal_form, say_too_long
from ..answers import go, show
from ..call import Call
from ..csv_file import answer_csv
from ..filtering import address_of, tells_somebody
from ..outcomes import WARNED
from ..page import Page
from .searching import show_hits

BASE, TEMPLATE = "/inzichten", "insights.html.j2"
NOTHING_TICKED = f"{WARNED}vink eerst relaties aan, of kies alle relaties die het filter vindt."


@dataclass(frozen=True)
class Column:
    """A column besides number and name: what stands above it, in a cell, and what has to be read for it."""

    title: str
    cell: Callable[[RelationLine], str]
    part: Part | None = None
    sort: Sort | None = None


COLUMNS: dict[str, Column] = {
    "status": Column("Status", lambda line: RELATION_STATUS_WORDS[line.status], sort="status"),
    "rechtsvorm": Column("Rechtsvorm", lambda line: say_legal_form(line.legal_form or ""), sort="legal_form"),
    "groep": Column("Relatiegroep", lambda line: line.group),
    "producten": Column("Producten", lambda line: ", ".join(describe_taken(line)), "products"),
    "rollen": Column(
        "Rollen", lambda line: ", ".join(f"{role}: {who}" for role, who in line.roles.items()), "roles"
    ),
    "sbr": Column("SBR", lambda line: on_or_off(line.sbr_enabled)),
    "lopend": Column("Lopende opdrachten", lambda line: str(line.open_filings), "open_filings"),
    "start": Column("Volgende start", lambda line: ", ".join(list_next_days(line)), "lacks"),
    "ontbreekt": Column("Ontbreekt", lambda line: "; ".join(say_missing(line)), "lacks"),
    "advies": Column("Aangeraden", lambda line: "; ".join(say_advice(line)), "lacks"),
    "ongedekt": Column("Nog niet gestart", lambda line: " ".join(line.uncovered), "lacks"),
}
SHOWN = ("status", "producten", "lopend")
"""Columns that are shown where nobody chose others."""


def show_insights(call: Call) -> Response:
    """Show a page of the relations that the filter in the address finds, or what is wrong with one."""
    text = call.query.get("filter", "").strip()
    if private := find_private(text):
        return show_hits(call, private)
    names, sort = _read_columns(call.query.get("kolommen", "")), _read_sort(call.query.get("sorteer", ""))
    whole = call.query.get("verfijn") == "ja"
    return _show(call, text, names, sort, call.query.get("na") or None, whole=whole)


def filter_insights(call: Call) -> Response:
    """Go to the relations that were asked for; what tells who somebody is comes into no address."""
    names = [name for name in COLUMNS if name in call.read_texts("kolom")] or [*SHOWN]
    return _lead(call, call.read_text("filter"), names, _read_sort(call.read_text("sorteer")))


def _lead(call: Call, text: str, names: list[str], sort: Sort, word: str = "") -> Response:
    """Go to what a filter finds, or to what is wrong with it.

    What tells who somebody is, or is too long for an address, is answered at once, and kept nowhere.
    """
    if private := find_private(text):
        return show_hits(call, private)
    if tells_somebody(text) or say_too_long(text, LONGEST):
        return _show(call, text, names, sort)
    return go(call, _address(text, **_keep(names, sort)), word)


def download_insights(call: Call) -> Response:
    """Return the relations that were ticked, or all that the filter finds, as a file; or lead to why not."""
    text, ticked = call.read_text("filter"), {*call.read_texts("relatie")}
    names = _read_columns(call.read_text("kolommen"))
    sort = _read_sort(call.read_text("sorteer"))
    parts, among = _parts_of(names), None if call.read_text("keuze") == "alles" else ticked
    found = list_relations(call.desk, text, sort=sort, parts=parts, among=among)
    if isinstance(found, FilterRefusal) or not found:
        word = "" if isinstance(found, FilterRefusal) else NOTHING_TICKED
        return _lead(call, text, names, sort, word)
    chosen = [COLUMNS[name] for name in names]
    lines = name_in_words(call.desk, found, parts)
    header = ("nummer", "naam", *(one.title.lower() for one in chosen))
    rows = tuple((line.number, line.name, *(one.cell(line) for one in chosen)) for line in lines)
    return answer_csv("relaties.csv", Table(header, rows))


def _keep(names: list[str], sort: Sort, *, whole: bool = False) -> dict[str, str]:
    """Return what an address has besides the filter, where it is not what it is by default."""
    return {
        "verfijn": "ja" if whole else "",
        "kolommen": "" if tuple(names) == SHOWN else ",".join(names),
        "sorteer": "" if sort == "number" else sort,
    }


def _show(
    call: Call,
    text: str,
    names: list[str],
    sort: Sort,
    after: str | None = None,
    *,
    whole: bool = False,
) -> Response:
    front, kept = read_front(call.desk), _keep(names, sort, whole=whole)
    today, parts = front.now.date(), _parts_of(names)
    found = read_insights(call.desk, text, today, after=after, sort=sort, parts=parts, whole=whole)
    told: dict[str, Any] = {
        "text": text,
        "sort": sort,
        "columns": {name: COLUMNS[name] for name in names},
        "all_columns": COLUMNS,
        "fields": FIELDS,
        "examples": list_examples(call.desk),
        "address": _address,
        "front": front,
    }
    if isinstance(found, FilterRefusal):
        wrong = [(one.text, _point_at(text, one)) for one in found.all if isinstance(one, FilterRefusal)]
        return show(call, TEMPLATE, status=422, **told, found=None, wrong=wrong)
    return show(
        call,
        TEMPLATE,
        **told,
        found=found,
        lines=name_in_words(call.desk, found.lines, parts),
        wrong=(),
        sorted_by=lambda to: _address(text, **{**kept, "sorteer": to}),
        first=_address(text, **kept) if after else "",
        forth=_address(text, **kept, na=found.lines[-1].number) if found.more else "",
        facets=_list_facets(found, kept),
        further="" if whole else _address(text, **{**kept, "verfijn": "ja"}),
        terms=_list_terms(found, kept),
    )


def _point_at(text: str, wrong: FilterRefusal) -> tuple[str, str, str]:
    """Return a filter in three: before what is wrong, that, and after it."""
    end = wrong.at + wrong.length
    return text[: wrong.at], text[wrong.at : end], text[end:]


def _address(text: str, **kept: object) -> str:
    return address_of(BASE, filter=text, **kept)


def _read_sort(text: str) -> Sort:
    return next((one for one in get_args(Sort) if one == text), "number")


def _read_columns(text: str) -> list[str]:
    """Return the columns that an address names; those that are shown by default where it names none."""
    chosen = text.split(",")
    return [name for name in COLUMNS if name in chosen] or [*SHOWN]


def _parts_of(names: list[str]) -> list[Part]:
    return [part for name in names if (part := COLUMNS[name].part)]


@dataclass(frozen=True)
class Narrowing:
    """A link that changes the filter by one value: with how many relations have it, chosen or not."""

    word: str
    count: int
    path: str
    chosen: bool


def _list_facets(found: Insights, kept: dict[str, str]) -> list[tuple[str, list[Narrowing]]]:
    """Return by field the values to narrow by; a value that is chosen leads back."""
    facets = found.counts.facets if found.counts else {}
    return [
        (_title_of(field), [_narrow(found, field, one.value, one.count, kept) for one in some])
        for field, some in facets.items()
    ]


def _narrow(found: Insights, field: str, value: str, count: int, kept: dict[str, str]) -> Narrowing:
    word = found.names.get(field, {}).get(value) or write_value(field, value).strip('"')
    rest, term = leave_out(found.typed, field), Term(field=field, values=(value,))
    chosen = term in found.filter.terms
    new = rest if chosen else replace(rest, terms=(*rest.terms, term))
    return Narrowing(word, count, _address(write_filter(new), **kept), chosen)


def _list_terms(found: Insights, kept: dict[str, str]) -> list[tuple[str, str]]:
    """Return each term of a filter with the address of the list without it."""
    terms = found.typed.terms
    return [
        (
            write_term(_name_values(found, term)),
            _address(write_filter(Filter(terms=tuple(one for one in terms if one is not term))), **kept),
        )
        for term in terms
    ]


def _name_values(found: Insights, term: Term) -> Term:
    """Return a term with what people call its values, where a link has put ids there."""
    names = found.names.get(term.field, {})
    return replace(term, values=tuple(dict.fromkeys(names.get(one) or one for one in term.values)))


def _title_of(field: str) -> str:
    known = find_field(field)
    assert known, field
    return "SBR" if field == "sbr" else known.dutch.capitalize()


PAGES = (
    Page(BASE, "team", show_insights),
    Page(BASE, "team", filter_insights, "POST", acts=False),
    Page(f"{BASE}/csv", "team", download_insights, "POST", acts=False, form=BASE),
)
