"""What was asked of a bulk run as its row keeps it: what people typed freely is sealed."""

import secrets
from typing import Any

from ...office.bulk import Run
from ..desk import Desk
from .asking import Asked


def seal_asked(desk: Desk, asked: Asked, id: str) -> dict[str, Any]:
    """Return the columns of what is asked under an id."""
    plain = asked.model_dump(mode="json", exclude={"reason"}, exclude_defaults=True)
    sealed = desk.equipment.document_ring.seal(asked.reason.encode(), _place(id)) if asked.reason else None
    return {"asked": plain, "said": sealed}


def open_asked(desk: Desk, run: Run) -> Asked:
    """Return what was asked. Raises KeyFileError and BrokenSealError."""
    said = desk.equipment.document_ring.open_sealed(run.said, _place(run.id)) if run.said else b""
    return Asked.model_validate({**run.asked, "reason": said.decode()})


def make_id() -> str:
    """Return an id for who gives none."""
    return secrets.token_hex(16)


def _place(id: str) -> bytes:
    """Return what the seal of a reason is bound to."""
    return f"bulk {id}".encode()
