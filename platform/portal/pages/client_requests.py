"""What is asked of a client: a form that is checked before it is sent, or a list with files per item."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.responses import Response

from ...service.clients.client_requests import (
    ClientRequest,
    Typed,
    check_request,
    keep_typed,
    read_request,
    say_typed,
    send_answers,
    send_files,
    skip_item,
)
from ...service.results import Refusal
from ...service.uploads import ACCEPTED
from ...words import say_too_long
from ..answers import go, show
from ..call import Call, not_there
from ..drafts import CHECK, lead_back, open_draft
from ..files import NO_FILE, read_uploads
from ..outcomes import settle
from ..page import Page
from ..said import FIELD
from ..told import Told

PATH = "/mijn/{key}/uitvraag/{request}"
LONGEST_REASON = 1000
CLOSED = ("not_theirs", "ended")
"""How a form is that takes no answers of this contact."""


def show_request(call: Call) -> Response:
    """Show what is asked, with what was typed or sent before, and what is wrong with it."""
    call = open_draft(call, _path(call))
    asked = _read(call)
    return _show_request(call, asked, _read_typed(call) if call.typed and asked.kind == "form" else None)


def take_form(call: Call) -> Response:
    """Keep what was typed in a form; go on to check it where all of it is right."""
    asked, typed = _read(call), _read_typed(call)
    if asked.kind != "form":
        not_there()
    if asked.status in CLOSED:
        return _lead_back(call, status=409)
    kept = keep_typed(call.desk, call.me, call.path["key"], asked.id, typed)
    if kept is not None:
        return _lead_back(call, refusal=kept)
    if call.read_text("later"):
        return go(
            call, _path(call), "Bewaard. U kunt hier later verdergaan; wij zien uw antwoorden nog niet."
        )
    found = check_request(call.desk, call.me, call.path["key"], asked.id, typed) or not_there()
    if found[1]:
        return _lead_back(call, wrong=found[1])
    return go(call, f"{_path(call)}/{CHECK}")


def check_answers(call: Call) -> Response:
    """Show what was typed as it will be sent."""
    asked = _read(call)
    if asked.kind != "form":
        not_there()
    if asked.status in CLOSED:
        return _show_request(call, asked)
    found = check_request(call.desk, call.me, call.path["key"], asked.id, asked.typed) or not_there()
    if found[1]:
        told = Told(status=422, wrong=tuple(found[1].items()))
        return _show_request(replace(call, told=told), asked)
    return _show_check(call, asked, asked.typed)


def take_answers(call: Call) -> Response:
    """Send the answers to a form."""
    asked, typed = _read(call), _read_typed(call)
    if asked.kind != "form":
        not_there()
    if asked.status in CLOSED:
        return _lead_back(call, status=409)
    found = check_request(call.desk, call.me, call.path["key"], asked.id, typed) or not_there()
    if found[1]:
        return _lead_back(call, wrong=found[1])
    sending = send_answers(call.desk, call.me, call.act_id, call.path["key"], asked.id, found[0])
    outcome = call.acting.run(sending)
    if outcome is None:
        not_there()
    settled = settle(call, outcome)
    if isinstance(settled, Refusal):
        return _lead_back(call, refusal=settled, status=409)
    return settled or go(call, _path(call), "Uw antwoorden zijn verstuurd. Dank u wel.")


def take_item(call: Call) -> Response:
    """Take the files of an item, or that it does not apply."""
    asked, item = _read(call), call.path["item"]
    if not any(one.id == item for one in asked.items):
        not_there()
    if call.read_text("nvt"):
        return _skip(call, asked, item)
    uploads = read_uploads(call, "bestand") or NO_FILE
    if isinstance(uploads, Refusal):
        return _lead_back(call, wrong={item: uploads.text})
    sending = send_files(call.desk, call.me, call.act_id, call.path["key"], asked.id, item, uploads)
    outcome = call.acting.run(sending)
    return _go_on(call, outcome, item, "Ontvangen. Dank u wel.")


def skip_form(call: Call) -> Response:
    """Record that a form does not apply to this client."""
    asked = _read(call)
    if asked.kind != "form":
        not_there()
    return _skip(call, asked, None)


def _skip(call: Call, asked: ClientRequest, item: str | None) -> Response:
    reason = call.read_text("reden")
    long = say_too_long(reason, LONGEST_REASON)
    if long:
        return _lead_back(call, wrong={f"reden-{item}" if item else "reden": long})
    skipping = skip_item(call.desk, call.me, call.act_id, call.path["key"], asked.id, item, reason)
    return _go_on(call, call.acting.run(skipping), item or "", "Vastgelegd: niet van toepassing.")


def _go_on(call: Call, outcome: object, item: str, word: str) -> Response:
    if outcome is None:
        not_there()
    settled = settle(call, outcome)  # type: ignore[arg-type]
    if isinstance(settled, Refusal):
        wrong = {item: settled.text} if item else {}
        refusal = None if item else settled
        return _lead_back(call, wrong=wrong, refusal=refusal, status=409)
    return settled or go(call, _path(call), word)


def _read(call: Call) -> ClientRequest:
    return read_request(call.desk, call.me, call.path["key"], call.path["request"]) or not_there()


def _path(call: Call) -> str:
    return PATH.format(**call.path)


def _read_typed(call: Call) -> Typed:
    names = {name for name in call.typed if name.startswith(FIELD)}
    return {name.removeprefix(FIELD): call.read_texts(name) for name in names}


def _lead_back(
    call: Call, *, wrong: Mapping[str, str] | None = None, refusal: Refusal | None = None, status: int = 422
) -> Response:
    """Lead to what is asked, with what was typed and what is wrong with it."""
    return lead_back(call, show_request, _path(call), wrong=wrong or {}, refusal=refusal, status=status)


def _show_request(call: Call, asked: ClientRequest, typed: Typed | None = None) -> Response:
    return show(
        call,
        "client_form.html.j2" if asked.kind == "form" else "client_list.html.j2",
        head=asked.head,
        asked=asked,
        typed=asked.typed if typed is None else typed,
        wrong=dict(call.told.wrong),
        refusal=call.told.refusal,
        accepted=ACCEPTED,
        reason=call.read_text("reden"),
    )


def _show_check(call: Call, asked: ClientRequest, typed: Typed) -> Response:
    said = say_typed(call.desk, call.me, call.path["key"], asked.id, typed)
    kept = [(f"{FIELD}{name}", value) for name, values in typed.items() for value in values]
    return show(call, "client_answers.html.j2", head=asked.head, asked=asked, said=said, kept=kept)


PAGES = (
    Page(PATH, "client", show_request),
    Page(PATH, "client", take_form, "POST"),
    Page(f"{PATH}/{CHECK}", "client", check_answers),
    Page(f"{PATH}/{CHECK}", "client", take_answers, "POST"),
    Page(f"{PATH}/nvt", "client", skip_form, "POST", form=PATH),
    Page(f"{PATH}/stuk/{{item}}", "client", take_item, "POST", files=True, form=PATH),
)
