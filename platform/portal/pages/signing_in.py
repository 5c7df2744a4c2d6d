"""Coming in and going out: the link of a mail, the second factor, a new link, signing out."""

import logging
from io import BytesIO
from typing import Any

import segno
from starlette.background import BackgroundTask
from starlette.responses import Response

from ...service.desk import Desk
from ...service.results import Refusal
from ...service.visiting.front import read_front
from ...service.visiting.second_factor import begin_enrolment, give_code
from ...service.visiting.visiting import (
    count_new_link,
    end_visit,
    find_visit,
    look_at_link,
    send_new_link,
    sign_in,
)
from ..answers import go, show
from ..call import Call
from ..failures import AWAY, find_sentence
from ..page import Page
from ..safety import ONWARD, own_path, set_cookie

LONGEST_ONWARD = 1000
_log = logging.getLogger("kantoor.portal")


def ask_in(call: Call) -> Response:
    """Show how to come in; who is in already goes on to their own first page."""
    if call.visitor is not None:
        return go(call, _read_onward(call) or ("/werk" if call.visitor.kind == "team" else "/mijn"))
    return _show_form(call)


def show_link(call: Call) -> Response:
    """Show whom a link would sign in, and a button that does."""
    found = look_at_link(call.desk, call.path["token"])
    if isinstance(found, Refusal):
        return show(call, "bad_link.html.j2", status=404, refusal=found, token=call.path["token"])
    return show(call, "link.html.j2", coming=found, token=call.path["token"])


def follow_link(call: Call) -> Response:
    """Sign in by a link and go where it leads."""
    found = sign_in(call.desk, call.path["token"], call.origin)
    if isinstance(found, Refusal):
        return show(call, "bad_link.html.j2", status=404, refusal=found, token=call.path["token"])
    token, path = found
    if call.token:
        end_visit(call.desk, call.token)
    response = go(call, path)
    set_cookie(response, call.desk.settings, token)
    return response


def mail_link(call: Call) -> Response:
    """Mail a new link to the address that was typed, or to whoever the old link was for."""
    old, address = call.path.get("token", ""), call.read_text("email")
    if not old and "@" not in address:
        text = "Vul het e-mailadres in waarop u mail van ons krijgt."
        refusal = Refusal(code="no_address", text=text, field="email")
        return _show_form(call, refusal=refusal, address=address, status=422)
    refused = count_new_link(call.desk, call.origin, address=address, old=old)
    response = show(call, "link_mailed.html.j2", refusal=refused, status=200 if refused is None else 429)
    if refused is None:
        onward = _read_onward(call)
        response.background = BackgroundTask(_send, call.desk, address, old, onward)
    return response


def _read_onward(call: Call) -> str:
    """Return where somebody was going: a page of ours, or nothing."""
    onward = own_path(call.read_text(ONWARD) or call.query.get(ONWARD, ""))
    return onward if len(onward) <= LONGEST_ONWARD else ""


def _show_form(
    call: Call, *, refusal: Refusal | None = None, address: str = "", status: int = 200
) -> Response:
    """Show where somebody asks for a link; nothing that they typed elsewhere waits for it."""
    kept: dict[str, Any] = {
        "typed": [],
        "written": [],
        "lost_files": False,
        "again": "",
        "prove": "",
        "asked": False,
    }
    told = {"refusal": refusal, "address": address, "onward": _read_onward(call)}
    return show(call, "sign_in.html.j2", status=status, **kept, **told)


def _send(desk: Desk, address: str, old: str, onward: str) -> None:
    """Mail the link after the answer: how long that takes would tell strangers who is known."""
    try:
        send_new_link(desk, address=address, old=old, path=onward)
    except Exception as error:
        if find_sentence(error, AWAY) is None:
            raise
        _log.warning("a link to sign in was not sent: %s", error)


def ask_code(call: Call) -> Response:
    """Ask for the code of the authenticator."""
    return show(call, "code.html.j2", refusal=None, onward=_read_onward(call))


def take_code(call: Call) -> Response:
    """Take a code, from the authenticator that is known or that was just added."""
    refusal = give_code(call.desk, call.me, call.token, call.read_text("code"))
    if refusal is None:
        return go(call, _read_onward(call) or "/werk")
    visit = find_visit(call.desk, call.token)
    if visit is not None and visit.needs == "enrolment":
        return _show_enrolment(call, refusal)
    return show(call, "code.html.j2", refusal=refusal, status=422, onward=_read_onward(call))


def enrol(call: Call) -> Response:
    """Show the secret for an authenticator, as a picture and to type."""
    visit = find_visit(call.desk, call.token)
    if visit is None or visit.needs != "enrolment":
        return go(call, "/")
    return _show_enrolment(call, None)


def show_picture(call: Call) -> Response:
    """Return the QR code of the secret on white, while its first code was not given.

    Whatever the page's ground is: no camera reads a dark code on a dark page.
    """
    visit = find_visit(call.desk, call.token)
    if visit is None or visit.needs != "enrolment":
        return Response(status_code=404)
    enrolment = begin_enrolment(call.desk, call.me, call.token, read_front(call.desk).name)
    drawn = BytesIO()
    segno.make(enrolment.uri, micro=False).save(drawn, kind="svg", scale=5, border=4, light="#fff")
    return Response(drawn.getvalue(), media_type="image/svg+xml")


def sign_out(call: Call) -> Response:
    """End the session, and lead to the page that says so: who goes back to that sends nothing again."""
    end_visit(call.desk, call.token)
    response = go(call, "/uit")
    set_cookie(response, call.desk.settings, "")
    return response


def show_signed_out(call: Call) -> Response:
    """Say that nobody is signed in; whoever is goes to their own first page."""
    return go(call, "/") if call.visitor is not None else show(call, "signed_out.html.j2")


def _show_enrolment(call: Call, refusal: Refusal | None) -> Response:
    enrolment = begin_enrolment(call.desk, call.me, call.token, read_front(call.desk).name)
    told = {"enrolment": enrolment, "refusal": refusal, "onward": _read_onward(call)}
    return show(call, "enrolment.html.j2", status=200 if refusal is None else 422, **told)


PAGES = (
    Page("/", "anybody", ask_in),
    Page("/in", "anybody", ask_in),
    Page("/in", "anybody", mail_link, "POST", acts=False),
    Page("/in/code", "half", ask_code),
    Page("/in/code", "half", take_code, "POST", acts=False),
    Page("/in/app", "half", enrol),
    Page("/in/app/code.svg", "half", show_picture),
    Page("/uit", "anybody", show_signed_out),
    Page("/uit", "half", sign_out, "POST", acts=False),
    Page("/in/{token}", "anybody", show_link),
    Page("/in/{token}", "anybody", follow_link, "POST", acts=False),
    Page("/in/{token}/nieuw", "anybody", mail_link, "POST", acts=False, form="/in/{token}"),
)
