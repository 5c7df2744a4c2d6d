"""What is shown before somebody decides has an address of its own, so that going back and loading again work.

The form is sent by POST; what was typed is kept, sealed, and the browser is led to the review, which reads it
by GET. Once it was carried out it is dropped, or its outcome is kept in its place. None of it is in an
address.
"""

from collections.abc import Iterable
from dataclasses import replace

from starlette.datastructures import FormData
from starlette.responses import Response

from ..service.drafts import drop_draft, keep_draft, read_draft
from .answers import go, refuse
from .call import Call

_DONE = "."
"""In the place of what was typed: its outcome. No form has a field of this name."""

CHECK = "controle"
"""The last part of the address of a review."""


def lead_to_review(call: Call, form: str, fields: Iterable[str], about: str = "") -> Response:
    """Keep what was typed in the form at this address, and go to its review.

    `about` says what the form was about where that may change: what was typed is of that alone.
    """
    typed = {name: found for name in fields if (found := call.read_texts(name))}
    refusal = keep_draft(call.desk, call.me, _name(form, about), typed)
    return refuse(call, refusal) if refusal else go(call, f"{form}/{CHECK}")


def read_typed(call: Call, form: str, about: str = "") -> Call | None:
    """Return the call as if the form had been sent once more; None where nothing is to be done."""
    typed = read_draft(call.desk, call.me, _name(form, about))
    if typed is None or _DONE in typed:
        return None
    return replace(call, typed=FormData([(name, one) for name, some in typed.items() for one in some]))


def forget_typed(call: Call, form: str, about: str = "") -> None:
    """Drop what was typed in a form: it was carried out."""
    drop_draft(call.desk, call.me, _name(form, about))


def keep_done(call: Call, form: str, *done: str) -> None:
    """Keep the outcome of what was typed in a form: who goes back to its review is told."""
    keep_draft(call.desk, call.me, _name(form, ""), {_DONE: done})


def read_done(call: Call, form: str) -> tuple[str, ...]:
    """Return the outcome of what was typed last in a form; nothing where it was not carried out."""
    return (read_draft(call.desk, call.me, _name(form, "")) or {}).get(_DONE, ())


def _name(form: str, about: str) -> str:
    return f"{form} {about}".rstrip()
