"""Which stretch of an agreement a row of products.csv is about: what changes by date is kept (R64).

The file says from when by the first period. Another frequency or fiscal unit from a later period is a new
stretch, and ends the one before it; a row that changes the frequency without saying from when is refused,
since nobody could tell which of its periods are still to be done as before.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, func, select

from ...period import Period, PeriodKind, in_words
from ...words import FREQUENCY_WORDS
from ..database.columns import among
from ..database.tables import BEGINNING, filings, relation_products
from .holdings import Holdings, Key, Placed, Record, make_blank
from .problems import Problem
from .reading import Row

Running = Mapping[Key, date]
"""The last day of any filing that was not cancelled, by relation, product and sub-number."""

FILE = "products.csv"
_DATED = ("frequency", "fiscal_unit")
_DAY = timedelta(days=1)


def read_running(connection: Connection, rows: Collection[Row]) -> Running:
    """Read until when filings run of the products that rows of a folder are about."""
    relations = {row.values["relation"] for row in rows if row.file == FILE and "relation" in row.values}
    key = (filings.c.relation, filings.c.product, filings.c.sub_number)
    query = (
        select(*key, func.max(filings.c.last_day))
        .where(among(filings.c.relation, relations), filings.c.ended.is_distinct_from("cancelled"))
        .group_by(*key)
    )
    return {tuple(row[:3]): row[3] for row in connection.execute(query)}


def place_rows(rows: Collection[Row], holdings: Holdings, running: Running, today: date) -> Iterator[Problem]:
    """Lay each row of products.csv over the stretch that it is about, made where there is none yet.

    Yields what is wrong with rows that do not say from when, or say it of days over which filings run.
    """
    for row in rows:
        if row.file != FILE or not row.knows("relation", "product", "sub_number", "first_period"):
            continue
        product = tuple(row.values[name] for name in ("relation", "product", "sub_number"))
        agreement = _Agreement(holdings, product, running.get(product), today)
        yield from agreement.place(row)
        holdings.lay(row)
        yield from agreement.judge_end(row)
        agreement.cut()


class _Agreement:
    """All stretches of one relation's product, as the folder leaves them so far."""

    def __init__(self, holdings: Holdings, product: Key, filed: date | None, today: date) -> None:
        self._holdings = holdings
        self._held = holdings.after[relation_products.name]
        self._product = product
        self._filed = filed
        self._today = today

    def place(self, row: Row) -> Iterator[Problem]:
        """Find or make the stretch of a row; without one nothing of the row is laid."""
        stretches = self._stretches()
        said = "first_period" in row.positions
        code = row.values.get("first_period")
        since = Period.parse(code).start if code else BEGINNING
        there = next((one for one in stretches if one["since"] == since), None) if said else None
        if not stretches:
            self._make(row, since, make_blank(relation_products, row.kind))
        elif there is not None:
            if self._has_row(since):
                yield row.problem("first_period", f"nog een rij voor {row.kind.shared}")
            elif self._changes(row, there, "frequency") and (not code or self._runs(since)):
                yield self._ask_when(row, there)
            else:
                self._put(row, there)
        elif not code:
            if len(stretches) > 1:
                text = "over dit product zijn meer afspraken gemaakt; vul de eerste periode in"
                yield row.problem("first_period", text)
            elif self._changes(row, stretches[0], "frequency"):
                yield self._ask_when(row, stretches[0])
            else:
                self._put(row, self._move(stretches[0], BEGINNING) if said else stretches[0])
        else:
            yield from self._place_from(row, since, stretches)

    def judge_end(self, row: Row) -> Iterator[Problem]:
        """Yield a new last day before the first one: of a stretch that was not there, or began otherwise.

        One that was there is withdrawn that way, as never done here, unless something was begun after it.
        """
        placed = self._holdings.placed.get(row.line)
        if placed is None:
            return
        record, before = self._held[placed.key], self._holdings.before[relation_products.name]
        until, known = record["until"], before.get(placed.key)
        if not is_over_before_it_began(record) or (known and known["until"] == until):
            return
        if known is None:
            text = (
                "de laatste dag ligt vóór de eerste periode; vul een latere dag in, of leg het product niet "
                "vast als de klant het niet afneemt"
            )
            yield row.problem("until", text)
        elif self._filed is not None and self._filed > until:
            text = (
                "de laatste dag ligt vóór de eerste, en over de tijd daarna is al iets gestart; vul een dag "
                f"vanaf {in_words(self._filed)} in"
            )
            yield row.problem("until", text)

    def cut(self) -> None:
        """End each stretch before the next one begins."""
        stretches = self._stretches()
        for one, following in pairwise(stretches):
            last = following["since"] - _DAY
            one["until"] = min(one["until"] or last, last)

    def _place_from(self, row: Row, since: date, stretches: list[Record]) -> Iterator[Problem]:
        """Place a row that says from when, where no stretch begins on that day."""
        before = [one for one in stretches if one["since"] < since]
        if not before:
            first = stretches[0]
            if self._changes(row, first, *_DATED) or self._has_row(first["since"]):
                self._make(row, since, first)
            else:
                self._put(row, self._move(first, since))
            return
        prior = before[-1]
        ended = prior["until"] is not None and prior["until"] < since
        changes = self._changes(row, prior, *_DATED)
        if not changes and not ended and not self._has_row(prior["since"]):
            self._put(row, self._move(prior, since))
        elif self._changes(row, prior, "frequency") and self._runs(since):
            yield self._ask_when(row, prior)
        else:
            self._make(row, since, prior)

    def _stretches(self) -> list[Record]:
        found = (record for key, record in self._held.items() if key[:3] == self._product)
        return sorted(found, key=lambda record: record["since"])

    def _has_row(self, since: date) -> bool:
        """Say whether another row of the folder is about the stretch that begins on a day."""
        key = (*self._product, since)
        return any(placed.key == key for placed in self._holdings.placed.values())

    def _runs(self, since: date) -> bool:
        """Say whether a filing runs, or ran, over a day of a stretch that begins then."""
        return self._filed is not None and self._filed >= since

    def _changes(self, row: Row, stretch: Record, *names: str) -> bool:
        return any(name in row.values and row.values[name] != stretch[name] for name in names)

    def _make(self, row: Row, since: date, like: Record) -> None:
        relation, product, sub_number = self._product
        named = {"relation": relation, "product": product, "sub_number": sub_number}
        record = {**like, **named, "since": since, "until": None}
        self._held[(*self._product, since)] = record
        self._put(row, record)

    def _put(self, row: Row, record: Record) -> None:
        self._holdings.placed[row.line] = Placed((*self._product, record["since"]), dict(record))

    def _move(self, stretch: Record, since: date) -> Record:
        """Have a stretch begin on another day; the one that ended the day before it goes on until then."""
        for one in self._stretches():
            if one["until"] is not None and one["until"] + _DAY == stretch["since"]:
                one["until"] = since - _DAY
        del self._held[(*self._product, stretch["since"])]
        moved = self._held[(*self._product, since)] = {**stretch, "since": since}
        return moved

    def _ask_when(self, row: Row, stretch: Record) -> Problem:
        """Return what to write instead: the first period of the new kind after all that runs."""
        kind: PeriodKind = row.values["frequency"]
        began = stretch["since"] if stretch["since"] > BEGINNING else self._today
        day = max(began, self._filed + _DAY) if self._filed else began
        first = Period.holding(kind, day)
        first = first if first.start >= day else first.next()
        text = (
            f"het product is per {FREQUENCY_WORDS[stretch['frequency']]} afgesproken; vul in vanaf welke "
            f"periode het per {FREQUENCY_WORDS[kind]} gaat: {first.code} of later"
        )
        return row.problem("first_period", text)


def is_over_before_it_began(stretch: Record) -> bool:
    """Say whether a record with days has none: it is withdrawn, and a file with it is refused."""
    return stretch["until"] is not None and stretch["until"] < stretch["since"]


def show_first_period(record: Record) -> Any:
    """Return what the file says of when a stretch began, or None."""
    since: date = record["since"]
    return None if since == BEGINNING else Period.holding(record["frequency"], since, since).code
