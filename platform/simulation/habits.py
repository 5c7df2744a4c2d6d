"""The small model of who does what and when, with defaults under which a filing goes on by itself."""

from typing import Any, Literal

import msgspec

from ..data import Struct

OFFICE_HOUR, CLIENT_HOUR = 11, 10
"""When on a day the office and the client act; waiting dates come before, at the opening hour."""


Pace = Literal["at_once", "on_target"]


class OfficeHabits(Struct):
    """How the office works: working days after something can be done until it is done.

    What a phase asks is done on one day: facts, required checkpoints, documents, completion. `phase_workdays`
    and `outcomes` are by phase, `facts` by fact as people write them (an amount in euros); what is not named
    there is invented, or the first that is possible.
    """

    workdays: int = 1
    pace: Pace = "at_once"
    """`on_target` lets work wait for the target date of its phase, as an office does that has much to do."""
    phase_workdays: dict[str, int] = msgspec.field(default_factory=dict)
    thorough: bool = False
    """Whether checkpoints that are not required are ticked too."""
    facts: dict[str, Any] = msgspec.field(default_factory=dict)
    outcomes: dict[str, str] = msgspec.field(default_factory=dict)
    looks_after: int = 1
    """Working days until what a client gave is accepted."""
    retries_after: int = 1
    """Working days, at least one, until what stands still is tried again."""
    retries: int = 3
    """How often in a phase; then it is left."""
    leaves: tuple[str, ...] = ()
    """Phases in which nobody does anything, so that they are chased and escalated."""


class ClientHabits(Struct):
    """How the client behaves, in working days. `decides`: how offers are answered, each of them.

    `reject_once` rejects the first offer of the filing and approves the others. `answers` are given by form
    and field; what is required and not given is invented.
    """

    decides: Literal["approve", "reject_once", "reject", "silent"] = "approve"
    decides_after: int = 2
    gives: Literal["all", "nothing"] = "all"
    """What is given of what is asked: requests and tasks."""
    gives_after: int = 3
    answers: dict[str, dict[str, Any]] = msgspec.field(default_factory=dict)
    reason: str = "Dit klopt niet met onze eigen cijfers."
    """Why an offer is rejected."""


class People(Struct):
    """Who acts by themselves; None for whoever only does what the caller has them do."""

    office: OfficeHabits | None = OfficeHabits()
    client: ClientHabits | None = ClientHabits()


SILENT = ClientHabits(decides="silent", gives="nothing")
"""A client who never reacts."""
