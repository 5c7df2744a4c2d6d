"""Making a relation: one form, and then what is still missing before something can start."""

from starlette.responses import Response

from ...service.relations.editing.making import make_relation, read_form
from ...service.relations.editing.sheets import Consequences, Sent, Wrong
from ...service.results import Refusal
from ...service.visiting.front import read_front
from ..answers import go, show
from ..call import Call, not_there
from ..drafts import lead_back, list_left_empty, open_draft
from ..page import Page
from ..tabs import READY
from .mending import AGREED, order_mistakes, read_typed

BASE = "/nieuwe-relatie"
"""Beside the relations, of which each has its number below theirs."""


def show_form(call: Call) -> Response:
    """Show the form of a new relation, with what was typed, what is wrong with it or what comes of it."""
    return _show(open_draft(call, BASE))


def add_relation(call: Call) -> Response:
    """Make a relation, or lead to what is wrong or what it brings about; pressed twice, it is made once."""
    if empty := list_left_empty(call):
        return lead_back(call, show_form, BASE, wrong=empty)
    sent = Sent(read_typed(call), agreed=call.read_text(AGREED))
    made = make_relation(call.desk, call.me, sent, f"c-{call.act_id[:10]}")
    if isinstance(made, Refusal):
        not_there()
    if isinstance(made, Wrong):
        return lead_back(call, show_form, BASE, wrong=made.mistakes)
    if isinstance(made, Consequences):
        return lead_back(call, show_form, BASE, outcome=made, status=200)
    word = " ".join(("De relatie is toegevoegd. Hieronder staat wat nog ontbreekt.", *made.warnings))
    return go(call, f"/relaties/{made.number}/{READY}", word)


def _show(call: Call) -> Response:
    typed = read_typed(call) if call.typed else None
    parts = read_form(call.desk, call.me)
    if isinstance(parts, Refusal):
        not_there()
    fields = [one for part in parts for one in part.fields]
    return show(
        call,
        "relation_new.html.j2",
        front=read_front(call.desk),
        form=parts,
        sheet={"fields": fields},
        values={one.name: one.value if typed is None else typed.get(one.name, ()) for one in fields},
        cleared=(),
        wrong=order_mistakes(call.told.wrong, fields),
        told=call.told.outcome,
        act=call.act_id,
    )


PAGES = (
    Page(BASE, "team", show_form),
    Page(BASE, "team", add_relation, "POST", acts=False),
)
