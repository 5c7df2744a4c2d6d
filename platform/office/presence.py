"""Who is absent on a day, who does their work meanwhile, and which titles hold then (R2).

Nothing is kept of how a day is: it follows from the dates, so that when an absence ends the work is back.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Date, String, bindparam, cast, literal, null, select, union_all

from ..audience import COMPLIANCE_ROLE
from .database.questions import Question
from .database.tables import absences, qualifications, stand_ins, team

EVERY_ROLE = "*"
"""In a stand-in: for every role of the colleague, but that of compliance."""

_DAY = timedelta(days=1)


class Stretch(NamedTuple):
    """From one day to another, both counted; without the second until further notice."""

    since: date
    until: date | None

    def holds(self, day: date) -> bool:
        """Say whether a day lies in it."""
        return self.since <= day and (self.until is None or day <= self.until)

    def contains(self, other: "Stretch") -> bool:
        """Say whether every day of another lies in it."""
        return self.since <= other.since and (
            self.until is None or (other.until is not None and other.until <= self.until)
        )


class Absence(NamedTuple):
    """A team member is absent."""

    member: str
    days: Stretch


class StandsIn(NamedTuple):
    """A colleague does the work of a team member, in one of their roles or in every one (EVERY_ROLE)."""

    member: str
    role: str
    stand_in: str
    days: Stretch


class Title(NamedTuple):
    """A team member has a title."""

    member: str
    title: str
    days: Stretch


class OnDay:
    """Who does whose work on one day."""

    def __init__(
        self,
        absent: Iterable[str],
        stand_ins: Mapping[tuple[str, str], str],
        titles: Mapping[str, Mapping[str, bool]],
    ) -> None:
        self.absent = frozenset(absent)
        self._stand_ins = stand_ins
        self._titles = titles

    @property
    def away(self) -> frozenset[str]:
        """Return whose work is not theirs alone, in some role at least: somebody else does it, or nobody."""
        return self.absent | {member for member, _ in self._stand_ins}

    def list_doers(self, member: str, role: str) -> tuple[str, ...]:
        """Return who may do a member's work in a role: they, unless they are absent, then their stand-in.

        A stand-in works beside whoever is here, and alone for who is absent. One who is absent too does
        nothing, and nobody does it for them. What is for compliance is for few: a stand-in for every role is
        none for that one, only who was named for it.
        """
        found = self._stand_ins.get((member, role))
        if found is None and role != COMPLIANCE_ROLE:
            found = self._stand_ins.get((member, EVERY_ROLE))
        return tuple(one for one in (member, found) if one is not None and one not in self.absent)

    def find_doer(self, member: str, role: str) -> str | None:
        """Return who is spoken to about a member's work in a role: the first who does it (`list_doers`)."""
        return next(iter(self.list_doers(member, role)), None)

    def fill(self, named: Mapping[str, str]) -> dict[str, str]:
        """Return who is spoken to about roles, by role, from who was given them; without what nobody does."""
        if not (self.absent or self._stand_ins):
            return dict(named)
        found = ((role, self.find_doer(member, role)) for role, member in named.items())
        return {role: member for role, member in found if member is not None}

    def list_covered(self, member: str) -> list[str]:
        """Return whose work a member may be doing, in whatever role: their own first."""
        others = {whose for (whose, _), found in self._stand_ins.items() if found == member}
        return [member, *sorted(others - {member})]

    def find_titles(self, member: str, undated: Iterable[str]) -> tuple[str, ...]:
        """Return a member's titles; `undated` ones hold, but for those of which dates are known."""
        dated = self._titles.get(member)
        if dated is None:
            return tuple(undated)
        return tuple(sorted({*(set(undated) - dated.keys()), *(t for t, holds in dated.items() if holds)}))


