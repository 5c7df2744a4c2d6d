"""A filter as conditions of SQL: every value is a bound parameter, nothing typed comes into a statement."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, String, Table, TextClause, cast, exists, false, func, or_, select

from ...filters import NOBODY, NOTHING, SOMEBODY, TODAY, Filter, Term, find_field
from ..database.columns import texts_of
from ..database.tables import OPEN, filings, relation_products, relation_roles, relations, team
from .browsing import match_relation

Condition = ColumnElement[bool] | TextClause


@lru_cache(maxsize=64)  # a page asks for its rows, its number of rows and its facets by one filter
def compile_filter(wanted: Filter, on: date) -> tuple[Condition, ...]:
    """Return what must hold of a row of `relations`, for a filter on a day; what lacks is left out.

    Terms about products hold of one product that the relation takes, terms about filings of one of its
    filings; a negated term says that it has none such.
    """
    plain = [_negate(term, _RELATION[term.field](term, on)) for term in _about(wanted, "relation")]
    roles = [_negate(term, _match_holder(term)) for term in _about(wanted, "role")]
    rows = [one for what in _MATCHES for one in _match_together(wanted, what, on)]
    return (*plain, *roles, *rows)


def list_lacks(wanted: Filter) -> tuple[Term, ...]:
    """Return the terms about what lacks: no table has that, it is worked out for each relation."""
    return tuple(_about(wanted, "lack"))


def match_row(wanted: Filter, what: Table, on: date) -> list[Condition]:
    """Return what a filter asks of one row of what relations take, or of one row of their filings.

    Of a filing nothing where it has no term about filings.
    """
    terms = _split(wanted, what)[0]
    return _MATCHES[what](terms, on) if terms or what is not filings else []


def _has(*conditions: Condition) -> Condition:
    """Return that there is a row of another table for the relation, whatever tables stand around it."""
    return exists().where(*conditions).correlate(relations)


def _about(wanted: Filter, what: str) -> Iterator[Term]:
    for term in wanted.terms:
        field = find_field(term.field)
        if field is not None and field.about == what:
            yield term


def _negate(term: Term, condition: Condition) -> Condition:
    return ~condition if term.negated else condition


def _match_together(wanted: Filter, what: Table, on: date) -> Iterator[Condition]:
    """Yield one condition for all that is asked of one product or filing, and one for each that is barred."""
    asked, barred = _split(wanted, what)
    number = what.c.relation == relations.c.number
    if asked:
        yield _has(number, *_MATCHES[what](asked, on))
    yield from (~_has(number, *_MATCHES[what]([term], on)) for term in barred)


def _split(wanted: Filter, what: Table) -> tuple[list[Term], list[Term]]:
    """Return what is asked of one row, and what no row may have; to run not is to have none that runs."""
    asked: list[Term] = []
    barred: list[Term] = []
    for term in _about(wanted, "product" if what is relation_products else "filing"):
        stands_still = term.field == "running" and "no" in term.values
        (barred if term.negated != stands_still else asked).append(term)
    return asked, barred


def _match_product(terms: Iterable[Term], on: date) -> list[Condition]:
    rows = relation_products.c
    columns = {"product": rows.product, "frequency": rows.frequency}
    return [
        rows.until.is_(None) | (rows.until >= on),
        *(columns[term.field].in_(term.values) for term in terms),
    ]


def _match_filing(terms: Sequence[Term], on: date) -> list[Condition]:
    found = [_FILING[term.field](term, on) for term in terms if term.field in _FILING]
    if any(term.field in _OF_OPEN for term in terms):
        return [*found, OPEN]
    return [*found, filings.c.ended.is_distinct_from("cancelled")]  # that is nothing that was done


_MATCHES: dict[Table, Callable[[Sequence[Term], date], list[Condition]]] = {
    relation_products: _match_product,
    filings: _match_filing,
}


def _match_phase(term: Term, _: date) -> Condition:
    active = texts_of(filings.c.phases, "active")
    return exists(select(active.c.value).where(active.c.value.in_(term.values)))


def _match_due(term: Term, on: date) -> Condition:
    days = [on if value == TODAY else date.fromisoformat(value) for value in term.values]
    if term.comparison == "=":
        return filings.c.due.in_(days)
    return _COMPARE[term.comparison](filings.c.due, days[0])


def _match_holder(term: Term) -> Condition:
    """Return that whoever is meant has this role, or any where the term names none."""
    roles = relation_roles.c
    here: list[Condition] = [roles.relation == relations.c.number]
    if term.key:
        here.append(roles.role == term.key)
    here_still = select(team.c.id).where(team.c.active).correlate(None)
    anybody = _has(*here, roles.member.in_(here_still))
    names = [value for value in term.values if value not in (NOBODY, SOMEBODY)]
    ways: list[Condition] = []
    if names:
        # Theirs are found first: they are some of all, and an index has them by member.
        theirs = select(roles.relation).where(
            *([roles.role == term.key] if term.key else []),
            roles.member.in_(here_still.where(or_(*map(_match_member, names)))),
        )
        ways.append(relations.c.number.in_(theirs.correlate(None)))
    if SOMEBODY in term.values:
        ways.append(anybody)
    if NOBODY in term.values:
        ways.append(~anybody)
    return or_(false(), *ways)


def _match_member(name: str) -> Condition:
    """Return that a row of `team` is who is meant: their id, or a part of their name."""
    return (team.c.id == name) | team.c.name.icontains(name, autoescape=True)


def _match_form(term: Term, _: date) -> Condition:
    form = func.lower(func.coalesce(relations.c.legal_form, ""))
    return form.in_(["" if value == NOTHING else value for value in term.values])


def _match_group(term: Term, _: date) -> Condition:
    kept = func.lower(func.coalesce(relations.c["group"], ""))
    return kept.in_([func.lower("" if value == NOTHING else value) for value in term.values])


def _match_own(term: Term, _: date) -> Condition:
    """Return that a field of the office's own has a value, as text; yes and no as either database has it."""
    kept = relations.c.fields[term.key].as_string()
    known = {"ja": ("true", "1"), "nee": ("false", "0")}
    values = [value.casefold() for value in term.values if value != NOTHING]
    texts = [text for value in values for text in (value, *known.get(value, ()))]
    found = func.lower(cast(kept, String)).in_(texts)
    return or_(func.coalesce(found, false()), *([kept.is_(None)] if NOTHING in term.values else []))


