"""What `step` answers: the new state with what follows from it, or a refusal; and the timeline's entries."""

from datetime import datetime
from typing import Literal, NamedTuple

from ..data import Struct, replace
from .commands import AnyCommand
from .state import Case, State


class Entry(Struct):
    """One line of the timeline: who did what, when, in which phase.

    `what` is a stable English word such as phase_entered; `data` holds what the sentence needs (titles,
    reasons, hashes, dates in ISO form). office/overviews/sentences.py says it in Dutch.
    """

    at: datetime
    by: str
    what: str
    phase: str | None = None
    data: dict[str, str]
    audience: str | None = None
    """For whom it is, as `kantoor.audience` has it; None for the office."""


class Refusal(Struct):
    """Why an event is not taken: a stable code, and a Dutch sentence that says what to do.

    `see` names the list where people find what they need, `field` what of a form it is about; each face says
    in its own way how they get there. `others` are what else is in the way, where all of it is told at once.
    """

    code: str
    text: str
    see: Literal["people", "relations", "filings", "recurrences", "dossier"] | None = None
    field: str | None = None
    others: "tuple[Refusal, ...]" = ()

    @property
    def all(self) -> "tuple[Refusal, ...]":
        """Return all that is in the way, this first."""
        return self, *self.others


def gather_refusals(*found: object) -> Refusal | None:
    """Return as one what of these are refusals, each once; None where none is."""
    all_of_them = (one for some in found if isinstance(some, Refusal) for one in some.all)
    each = list({(one.code, one.text): one for one in all_of_them}.values())
    return replace(each[0], others=tuple(each[1:])) if each else None


ACT_ID_USED = Refusal(
    code="act_id_used",
    text="Dit nummer is al voor een andere handeling gebruikt. Kies een nieuw nummer.",
)


class Made(NamedTuple):
    """One thing that a step made, an entry or a command, and how the filing stood when it was made."""

    case: Case
    entry: Entry | None = None
    command: AnyCommand | None = None


class Step(Struct):
    """The event was taken.

    `sequence` is the number it got; for an act that was taken before (`repeated`) the number it got then,
    with the state unchanged and nothing to do. `made` has entries and commands together, in the order in
    which they were made, for who asks what came first; nothing of `name_absent` is in it.
    """

    state: State
    commands: tuple[AnyCommand, ...] = ()
    entries: tuple[Entry, ...] = ()
    made: tuple[Made, ...] = ()
    sequence: int
    repeated: bool = False
