"""What is asked of a bulk run, and its lines as they are worked out: first, and again before each is done."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple, Protocol

from sqlalchemy import Connection

from ...data import canonical, digest_of
from ...filing.outcome import Refusal
from ...office.bulk import Foreseen, Line, LineStatus, NewLine, Outcome
from ...period import Period, in_words
from ...plan import Model
from ...words import ACTION_WORDS
from ..desk import Desk

_COMMAND = re.compile(r" (?:\(--\w+\)|Zie `[^`]*`\.)")

Action = Literal["start", "release", "hold", "resume", "reassign", "stop"]
"""Nobody reviews, approves or signs in bulk: that is looked at one by one."""

FAULT = "Hier ging iets mis bij ons. Kijk bij de opdracht of het is gebeurd."
NOT_KNOWN = "Het is niet bekend of dit is aangekomen."
CHANGED = "Veranderd sinds u keek: {}"


class Asked(Model):
    """An action with its values; which relations it is for is frozen in the lines.

    `template` and `period` (a code) narrow what is acted on, and are needed for a start; `person` is whose
    work is given to `to`, `until` the day to which a filing is held. `title` is the template's, kept with it.
    """

    action: Action
    template: str = ""
    title: str = ""
    period: str = ""
    start_date: date | None = None
    recurring: bool = False
    without_automations: bool = False
    anyway: bool = False
    until: date | None = None
    person: str = ""
    to: str = ""
    reason: str = ""


class Judged(NamedTuple):
    """A line as it is now, with what is needed to carry it out."""

    line: NewLine
    work: Any = None


class Kind(Protocol):
    """What a bulk run can do."""

    def choose(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, numbers: tuple[str, ...]
    ) -> list[Judged] | Refusal:
        """Return the lines of what is selected, or why nothing can be done at all."""

    def judge(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, lines: Sequence[Line]
    ) -> list[Judged] | Refusal:
        """Return these lines as they are now, in order, or why nothing can be done any more."""

    async def carry_out(
        self, desk: Desk, by: "By", asked: Asked, lines: Sequence[tuple[Line, Judged]]
    ) -> list[Outcome]:
        """Do lines, each once however often it is tried; return what became of them.

        What goes wrong in one line is told of that line. Raises ServerAwayError and DatabaseError; then the
        same lines again go on, as lines that may have been done.
        """


class By(NamedTuple):
    """In which run (its id) something is done, for whom, and whether an earlier attempt may have done it."""

    run: str
    who: str
    again: bool

    def act_id(self, line: int) -> str:
        """Return the id of the act of a line: the same however often it is tried."""
        return f"bulk-{self.run}-{line}"


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
    advice: Sequence[str] = (),
) -> NewLine:
    """Return a line; `about` is what must be the same too when it is done, though it is not shown.

    `advice` is shown and need not be the same: it stops nothing.
    """
    return NewLine(
        relation=relation,
        product=product,
        sub_number=sub_number,
        filing=filing,
        item=item,
        foreseen=foreseen,
        text=f"{text}. {say_advice(advice)}" if advice else text,
        seen=digest_of(canonical([foreseen, text, product, filing, item, about])),
    )


def come_to(line: Line, status: LineStatus, said: str) -> Outcome:
    """Return what a line has come to."""
    return Outcome(number=line.number, status=status, said=said)


def say_advice(advice: Sequence[str]) -> str:
    """Return sentences of advice as one that follows on what would happen."""
    return f"Aangeraden, niet verplicht: {' '.join(advice)}"


def leave_out_commands(text: str) -> str:
    """Return a sentence without what it says of commands, which pages have none of."""
    return _COMMAND.sub("", text)


def describe(asked: Asked, names: Mapping[str, str]) -> str:
    """Return in Dutch what is asked; `names` are those of colleagues by id."""
    about = [asked.title] if asked.title else []
    if asked.period:
        about.append(f"over {Period.parse(asked.period).words}")
    said = " ".join([*about, ACTION_WORDS[asked.action]])
    more = []
    if asked.action == "start" and asked.start_date:
        more.append(f"startdatum {in_words(asked.start_date)}")
    if asked.recurring:
        more.append("daarna automatisch voor elke volgende periode")
    if asked.until:
        more.append(f"tot {in_words(asked.until)}")
    if asked.person:
        more.append(f"van {names.get(asked.person, asked.person)} aan {names.get(asked.to, asked.to)}")
    return ", ".join([said[:1].upper() + said[1:], *more])
