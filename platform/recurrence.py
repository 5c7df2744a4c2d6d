"""The rules of recurrence (R28), pure: which period comes next, when it starts, what people may change."""

import hashlib
from datetime import date, datetime, time, timedelta

from .data import canonical
from .days import add_working_days, apply_date_rule
from .period import LOOSE, Period, PeriodKind
from .plan import DateRule, Model

REMEMBERED = 20
"""Acts that a recurrence keeps, so that one repeated after continue-as-new happens once."""


class Stretch(Model):
    """How often the product is agreed over a stretch of days, the last included; None is without end."""

    kind: PeriodKind
    first: date | None = None
    last: date | None = None


class Terms(Model):
    """What determines the next start, taken from the plan that is active now and from the relation's product.

    `closed` holds the office's days that are not working days; `stretches` follow each other in time. `kind`
    and `first`, the product's first period here, are what terms had before agreements were dated.
    """

    created: DateRule
    kind: PeriodKind | None = None
    closed: tuple[date, ...]
    opening_hour: int
    first: str | None = None
    stretches: tuple[Stretch, ...] = ()

    @property
    def agreed(self) -> tuple[Stretch, ...]:
        """Return how often the product is agreed, by stretch."""
        if self.stretches or self.kind is None:
            return self.stretches
        first = Period.parse(self.first).start if self.first else None
        return (Stretch(kind=self.kind, first=first),)


ENDED = "De afspraak over dit product is geëindigd; er start niets meer vanzelf."
"""Why a recurrence stopped by itself."""


class Taken(Model):
    """An act that was taken: its id, and the digest of what it `said`."""

    id: str
    said: str


class Recurrence(Model):
    """The state of a recurrence: facts only. `period` and `start` are those of the next filing.

    `again_on` is the office day on which a start that was not possible is tried again, `problem` why not.
    """

    template: str
    relation: str
    sub_number: str
    product: str
    terms: Terms
    period: str
    start: date
    once: bool = False
    without_automations: bool = False
    paused: bool = False
    stopped: bool = False
    problem: str = ""
    again_on: date | None = None
    acts: tuple[Taken, ...] = ()

    @property
    def workflow_id(self) -> str:
        """Return the Temporal workflow id: no personal data, the relation is the office's own number."""
        return recurrence_id(self.template, self.relation, self.sub_number)


class Begun(Model):
    """The outcome of an attempt to start a filing: started (now or before) or why not; and today's terms."""

    started: bool
    problem: str = ""
    terms: Terms


def recurrence_id(template: str, relation: str, sub_number: str = "-") -> str:
    """Return the workflow id of a relation's recurrence of a template."""
    return f"recurrence/{template}/{relation}/{sub_number}"


def find_next_attempt(recurrence: Recurrence) -> datetime | None:
    """Return the office time at which the next start is to be tried; None while paused or stopped."""
    if recurrence.paused or recurrence.stopped:
        return None
    day = max(recurrence.start, recurrence.again_on or recurrence.start)
    return datetime.combine(day, time(recurrence.terms.opening_hour))


def after(recurrence: Recurrence, begun: Begun, today: date) -> Recurrence:
    """Return the recurrence after an attempt to start: with the next period, or the next office day."""
    changed = recurrence.model_copy(update={"terms": begun.terms, "problem": begun.problem})
    if begun.started:
        return advance_period(changed)
    if not (is_agreed_period(begun.terms, Period.parse(changed.period)) or changed.once):
        return _plan_from(changed, Period.parse(changed.period).start)
    again = add_working_days(today, 1, begun.terms.closed)
    return changed.model_copy(update={"again_on": again})


def advance_period(recurrence: Recurrence) -> Recurrence:
    """Return the recurrence with the following period as its next; stopped when it was to start once."""
    if recurrence.once:
        return recurrence.model_copy(update={"stopped": True, "again_on": None})
    day = Period.parse(recurrence.period).end + timedelta(days=1)
    return _plan_from(recurrence, day, day)


def go_back(recurrence: Recurrence) -> Recurrence:
    """Return the recurrence with the agreed period before as its next; as it is where there is none."""
    before = find_period_before(recurrence)
    if before is None:
        return recurrence
    return _plan(recurrence, before)


