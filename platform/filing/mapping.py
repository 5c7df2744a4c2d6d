"""What is said of a move to another plan: what the office chooses (Mapping), and what it does (Effect)."""

from typing import Literal

import msgspec

from ..data import Struct

DIGEST_SHOWN = 12
"""So many characters of a plan's digest are shown to people."""


class Mapping(Struct):
    """What the office says of a move where the plans alone do not tell it; every choice is explicit.

    `phases` has the ids of the newer plan by those of the older, where they differ; several that become one
    merge. Where nobody names any they are those that the definitions say (`moving.fill_in_phases`). `back_to`
    is the phase of the newer plan to which the work goes back, which may be the active one: it begins again.
    `without` are safeguards, phases' documents aside, that the office does without from now on, as the
    reasons of a refusal name them (`item`); a filing that would not lose one cannot move so. `dropped` are
    dated automations of active phases (`phase.automation`) that do not run in this round, `kept` those that
    run on the day on which they would have run on the older plan.
    """

    phases: dict[str, str] = msgspec.field(default_factory=dict)
    back_to: str | None = None
    without: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    @property
    def chooses(self) -> bool:
        """Whether the move does more than going on by the other plan: such a move is never needless."""
        return bool(self.back_to or self.without or self.dropped or self.kept)


class Effect(Struct):
    """One thing that a move does, shown before and carried out after: never the one without the other.

    `renamed` is a phase that goes on under another id, from `before` to `after`. `told` is what else to know
    and `lost` what the way back does not bring back, by the codes of the verdict; `without` a safeguard that
    the office does without. `kept` is a dated automation that runs on the day `after`, and on `before` by
    the plan alone. `active` are the phases whose turn it is, `date` a waiting date and `work` open
    work, each as it was and as it becomes: ids, ISO days, titles, roles; nothing that somebody wrote.
    `command` is what the office does outside at once: its kind, and the message, document or template that
    it is about. Phases are those of the newer plan.
    """

    what: Literal["renamed", "active", "told", "lost", "without", "kept", "date", "work", "command"]
    code: str = ""
    phase: str | None = None
    item: str | None = None
    before: str | None = None
    after: str | None = None
