"""How open filings stand, worked out again once kantoor itself was changed (R44).

Rows hold what the machine said at the last step. A newer kantoor may say something else of the same state,
such as a day for work that had none; a filing that waits for months would have the old rows for as long.
"""

import json
import logging
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from ..equipment import Equipment
from ..filing.format_1 import read_state
from ..filing.view import view
from ..office.database.errors import DatabaseError
from ..office.filings import records
from ..office.plans import require_plan

_log = logging.getLogger(__name__)
_PACKAGE = Path(__file__).parents[1]
_ROWS = ("office/filings/records.py", "office/filings/words.py", "runtime/renewing.py")
"""What makes rows of how a filing stands."""
_AT_ONCE = 100


def renew_views(equipment: Equipment) -> int:
    """Work out again how open filings stand, unless this kantoor did; return how many stand otherwise.

    Nothing is recorded: no step was taken. What cannot be worked out is told in the log, keeps nothing from
    the others, and is tried again the next time. Raises DatabaseError.
    """
    with equipment.database.read() as connection:
        if records.read_views_by(connection) == CODE:
            return 0
        ids = records.list_running(connection)
    changed, skipped = 0, list[str]()
    for first in range(0, len(ids), _AT_ONCE):
        with equipment.database.read() as connection:
            others = list(_list_others(equipment, connection, ids[first : first + _AT_ONCE], skipped))
        if others:
            with equipment.database.write() as connection:
                changed += sum(records.renew_view(connection, known, standing) for known, standing in others)
    if not skipped:
        with equipment.database.write() as connection:
            records.note_views_by(connection, CODE)
    return changed


def digest_of_code() -> str:
    """Return the digest of all that rows follow from: the machine, its leaves, and what makes rows of it."""
    leaves, machine = _PACKAGE.glob("*.py"), (_PACKAGE / "filing").rglob("*.py")
    files = sorted([*leaves, *machine, *(_PACKAGE / one for one in _ROWS)])
    digest = sha256()
    for file in files:
        digest.update(file.relative_to(_PACKAGE).as_posix().encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


CODE = digest_of_code()
"""Of the code that runs, taken as it is loaded: beside a running worker another kantoor may be installed."""


def _list_others(
    equipment: Equipment, connection: Connection, ids: list[str], skipped: list[str]
) -> Iterator[tuple[records.Recorded, records.Standing]]:
    """Yield the filings that stand otherwise than their rows say, with how; put down what is skipped."""
    seen = records.read_rows(connection, ids)
    for known in records.read_many_recorded(connection, ids):
        try:
            content = records.open_state(known, equipment.document_ring.open_sealed)
            if content is None:
                continue  # recorded in format 1, which kept none: its next step says how it stands
            plan = require_plan(connection, known.plan)
            found = view(plan, read_state(plan, content))
        except (DatabaseError, DBAPIError):  # the second becomes the first where the reading ends
            raise
        except Exception as error:  # one odd filing keeps nothing from the others
            _log.warning("%s: how it stands could not be worked out: %s", known.filing, type(error).__name__)
            skipped.append(known.filing)
            continue
        stands = records.Standing(
            view=msgspec.to_builtins(found),
            planner=found.planner,
            phases=tuple(phase.id for phase in found.phases if phase.status == "active"),
            due=found.due,
        )
        if _plain(records.make_rows(known.filing, stands)) != _plain(seen.get(known.filing)):
            yield known, stands


def _plain(rows: records.Rows | None) -> Any:
    """Return rows as their columns hold them: what JSON does not tell apart is the same."""
    return json.loads(json.dumps(rows, default=str))
