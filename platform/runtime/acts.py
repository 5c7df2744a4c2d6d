"""Acts on their way in: JSON without a moment, named by their kind; and the answer that goes back."""

from datetime import datetime
from typing import Any

import msgspec
from temporalio.exceptions import ApplicationError

from ..data import convert
from ..filing.digests import act_digest
from ..filing.events import Act, AnyAct, AnyMove
from ..filing.outcome import Refusal, Step
from .inputs import ActAnswer

REFUSAL = "Refusal"
"""Type of the error that refuses an act: its message is the Dutch text, its detail the code."""

MALFORMED = "MalformedAct"


def write_act(act: Act) -> dict[str, Any]:
    """Return an act as it travels: plain JSON without `at`, which the filing's own clock fills in."""
    plain: dict[str, Any] = msgspec.to_builtins(act)
    del plain["at"]
    return plain


def read_act(kind: str, act_id: str, data: Any, at: datetime) -> AnyAct | AnyMove:
    """Read an act that came in under `kind`; its id is the update's.

    Raises ApplicationError when it is none: a fault of the caller, told without what it said.
    """
    if not isinstance(data, dict):
        raise ApplicationError(f"'{kind}' needs one JSON object", type=MALFORMED)
    try:
        said = {**data, "kind": kind, "id": act_id, "at": at}
        act: AnyAct | AnyMove = convert(said, AnyAct | AnyMove)  # type: ignore[arg-type]
        return act
    except msgspec.ValidationError as error:
        where = str(error).rpartition(" - at ")[2] if " - at " in str(error) else "its kind or its fields"
    raise ApplicationError(f"'{kind}' is not an act, or has invalid fields: see {where}", type=MALFORMED)


def words_digest(act: Act) -> str:
    """Return the digest of what an act says and who does it, whatever its id, moment and roles."""
    return act_digest(msgspec.structs.replace(act, id=""))


def answer(act: Act, outcome: Step | Refusal) -> ActAnswer:
    """Return what the caller gets for an act; raises ApplicationError for a refusal."""
    if isinstance(outcome, Refusal):
        raise ApplicationError(outcome.text, outcome.code, type=REFUSAL)
    return ActAnswer(sequence=outcome.sequence, repeated=outcome.repeated, said=words_digest(act))
