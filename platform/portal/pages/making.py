"""Making a relation: one form, and then what is still missing before something can start."""

from collections.abc import Collection

from starlette.responses import Response

from ...service.relations.editing.making import make_relation, read_form
from ...service.relations.editing.sheets import Consequences, Sent, Typed, Wrong
from ...service.results import Refusal
from ...service.visiting.front import read_front
from ..answers import go, show
from ..call import Call, not_there
from ..page import Page
from ..tabs import READY
from .mending import AGREED, read_typed

BASE = "/nieuwe-relatie"
"""Beside the relations, of which each has its number below theirs."""


def show_form(call: Call) -> Response:
    """Show the form of a new relation."""
    return _show(call)


def add_relation(call: Call) -> Response:
    """Make a relation, or show what is wrong or what it brings about; pressed twice, it is made once."""
    typed = read_typed(call)
    sent = Sent(typed, agreed=call.read_text(AGREED))
    made = make_relation(call.desk, call.me, sent, f"c-{call.act_id[:10]}")
    if isinstance(made, Refusal):
        not_there()
    if isinstance(made, Wrong):
        return _show(call, typed, wrong=made.mistakes, status=422)
    if isinstance(made, Consequences):
        return _show(call, typed, told=made)
    word = " ".join(("De relatie is toegevoegd. Hieronder staat wat nog ontbreekt.", *made.warnings))
    return go(call, f"/relaties/{made.number}/{READY}", word)


def _show(
    call: Call,
    typed: Typed | None = None,
    *,
    wrong: Collection[tuple[str, str]] = (),
    told: Consequences | None = None,
    status: int = 200,
) -> Response:
    parts = read_form(call.desk, call.me)
    if isinstance(parts, Refusal):
        not_there()
    fields = [one for part in parts for one in part.fields]
    names = {one.name for one in fields}
    return show(
        call,
        "relation_new.html.j2",
        status=status,
        front=read_front(call.desk),
        form=parts,
        sheet={"fields": fields},
        values={one.name: one.value if typed is None else typed.get(one.name, ()) for one in fields},
        cleared=(),
        wrong=[(name if name in names else "", text) for name, text in wrong],
        told=told,
        act=call.act_id,
    )


PAGES = (
    Page(BASE, "team", show_form),
    Page(BASE, "team", add_relation, "POST", acts=False),
)
