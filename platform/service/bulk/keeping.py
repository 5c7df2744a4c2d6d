"""What was asked of a bulk run as its row keeps it: what people typed freely is sealed."""

import secrets
from typing import Any

from ...data import canonical, digest_of
from ...office.bulk import Run
from ..desk import Desk
from .asking import Asked
from .selecting import Chosen


def seal_asked(desk: Desk, asked: Asked, id: str) -> dict[str, Any]:
    """Return the columns of what is asked under an id."""
    plain = asked.model_dump(mode="json", exclude={"reason"}, exclude_defaults=True)
    sealed = desk.equipment.document_ring.seal(asked.reason.encode(), _place(id)) if asked.reason else None
    return {"asked": plain, "said": sealed}


def open_asked(desk: Desk, run: Run) -> Asked:
    """Return what was asked. Raises KeyFileError and BrokenSealError."""
    said = desk.equipment.document_ring.open_sealed(run.said, _place(run.id)) if run.said else b""
    return Asked.model_validate({**run.asked, "reason": said.decode()})


def make_id(act_id: str | None, asked: Asked, chosen: Chosen) -> str:
    """Return the id of a run: the same for the same form sent twice, another when something else is in it."""
    given = act_id or secrets.token_hex(16)
    return digest_of(canonical([given, asked.model_dump(mode="json"), chosen.model_dump(mode="json")]))[:32]


def _place(id: str) -> bytes:
    """Return what the seal of a reason is bound to."""
    return f"bulk {id}".encode()
