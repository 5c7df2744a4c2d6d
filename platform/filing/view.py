"""What people see of a filing, derived from plan and state: open work, dates, documents, offers."""

from datetime import date, datetime
from typing import Literal

from ..plan import Model, Planner, Proof, Way
from .events import Shown


class CheckpointView(Model):
    """A checkpoint that applies here, with who ticked it in this round."""

    id: str
    title: str
    required: bool
    by: str | None = None
    at: datetime | None = None


class PhaseView(Model):
    """A phase as it stands; `due` is its target date."""

    id: str
    title: str
    role: str
    status: Literal["pending", "waiting", "active", "completed", "skipped"]
    round: int
    due: date | None = None
    checkpoints: tuple[CheckpointView, ...] = ()
    documents: tuple[str, ...] = ()
    """Documents that are made here."""
    reviews: tuple[Shown, ...] = ()
    """What a review here is to be done on, as it stands now."""


class DeadlineView(Model):
    """A deadline with its day; the law's article where it is statutory."""

    id: str
    title: str
    law: str | None
    due: date
    earliest: date | None
    status: Literal["open", "met", "missed"]


class DocumentView(Model):
    """A declared document; `shown` is None until it is attached."""

    id: str
    title: str
    report: str | None
    phase: str
    """Where it is made."""
    shown: Shown | None


class OfferView(Model):
    """An offer of the current round and what it waits for."""

    phase: str
    way: Way | None
    status: Literal["preparing", "standing_still", "to_release", "sending", "waiting", "ended"]
    documents: tuple[Shown, ...]
    recipients: tuple[str, ...]
    sent: datetime | None
    problem: str | None


class WorkItem(Model):
    """One thing that waits for somebody: holders of `roles`, or these contacts.

    `id` is what an act names: the phase, or the task. `missing` says in Dutch what stands in the way.
    """

    kind: Literal["phase", "attach", "release", "client", "decide", "task", "stalled"]
    id: str
    phase: str
    title: str
    roles: tuple[str, ...] = ()
    contacts: tuple[str, ...] = ()
    due: date | None = None
    missing: tuple[str, ...] = ()
    proof: Proof | None = None


class View(Model):
    """Everything about a filing that lists, planner and people need."""

    title: str
    planner: Planner
    phases: tuple[PhaseView, ...]
    deadlines: tuple[DeadlineView, ...]
    documents: tuple[DocumentView, ...]
    offers: tuple[OfferView, ...]
    work: tuple[WorkItem, ...]
    due: date | None
    """The earliest open deadline."""
    ended: Literal["completed", "end", "cancelled"] | None = None
    end_title: str | None = None
