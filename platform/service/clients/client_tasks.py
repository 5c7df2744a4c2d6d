"""Tasks that are a client's, done with the proof that each asks for."""

from asyncio import to_thread
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from ...filing.tasks import find_task
from ...filing.turn import Reader
from ...plan import Model, Proof
from ..access import Visitor
from ..desk import Desk
from ..filings.acts import Acts, Outcome
from ..filings.proofs import keep_proof
from ..names import short_name
from ..results import Refusal
from ..uploads import Upload
from .client_cases import ClientCase, ClientHead, find_client_case, make_head
from .client_refusals import tell_client

Status = Literal["open", "done", "ended", "not_theirs"]
LONGEST_CODE = 200


class ClientTask(Model):
    """A task of a client; `done` says when, `mine` that they did it themselves."""

    head: ClientHead
    id: str
    title: str
    proof: Proof
    status: Status
    done: datetime | None
    mine: bool


def read_task(desk: Desk, visitor: Visitor, key: str, task: str) -> ClientTask | None:
    """Return a task of the client; None where there is none of this id, or it is the office's own."""

    def ask(connection: Connection) -> ClientTask | None:
        case = find_client_case(connection, desk, visitor, key)
        made = next((one for one in case.state.case.tasks if one.id == task), None) if case else None
        return _make_task(case, task, make_head(connection, case, made.phase)) if case and made else None

    return desk.read(ask)


def list_tasks(case: ClientCase, head: ClientHead) -> tuple[ClientTask, ...]:
    """Return the tasks of a filing that are the client's, to who may answer."""
    if "answer" not in case.actor.may:
        return ()
    made = (_make_task(case, one.id, head) for one in case.state.case.tasks)
    return tuple(one for one in made if one)


async def finish_task(
    desk: Desk,
    visitor: Visitor,
    act_id: str,
    key: str,
    task: str,
    *,
    code: str = "",
    document: Upload | None = None,
) -> Outcome | None:
    """Say that a task is done, with its code or document; None where there is no such task."""
    found = await to_thread(read_task, desk, visitor, key, task)
    case = await desk.ask(lambda connection: find_client_case(connection, desk, visitor, key, "do_task"))
    if found is None or case is None:
        return None
    proof: str | None = code or None
    if document is not None and found.status in ("open", "done"):
        proof = await to_thread(keep_proof, desk, document)
    if found.status == "not_theirs":
        return Refusal(code="wrong_person", text="Deze taak kunt u niet afronden. Bel ons gerust.")
    acts = Acts(desk, visitor.id, act_id)
    return tell_client(await acts.task_done(short_name(case.filing.id), task, proof))


def _make_task(case: ClientCase, task: str, head: ClientHead) -> ClientTask | None:
    state = next((one for one in case.state.case.tasks if one.id == task), None)
    definition = find_task(Reader(case.plan, case.state), state) if state else None
    if state is None or definition is None or definition.to.kind == "role":
        return None
    status: Status = "open"
    if "answer" not in case.actor.may:
        status = "not_theirs"
    elif state.done:
        status = "done"
    elif case.view.ended or not case.may_act:
        status = "ended"
    return ClientTask(
        head=head,
        id=state.id,
        title=definition.title,
        proof=definition.proof,
        status=status,
        done=state.done,
        mine=state.done_by == case.actor.id,
    )
