"""What is asked of a client, as they answer it: forms that may be half filled in, and lists of items."""

import hashlib
import json
from asyncio import to_thread
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection

from ...answers import Value, check_answers, read_answers
from ...filing.view import ItemView, RequestView
from ...office.filings.dossier import DossierLine, pick_sent
from ...office.filings.dossier import list_sent as list_sent_documents
from ...plan import Form, FormField, Model, Option
from ..access import Visitor
from ..desk import Desk
from ..drafts import Typed as Typed
from ..drafts import drop_draft, find_draft, keep_draft
from ..filings.acts import Acts, Done, Outcome
from ..filings.proofs import keep_document
from ..filings.requests import say_answer
from ..names import short_name
from ..results import Refusal
from ..uploads import Upload
from .client_cases import ClientCase, ClientHead, find_client_case, make_head
from .client_refusals import tell_client

Status = Literal["open", "sent", "done", "sent_back", "skipped", "late", "ended", "not_theirs"]
"""How a request is to a contact; `late`: its phase was left, and what comes now is looked at all the same."""


class ClientFile(Model):
    """A file that a client sent: its content, which one of the filing it is, its name and when."""

    hash: str
    place: str
    name: str
    at: datetime


class ClientItem(Model):
    """One thing that is asked, as a client sees it; `reason` says why it was sent back."""

    id: str
    title: str
    help: str
    required: bool
    status: Literal["open", "received", "accepted", "sent_back", "not_applicable"]
    reason: str
    may_send: bool
    may_skip: bool
    """Whether a client may say that it does not apply."""
    files: tuple[ClientFile, ...]


class ClientField(Model):
    """A question of a form."""

    id: str
    title: str
    kind: Literal["text", "number", "money", "date", "yes_no", "choice", "choices", "document"]
    required: bool
    help: str
    options: tuple[tuple[str, str], ...]
    long: bool
    """It takes more than a line."""


class ClientRequest(Model):
    """A request with what was typed and sent."""

    head: ClientHead
    id: str
    phase: str
    title: str
    intro: str
    kind: Literal["form", "list"]
    status: Status
    fields: tuple[ClientField, ...]
    items: tuple[ClientItem, ...]
    typed: Typed
    drafted: bool
    """What is typed was kept and not sent."""
    mark: str
    """Which text was kept; empty where none was."""
    answers: tuple[tuple[str, str], ...]
    """Questions with what was answered, in words."""
    reason: str
    may_skip: bool
    missing: int
    """How many things the client is still waited for: those needed or sent back; where none is, all."""
    optional: int
    """How many more there are that were not given, each only where the client has it."""


def read_request(desk: Desk, visitor: Visitor, key: str, request: str) -> ClientRequest | None:
    """Return a request as a contact answers it; None where it is not there, or not for them.

    Raises DatabaseError, UnreadableStateError, KeyFileError and BrokenSealError.
    """

    def ask(connection: Connection) -> ClientRequest | None:
        case = find_client_case(connection, desk, visitor, key)
        found = _find(case, request) if case else None
        if case is None or found is None:
            return None
        return _make_request(connection, desk, case, visitor, *found)

    return desk.read(ask)


def check_typed(fields: Sequence[FormField], typed: Typed) -> tuple[dict[str, Any], dict[str, str]]:
    """Return answers as an act takes them, and what is wrong by field."""
    written = {field.id: _write(field, typed.get(field.id, ())) for field in fields}
    values = read_answers(fields, written)
    wrong = {}
    for field in fields:
        faults = check_answers([field], {field.id: values[field.id]} if field.id in values else {})
        if faults:
            text = faults[0].text
            wrong[field.id] = f"{text[:1].upper()}{text[1:]}."
    return {name: value for name, value in written.items() if value not in (None, "")}, wrong


def check_request(
    desk: Desk, visitor: Visitor, key: str, request: str, typed: Typed
) -> tuple[dict[str, Any], dict[str, str]] | None:
    """Return what `check_typed` says of the form of a request; None where they may not answer it."""
    form = desk.read(lambda connection: _find_form(connection, desk, visitor, key, request))
    return None if form is None else check_typed(form.fields, typed)


def say_typed(
    desk: Desk, visitor: Visitor, key: str, request: str, typed: Typed
) -> tuple[tuple[str, str], ...]:
    """Return what was typed, read and said in words, by question; what cannot be read as it is."""
    form = desk.read(lambda connection: _find_form(connection, desk, visitor, key, request))
    if form is None:
        return ()
    written = {field.id: _write(field, typed.get(field.id, ())) for field in form.fields}
    values = read_answers(form.fields, written)
    return tuple(
        (one.title, say_answer(one, values[one.id]) if one.id in values else "") for one in form.fields
    )


