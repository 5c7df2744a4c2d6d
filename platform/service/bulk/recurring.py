"""Stopping what starts by itself for many relations, and moving the day of the next start."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from ...filing.outcome import Refusal, gather_refusals
from ...office.bulk import Foreseen, Line, Outcome
from ...office.filings.recurrences import Recurrence, list_recurrences
from ...office.office_clock import office_now
from ...period import Period, in_words
from ..desk import Desk
from ..names import recurrence_name
from ..starting.later_starts import refuse_moves
from ..starting.recurrences import Changed, Unknown, change, refuse_start
from .asking import Asked
from .guarding import guard
from .kinds import By, Judged, come_to, come_to_unknown, make_line
from .naming import name_template
from .unmet import add_unmet


class _Foreseen(NamedTuple):
    """What would become of a recurrence, and what of it the line keeps."""

    foreseen: Foreseen
    text: str
    item: str


class Changing(ABC):
    """One change of each recurrence of the relations; a single start on a later day is one too."""

    did = ""

    def complete(self, connection: Connection, asked: Asked) -> Asked | Refusal:
        """Return what is asked with its template's title."""
        return name_template(connection, asked)

    def choose(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, numbers: tuple[str, ...]
    ) -> list[Judged] | Refusal:
        """Return a line for each recurrence of the relations, and one for each relation without."""
        found = list_recurrences(connection, template=asked.template or None, numbers=numbers)
        nobody = Refusal(code="nobody", text="Voor deze relaties start niets vanzelf.")
        refused = self._refuse(connection, asked, found)
        lines = [self._judge(asked, one, refused) for one in found]
        return add_unmet(connection, numbers, lines, "hier start niets vanzelf") or nobody

    def judge(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, lines: Sequence[Line]
    ) -> list[Judged] | Refusal:
        """Return how each recurrence stands now; its row goes with a relation that is removed."""
        numbers = {one.relation for one in lines}
        known = {one.workflow_id: one for one in list_recurrences(connection, numbers=numbers)}
        refused = self._refuse(connection, asked, [*known.values()])
        gone = (
            Judged(make_line(one.relation, "not_ready", "is er niet meer", sub_number=one.sub_number))
            for one in lines
        )
        return [
            self._judge(asked, known[one.filing], refused) if one.filing in known else none
            for one, none in zip(lines, gone, strict=True)
        ]

    async def carry_out(
        self, desk: Desk, by: By, asked: Asked, lines: Sequence[tuple[Line, Judged]]
    ) -> list[Outcome]:
        """Change each, one after another."""
        return [await guard(line, self._settle(desk, by, asked, line)) for line, _ in lines]

    async def _settle(self, desk: Desk, by: By, asked: Asked, line: Line) -> Outcome:
        answer = await self._send(desk, by, asked, line)
        if isinstance(answer, Unknown):
            return come_to_unknown(line, answer)
        if isinstance(answer, Refusal):
            return come_to(line, "refused", answer.text)
        return come_to(line, "done", self.did)

    def _judge(self, asked: Asked, one: Recurrence, refused: Mapping[str, Refusal]) -> Judged:
        found, refusal = self._foresee(asked, one), refused.get(one.workflow_id)
        if refusal and found.foreseen == "ready":
            found = _Foreseen("not_ready", refusal.text, found.item)
        return Judged(
            make_line(
                one.relation,
                found.foreseen,
                found.text,
                product=one.product,
                sub_number=one.sub_number,
                filing=one.workflow_id,
                item=found.item,
            )
        )

    def _refuse(
        self, connection: Connection, asked: Asked, found: Sequence[Recurrence]
    ) -> Mapping[str, Refusal]:
        """Return by workflow id why recurrences cannot be changed so, as far as their plans say."""
        return {}

    @abstractmethod
    def _foresee(self, asked: Asked, one: Recurrence) -> _Foreseen: ...

    @abstractmethod
    async def _send(self, desk: Desk, by: By, asked: Asked, line: Line) -> Changed | Refusal | Unknown: ...


class Stopping(Changing):
    """Stopping recurrences; filings that run go on."""

    did = "gestopt"

    def _foresee(self, asked: Asked, one: Recurrence) -> _Foreseen:
        if one.status == "stopped":
            return _Foreseen("already", "is al gestopt", one.template)
        return _Foreseen("ready", f"start niet meer: {_say_next(one)}", one.template)

    async def _send(self, desk: Desk, by: By, asked: Asked, line: Line) -> Changed | Refusal | Unknown:
        return await change(desk, by.who, _name_of(line), "stop", by.act_id(line.number))


class Moving(Changing):
    """Having the next start on another day; those after it start on their own."""

    did = "verplaatst"

    def complete(self, connection: Connection, asked: Asked) -> Asked | Refusal:
        """Return what is asked with its template's title; refuse a day that has been, or is far ahead."""
        named, day = name_template(connection, asked), asked.start_date
        no_day = Refusal(code="no_day", text="Kies de dag waarop de opdrachten moeten starten.")
        refusal = refuse_start(day, office_now(connection).date()) if day else no_day
        return gather_refusals(refusal, named) or named

    def _foresee(self, asked: Asked, one: Recurrence) -> _Foreseen:
        assert asked.start_date is not None
        period = Period.parse(one.next_period)
        if one.status == "stopped":
            return _Foreseen("not_ready", "is gestopt: er start niets meer", one.next_period)
        if asked.period and asked.period != period.code:
            return _Foreseen("not_ready", f"Eerst start {_say_next(one)}.", one.next_period)
        if one.next_start == asked.start_date:
            return _Foreseen("already", f"start al op {in_words(one.next_start)}", one.next_period)
        days = f"van {in_words(one.next_start)} naar {in_words(asked.start_date)}"
        return _Foreseen("ready", f"{period.words}: {days}", one.next_period)

    def _refuse(
        self, connection: Connection, asked: Asked, found: Sequence[Recurrence]
    ) -> Mapping[str, Refusal]:
        """Return which would hold up what comes after them, or come after their last day by law."""
        assert asked.start_date is not None
        today = office_now(connection).date()
        return refuse_moves(connection, found, asked.start_date, today, past_legal_day=asked.anyway)

    async def _send(self, desk: Desk, by: By, asked: Asked, line: Line) -> Changed | Refusal | Unknown:
        """Move the start of the period that was shown, whichever is next by now."""
        return await change(
            *(desk, by.who, _name_of(line), "set_start", by.act_id(line.number)),
            start=asked.start_date,
            seen=line.item,
            past_legal_day=asked.anyway,
        )


def _name_of(line: Line) -> str:
    return recurrence_name(line.filing or "")


def _say_next(one: Recurrence) -> str:
    return f"{Period.parse(one.next_period).words} op {in_words(one.next_start)}"
