"""A filter written as people type it, with Dutch names: read again, it is the same filter."""

import re

from .fields import NOBODY, NOTHING, SOMEBODY, TODAY, WORD, find_field
from .tree import Filter, Term

_NEEDS_QUOTES = re.compile(r'[\s,"“”„]')
_LOOKS_NAMED = re.compile(r"^-|[:<>=]")
_WORDS = {NOBODY: "niemand", SOMEBODY: "iemand", TODAY: "vandaag", NOTHING: "geen"}
_WITH_WORDS = ("role", "member", "due", "legal_form", "group", "own")


def write_filter(wanted: Filter) -> str:
    """Return a filter as it is typed."""
    return " ".join(map(write_term, wanted.terms))


def write_term(term: Term) -> str:
    """Return one term as it is typed."""
    field = find_field(term.field)
    assert field, term.field
    sign = ":" if term.comparison == "=" else term.comparison
    name = "" if field is WORD else f"{field.dutch}{'.' if term.key else ''}{term.key}{sign}"
    values = ",".join(write_value(term.field, value) for value in term.values)
    return f"{'-' if term.negated else ''}{name}{values}"


def write_value(field: str, value: str) -> str:
    """Return one value of a field as it is typed."""
    known = find_field(field)
    assert known, field
    word = known.words.get(value, "").replace(" ", "-")
    if not word and field in _WITH_WORDS:
        word = _WORDS.get(value, "")
    plain = word or value
    quoted = _NEEDS_QUOTES.search(plain) or (known is WORD and _LOOKS_NAMED.search(plain))
    escaped = plain.replace('"', '""')
    return f'"{escaped}"' if quoted or not plain else plain
