"""Stopping what starts by itself, for many relations."""

from collections.abc import Sequence

from sqlalchemy import Connection

from ...filing.outcome import Refusal
from ...office.bulk import Foreseen, Line, Outcome
from ...office.filings.recurrences import Recurrence, list_recurrences
from ...period import Period, in_words
from ..desk import Desk
from ..names import recurrence_name
from ..recurrences import Unknown, change
from .asking import Asked
from .guarding import guard
from .kinds import NOT_KNOWN, By, Judged, come_to, make_line
from .naming import name_template
from .unmet import add_unmet


class Stopping:
    """Stopping recurrences; filings that run go on."""

    def complete(self, connection: Connection, asked: Asked) -> Asked | Refusal:
        """Return what is asked with its template's title."""
        return name_template(connection, asked)

    def choose(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, numbers: tuple[str, ...]
    ) -> list[Judged] | Refusal:
        """Return a line for each recurrence of the relations, and one for each relation without."""
        found = list_recurrences(connection, template=asked.template or None, numbers=numbers)
        nobody = Refusal(code="nobody", text="Voor deze relaties start niets vanzelf.")
        lines = [_judge(one) for one in found]
        return add_unmet(connection, numbers, lines, "hier start niets vanzelf") or nobody

    def judge(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, lines: Sequence[Line]
    ) -> list[Judged] | Refusal:
        """Return how each recurrence stands now."""
        numbers = {one.relation for one in lines}
        known = {one.workflow_id: one for one in list_recurrences(connection, numbers=numbers)}
        return [_judge_again(one, known.get(one.filing or "")) for one in lines]

    async def carry_out(
        self, desk: Desk, by: By, asked: Asked, lines: Sequence[tuple[Line, Judged]]
    ) -> list[Outcome]:
        """Stop each, one after another."""
        return [await guard(line, _stop(desk, by, line)) for line, _ in lines]


async def _stop(desk: Desk, by: By, line: Line) -> Outcome:
    name = recurrence_name(line.filing or "")
    answer = await change(desk, by.who, name, "stop", by.act_id(line.number))
    if isinstance(answer, Unknown):
        return come_to(line, "unknown", NOT_KNOWN)
    if isinstance(answer, Refusal):
        return come_to(line, "refused", answer.text)
    return come_to(line, "done", "gestopt")


def _judge_again(line: Line, now: Recurrence | None) -> Judged:
    """Return how a recurrence stands now; its row goes with a relation that is removed."""
    if now:
        return _judge(now)
    return Judged(make_line(line.relation, "not_ready", "is er niet meer", sub_number=line.sub_number))


def _judge(one: Recurrence) -> Judged:
    following = f"{Period.parse(one.next_period).words} op {in_words(one.next_start)}"
    foreseen: Foreseen = "already" if one.status == "stopped" else "ready"
    text = "is al gestopt" if one.status == "stopped" else f"start niet meer: {following}"
    return Judged(
        make_line(
            one.relation,
            foreseen,
            text,
            product=one.product,
            sub_number=one.sub_number,
            filing=one.workflow_id,
            item=one.template,
        )
    )
