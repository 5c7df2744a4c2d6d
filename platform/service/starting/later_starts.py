"""Until which day the next start of a recurrence may be moved: those behind it wait for it (R28)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from ...filing.outcome import Refusal
from ...filing.rules import Rules
from ...office.filings.recurrences import Recurrence as Row
from ...office.plans import plans_in_force
from ...office.relations.relation import all_relations, stretches_of
from ...office.relations.snapshot import load_snapshot
from ...period import Period, in_words
from ...recurrence import Recurrence, find_following, start_day
from ...runtime.preparing import agreed_products
from ...runtime.recurrence_client import make_terms, recurrence_of
from ..origins import make_origin

_DAY = timedelta(days=1)


def refuse_moves(
    connection: Connection, rows: Sequence[Row], start: date, today: date, *, past_legal_day: bool = False
) -> Mapping[str, Refusal]:
    """Return by workflow id why the next start of these cannot be moved to a day.

    It would hold up the period behind it, or comes after the last day by law of its own period, which
    `past_legal_day` says is meant.
    """
    numbers = {one.relation for one in rows}
    snapshot, in_force = load_snapshot(connection, numbers, today), plans_in_force(connection)
    relations = {one.number: one for one in all_relations(connection, numbers)}
    found = dict[str, Refusal]()
    for row in rows:
        published, held = in_force.find(row.template, row.relation), snapshot.held.get(row.relation)
        if published is None or held is None or snapshot.office is None:
            continue
        agreed = stretches_of(agreed_products(held.products, published.plan.products), row.sub_number)
        if not agreed:
            continue
        planned = recurrence_of(row, make_terms(published.plan, snapshot.office, agreed, today))
        refusal = refuse_holding_up(planned, start, today)
        if refusal is None and not past_legal_day:
            period = Period.parse(row.next_period)
            taken = ([one for one in agreed if one.days.first <= period.start] or agreed)[-1]
            origin = make_origin(
                *(snapshot.office, row.template, relations[row.relation], taken, period, start)
            )
            refusal = _refuse_past_legal_day(Rules(published.plan, origin), start, today)
        if refusal is not None:
            found[row.workflow_id] = refusal
    return found


def refuse_holding_up(planned: Recurrence, start: date, today: date, *, new: bool = False) -> Refusal | None:
    """Refuse a day on which the period behind the next one should have started by itself.

    `new` is a recurrence that is yet to begin.
    """
    following = find_following(planned)
    if following is None:
        return None
    own = start_day(planned.terms, following)
    last = max(own - _DAY, today)
    if start <= last:
        return None
    period = Period.parse(planned.period).words
    instead = f"sla {period} dan over en start die met de hand op de dag die u bedoelt"
    if new:
        instead = f"start {period} dan zonder herhaling, of laat de herhaling beginnen met {following.words}"
    text = (
        f"{in_words(start)} is te laat: {following.words} start vanzelf op {in_words(own)} en zou daarop "
        f"wachten. Kies een dag tot en met {in_words(last)}. Moet het later, {instead}."
    )
    return Refusal(code="holds_up", text=text)


def _refuse_past_legal_day(rules: Rules, start: date, today: date) -> Refusal | None:
    days = ((rules.deadline_day(one.id), one.title) for one in rules.deadlines())
    passed = [(day, title) for day, title in days if day and today <= day < start]
    if not passed:
        return None
    day, title = min(passed)
    text = (
        f"De laatste dag van '{title}' is {in_words(day)}: die is voorbij voordat de opdracht start. "
        "Kies een eerdere dag, of zeg dat het later mag."
    )
    return Refusal(code="past_legal_day", text=text)
