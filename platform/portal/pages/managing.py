"""Beheer: how each team member gets in."""

from starlette.responses import Response

from ...service.visiting.managing import read_doors, release_factor
from ...words import DOOR_WORDS
from ..answers import go, show
from ..call import Call
from ..drafts import lead_back, open_draft
from ..page import Page

BASE = "/beheer/medewerkers"


def show_doors(call: Call) -> Response:
    """Show who has an authenticator, who has the right beheer, and what was changed."""
    call = open_draft(call, BASE)
    doors = read_doors(call.desk)
    return show(call, "doors.html.j2", doors=doors, words=DOOR_WORDS, refusal=call.told.refusal)


def release(call: Call) -> Response:
    """Let a team member add an authenticator again."""
    refusal = release_factor(call.desk, call.read_text("medewerker"), by=call.me.id)
    if refusal is not None:
        return lead_back(call, show_doors, BASE, refusal=refusal, status=409)
    return go(call, BASE, "De app is losgekoppeld: bij het inloggen koppelt de medewerker er een.")


PAGES = (
    Page(BASE, "manager", show_doors),
    Page(BASE, "manager", release, "POST", acts=False),
)
