"""Sheets of a relation: what can be changed where it says so, and what comes of sending it."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response

from ...service.clients.new_links import send_link
from ...service.relations.editing.authority import AuthoritySheet, StandingSheet
from ...service.relations.editing.contacts import ContactSheet, KnownContactSheet, LeavingContactSheet
from ...service.relations.editing.identity import IdentitySheet, list_effects
from ...service.relations.editing.links import LinkSheet, WrongLinkSheet
from ...service.relations.editing.products import ProductSheet
from ...service.relations.editing.roles import ProcessTeamSheet, RolesSheet
from ...service.relations.editing.saving import read_sheet, save_sheet
from ...service.relations.editing.sheets import (
    CLEAR,
    LABELS,
    Consequences,
    Field,
    Gone,
    Meanwhile,
    Sent,
    Subject,
    Wrong,
    tells_there,
)
from ...service.results import Refusal
from ...service.visiting.front import read_front
from ..answers import go, show
from ..call import Call, not_there
from ..drafts import CHECK, begin_draft, lead_back, list_left_empty, open_draft
from ..page import Page
from ..said import FIELD
from ..tabs import BACK, BEGINNING, READY, TABS, Tab

EVERY = "alle"
"""In an address: every product."""
VERSION, AGREED = "versie", "gevolgen"


@dataclass(frozen=True)
class Place:
    """Where a sheet is: its path below a relation's, the tab that it belongs to, and what it is about."""

    path: str
    tab: Tab
    subject: Callable[[Call], Subject]

    def show(self, call: Call) -> Response:
        """Show the sheet as it is now, with what was typed and why it was not saved."""
        return begin_draft(call) or _show(open_draft(call, self.form(call)), self)

    def show_consequences(self, call: Call) -> Response:
        """Show what was typed takes away; where that is not known any more, the sheet."""
        typed = open_draft(call, self.form(call), at=CHECK)
        if not isinstance(typed.told.outcome, Consequences):
            return go(call, f"{self.form(call)}{call.asked_key}")
        return _ask(typed, self, typed.told.outcome)

    def form(self, call: Call) -> str:
        """Return the address of the sheet."""
        return f"/relaties/{call.path['number']}/{self.path.format(**call.path)}"

    def send(self, call: Call) -> Response:
        """Save what was sent, or lead to why not, or to what it takes away."""
        number, form = call.path["number"], self.form(call)
        if empty := list_left_empty(call):
            return lead_back(call, self.show, form, wrong=empty)
        sent = Sent(read_typed(call), _read_version(call), call.read_text(AGREED))
        outcome = save_sheet(call.desk, call.me, number, self.subject(call), sent)
        if isinstance(outcome, Consequences):
            return lead_back(call, self.show_consequences, form, at=CHECK, outcome=outcome, status=200)
        if isinstance(outcome, Wrong):
            return lead_back(call, self.show, form, wrong=outcome.mistakes)
        if isinstance(outcome, (Gone, Meanwhile)):
            return lead_back(call, self.show, form, outcome=outcome, status=409)
        word = "Opgeslagen." if outcome.changed else "Er is niets veranderd."
        where = READY if call.read_text(BACK) == READY else self.tab
        told = [word, *outcome.warnings]
        if outcome.link_to:
            told.append(_send_link(call, outcome.link_to))
        return go(call, f"/relaties/{number}/{where}", " ".join(told))


def send_new_link(call: Call) -> Response:
    """Mail a contact a link to their present address."""
    return go(
        call, f"/relaties/{call.path['number']}/contactpersonen", _send_link(call, call.path["contact"])
    )


def _send_link(call: Call, contact: str) -> str:
    sent = send_link(call.desk, call.me, call.path["number"], contact)
    return f"Let op: {sent.text}" if isinstance(sent, Refusal) else sent


def _show(call: Call, place: Place) -> Response:
    """Show a sheet, with what was typed where it was sent; what others wrote meanwhile where that was not."""
    told, typed = call.told.outcome, read_typed(call) if call.typed else None
    if isinstance(told, Gone):
        return _keep(call, place, typed or {}, told)
    meanwhile = told if isinstance(told, Meanwhile) else None
    wrong = call.told.wrong
    front = read_front(call.desk)
    sheet = read_sheet(call.desk, call.me, call.path["number"], place.subject(call), front.now.date())
    if isinstance(sheet, Refusal):
        return not_there() if typed is None else _keep(call, place, typed, Gone(text=sheet.text))
    seen = sheet.version if typed is None else _read_version(call)
    names = {one.name for one in sheet.fields}
    untouched = meanwhile.untouched if meanwhile else frozenset()
    return show(
        call,
        "relation_sheet.html.j2",
        front=front,
        sheet=sheet,
        version=meanwhile.version if meanwhile else seen,
        relation=sheet.relation,
        values={
            one.name: one.value if typed is None or one.name in untouched else typed.get(one.name, ())
            for one in sheet.fields
        },
        cleared=(typed or {}).get(CLEAR, ()),
        wrong=order_mistakes(wrong, sheet.fields),
        there=tells_there(wrong),
        changes=meanwhile.changes if meanwhile else (),
        act=call.act_id,
        effects=list_effects() if "status" in names else (),
        base=f"/relaties/{sheet.relation.number}",
        tab=place.tab,
        tabs=TABS,
        back=_read_back(call),
        to=f"/relaties/{sheet.relation.number}/{_read_back(call) or place.tab}",
    )


