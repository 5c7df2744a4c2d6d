"""Remarks on a filing of a pilot, by a colleague and by a client."""

from starlette.responses import Response

from ...service.releasing.pilot_remarks import remark, remark_as_client
from ...service.results import Refusal
from ..answers import go
from ..call import Call, not_there
from ..drafts import lead_back
from ..page import Page
from . import client, filing


def take_from_colleague(call: Call) -> Response:
    """Keep what a colleague noticed."""
    name = call.path["name"]
    refusal = remark(call.desk, call.me.id, name, call.read_text("tekst"), call.act_id)
    if refusal:
        return lead_back(call, filing.show_filing, f"/opdrachten/{name}", refusal=refusal)
    return go(call, f"/opdrachten/{name}", "Uw opmerking bij de pilot is bewaard.")


def take_from_client(call: Call) -> Response:
    """Keep what a client thinks of it."""
    key, text = call.path["key"], call.read_text("opmerking")
    outcome = remark_as_client(call.desk, call.me, key, text, call.act_id)
    if outcome is None:
        not_there()
    if isinstance(outcome, Refusal):
        return lead_back(call, client.show_filing, f"/mijn/{key}", refusal=outcome)
    return go(call, f"/mijn/{key}", "Bedankt, uw opmerking is verstuurd.")


PAGES = (
    Page(
        "/opdrachten/{name:path}/opmerking",
        "team",
        take_from_colleague,
        "POST",
        acts=False,
        form="/opdrachten/{name}",
    ),
    Page("/mijn/{key}/opmerking", "client", take_from_client, "POST", acts=False, form="/mijn/{key}"),
)