def _match_words(term: Term, _: date) -> Condition:
    return or_(*(one for value in term.values for one in match_relation(value)))


def _match_name(term: Term, _: date) -> Condition:
    return or_(*(relations.c.name.icontains(value, autoescape=True) for value in term.values))


def _match_number(term: Term, _: date) -> Condition:
    return or_(*(relations.c.number.startswith(value, autoescape=True) for value in term.values))


def _match_switch(column: ColumnElement[bool]) -> Callable[[Term, date], Condition]:
    return lambda term, _: column.in_([value == "yes" for value in term.values])


_RELATION: dict[str, Callable[[Term, date], Condition]] = {
    "word": _match_words,
    "name": _match_name,
    "number": _match_number,
    "status": lambda term, _: relations.c.status.in_(term.values),
    "legal_form": _match_form,
    "group": _match_group,
    "own": _match_own,
    "sbr": _match_switch(relations.c.sbr_enabled),
    "ideal": _match_switch(relations.c.ideal_enabled),
}
_FILING: dict[str, Callable[[Term, date], Condition]] = {
    "template": lambda term, _: filings.c.template.in_(term.values),
    "period": lambda term, _: filings.c.period.in_(term.values),
    "phase": _match_phase,
    "due": _match_due,
}
_OF_OPEN = ("running", "phase", "due")
"""Only a filing that is open is running, in a phase, or has a last day to come."""
_COMPARE: dict[str, Callable[[Any, date], Condition]] = {
    "<": lambda column, day: column < day,
    "<=": lambda column, day: column <= day,
    ">": lambda column, day: column > day,
    ">=": lambda column, day: column >= day,
}
