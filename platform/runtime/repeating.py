"""What a start would file again: filings over the same days for the same taxpayer (R27, R63)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from ..filing.events import FilingKey
from ..office.database.tables import ONE_SUB_NUMBER
from ..office.filings.filing import NewFiling
from ..office.filings.overlaps import Filed, FilingOver, delivered_between, filings_between
from ..office.relations.demands import Demands, Needs
from ..office.relations.readiness import Missing
from ..office.relations.snapshot import Held, Snapshot
from ..office.relations.taxpayers import NUMBERS, Numbered, taxpayer_of
from ..period import Period, say_over
from ..sbr.digipoort.messages import Identity
from ..sbr.registry import OFFICE_KINDS, ReportNeeds
from .activities.outgoing import identity_digest


class Seen(NamedTuple):
    """The filings over some days, of relations and of those that share a number with one of them.

    `delivered` are those of any relation that were delivered under a number that one of them has today, each
    with the digest of that identity; `digests` has those of each number.
    """

    relations: frozenset[str]
    digests: Mapping[str, frozenset[str]]
    first: date
    last: date
    filed: Filed
    delivered: tuple[tuple[str, FilingOver], ...]

    @property
    def ids(self) -> frozenset[str]:
        """Return the ids of all of them."""
        filed = {one.id for them in self.filed.values() for one in them}
        return frozenset(filed | {one.id for _, one in self.delivered})

    def add(self, new: NewFiling) -> None:
        """Count a filing that is about to be written."""
        period = Period.parse(new.period)
        known = {name: getattr(new, name) for name in FilingOver._fields if name in NewFiling.model_fields}
        one = FilingOver(**known, first_day=period.start, last_day=period.end)
        self.filed.setdefault(new.relation, []).append(one)


def see_filed(
    connection: Connection,
    snapshot: Snapshot,
    relations: Collection[str],
    periods: Sequence[str],
    needs: Needs,
) -> Seen:
    """Read the filings over periods that starts of these relations may repeat."""
    days = [Period.parse(period) for period in periods]
    first, last = min(one.start for one in days), max(one.end for one in days)
    sharing = {taker.number for relation in relations for taker in snapshot.sharers_of(relation)}
    numbers = frozenset(sharing | {*relations})
    kinds = needs.identity_kinds if isinstance(needs, ReportNeeds) else OFFICE_KINDS
    held = [one for relation in relations if (one := snapshot.held.get(relation))]
    taxpayers = {number for one in held for number in _list_taxpayers(one)}
    digests = {
        number: frozenset(identity_digest(Identity(number, kind)) for kind in kinds) for number in taxpayers
    }
    return _read(connection, numbers, digests, first, last)


def _list_taxpayers(held: Held) -> Iterator[str]:
    """Yield the numbers by which the authority may know a relation, under each of its sub-numbers."""
    for sub_number in {ONE_SUB_NUMBER, *(one.sub_number for one in held.products)}:
        numbers = (taxpayer_of(held.relation, need, sub_number) for need in NUMBERS)
        yield from (number for number in numbers if number)


def _read(
    connection: Connection,
    relations: frozenset[str],
    digests: Mapping[str, frozenset[str]],
    first: date,
    last: date,
) -> Seen:
    asked = frozenset(one for them in digests.values() for one in them)
    filed = filings_between(connection, relations, first, last)
    return Seen(
        relations, digests, first, last, filed, tuple(delivered_between(connection, asked, first, last))
    )


def has_more(connection: Connection, seen: Seen, known: Collection[str]) -> bool:
    """Say whether there are other filings than those of these ids by now, as the connection sees it."""
    now = _read(connection, seen.relations, seen.digests, seen.first, seen.last)
    return now.ids != {*known}


def find_repeated(
    snapshot: Snapshot, demands: Demands, wanted: FilingKey, seen: Seen
) -> tuple[FilingOver, ...]:
    """Return the filings that a new one would repeat, in the order in which they were started.

    Those of the same template and relation, and those of a report that this one delivers for the same
    taxpayer, over any of the same days, however their periods are called: by the numbers of today, and by
    that under which one was delivered. None for a filing that exists itself.
    """
    period, sharers = Period.parse(wanted.period), snapshot.sharers_of(wanted.relation)
    own = next((taker.facts for taker in sharers if taker.number == wanted.relation), None)
    beside = [(taker.facts, one) for taker in sharers for one in seen.filed.get(taker.number, ())]
    if own is None or any(one.id == wanted.workflow_id for _, one in beside):
        return ()

    taxpayers = {
        report: number
        for report, need in demands.taxpayers.items()
        if (number := taxpayer_of(own, need, wanted.sub_number)) is not None
    }

    def repeats(facts: Numbered, one: FilingOver) -> bool:
        if (one.relation, one.template) == (wanted.relation, wanted.template):
            return one.sub_number == wanted.sub_number
        return any(
            report in one.reports and number == taxpayer_of(facts, demands.taxpayers[report], one.sub_number)
            for report, number in taxpayers.items()
        )

    found = [one for facts, one in beside if repeats(facts, one)]
    found += [
        one
        for digest, one in seen.delivered
        if any(
            report in one.reports and digest in seen.digests.get(number, ())
            for report, number in taxpayers.items()
        )
    ]
    over = {
        one.id: one
        for one in found
        if one.id != wanted.workflow_id and period.overlaps(one.first_day, one.last_day)
    }
    return tuple(sorted(over.values(), key=lambda one: (one.start_date, one.id)))


def ask_reason(repeated: Sequence[FilingOver], wanted: FilingKey, reason: str) -> Missing | None:
    """Return what a filing lacks over days that were filed before: a reason, or that it names the first.

    Who starts the return of a taxpayer again under another relation, or over a period that is called
    otherwise, has seen the first one when the reason has its relation's number, or its period.
    """
    unnamed = next((one for one in repeated if not _is_named(one, wanted, reason)), None)
    if unnamed is None:
        return None
    over = say_over(Period.parse(unnamed.period).words)
    which = f" die {_name_of(unnamed, wanted)} noemt" if _name_of(unnamed, wanted) else ""
    text = (
        f"{unnamed.title} {over} is er al voor relatie {unnamed.relation}; "
        f"geef een reden op{which} om een extra opdracht te starten."
    )
    return Missing(code="filed_over", text=text)


def _is_named(one: FilingOver, wanted: FilingKey, reason: str) -> bool:
    """Say whether a reason names a filing, as far as it is not of the same relation and period."""
    if one.relation != wanted.relation:
        return re.search(rf"(?<!\w){re.escape(one.relation)}(?!\w)", reason) is not None
    if one.period != wanted.period:
        said = reason.casefold()
        return one.period.casefold() in said or Period.parse(one.period).words.casefold() in said
    return bool(reason)


def _name_of(one: FilingOver, wanted: FilingKey) -> str:
    """Return what a reason has to name of a filing: nothing of one of the same relation and period."""
    if one.relation != wanted.relation:
        return f"relatie {one.relation}"
    return Period.parse(one.period).words if one.period != wanted.period else ""
