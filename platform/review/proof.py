"""What a walk of both machines says of a change (`kantoor diff --prove`), as data; `proving` works it out."""

from datetime import date
from typing import Literal

from ..data import ListLine

MOST = 40_000
"""Pairs of states of one walk after which it stops, and says so."""

Outcome = Literal["texts", "alike", "differs", "elsewhere", "together", "inconclusive"]
"""`texts`: only texts differ. `alike`: both machines do the same in every state. `differs`: a filing goes
differently. `elsewhere`: the machine does not read it. `together`: it cannot be carried out without other
changes. `inconclusive`: nothing differed as far as was looked, and there is more, or `untried` says of which
values that could tell the plans apart not every one was tried."""

Claim = Literal["proved", "refuted", "inconclusive"]


class ProofStep(ListLine):
    """One step of a way: its number, the day, the move as policies name it, and what it gives, in Dutch."""

    number: int
    day: date
    move: str
    text: str


class Way(ListLine):
    """The shortest way of an invented filing to a difference: its steps, and how it is before and after."""

    filing: str
    steps: tuple[ProofStep, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


class ChangeProof(ListLine):
    """What was found of one change in one template; `reader` says who reads it where the machine does not."""

    change: str
    outcome: Outcome
    states: int = 0
    way: Way | None = None
    reader: str | None = None
    untried: tuple[str, ...] = ()


class Newly(ListLine):
    """What somebody can do that they could not: as a sentence, with the shortest way to it.

    There is no way where who that is follows from whom the office looks up: by a fallback, or a function.
    """

    sentence: str
    way: Way | None = None


class Rights(ListLine):
    """Whether nobody can do what they could not before; `newly` has what refutes it, the nearest first."""

    outcome: Claim
    states: int
    newly: tuple[Newly, ...] = ()
    untried: tuple[str, ...] = ()


class TemplateProof(ListLine):
    """What was found of one template: of its whole change, of each change apart, and of who may what."""

    template: str
    outcome: Outcome
    states: int
    steps: int
    filings: int
    changes: tuple[ChangeProof, ...]
    rights: Rights
    way: Way | None = None
    untried: tuple[str, ...] = ()


class Proof(ListLine):
    """What was found of all templates that change; walks stopped at `most` states of a template."""

    most: int
    templates: tuple[TemplateProof, ...]
    office: tuple[ChangeProof, ...] = ()
    """Changes of what is the office's own: the machine reads none of it."""