def find_period_before(recurrence: Recurrence) -> Period | None:
    """Return the agreed period that ends where the next one begins; None where none is, or it starts once."""
    if recurrence.once:
        return None
    begins = Period.parse(recurrence.period).start
    for kind in (one.kind for one in recurrence.terms.agreed if one.kind not in LOOSE):
        found = Period.holding(kind, begins - timedelta(days=1), begins)
        if found.end + timedelta(days=1) == begins and is_agreed_period(recurrence.terms, found):
            return found
    return None


def refresh(recurrence: Recurrence, terms: Terms) -> Recurrence:
    """Return the recurrence under other terms: its next start follows at once.

    A period that is not agreed any more makes way for the one that is; a day that somebody chose stays, and
    so does one that has come.
    """
    changed = recurrence.model_copy(update={"terms": terms})
    if recurrence.stopped or recurrence.once:
        return changed
    period = Period.parse(recurrence.period)
    if not is_agreed_period(terms, period):
        return _plan_from(changed, period.start)
    if recurrence.again_on is not None or recurrence.start != start_day(recurrence.terms, period):
        return changed
    return changed.model_copy(update={"start": start_day(terms, period)})


def find_following(recurrence: Recurrence) -> Period | None:
    """Return the agreed period that starts by itself after the next one; None where none does."""
    if recurrence.once:
        return None
    day = Period.parse(recurrence.period).end + timedelta(days=1)
    return find_period_from(recurrence.terms, day, day)


def is_agreed_period(terms: Terms, period: Period) -> bool:
    """Say whether a period is of the kind that is agreed over the stretch in which it begins."""
    return any(
        stretch.kind == period.kind
        and (stretch.first is None or stretch.first <= period.start)
        and (stretch.last is None or period.start <= stretch.last)
        for stretch in terms.agreed
    )


def find_period_from(terms: Terms, day: date, begun: date | None = None) -> Period | None:
    """Return the first period that is agreed and begins on that day or later; None where none is.

    Book years begin in the month of `begun`, a day on which one began, else in that of the agreement's first
    day. Nothing follows by itself where no period does.
    """
    for stretch in terms.agreed:
        if stretch.kind in LOOSE:
            continue
        first = max(day, stretch.first or day)
        known = begun if begun is not None and begun >= (stretch.first or begun) else stretch.first
        found = Period.holding(stretch.kind, first, known)
        found = found if found.start >= first else found.next()
        if stretch.last is None or found.start <= stretch.last:
            return found
    return None


def start_day(terms: Terms, period: Period) -> date:
    """Return the day on which the filing over a period starts: the plan's `created` rule."""
    anchor = period.start if terms.created.anchor == "period.start" else period.end
    return apply_date_rule(terms.created, anchor, terms.closed)


def _plan_from(recurrence: Recurrence, day: date, begun: date | None = None) -> Recurrence:
    """Plan the first agreed period that begins on a day or later; without one, stop and say so.

    `begun` is the day after the period before, on which a book year begins.
    """
    period = find_period_from(recurrence.terms, day, begun)
    if period is None:
        return recurrence.model_copy(update={"stopped": True, "again_on": None, "problem": ENDED})
    return _plan(recurrence, period)


def _plan(recurrence: Recurrence, period: Period) -> Recurrence:
    """Return the recurrence with this period as its next, on its own day."""
    start = start_day(recurrence.terms, period)
    changed = {"period": period.code, "start": start, "again_on": None, "problem": ""}
    return recurrence.model_copy(update=changed)


def digest_change(change: str, by: str, start: date | None) -> str:
    """Return the digest of a change and of who makes it: it tells two acts under one id apart."""
    content = {"change": change, "by": by, "start": start.isoformat() if start else None}
    return hashlib.sha256(canonical(content)).hexdigest()


def find_taken(recurrence: Recurrence, act: str) -> Taken | None:
    """Return the act that was taken under an id, or None."""
    return next((taken for taken in recurrence.acts if taken.id == act), None)


def remember_act(recurrence: Recurrence, taken: Taken) -> Recurrence:
    """Return the recurrence with one more taken act; only the last REMEMBERED are kept."""
    return recurrence.model_copy(update={"acts": (*recurrence.acts, taken)[-REMEMBERED:]})
