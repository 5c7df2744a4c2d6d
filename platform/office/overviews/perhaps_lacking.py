"""Which relations may lack what a filter asks, as far as their own row says: the others need no look."""

from collections.abc import Iterable, Iterator

from sqlalchemy import Column, ColumnElement, or_

from ...filters import Term
from ..database.tables import relations
from ..relations.relation import WORKED_FOR


def match_perhaps_lacking(terms: Iterable[Term]) -> Iterator[ColumnElement[bool]]:
    """Yield what must hold of a row of `relations` for what terms ask to lack there (`readiness`).

    Nothing for a term that hangs on more than that row, nor for one that asks what does not lack.
    """
    for term in terms:
        if not term.negated and all(code in _BY_CODE for code in term.values):
            yield or_(*(_BY_CODE[code] for code in term.values))


def _has_none(column: Column[str]) -> ColumnElement[bool]:
    return column.is_(None) | (column == "")


_BY_CODE: dict[str, ColumnElement[bool]] = {
    "no_ob_number": _has_none(relations.c.ob_number),
    "no_legal_form": _has_none(relations.c.legal_form),
    "no_bsn": _has_none(relations.c.bsn),
    "no_rsin": _has_none(relations.c.rsin),
    "no_btw_id": _has_none(relations.c.btw_id),
    "no_kvk": _has_none(relations.c.kvk),
    "sbr_off": ~relations.c.sbr_enabled,
    "ideal_off": ~relations.c.ideal_enabled,
    "not_accepted": relations.c.status == "prospect",
    "not_active": relations.c.status.not_in(WORKED_FOR),
}
"""By what `readiness` says lacks: without it, it never says so."""