def order_mistakes(wrong: Iterable[tuple[str, str]], fields: Sequence[Field]) -> list[tuple[str, str]]:
    """Return what is wrong in the order of the fields, after what is of none of them."""
    places = {one.name: place for place, one in enumerate(fields)}
    told = ((name if name in places else "", text) for name, text in wrong)
    return sorted(told, key=lambda one: places.get(one[0], -1))


def _ask(call: Call, place: Place, found: Consequences) -> Response:
    """Show what it takes away, to be agreed to or gone back from."""
    number = call.path["number"]
    today = read_front(call.desk).now.date()
    sheet = read_sheet(call.desk, call.me, number, place.subject(call), today)
    return show(
        call,
        "relation_consequences.html.j2",
        found=found,
        typed=[(name, value) for name, value in call.typed_texts if name != AGREED],
        name=number if isinstance(sheet, Refusal) else sheet.relation.name,
        base=f"/relaties/{number}",
        form=place.form(call),
        tab=place.tab,
        tabs=TABS,
    )


def _keep(call: Call, place: Place, typed: dict[str, tuple[str, ...]], found: Gone) -> Response:
    """Show what was typed about something that is not there, so that whoever typed it still has it."""
    told = {LABELS.get(name, name): ", ".join(filter(None, values)) for name, values in typed.items()}
    return show(
        call,
        "relation_gone.html.j2",
        status=409,
        found=found,
        typed=[(label, value) for label, value in told.items() if value],
        base=f"/relaties/{call.path['number']}",
        tab=place.tab,
        tabs=TABS,
    )


def read_typed(call: Call) -> dict[str, tuple[str, ...]]:
    """Return what was typed, by field of a sheet."""
    fields = [name.removeprefix(FIELD) for name in call.typed if name.startswith(FIELD)]
    return {name: call.read_texts(f"{FIELD}{name}") for name in fields} | {CLEAR: call.read_texts(CLEAR)}


def _read_version(call: Call) -> int:
    given = call.read_text(VERSION)
    return int(given) if re.fullmatch(r"[0-9]{1,9}", given) else 0


def _read_back(call: Call) -> str:
    return READY if READY in (call.query.get(BACK), call.read_text(BACK)) else ""


def _read_since(call: Call) -> date | None:
    try:
        return None if call.path["since"] == BEGINNING else date.fromisoformat(call.path["since"])
    except ValueError:
        not_there()


def _read_day(call: Call) -> date:
    since = _read_since(call)
    if since is None:
        not_there()
    return since


def _read_product(call: Call) -> str:
    return "*" if call.path["product"] == EVERY else call.path["product"]


PLACES = (
    Place("gegevens/wijzigen", "gegevens", lambda call: IdentitySheet()),
    Place("verbanden/nieuw", "gegevens", lambda call: LinkSheet()),
    Place(
        "verbanden/{link}/{other}/{since}",
        "gegevens",
        lambda call: LinkSheet(call.path["link"], call.path["other"], _read_day(call)),
    ),
    Place(
        "verbanden/{link}/{other}/{since}/weghalen",
        "gegevens",
        lambda call: WrongLinkSheet(call.path["link"], call.path["other"], _read_day(call)),
    ),
    Place("rollen/wijzigen", "rollen", lambda call: RolesSheet()),
    Place("rollen/procesteam", "rollen", lambda call: ProcessTeamSheet()),
    Place(
        "contactpersonen/nieuw",
        "contactpersonen",
        lambda call: ContactSheet(f"c-{call.act_id[:10]}", new=True),
    ),
    Place("contactpersonen/bekende", "contactpersonen", lambda call: KnownContactSheet()),
    Place(
        "contactpersonen/{contact}/wijzigen",
        "contactpersonen",
        lambda call: ContactSheet(call.path["contact"]),
    ),
    Place(
        "contactpersonen/{contact}/weghalen",
        "contactpersonen",
        lambda call: LeavingContactSheet(call.path["contact"]),
    ),
    Place(
        "bevoegdheden/nieuw",
        "contactpersonen",
        lambda call: AuthoritySheet(contact=call.query.get("contact", "")),
    ),
    Place(
        "bevoegdheden/{contact}/{product}/{since}",
        "contactpersonen",
        lambda call: AuthoritySheet(call.path["contact"], _read_product(call), _read_day(call)),
    ),
    Place("producten/nieuw", "producten", lambda call: ProductSheet()),
    Place(
        "producten/{product}/{sub}/{since}",
        "producten",
        lambda call: ProductSheet(call.path["product"], call.path["sub"], _read_since(call)),
    ),
    Place("machtigingen/nieuw", "producten", lambda call: StandingSheet()),
    Place(
        "machtigingen/{product}/{since}",
        "producten",
        lambda call: StandingSheet(_read_product(call), _read_day(call)),
    ),
)
NEW_LINK = Page(
    "/relaties/{number}/contactpersonen/{contact}/link",
    "team",
    send_new_link,
    "POST",
    acts=False,
    form="/relaties/{number}/contactpersonen",
)
PAGES = (
    NEW_LINK,
    *(
        page
        for place in PLACES
        for page in (
            Page(f"/relaties/{{number}}/{place.path}", "team", place.show),
            Page(f"/relaties/{{number}}/{place.path}/{CHECK}", "team", place.show_consequences),
            Page(f"/relaties/{{number}}/{place.path}", "team", place.send, "POST", acts=False),
        )
    ),
)
