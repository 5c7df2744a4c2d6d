"""Moves of running filings to another plan in bulk: each wholly, as it was shown, or not at all (R40)."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from ...filing.outcome import Refusal
from ...filing.state import State
from ...office.bulk import Foreseen, Line, Outcome
from ...office.filings.filing import Filing, list_filings
from ...office.office_clock import office_now
from ...office.plans import PublishedPlan
from ...plan import Plan
from ...runtime.activities.latest_state import read_many_latest
from ..desk import Desk
from ..filings.acts import Outcome as Answer
from ..filings.move_verdicts import (
    ACTIVE,
    MoveLine,
    MoveWish,
    find_plan_by_start,
    find_targets,
    judge_filing,
    make_unreadable,
    narrow_wish,
)
from ..filings.moving import move_filing, refuse_mover
from .asking import Asked
from .carrying_acts import AT_ONCE, act_on
from .guarding import guard
from .kinds import By, Judged, make_line
from .naming import name_template
from .unmet import add_unmet

READ_AT_ONCE = 200
"""Filings whose states are opened together."""
FORESEEN: Mapping[str, Foreseen] = {"moves": "ready", "stays": "already"}
"""By a verdict what a dry run says of a line; of any other that it cannot be done."""
NOTHING_ELSE = "gaat verder op het andere plan; dagen en werk blijven nu zoals ze zijn"
MOVED = "verplaatst"
TO_MOVE = "wordt verplaatst zodra het kan"
WAITS_ALREADY = "wacht hier al op"
GONE = "Deze opdracht is er niet meer."


class _Move(NamedTuple):
    """How one filing is moved, and the mark of what was shown of it."""

    wish: MoveWish
    mark: str


class MovingFilings:
    """A move of each filing of a template to one plan."""

    def complete(self, connection: Connection, asked: Asked) -> Asked | Refusal:
        """Return what is asked with the plans by their whole digests, or why there are none such.

        The active plan stays that: a pilot's relations have another one than everyone.
        """
        how = asked.how
        if how is None or not asked.template:
            return Refusal(code="no_plan", text="Zeg van welk werkproces, en naar welk plan.")
        named: dict[str, str] = {}
        for name in (how.to, asked.origin):
            if name not in ("", ACTIVE):
                found = find_plan_by_start(connection, asked.template, name)
                if isinstance(found, Refusal):
                    return found
                named[name] = found.digest
        meant = {
            "how": how.model_copy(update={"to": named.get(how.to, how.to)}),
            "origin": named.get(asked.origin, asked.origin),
        }
        return name_template(connection, asked.model_copy(update=meant))

    def choose(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, numbers: tuple[str, ...]
    ) -> list[Judged] | Refusal:
        """Return a line for each filing that runs, where a plan is said that they come from each of that."""
        refusal = refuse_mover(connection, who)
        if refusal:
            return refusal
        origins = find_targets(connection, asked.template, asked.origin) if asked.origin else None
        if isinstance(origins, Refusal):
            return origins
        found = [
            one
            for one in list_filings(connection, template=asked.template, status="loopt", relations=numbers)
            if origins is None or one.plan == origins(one.relation).digest
        ]
        lines = _judge(desk, connection, asked, found)
        if isinstance(lines, Refusal):
            return lines
        nobody = Refusal(code="nobody", text="Er is geen lopende opdracht waarvoor dit kan.")
        return add_unmet(connection, numbers, lines, "geen lopende opdracht hiervoor") or nobody

    def judge(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, lines: Sequence[Line]
    ) -> list[Judged] | Refusal:
        """Return what each line comes to now."""
        refusal = refuse_mover(connection, who)
        if refusal:
            return refusal
        relations = {one.relation for one in lines}
        known = {
            one.id: one for one in list_filings(connection, template=asked.template, relations=relations)
        }
        there = [known[one.filing] for one in lines if one.filing in known]
        judged = _judge(desk, connection, asked, there)
        if isinstance(judged, Refusal):
            return judged
        found = dict(zip((one.id for one in there), judged, strict=True))
        return [found.get(one.filing or "") or _make_gone(one) for one in lines]

    async def carry_out(
        self, desk: Desk, by: By, asked: Asked, lines: Sequence[tuple[Line, Judged]]
    ) -> list[Outcome]:
        """Move each filing, a few at once."""
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(line: Line, judged: Judged) -> Outcome:
            async def send() -> Answer:
                move: _Move = judged.work
                wish = move.wish.model_copy(update={"reason": asked.reason})
                id = by.act_id(line.number)
                filing, when_safe = line.filing or "", asked.when_safe
                moved = await move_filing(desk, by.who, filing, wish, move.mark, id, when_safe=when_safe)
                return moved.outcome

            async with slots:
                did = TO_MOVE if asked.when_safe else MOVED
                return await guard(line, act_on(desk, by, line, judged, did, send))

        return list(await asyncio.gather(*(one(*pair) for pair in lines)))


def _judge(
    desk: Desk, connection: Connection, asked: Asked, filings: Sequence[Filing]
) -> list[Judged] | Refusal:
    targets = find_targets(connection, asked.template, (asked.how or MoveWish()).to)
    if isinstance(targets, Refusal):
        return targets
    now, open_sealed = office_now(connection), desk.equipment.document_ring.open_sealed
    lines = []
    for first in range(0, len(filings), READ_AT_ONCE):
        some = filings[first : first + READ_AT_ONCE]
        known = read_many_latest(connection, [one.id for one in some], open_sealed)
        for one in some:
            lines.append(_judge_one(asked, one, known.get(one.id), targets(one.relation), now))
    return lines


def _judge_one(
    asked: Asked, filing: Filing, known: tuple[Plan, State] | None, target: PublishedPlan, now: datetime
) -> Judged:
    how = asked.how or MoveWish()
    if known is None:
        return _make_line(asked, filing, make_unreadable(filing, target), how)
    plan, state = known
    wish = narrow_wish(plan, state, target, how)
    found = judge_filing(filing, plan, state, target, wish, now, when_safe=asked.when_safe)
    waits = state.case.move
    same = waits is not None and not waits.dropped and waits.plan == target.digest
    return _make_line(asked, filing, found, wish, waits=same and asked.when_safe)


def _make_gone(line: Line) -> Judged:
    """Return the line of a filing that was removed with its relation since it was shown."""
    return Judged(make_line(line.relation, "not_ready", GONE, sub_number=line.sub_number, filing=line.filing))


def _make_line(
    asked: Asked, filing: Filing, found: MoveLine, wish: MoveWish, *, waits: bool = False
) -> Judged:
    """Return the line of a filing; `waits` says that a move of it to this plan waits already."""
    foreseen = FORESEEN.get(found.verdict, "not_ready")
    effects = " ".join(one.text for one in found.effects)
    reasons = " ".join(one.text for one in found.reasons)
    text = effects or reasons or NOTHING_ELSE
    if waits:
        foreseen, text = "already", WAITS_ALREADY
    elif found.verdict == "later" and asked.when_safe:
        foreseen, text = "ready", f"{reasons} Dan: {effects or NOTHING_ELSE}"
    line = make_line(
        filing.relation,
        foreseen,
        text,
        product=filing.product,
        sub_number=filing.sub_number,
        filing=filing.id,
        about=found.mark,
    )
    return Judged(line, _Move(wish, found.mark))
