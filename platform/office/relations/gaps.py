"""Days to come on which nobody is left for the work of a role, found beforehand (R2).

Only what the dates of the team bring about: what a relation lacks on any day is told by readiness.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from msgspec import structs
from sqlalchemy import Connection, select

from ...data import ListLine, replace
from ...period import in_words
from ..database.columns import among_given
from ..database.tables import relation_roles
from ..plans import InForce
from ..presence import OnDay, read_presence
from .demands import Demands
from .readiness import find_missing_people, find_own_checkers
from .snapshot import Held, MemberFacts, load_snapshot

HORIZON = timedelta(days=90)
"""So far ahead is looked."""

NAMED = 5
"""So many relations are named in a sentence; the others are counted."""

_DAY = timedelta(days=1)


class Gap(ListLine):
    """Something that lacks from one day to another: a code of readiness, a Dutch sentence, where.

    `until` is None where it lasts longer than was looked.
    """

    code: str
    text: str
    since: date
    until: date | None
    relations: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """Return it as one Dutch sentence."""
        end = f" tot en met {in_words(self.until)}" if self.until else ""
        first = in_words(self.since)
        when = f"Op {first}" if self.until == self.since else f"Vanaf {first}{end}"
        more = len(self.relations) - NAMED
        others = f" en {more} andere" if more > 0 else ""
        where = f"relatie {', '.join(self.relations[:NAMED])}{others}"
        return f"{when}: {self.text.removesuffix('.')} ({where})."


def find_gaps(
    connection: Connection,
    in_force: InForce,
    on: date,
    horizon: timedelta = HORIZON,
    numbers: Collection[str] | None = None,
) -> tuple[Gap, ...]:
    """Return what will lack, of the work that the products of relations bring, the first first.

    Of all relations, or of those with these numbers.
    """
    presence = read_presence(connection, on)
    changing = presence.list_members()
    if not changing:
        return ()
    theirs = connection.execute(_THEIRS, {"members": sorted(changing)}).scalars()
    wanted = {*theirs} if numbers is None else {*theirs} & {*numbers}
    snapshot = load_snapshot(connection, sorted(wanted))
    demands = _Demanded(in_force)
    days = presence.list_changes(on, on + horizon)
    always = _Judge(demands, presence.usual, snapshot.team)
    found: dict[tuple[str, str, date], list[str]] = {}
    for day in days:
        that_day = _Judge(demands, presence.on(day), snapshot.team)
        for number, held in snapshot.held.items():
            known = always.find(held)
            for code, text in that_day.find(held) - known:
                found.setdefault((code, text, day), []).append(number)
    return tuple(_join(found, days))


class _Demanded:
    """What plans demand of each relation."""

    def __init__(self, in_force: InForce) -> None:
        self._in_force = in_force
        self._known = {one.digest: Demands(one.plan, {}) for one in in_force.list_all()}
        self.on_pilot = in_force.on_pilot

    def list_of(self, relation: str) -> Iterator[Demands]:
        return (self._known[one.digest] for one in self._in_force.list_for(relation))


class _Judge:
    """What lacks on one day; relations with the same people are judged once."""

    def __init__(self, demands: _Demanded, day: OnDay, team: Mapping[str, MemberFacts]) -> None:
        self._demands = demands
        self._day = day
        self._team = {
            id: structs.replace(one, qualifications=day.find_titles(id, one.undated))
            for id, one in team.items()
        }
        self._known: dict[tuple[Any, ...], frozenset[tuple[str, str]]] = {}

    def find(self, held: Held) -> frozenset[tuple[str, str]]:
        """Return what lacks at a relation, as codes with their sentences."""
        products = frozenset(product.product for product in held.products)
        number = held.relation.number
        alone = number if number in self._demands.on_pilot else None
        at = (frozenset(held.named.items()), products, alone)
        if at not in self._known:
            filled = self._day.fill(held.named)
            fitting = (one for one in self._demands.list_of(number) if not products.isdisjoint(one.products))
            missing = [
                m
                for one in fitting
                for m in (*find_missing_people(one, filled, self._team), *find_own_checkers(one, filled))
            ]
            self._known[at] = frozenset((one.code, one.text) for one in missing)
        return self._known[at]


def _join(found: Mapping[tuple[str, str, date], Collection[str]], days: Sequence[date]) -> Iterator[Gap]:
    """Yield what lacks over neighbouring stretches at the same relations as one, the first first."""
    gaps: dict[tuple[str, str, tuple[str, ...]], list[Gap]] = {}
    for place, day in enumerate(days):
        until = days[place + 1] - _DAY if place + 1 < len(days) else None
        for (code, text, on), numbers in found.items():
            if on != day:
                continue
            gap = Gap(code=code, text=text, since=day, until=until, relations=tuple(numbers))
            before = gaps.setdefault((code, text, gap.relations), [])
            if before and before[-1].until == day - _DAY:
                before[-1] = replace(before[-1], until=until)
            else:
                before.append(gap)
    yield from sorted((one for some in gaps.values() for one in some), key=lambda one: (one.since, one.text))


_THEIRS = select(relation_roles.c.relation).where(among_given(relation_roles.c.member, "members"))
