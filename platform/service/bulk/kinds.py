"""What a kind of bulk run gives: it chooses lines, judges them again, and does them (R30).

Lines that are sent to Temporal are done a few at a time by a workflow (`Sending`); edits of relations are
written all at once, in the transaction in which they are confirmed (`Writing`).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy import Connection

from ...data import canonical, digest_of
from ...filing.outcome import Refusal
from ...office.bulk import Foreseen, Line, LineStatus, NewLine, Outcome, Run
from ...runtime.client import Unknown
from ...words import say_unknown
from ..desk import Desk
from .asking import Asked

FAULT = "Hier ging iets mis bij ons. Kijk bij de opdracht of het is gebeurd."
CHANGED = "Veranderd sinds u keek: {}"


class Judged(NamedTuple):
    """A line as it is now, with what is needed to carry it out."""

    line: NewLine
    work: Any = None


class By(NamedTuple):
    """In which run (its id) something is done, for whom, and whether an earlier attempt may have done it."""

    run: str
    who: str
    again: bool

    def act_id(self, line: int) -> str:
        """Return the id of the act of a line: the same however often it is tried."""
        return f"bulk-{self.run}-{line}"


class Kind(Protocol):
    """What a bulk run can do."""

    def complete(self, connection: Connection, asked: Asked) -> Asked | Refusal:
        """Return what is asked with what is kept of it, such as titles, or what of it lacks."""

    def choose(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, numbers: tuple[str, ...]
    ) -> list[Judged] | Refusal:
        """Return the lines of what is selected, or why nothing can be done at all."""


class Sending(Kind, Protocol):
    """A kind whose lines are sent, each for itself, once it says the same as was shown."""

    def judge(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, lines: Sequence[Line]
    ) -> list[Judged] | Refusal:
        """Return these lines as they are now, in order, or why nothing can be done any more."""

    async def carry_out(
        self, desk: Desk, by: By, asked: Asked, lines: Sequence[tuple[Line, Judged]]
    ) -> list[Outcome]:
        """Do lines, each once however often it is tried; return what became of them.

        What goes wrong in one line is told of that line. Raises ServerAwayError and DatabaseError; then the
        same lines again go on, as lines that may have been done.
        """


class Writing(Kind, Protocol):
    """A kind whose lines are written in one transaction; it chooses by a writing connection too."""

    def write(
        self, desk: Desk, connection: Connection, run: Run, asked: Asked, lines: Sequence[Line]
    ) -> list[Outcome]:
        """Write those of these lines that are as they were shown; return what became of each."""


def make_line(
    relation: str,
    foreseen: Foreseen,
    text: str,
    *,
    product: str | None = None,
    sub_number: str,
    filing: str | None = None,
    item: str = "",
    about: Any = None,
    since: str = "",
    advice: Sequence[str] = (),
) -> NewLine:
    """Return a line; `about` is what must be the same too when it is done, though it is not shown.

    `since` and `advice` are shown behind the text and need not be the same: whether a day has passed hangs on
    the hour at which it is done, and advice stops nothing.
    """
    told = f"{text}{since}"
    return NewLine(
        relation=relation,
        product=product,
        sub_number=sub_number,
        filing=filing,
        item=item,
        foreseen=foreseen,
        text=f"{told}. {say_advice(advice)}" if advice else told,
        seen=digest_of(canonical([foreseen, text, product, filing, item, about])),
    )


def come_to(line: Line, status: LineStatus, said: str) -> Outcome:
    """Return what a line has come to."""
    return Outcome(number=line.number, status=status, said=said)


def come_to_unknown(line: Line, answer: Unknown | None = None) -> Outcome:
    """Return that it is not known what a line has come to, and why where that is known."""
    fault = answer is not None and answer.fault is not None
    unattended = answer is not None and answer.unattended
    return come_to(line, "unknown", say_unknown(fault=fault, unattended=unattended))


def say_advice(advice: Sequence[str]) -> str:
    """Return sentences of advice as one that follows on what would happen."""
    return f"Aangeraden, niet verplicht: {' '.join(advice)}"
