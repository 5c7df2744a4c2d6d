"""What comes of an act, as a page goes on from it."""

from starlette.responses import Response

from ..service.acts import Done, Outcome
from ..service.results import Refusal
from .answers import show
from .call import Call
from .failures import NOT_KNOWN


def list_warnings(outcome: Outcome) -> tuple[str, ...]:
    """Return what whoever acted should know of it."""
    return outcome.warnings if isinstance(outcome, Done) else ()


def settle(call: Call, outcome: Outcome) -> Refusal | Response | None:
    """Return None where an act was taken, the refusal, or a page that offers to repeat it under its id."""
    if isinstance(outcome, Done):
        return None
    if isinstance(outcome, Refusal):
        return outcome
    return show(
        call,
        "failed.html.j2",
        status=503,
        sentence=NOT_KNOWN,
        unsure=True,
        typed=call.typed_texts,
        lost_files=call.chose_files,
    )
