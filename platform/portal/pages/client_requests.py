"""What is asked of a client: a form that is checked before it is sent, or a list with files per item."""

from collections.abc import Coroutine, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid5

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
from ...service.filings.acts import Outcome
from ...service.results import Refusal
from ...service.uploads import ACCEPTED
from ...words import say_too_long
from ..answers import go, show
from ..call import Call, not_there
from ..drafts import CHECK, lead_back, open_draft
from ..files import NO_FILE, read_uploads
from ..forms import LONGEST_LIST
from ..outcomes import settle
from ..page import Page
from ..said import FIELD
from ..told import Told

PATH = "/mijn/{key}/uitvraag/{request}"
LONGEST_REASON = 1000
SKIPPED = "nvt"
"""The field of the items of a list that do not apply."""
NOTHING_CHOSEN = Refusal(code=NO_FILE.code, text=NO_FILE.text, field="stukken")
NOT_ASKED = Refusal(code="not_asked", text="Dit wordt u hier niet (meer) gevraagd.")
ELSEWHERE = Refusal(
    code="typed_elsewhere",
    text="U hebt deze vragen intussen ook in een ander venster ingevuld. Hieronder staat wat u hier invulde: "
    "bewaart of verstuurt u dit, dan vervangt het wat u daar invulde.",
)
CLOSED = ("not_theirs", "ended")
"""How a form is that takes no answers of this contact."""


def show_request(call: Call) -> Response:
    """Show what is asked, with what was typed or sent before, and what is wrong with it."""
    call = open_draft(call, _path(call))
    asked = _read(call)
    return _show_request(call, asked, _read_typed(call) if call.typed and asked.kind == "form" else None)


def take_form(call: Call) -> Response:
    """Keep what was typed in a form; go on to check it where all of it is right.

    What was kept since the form was shown is not written over before that is told.
    """
    asked, typed = _read(call), _read_typed(call)
    if asked.kind != "form":
        not_there()
    if asked.status in CLOSED:
        return _lead_back(call, status=409)
    if call.read_text("gezien") != asked.mark and typed != asked.typed:
        return _lead_back(call, refusal=ELSEWHERE, status=409)
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
    if asked.answers and not asked.drafted:  # all that was typed was sent: whoever goes back reads that
        return go(call, _path(call))
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


def take_items(call: Call) -> Response:
    """Take the files that were chosen for a list, and which of its items do not apply: each that is right.

    What is wrong is told of each by itself; files would have to be chosen again.
    """
    asked = _read(call)
    if asked.kind != "list":
        not_there()
    chosen = [one for one in asked.items if _is_chosen(call, one.id)]
    if not chosen:
        return _lead_back(call, refusal=NOTHING_CHOSEN)
    taken: list[str] = []
    wrong: dict[str, str] = {}
    status = 422
    for one in chosen:
        act = _read_act(call, asked, one.id)
        if not isinstance(act, tuple):
            outcome = call.acting.run(act) or NOT_ASKED
            settled = settle(call, outcome, done=taken)
            if isinstance(settled, Response):
                return settled
            if settled is None:
                taken.append(one.title)
                continue
            act, status = (one.id, settled.text), 409
        wrong |= dict([act])
    if wrong:
        return _lead_back(call, wrong=wrong, status=status, done=tuple(taken))
    return go(call, _path(call), f"Ontvangen: {', '.join(taken)}. Dank u wel.")


def _is_chosen(call: Call, item: str) -> bool:
    """Say whether somebody did anything for an item of a list."""
    texts = call.read_text(f"reden-{item}"), item in call.read_texts(SKIPPED)
    return call.read_file(f"bestand-{item}") is not None or any(texts)


def _read_act(
    call: Call, asked: ClientRequest, item: str
) -> Coroutine[Any, Any, Outcome | None] | tuple[str, str]:
    """Return what carries out what was chosen for an item; else the field that is wrong, and why."""
    key, act_id = call.path["key"], uuid5(UUID(call.act_id), item).hex
    uploads, reason = read_uploads(call, f"bestand-{item}"), call.read_text(f"reden-{item}")
    skips = item in call.read_texts(SKIPPED)
    if isinstance(uploads, Refusal):
        return item, uploads.text
    if uploads and (skips or reason):
        return item, "Kies een bestand, of zeg dat u dit niet hebt; niet allebei."
    if uploads:
        return send_files(call.desk, call.me, act_id, key, asked.id, item, uploads)
    if not skips:
        return f"reden-{item}", "Vink aan dat dit niet van toepassing is, of haal de toelichting weg."
    if long := say_too_long(reason, LONGEST_REASON):
        return f"reden-{item}", long
    return skip_item(call.desk, call.me, act_id, key, asked.id, item, reason)


def skip_form(call: Call) -> Response:
    """Record that a form does not apply to this client."""
    asked = _read(call)
    if asked.kind != "form":
        not_there()
    reason = call.read_text("reden")
    if long := say_too_long(reason, LONGEST_REASON):
        return _lead_back(call, wrong={"reden": long})
    skipping = skip_item(call.desk, call.me, call.act_id, call.path["key"], asked.id, None, reason)
    outcome = call.acting.run(skipping)
    if outcome is None:
        not_there()
    settled = settle(call, outcome)
    if isinstance(settled, Refusal):
        return _lead_back(call, refusal=settled, status=409)
    return settled or go(call, _path(call), "Vastgelegd: niet van toepassing.")


def _read(call: Call) -> ClientRequest:
    return read_request(call.desk, call.me, call.path["key"], call.path["request"]) or not_there()


def _path(call: Call) -> str:
    return PATH.format(**call.path)


def _read_typed(call: Call) -> Typed:
    names = {name for name in call.typed if name.startswith(FIELD)}
    return {name.removeprefix(FIELD): call.read_texts(name) for name in names}


def _lead_back(
    call: Call,
    *,
    wrong: Mapping[str, str] | None = None,
    refusal: Refusal | None = None,
    status: int = 422,
    done: tuple[str, ...] = (),
) -> Response:
    """Lead to what is asked, with what was typed and what is wrong with it."""
    return lead_back(
        *(call, show_request, _path(call)), wrong=wrong or {}, refusal=refusal, status=status, done=done
    )


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
        skipped=call.read_texts(SKIPPED),
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
    Page(f"{PATH}/stukken", "client", take_items, "POST", files=True, most=LONGEST_LIST, form=PATH),
)
