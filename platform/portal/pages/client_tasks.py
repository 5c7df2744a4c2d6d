"""A task of a client: done by a tick, with a code, or with a document."""

from starlette.responses import Response

from ...service.clients.client_tasks import LONGEST_CODE, ClientTask, finish_task, read_task
from ...service.results import Refusal
from ...service.uploads import ACCEPTED, Upload
from ...words import say_too_long
from ..answers import go, show
from ..call import Call, not_there
from ..drafts import lead_back, open_draft
from ..files import NO_FILE, read_upload
from ..outcomes import settle
from ..page import Page

PATH = "/mijn/{key}/taak/{task}"


def show_task(call: Call) -> Response:
    """Show a task, or how it was done."""
    return _show(open_draft(call, _path(call)), _read(call))


def take_task(call: Call) -> Response:
    """Take that a task is done, with its proof."""
    task = _read(call)
    proof = _read_proof(call, task)
    if isinstance(proof, Refusal):
        return lead_back(call, show_task, _path(call), wrong={"proof": proof.text})
    code, document = proof
    doing = finish_task(
        call.desk, call.me, call.act_id, call.path["key"], task.id, code=code, document=document
    )
    outcome = call.acting.run(doing)
    if outcome is None:
        not_there()
    settled = settle(call, outcome)
    if isinstance(settled, Refusal):
        return lead_back(call, show_task, _path(call), refusal=settled, status=409)
    return settled or go(call, f"/mijn/{call.path['key']}", f"Gedaan: {task.title}")


def _read_proof(call: Call, task: ClientTask) -> tuple[str, Upload | None] | Refusal:
    if task.proof == "tick":
        ticked = call.read_text("gedaan") == task.id
        return ("", None) if ticked else _wrong("Vink aan dat u dit hebt gedaan.")
    if task.proof == "code":
        code = call.read_text("code")
        if not code:
            return _wrong("Vul de code in.")
        long = say_too_long(code, LONGEST_CODE)
        return _wrong(long) if long else (code, None)
    document = read_upload(call, "bestand") or NO_FILE
    return document if isinstance(document, Refusal) else ("", document)


def _wrong(text: str) -> Refusal:
    return Refusal(code="no_proof", text=text)


def _read(call: Call) -> ClientTask:
    return read_task(call.desk, call.me, call.path["key"], call.path["task"]) or not_there()


def _path(call: Call) -> str:
    return PATH.format(**call.path)


def _show(call: Call, task: ClientTask) -> Response:
    return show(
        call,
        "client_task.html.j2",
        head=task.head,
        task=task,
        wrong=dict(call.told.wrong).get("proof", ""),
        refusal=call.told.refusal,
        accepted=ACCEPTED,
        code=call.read_text("code"),
    )


PAGES = (
    Page(PATH, "client", show_task),
    Page(PATH, "client", take_task, "POST", files=True),
)
