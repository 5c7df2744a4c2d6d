"""What starts by itself for a relation, again and again or once on a later day: looked at and changed."""

from collections.abc import Mapping
from datetime import date

from starlette.responses import Response

from ...period import Period, in_words
from ...service.relations.relation_pages import read_relation
from ...service.releasing.plans import find_title
from ...service.results import RecurrenceLine, Refusal
from ...service.starting.recurrences import (
    Change,
    Changed,
    begin,
    change,
    find_passed,
    find_who_stopped,
    read_recurrence,
    say_not_begun,
)
from ...service.visiting.front import read_front
from ...typed import TypedError, read_day
from ..answers import go, show
from ..call import Call, not_there
from ..drafts import lead_back, open_draft
from ..outcomes import show_unknown
from ..page import Page

PATH = "/relaties/{number}/vanzelf/{template}/{sub_number}"
CHANGES: Mapping[str, Change] = {
    "pauzeren": "pause",
    "hervatten": "resume",
    "overslaan": "skip",
    "alsnog": "unskip",
    "verzetten": "set_start",
    "stoppen": "stop",
}
"""What a form asks, and the change that it is."""
UNSURE = Refusal(code="unsure", text="Er is nog niets gedaan. Vink aan dat u dit zeker weet.")


def address_of_recurrence(line: RecurrenceLine) -> str:
    """Return where something that starts by itself is looked at and changed."""
    return f"/relaties/{line.relation}/vanzelf/{line.template}/{line.sub_number}"


def show_recurrence(call: Call) -> Response:
    """Show something that starts by itself, with what can be done to it."""
    return _show(open_draft(call, _path(call)))


def change_recurrence(call: Call) -> Response:
    """Begin, pause, resume, skip, take a skip back, move or stop it; pressed twice, that happens once."""
    doing = call.read_text("doen")
    if doing == "beginnen":
        return _begin(call)
    wanted = CHANGES.get(doing)
    if wanted is None:
        not_there()
    day = _read_day(call) if wanted == "set_start" else None
    if isinstance(day, Refusal):
        return lead_back(call, show_recurrence, _path(call), refusal=day)
    if wanted in ("skip", "stop") and call.read_text("zeker") != "ja":
        return lead_back(call, show_recurrence, _path(call), refusal=UNSURE)
    seen = call.read_text("gezien") or None
    past = call.read_text("voorbij") == "ja"
    made = change(
        *(call.desk, call.me.id, _name(call), wanted, call.act_id),
        start=day,
        seen=seen,
        past_legal_day=past,
    )
    came = call.acting.run(made)
    if isinstance(came, Refusal):
        return lead_back(call, show_recurrence, _path(call), refusal=came, status=409)
    if not isinstance(came, Changed):
        return show_unknown(call, came)
    return go(
        call, address_of_recurrence(came.recurrence), _say(wanted, came.recurrence, call.desk.now().date())
    )


def _begin(call: Call) -> Response:
    came = call.acting.run(begin(call.desk, call.me.id, _name(call)))
    if isinstance(came, Refusal):
        return lead_back(call, show_recurrence, _path(call), refusal=came, status=409)
    line = came.recurrence
    following = f"{Period.parse(line.next_period).words} start op {in_words(line.next_start)}"
    return go(call, address_of_recurrence(line), f"Begonnen: {following}.")


def _say(wanted: Change, line: RecurrenceLine, today: date) -> str:
    following = f"{Period.parse(line.next_period).words} start op {in_words(line.next_start)}"
    match wanted:
        case "pause":
            return "Gepauzeerd: er start niets tot u hervat."
        case "stop":
            return "Geannuleerd." if line.once else "Gestopt: er start niets meer vanzelf."
        case "skip" if line.status == "stopped":
            return f"Overgeslagen. {line.problem}".strip()
        case "skip":
            return f"Overgeslagen: {following}."
        case "unskip" if line.next_start <= today:
            return f"{Period.parse(line.next_period).words.capitalize()} start nu."
    return f"{following[:1].upper()}{following[1:]}."


def _read_day(call: Call) -> date | Refusal:
    try:
        return read_day(call.read_text("datum"))
    except TypedError:
        return Refusal(code="wrong_day", text="Vul een bestaande datum in.")


def _name(call: Call) -> str:
    return "/".join(call.path[part] for part in ("template", "number", "sub_number"))


def _path(call: Call) -> str:
    return PATH.format(**call.path)


def _show(call: Call) -> Response:
    front = read_front(call.desk)
    relation, line = read_relation(call.desk, call.path["number"]), read_recurrence(call.desk, _name(call))
    if isinstance(relation, Refusal) or isinstance(line, Refusal):
        not_there()
    return show(
        call,
        "recurrence.html.j2",
        front=front,
        relation=relation,
        line=line,
        title=find_title(call.desk, line.template),
        period=Period.parse(line.next_period).words,
        passed=passed.words if (passed := find_passed(call.desk, _name(call))) else "",
        state=line.state,
        waits=say_not_begun(call.desk, line),
        stopped=find_who_stopped(call.desk, line),
        base=f"/relaties/{relation.number}",
        refusal=call.told.refusal,
        doing=call.read_text("doen"),
        typed=call.read_text("datum"),
    )


PAGES = (Page(PATH, "team", show_recurrence), Page(PATH, "team", change_recurrence, "POST"))