class Presence:
    """The dates of the team from a day on, as the office holds them."""

    def __init__(
        self, absent: Iterable[Absence], stand_ins: Iterable[StandsIn], titles: Iterable[Title]
    ) -> None:
        self.absences = tuple(absent)
        self.stand_ins = tuple(stand_ins)
        self.titles = tuple(titles)

    def on(self, day: date) -> OnDay:
        """Return how it is on a day; of two stand-ins for one role the one that began last counts."""
        holding = [one for one in self.stand_ins if one.days.holds(day)]
        doing = {(o.member, o.role): o.stand_in for o in sorted(holding, key=lambda o: o.days.since)}
        titles: dict[str, dict[str, bool]] = {}
        for one in self.titles:
            held = titles.setdefault(one.member, {})
            held[one.title] = held.get(one.title, False) or one.days.holds(day)
        return OnDay((a.member for a in self.absences if a.days.holds(day)), doing, titles)

    @property
    def usual(self) -> OnDay:
        """Return how it is when nobody is absent and every title holds that some day does."""
        titles: dict[str, dict[str, bool]] = {}
        for one in self.titles:
            titles.setdefault(one.member, {})[one.title] = True
        return OnDay((), {}, titles)

    def list_members(self) -> set[str]:
        """Return whose work or titles depend on the day."""
        return {one.member for rows in (self.absences, self.stand_ins, self.titles) for one in rows} | {
            one.stand_in for one in self.stand_ins
        }

    def list_changes(self, first: date, last: date) -> list[date]:
        """Return the first day, and those up to the last on which something begins or is over."""
        return sorted({first, *(day for day in self._turns() if first < day <= last)})

    def _turns(self) -> Iterator[date]:
        for rows in (self.absences, self.stand_ins, self.titles):
            for one in rows:
                yield one.days.since
                if one.days.until is not None and one.days.until < date.max:
                    yield one.days.until + _DAY


def read_presence(connection: Connection, day: date) -> Presence:
    """Read what holds from a day on, with one statement. Who left stands in for nobody."""
    return PRESENCE.ask(connection, day=day)


def _read_presence(rows: Iterable[Any]) -> Presence:
    return _read(rows, lambda days: days.until is None or days.since <= days.until)


def _read(rows: Iterable[Any], wanted: Callable[[Stretch], bool]) -> Presence:
    kinds: dict[str, list[tuple[str, str, str, Stretch]]] = {"absent": [], "stand_in": [], "title": []}
    for kind, member, what, who, since, until in rows:
        if wanted(days := Stretch(since, until)):
            kinds[kind].append((member, what, who, days))
    return Presence(
        (Absence(member, days) for member, _, _, days in kinds["absent"]),
        (StandsIn(*row) for row in kinds["stand_in"]),
        (Title(member, title, days) for member, title, _, days in kinds["title"]),
    )


def read_day(connection: Connection, day: date) -> OnDay:
    """Return how it is on a day."""
    return read_presence(connection, day).on(day)


def read_day_of_return(connection: Connection, day: date) -> OnDay:
    """Return how it was on a day until those came back who did so that day: what ended before it holds."""
    known = _read(connection.execute(_DATES, {"day": day - _DAY}), lambda _: True)

    def prolong(days: Stretch) -> Stretch:
        return days._replace(until=day) if days.until == day - _DAY else days

    return Presence(
        (one._replace(days=prolong(one.days)) for one in known.absences),
        (one._replace(days=prolong(one.days)) for one in known.stand_ins),
        known.titles,
    ).on(day)


def list_away(presence: Presence, member: str) -> tuple[list[Stretch], list[StandsIn]]:
    """Return when a member is absent and who stands in for them, the first days first."""
    days = [one.days for one in presence.absences if one.member == member]
    others = [one for one in presence.stand_ins if one.member == member]
    return sorted(days, key=lambda one: one.since), sorted(others, key=lambda one: (one.days.since, one.role))


_day = bindparam("day", type_=Date)
_DATES = union_all(
    select(
        literal("absent").label("kind"),
        absences.c.member,
        cast(null(), String).label("what"),
        cast(null(), String).label("who"),
        *(absences.c.since, absences.c.until),
    ).where(absences.c.until.is_(None) | (absences.c.until >= _day)),
    select(
        literal("stand_in"),
        *(stand_ins.c.member, stand_ins.c.role, stand_ins.c.stand_in, stand_ins.c.since, stand_ins.c.until),
    )
    .join(team, (team.c.id == stand_ins.c.stand_in) & team.c.active)
    .where(stand_ins.c.until.is_(None) | (stand_ins.c.until >= _day)),
    select(
        literal("title"),
        *(qualifications.c.member, qualifications.c.qualification),
        cast(null(), String),
        *(qualifications.c.since, qualifications.c.until),
    ),
)
PRESENCE = Question(_DATES, _read_presence, "day")
"""What `read_presence` returns."""
