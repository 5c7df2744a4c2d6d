"""The team: who is absent when, who the stand-ins are, and what falls in those days before it is written."""

from datetime import date
from typing import TypedDict

from starlette.responses import Response

from ...service.results import Refusal
from ...service.team import team
from ...service.team.team import Noted
from ...service.visiting.front import read_front
from ...typed import TypedError, read_day
from ..answers import go, show
from ..call import Call, not_there
from ..page import Page

BASE = "/beheer/team"
FIELDS = ("doen", "van", "tot", "waarnemer", "rol", "toch")
"""What the forms have, and the page that confirms them sends on."""
CHANGED = Refusal(
    code="changed",
    text="Er is iets veranderd sinds u keek, en nog niets vastgelegd. Hieronder staat hoe het nu is.",
)
MOST = 50
"""So many of what falls in an absence are shown; the others are counted."""


class _How(TypedDict):
    dry_run: bool
    agreed: str


def show_team(call: Call) -> Response:
    """Show who works here, who is absent when, and for which work nobody is left."""
    return show(
        call,
        "team.html.j2",
        front=read_front(call.desk),
        found=team.show_team(call.desk),
        choices=team.read_choices(call.desk),
    )


def show_member(call: Call) -> Response:
    """Show when a colleague is absent, who their stand-ins are, and who changed what of it."""
    return _show(call)


def change_member(call: Call) -> Response:
    """Say what an absence, a stand-in or a return would bring about, or write it where that was confirmed.

    Who fills in something else has the form again, with what they typed.
    """
    if call.read_text("anders"):
        return _show(call)
    field = "van"
    try:
        since = _read_day(call, field)
        until = _read_day(call, field := "tot")
    except TypedError as error:
        text = f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}."
        return _show(call, _name_field(call, "wrong_day", text, field), status=422)
    seen = call.read_text("gezien")
    noted = _note(call, since, until, seen)
    if isinstance(noted, Refusal):
        about = _DAYS.get(noted.field or "") or _OF_CODE.get(noted.code)
        return _show(call, _name_field(call, noted.code, noted.text, about), status=409)
    if noted.written:
        return go(call, f"{BASE}/{call.path['member']}", f"{noted.text}.")
    return show(
        call,
        "team_check.html.j2",
        status=409 if seen else 200,
        front=read_front(call.desk),
        found=noted,
        refusal=CHANGED if seen else None,
        most=MOST,
        back=f"{BASE}/{call.path['member']}",
        kept=[(name, value) for name in FIELDS if (value := call.read_text(name))],
    )


def _name_field(call: Call, code: str, text: str, field: str | None) -> Refusal:
    """Return a refusal with the id of the field that it is about, in the form that was sent."""
    place = field if field in (None, "rol") else f"{call.read_text('doen')}-{field}"
    return Refusal(code=code, text=text, field=place)


_DAYS = {"since": "van", "until": "tot"}
"""By the day that a refusal is of, its field in the form."""
_OF_CODE = {
    "no_day": "van",
    "not_absent": "van",
    "wrong_days": "tot",
    "no_colleague": "wie",
    "own_stand_in": "wie",
    "unknown_person": "wie",
    "unknown_role": "rol",
}
"""By the code of a refusal what of the form it is about."""


def _note(call: Call, since: date | None, until: date | None, seen: str) -> Noted | Refusal:
    """Write what was typed where it comes to what was `seen`; else only say what it comes to."""
    me, member = call.me.id, call.path["member"]
    doing, colleague = call.read_text("doen"), call.read_text("waarnemer")
    how: _How = {"dry_run": not seen, "agreed": seen}
    if since is None:
        return Refusal(code="no_day", text="Vul de eerste dag in.")
    if doing == "terug":
        return team.back(call.desk, me, member, since, **how)
    anyway = call.read_text("toch") == "ja"
    if doing == "afwezig":
        return team.absent(call.desk, me, member, since, until, colleague or None, anyway=anyway, **how)
    if doing != "waarnemen":
        not_there()
    if not colleague:
        return Refusal(code="no_colleague", text="Kies wie er waarneemt.")
    role = call.read_text("rol") or None
    return team.stand_in(call.desk, me, member, colleague, since, until, role, anyway=anyway, **how)


def _read_day(call: Call, name: str) -> date | None:
    """Return a day that was typed, or None. Raises TypedError."""
    typed = call.read_text(name)
    return read_day(typed) if typed else None


def _show(call: Call, refusal: Refusal | None = None, *, status: int = 200) -> Response:
    found = team.show_member(call.desk, call.path["member"])
    if isinstance(found, Refusal):
        not_there()
    return show(
        call,
        "team_member.html.j2",
        status=status,
        front=read_front(call.desk),
        found=found,
        choices=team.read_choices(call.desk),
        refusal=refusal,
        typed={name: call.read_text(name) for name in FIELDS},
        path=f"{BASE}/{found.member.id}",
    )


PAGES = (
    Page(BASE, "team", show_team),
    Page(f"{BASE}/{{member}}", "team", show_member),
    Page(f"{BASE}/{{member}}", "team", change_member, "POST", acts=False),
)