def keep_typed(desk: Desk, visitor: Visitor, key: str, request: str, typed: Typed) -> Refusal | None:
    """Keep what somebody typed, sealed, until it is sent. Raises DatabaseError."""
    case = desk.read(lambda connection: find_client_case(connection, desk, visitor, key, "answer"))
    found = _find(case, request) if case else None
    if case is None or found is None:
        return None
    return keep_draft(desk, visitor, _draft_name(case, found[0].id), typed)


async def send_answers(
    desk: Desk, visitor: Visitor, act_id: str, key: str, request: str, values: Mapping[str, Any]
) -> Outcome | None:
    """Send the answers to a form, as `check_typed` made them of what was typed; the draft is then dropped."""
    case = await desk.ask(lambda connection: find_client_case(connection, desk, visitor, key, "answer"))
    found = _find(case, request) if case else None
    if case is None or found is None:
        return None
    acts = Acts(desk, visitor.id, act_id)
    outcome = await acts.answer(short_name(case.filing.id), found[0].id, values=values)
    if isinstance(outcome, Done):
        await to_thread(drop_draft, desk, visitor, _draft_name(case, found[0].id))
    return tell_client(outcome)


async def send_files(
    desk: Desk, visitor: Visitor, act_id: str, key: str, request: str, item: str, files: Sequence[Upload]
) -> Outcome | None:
    """Send files for an item of a list; nothing is kept of somebody who may not answer."""
    case = await desk.ask(lambda connection: find_client_case(connection, desk, visitor, key, "answer"))
    found = _find(case, request) if case else None
    if case is None or found is None or not any(one.id == item for one in found[0].items):
        return None
    if "answer" not in case.actor.may or not case.may_act or case.view.ended:
        return Refusal(
            code="wrong_person", text="U kunt hier geen stukken (meer) voor sturen. Bel ons gerust."
        )
    kept = await to_thread(lambda: tuple(keep_document(desk, one) for one in files))
    acts = Acts(desk, visitor.id, act_id)
    return tell_client(await acts.answer(short_name(case.filing.id), found[0].id, item=item, documents=kept))


async def skip_item(
    desk: Desk, visitor: Visitor, act_id: str, key: str, request: str, item: str | None, reason: str
) -> Outcome | None:
    """Say that something that is asked does not apply."""
    case = await desk.ask(lambda connection: find_client_case(connection, desk, visitor, key, "answer"))
    found = _find(case, request) if case else None
    if case is None or found is None or (item and not any(one.id == item for one in found[0].items)):
        return None
    acts = Acts(desk, visitor.id, act_id)
    return tell_client(await acts.not_applicable(short_name(case.filing.id), found[0].id, item, reason))


def list_statuses(case: ClientCase) -> tuple[tuple[RequestView, Status], ...]:
    """Return what was asked in a filing that a contact may answer, with how each is."""
    if "answer" not in case.actor.may:
        return ()
    return tuple((one, _judge_status(case, one)) for one in case.view.requests)


def list_sent(connection: Connection, desk: Desk, case: ClientCase) -> tuple[DossierLine, ...]:
    """Return the files that clients sent in a filing: to who may answer all, to another their own."""
    lines = list_sent_documents(connection, case.filing.relation, desk.equipment.document_ring.open_sealed)
    ours = (line for line in lines if line.filing == case.filing.id)
    return tuple(line for line in ours if "answer" in case.actor.may or line.by == case.actor.id)


def _find(case: ClientCase | None, request: str) -> tuple[RequestView, Form] | None:
    """Return a request by its id, also that of an earlier round: its link is in an older mail."""
    if case is None:
        return None
    stem = request.rpartition(".")[0]
    found = next((one for one in case.view.requests if one.id.rpartition(".")[0] == stem != ""), None)
    return (found, case.plan.form(found.form)) if found else None


def _find_form(connection: Connection, desk: Desk, visitor: Visitor, key: str, request: str) -> Form | None:
    case = find_client_case(connection, desk, visitor, key)
    found = _find(case, request) if case and "answer" in case.actor.may else None
    return found[1] if found else None


def _judge_status(case: ClientCase, request: RequestView) -> Status:
    if "answer" not in case.actor.may:
        return "not_theirs"
    if case.view.ended or not case.may_act:
        return "ended"
    statuses = {item.status for item in request.items}
    if "sent_back" in statuses:
        return "sent_back"
    phase = next(one for one in case.view.phases if one.id == request.phase)
    awaited = [item for item in request.items if item.status == "open" and item.required]
    if awaited or statuses <= {"open"}:
        return "open" if phase.status == "active" else "late"
    if statuses <= {"accepted", "not_applicable"}:
        return "skipped" if statuses == {"not_applicable"} else "done"
    return "sent"


