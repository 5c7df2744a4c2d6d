"""A policy (kantoorbeleid), compiled: a rule that every filing of a template keeps, whatever anybody does.

An **observation** is a word about a filing, with or without a name in brackets: `delivered`,
`delivered(aangifte)`. There are three sorts: an event happens in a step, a state holds or does not, a day is
one that the filing knows. This is the whole vocabulary; the compiler checks policies by it, and the room
`policies` sees by it what happens.
"""

from typing import Literal, NamedTuple

from .data import Struct, replace

Sort = Literal["event", "state", "day"]
Of = Literal["", "phase", "document", "checkpoint", "message", "deadline", "end", "fact"]
Form = Literal["never", "before", "followed", "differs", "order", "at_most"]


class Word(NamedTuple):
    """A word of the vocabulary: its sort, what the name in brackets names, and its meaning."""

    sort: Sort
    of: Of
    meaning: str


WORDS: dict[str, Word] = {
    "entered": Word("event", "phase", "a phase begins"),
    "left": Word("event", "phase", "a phase is completed, or sent back"),
    "completed": Word("event", "phase", "a phase is completed"),
    "skipped": Word("event", "phase", "a phase is skipped, or passed over by an outcome"),
    "sent_back": Word("event", "phase", "the work goes back from a phase"),
    "ticked": Word("event", "checkpoint", "a checkpoint is ticked; named as phase.checkpoint"),
    "recorded": Word("event", "fact", "a fact is recorded, or corrected"),
    "attached": Word("event", "document", "a version of a document is attached"),
    "reviewed": Word("event", "document", "a document is reviewed"),
    "signed": Word("event", "document", "a team member signs a document"),
    "offered": Word("event", "document", "a document is offered to the client"),
    "informed": Word("event", "document", "the client is informed of a document, and need not answer"),
    "approved": Word("event", "document", "the client has approved or signed a document"),
    "rejected": Word("event", "document", "the client rejects a document"),
    "delivered": Word("event", "document", "a document is handed to the authority, or recorded as such"),
    "accepted": Word("event", "document", "the authority accepts a document"),
    "refused": Word("event", "document", "the authority refuses a document"),
    "asked": Word("event", "phase", "the client is waited for: for an answer to an offer, data, or a task"),
    "reminded": Word("event", "phase", "a reminder goes out, to the client or to a colleague"),
    "client_reminded": Word("event", "phase", "the client is reminded"),
    "escalated": Word("event", "phase", "another role gets the work too"),
    "given_up": Word("event", "phase", "a phase waits no longer"),
    "told": Word("event", "message", "a message is sent"),
    "missed": Word("event", "deadline", "the day of a deadline has passed before it was met"),
    "waived": Word("event", "phase", "an exception to four eyes is given"),
    "stalled": Word("event", "phase", "something stands still until a person retries it"),
    "held": Word("event", "", "the filing is held"),
    "resumed": Word("event", "", "the filing goes on"),
    "ended": Word("event", "end", "the filing ends, in whatever way; or at this end"),
    "cancelled": Word("event", "", "the filing is cancelled"),
    "is_escalated": Word("state", "phase", "another role has the work too, in this round of a phase"),
    "is_active": Word("state", "phase", "a phase has begun and is not left"),
    "is_completed": Word("state", "phase", "a phase was completed"),
    "is_reviewed": Word("state", "document", "its current version was reviewed by all who review it here"),
    "is_approved": Word("state", "document", "the client approved or signed its current version"),
    "is_informed": Word("state", "document", "the client was informed of its current version"),
    "is_waived": Word("state", "phase", "there is an exception to four eyes for who acts"),
    "is_held": Word("state", "", "the filing is held"),
    "planned_delivery": Word("day", "phase", "the day on which a delivery is planned: its target, or later"),
    "target": Word("day", "phase", "the target of a phase that has not been completed"),
    "statutory_deadline": Word("day", "deadline", "the next open deadline that the law sets"),
    "deadline": Word("day", "deadline", "the next open deadline"),
    "escalation": Word("day", "phase", "the day on which something that is waited for escalates"),
    "next_reminder": Word("day", "phase", "the day of the next reminder"),
    "give_up_day": Word("day", "phase", "the day on which a phase waits no longer"),
}
"""The vocabulary of policies."""


class Observed(Struct):
    """A word of the vocabulary, and what it is about; None for whatever it may be."""

    word: str
    name: str | None = None

    @property
    def text(self) -> str:
        """Return it as it is written."""
        return f"{self.word}({self.name})" if self.name else self.word


class Exempt(Struct):
    """A template for which a policy is not held, and why."""

    template: str
    reason: str


class Policy(Struct):
    """A rule. What `first` and `second` are, `form` says.

    - never: `first` happens, unless one of `unless` holds or has happened; with `days` or `workdays`: within
      so many after `second`
    - before: `first` has happened (since `since`) whenever `second` happens
    - followed: after `first` comes `second`, though nobody does anything, unless one of `unless` comes
    - differs: who does `first` did none of `second` before
    - order: the day of `first` does not lie after that of `second`
    - at_most: `first` happens no more than `most` times, `per` filing, phase or day
    """

    id: str
    title: str
    form: Form
    first: tuple[Observed, ...]
    second: tuple[Observed, ...] = ()
    unless: tuple[Observed, ...] = ()
    since: tuple[Observed, ...] = ()
    same: Literal["phase", "document"] | None = None
    days: int | None = None
    workdays: int | None = None
    most: int = 0
    per: Literal["filing", "phase", "day"] = "filing"
    templates: tuple[str, ...] = ()
    """Those that it is held against; empty for all."""
    exempt: tuple[Exempt, ...] = ()

    def is_for(self, template: str) -> bool:
        """Say whether it is held against a template, excepted or not."""
        return not self.templates or template in self.templates

    def reason_for(self, template: str) -> str | None:
        """Return why a template is excepted; None where it is not."""
        return next((one.reason for one in self.exempt if one.template == template), None)

    @property
    def observed(self) -> tuple[Observed, ...]:
        """Return all that it looks at."""
        return (*self.first, *self.second, *self.unless, *self.since)


def is_stricter(before: Policy, after: Policy) -> bool:
    """Say whether a policy asks all that it asked: with fewer exceptions, or of more templates, alone."""
    alike = replace(
        after, title=before.title, unless=before.unless, exempt=before.exempt, templates=before.templates
    )
    wider = not after.templates or (bool(before.templates) and {*before.templates} <= {*after.templates})
    fewer = {*after.unless} <= {*before.unless} and {*after.exempt} <= {*before.exempt}
    return alike == before and wider and fewer


def parse_observed(written: str) -> Observed | None:
    """Read an observation as it is written; None where it is none."""
    text = written.strip()
    word, bracket, rest = text.partition("(")
    if not bracket:
        return Observed(word=text) if text.isidentifier() else None
    name = rest.removesuffix(")").strip()
    if not rest.endswith(")") or not name or not word.strip().isidentifier():
        return None
    return Observed(word=word.strip(), name=name)
