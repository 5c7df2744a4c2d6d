"""Acts on their way in: JSON without a moment, named by their kind; and the answer that goes back."""

import hashlib
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from temporalio.exceptions import ApplicationError

from ..filing.events import Act, Actor, AnyAct, Decide
from ..filing.outcome import Refusal, Step
from ..plan import canonical
from .inputs import ActAnswer

REFUSAL = "Refusal"
"""Type of the error that refuses an act: its message is the Dutch text, its detail the code."""

MALFORMED = "MalformedAct"

_ACT: TypeAdapter[AnyAct] = TypeAdapter(AnyAct)


def written(act: Act) -> dict[str, Any]:
    """Return an act as it travels: plain JSON without `at`, which the filing's own clock fills in."""
    return act.model_dump(mode="json", exclude={"at"})


def read_act(kind: str, act_id: str, data: Any, at: datetime) -> AnyAct:
    """Read an act that came in under `kind`; its id is the update's.

    Raises ApplicationError when it is none: a fault of the caller, told without what it said.
    """
    if not isinstance(data, dict):
        raise ApplicationError(f"'{kind}' needs one JSON object", type=MALFORMED)
    try:
        return _ACT.validate_python({**data, "kind": kind, "id": act_id, "at": at})
    except ValidationError as error:
        wrong = ", ".join(sorted({".".join(map(str, e["loc"])) or "kind" for e in error.errors()}))
    raise ApplicationError(f"'{kind}' is no act, or has wrong fields: {wrong}", type=MALFORMED)


def said(act: Act) -> str:
    """Return the digest of what an act says and who does it, whenever and with whichever roles."""
    content = act.model_dump(mode="json", exclude={"at", "by", "id"}) | {"by": act.by.id}
    return hashlib.sha256(canonical(content)).hexdigest()


def answer(act: Act, outcome: Step | Refusal) -> ActAnswer:
    """Return what the caller gets for an act; raises ApplicationError for a refusal."""
    if isinstance(outcome, Refusal):
        raise ApplicationError(outcome.text, outcome.code, type=REFUSAL)
    return ActAnswer(sequence=outcome.sequence, repeated=outcome.repeated, said=said(act))


def actors(event: object) -> tuple[Actor, ...]:
    """Return who an event says has acted: to be checked against the database when it is recorded."""
    if not isinstance(event, Act):
        return ()
    contact = event.contact if isinstance(event, Decide) else None
    return (event.by,) if contact is None else (event.by, contact)
