"""What comes of an act, as a page goes on from it."""

from collections.abc import Iterable

from starlette.responses import Response

from ..service.filings.acts import Done, NotRunning, Outcome, Unknown
from ..service.results import Refusal
from ..words import say_unknown
from .answers import show
from .call import Call
from .said import list_written


def list_warnings(outcome: Outcome) -> tuple[str, ...]:
    """Return what whoever acted should know of it."""
    return outcome.warnings if isinstance(outcome, Done) else ()


WARNED = "Let op: "
"""Before what somebody should know of an act that was done: what says so is shown as a warning."""


def say_done(word: str, warnings: Iterable[str]) -> str:
    """Return what is said of an act that was done, with what whoever acted should know of it."""
    said = " ".join(warnings)
    return f"{word} {WARNED}{said}" if said else word


def settle(call: Call, outcome: Outcome, *, done: Iterable[str] = ()) -> Refusal | Response | None:
    """Return None where an act was taken, the refusal, or a page that says that it is not known.

    `done` is what of the same form was received before it.
    """
    if isinstance(outcome, Done):
        return None
    if isinstance(outcome, Refusal):
        return outcome
    return show_unknown(call, outcome, done=done)


def show_unknown(call: Call, outcome: NotRunning | Unknown, *, done: Iterable[str] = ()) -> Response:
    """Show that it is not known whether an act arrived, or that nobody works yet; offer to repeat it.

    It is repeated under its id; `done` is what of its form was received before it. Where that would not help,
    because of a fault of ours, say so instead.
    """
    fault = isinstance(outcome, Unknown) and outcome.fault is not None
    unattended = isinstance(outcome, Unknown) and outcome.unattended
    return show(
        call,
        "failed.html.j2",
        status=503,
        sentence=say_unknown(fault=fault, unattended=unattended),
        unsure=True,
        stands_still=fault,
        typed=call.typed_texts,
        written=list_written(call),
        lost_files=call.chose_files,
        received=tuple(done),
    )
