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
from ..drafts import CHECK, begin_draft, lead_back, open_draft
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
    return begin_draft(call) or _show(open_draft(call, _path(call)))


def change_member(call: Call) -> Response:
    """Lead to what an absence, a stand-in or a return would bring about; write what was confirmed."""
    seen = call.read_text("gezien")
    noted = _read_note(call, seen)
    if isinstance(noted, Refusal):
        status = 422 if noted.code == "wrong_day" else 409
        return lead_back(call, show_member, _path(call), refusal=noted, status=status)
    if noted.written:
        return go(call, _path(call), f"{noted.text}.")
    return lead_back(
        call,
        check_change,
        _path(call),
        at=CHECK,
        status=409 if seen else 200,
        refusal=CHANGED if seen else None,
        outcome=noted,
    )


def check_change(call: Call) -> Response:
    """Show what an absence, a stand-in or a return would bring about; without that, the form."""
    call = open_draft(call, _path(call), at=CHECK)
    if not isinstance(call.told.outcome, Noted):
        return go(call, f"{_path(call)}{call.asked_key}")
    return show(
        call,
        "team_check.html.j2",
        front=read_front(call.desk),
        found=call.told.outcome,
        refusal=call.told.refusal,
        most=MOST,
        back=_path(call),
        kept=[(name, value) for name in FIELDS if (value := call.read_text(name))],
    )


def _path(call: Call) -> str:
    return f"{BASE}/{call.path['member']}"


def _read_note(call: Call, seen: str) -> Noted | Refusal:
    """Return what `_note` does of what was typed, with the field that a refusal is about."""
    field = "van"
    try:
        since = _read_day(call, field)
        until = _read_day(call, field := "tot")
    except TypedError as error:
        return _name_field(call, "wrong_day", error.sentence, field)
    noted = _note(call, since, until, seen)
    if isinstance(noted, Noted):
        return noted
    about = _DAYS.get(noted.field or "") or _OF_CODE.get(noted.code)
    return _name_field(call, noted.code, noted.text, about)


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


def _show(call: Call) -> Response:
    found = team.show_member(call.desk, call.path["member"])
    if isinstance(found, Refusal):
        not_there()
    return show(
        call,
        "team_member.html.j2",
        front=read_front(call.desk),
        found=found,
        choices=team.read_choices(call.desk),
        refusal=call.told.refusal,
        typed={name: call.read_text(name) for name in FIELDS},
        path=f"{BASE}/{found.member.id}",
    )


PAGES = (
    Page(BASE, "team", show_team),
    Page(f"{BASE}/{{member}}", "team", show_member),
    Page(f"{BASE}/{{member}}", "team", change_member, "POST", acts=False),
    Page(f"{BASE}/{{member}}/{CHECK}", "team", check_change),
)