def _make_request(
    connection: Connection,
    desk: Desk,
    case: ClientCase,
    visitor: Visitor,
    request: RequestView,
    form: Form,
) -> ClientRequest:
    status = _judge_status(case, request)
    theirs = status != "not_theirs"
    values = next((one.values for one in case.state.case.requests if one.id == request.id), {})
    draft = find_draft(connection, desk, visitor, _draft_name(case, request.id)) if theirs else None
    sent = list_sent(connection, desk, case)
    active = next(one.status for one in case.view.phases if one.id == request.phase) == "active"
    fields = form.fields if form.kind == "form" and theirs else ()
    needed = any(one.required for one in request.items)
    opened = [one for one in request.items if one.status in ("open", "sent_back")]
    awaited = [one for one in opened if one.required or not needed or one.status == "sent_back"]
    return ClientRequest(
        head=make_head(connection, case, request.phase),
        id=request.id,
        phase=request.phase,
        title=request.title,
        intro=form.intro or "",
        kind=form.kind,
        status=status,
        fields=tuple(_make_field(field) for field in fields),
        items=tuple(
            _make_item(item, form, request, sent, may=theirs and status != "ended", active=active)
            for item in (_put_sent_back_first(request.items) if form.kind == "list" and theirs else ())
        ),
        typed=draft if draft is not None else {one.id: _type(one, values.get(one.id)) for one in fields},
        drafted=draft is not None,
        mark="" if draft is None else _mark(draft),
        answers=tuple((one.title, say_answer(one, values[one.id])) for one in fields if one.id in values),
        reason=next((one.reason or "" for one in request.items if form.kind == "form"), ""),
        may_skip=form.kind == "form" and not request.required and active and theirs and status != "ended",
        missing=len(awaited),
        optional=len(opened) - len(awaited),
    )


def _mark(typed: Typed) -> str:
    return hashlib.sha256(json.dumps(typed, sort_keys=True).encode()).hexdigest()[:32]


def _put_sent_back_first(items: Sequence[ItemView]) -> list[ItemView]:
    return sorted(items, key=lambda one: one.status != "sent_back")


def _make_item(
    item: ItemView,
    form: Form,
    request: RequestView,
    sent: Sequence[DossierLine],
    *,
    may: bool,
    active: bool,
) -> ClientItem:
    field = next(one for one in form.fields if one.id == item.id)
    title = item.title if form.kind == "list" else ""
    files = pick_sent(sent, request.id, title, item.documents)
    return ClientItem(
        id=item.id,
        title=item.title,
        help=field.help or "",
        required=item.required,
        status=item.status,
        reason=item.reason or "",
        may_send=may,
        may_skip=may and active and not item.required and item.status in ("open", "sent_back"),
        files=tuple(make_file(one) for one in files),
    )


def make_file(line: DossierLine) -> ClientFile:
    """Return a document of a dossier as the client sees it who sent it."""
    return ClientFile(hash=line.hash, place=line.place, name=line.name, at=line.at)


def _make_field(field: FormField) -> ClientField:
    return ClientField(
        id=field.id,
        title=field.title,
        kind=field.kind,
        required=field.required,
        help=field.help or "",
        options=tuple((option.id, option.title) for option in _list_options(field)),
        long=field.kind == "text"
        and not field.pattern
        and not (isinstance(field.most, int) and field.most < 200),
    )


def _list_options(field: FormField) -> tuple[Option, ...]:
    if field.kind == "yes_no":
        return (Option(id="ja", title="Ja"), Option(id="nee", title="Nee"))
    return field.options


def _write(field: FormField, typed: tuple[str, ...]) -> Any:
    """Return what was typed in a field as a file of answers would hold it; None where nothing was."""
    if field.kind == "choices":
        return list(typed) or None
    # A browser sends a line break as two signs, and people count one.
    return typed[0].replace("\r\n", "\n").strip() if typed else None


def _type(field: FormField, value: Value | None) -> tuple[str, ...]:
    """Return an answer as somebody would type it."""
    if value is None:
        return ()
    if isinstance(value, tuple):
        return value
    if isinstance(value, bool):
        return ("ja" if value else "nee",)
    if isinstance(value, int):
        return (f"{Decimal(value) / 100:.2f}".replace(".", ","),) if field.kind == "money" else (str(value),)
    return (value,)


def _draft_name(case: ClientCase, request: str) -> str:
    return f"{case.filing.id} {request}"
