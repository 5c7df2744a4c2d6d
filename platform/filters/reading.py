"""What people type, read: space is and, comma is or, minus is not; quotes hold a value with spaces together.

product:aangifte-btw frequentie:maand sbr:uit uiterlijk<2027-01-25 -status:vertrokken "de wit",bakker
"""

import re
from typing import NamedTuple

from ..data import Struct
from ..typed import TypedError
from ..words import say_too_long
from .fields import SWITCH_WORDS, WORD, YES_WORDS, Field, find_field, say_near_field
from .tree import Comparison, Filter, Term

LONGEST, MOST = 2000, 60
"""Characters and terms of a filter."""
_QUOTES = str.maketrans("“”„", '"""')
_NAME = re.compile(r'([^\s,:<>="]+)(<=|>=|[:<>=])')
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_PLAIN = re.compile(r'[^\s,"]+')
_SPACE = re.compile(r"\s*")
_WORD = re.compile(r"\S*")


class FilterError(Struct):
    """Why a filter cannot be read: a code, a Dutch sentence, and where: at which character, and how many."""

    code: str
    text: str
    at: int
    length: int = 1


class Span(NamedTuple):
    """Where something is in the text."""

    at: int
    length: int


class Written(NamedTuple):
    """A term with where its key and its values are."""

    term: Term
    key: Span
    values: tuple[Span, ...]


class Reading(NamedTuple):
    """A filter as it was typed."""

    written: tuple[Written, ...]

    @property
    def filter(self) -> Filter:
        """Return the filter itself."""
        return Filter(terms=tuple(one.term for one in self.written))


class _WrongError(Exception):
    """Carries an error out of the reader; never leaves this module."""

    def __init__(self, code: str, text: str, at: int, length: int = 1) -> None:
        super().__init__(text)
        self.error = FilterError(code=code, text=text, at=at, length=max(length, 1))


def read_filter(text: str) -> Reading | FilterError:
    """Read a filter, or return the first thing that is wrong with it.

    Whether the office has the names in it is not looked at.
    """
    reading, wrong = read_terms(text)
    return wrong[0] if wrong else reading


def read_terms(text: str) -> tuple[Reading, tuple[FilterError, ...]]:
    """Return what of a filter can be read, and all that is wrong with the rest, in its order."""
    plain = text.translate(_QUOTES)
    long = say_too_long(plain, LONGEST)
    if long:
        return Reading(()), (FilterError(code="filter_too_long", text=long, at=LONGEST),)
    reader = _Reader(plain)
    written = reader.read()
    if len(written) > MOST:
        many = f"Dit filter heeft te veel voorwaarden: hooguit {MOST}."
        at = written[MOST].values[0].at
        return Reading(()), (FilterError(code="filter_too_long", text=many, at=at),)
    return Reading(tuple(written)), tuple(reader.wrong)


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self.wrong: list[FilterError] = []

    def read(self) -> list[Written]:
        """Return the terms that can be read; `wrong` then has what is wrong with the others."""
        found = []
        self._skip_space()
        while (began := self._at) < len(self._text):
            before = len(self.wrong)
            try:
                written = self._read_term()
            except _WrongError as wrong:
                self.wrong.append(wrong.error)
                self._skip_rest(began, wrong.error)
            else:
                found += [written] if len(self.wrong) == before else []
            self._skip_space()
        return found

    def _skip_rest(self, began: int, error: FilterError) -> None:
        """Go on behind the term that cannot be read: behind a quote that is never closed comes nothing."""
        rest = _WORD.match(self._text, max(began + 1, self._at, error.at))
        self._at = rest.end() if rest and error.code != "filter_open_quote" else len(self._text)

    def _skip_space(self) -> None:
        space = _SPACE.match(self._text, self._at)
        assert space
        self._at = space.end()

    def _read_term(self) -> Written:
        began = self._at
        negated = self._text[began] == "-"
        self._at += negated
        if negated and self._text[self._at : self._at + 1] == "-":
            raise _WrongError("filter_minus", "Eén minteken betekent: niet.", began, 2)
        named = _NAME.match(self._text, self._at)
        if named is None:
            values, spans = self._read_values(WORD, "" if not negated else "-", began)
            term = Term(field=WORD.id, values=values, negated=negated)
            return Written(term, Span(began, 1), spans)
        field, key, key_span = self._read_name(named[1], named.start())
        sign: Comparison = "=" if named[2] in (":", "=") else named[2]  # type: ignore[assignment]
        if sign != "=" and not field.ordered:
            text = f"'{named[1]}' heeft geen volgorde. Schrijf {named[1]}: met een waarde."
            raise _WrongError("filter_not_ordered", text, named.start(2), len(named[2]))
        self._at = named.end()
        values, spans = self._read_values(field, named[0], began)
        if len(values) > 1 and (sign != "=" or field.words in (YES_WORDS, SWITCH_WORDS)):
            raise _WrongError("filter_one_value", f"Geef bij {named[0]} één waarde.", *spans[1])
        term = Term(field=field.id, key=key, comparison=sign, values=values, negated=negated)
        return Written(term, key_span, spans)

    def _read_name(self, name: str, at: int) -> tuple[Field, str, Span]:
        plain, point, key = name.partition(".")
        field = find_field(plain)
        if field is None or field is WORD:
            raise _WrongError("unknown_field", say_near_field(plain), at, len(plain))
        if field.keyed and not key:
            text = f"Schrijf achter '{plain}' welke, zoals {plain}.{field.keyed}."
            raise _WrongError("filter_without_key", text, at, len(name))
        if point and not field.keyed:
            raise _WrongError(
                "filter_with_key", f"Achter '{plain}' komt geen punt.", at + len(plain), len(key) + 1
            )
        return field, key, Span(at + len(plain) + 1, len(key))

    def _read_values(self, field: Field, before: str, at: int) -> tuple[tuple[str, ...], tuple[Span, ...]]:
        values, spans = [], []
        while True:
            written, span = self._read_text(before, at)
            try:
                values.append(field.read(written))
            except TypedError as error:
                text = _say_wrong(field, written, str(error))
                self.wrong.append(FilterError(code="filter_value", text=text, at=span.at, length=span.length))
                values.append(written)
            spans.append(span)
            if self._text[self._at : self._at + 1] != ",":
                return tuple(values), tuple(spans)
            before, at = ",", self._at
            self._at += 1

    def _read_text(self, before: str, at: int) -> tuple[str, Span]:
        began = self._at
        found = _QUOTED.match(self._text, began)
        written = found[1].replace('""', '"') if found else ""
        if found is None:
            if self._text[began : began + 1] == '"':
                raise _WrongError("filter_open_quote", "Dit aanhalingsteken wordt niet gesloten.", began)
            found = _PLAIN.match(self._text, began)
            written = found[0] if found else ""
        if found is None or not written.strip():
            after = f"Na '{before}' ontbreekt een waarde: schrijf die er direct achter, zonder spatie."
            text = after if before else "Voor deze komma ontbreekt een woord."
            raise _WrongError("filter_without_value", text, at, max(began - at, 1))
        self._at = found.end()
        following = self._text[self._at : self._at + 1]
        if following and not following.isspace() and following != ",":
            text = "Zet een waarde met aanhalingstekens er helemaal tussen, en dan een spatie."
            raise _WrongError("filter_quote", text, self._at)
        return written, Span(began, found.end() - began)


def _say_wrong(field: Field, written: str, why: str) -> str:
    """Return the sentence about a value that a field does not have; what is typed wrong says so itself."""
    if field.words:
        return f"'{written}' is geen waarde van {field.dutch}. {why}"
    return f"{why[:1].upper()}{why[1:]}{'' if why.endswith(('.', '?')) else '.'}"
