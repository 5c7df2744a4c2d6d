"""Relations: the list, and one of them a tab at a time."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from starlette.responses import Response

from ...period import Period, in_words, say_over
from ...service.names import product_name
from ...service.overviews.browsing import Wanted, list_filings, list_relations
from ...service.relations import relation_pages as parts
from ...service.relations.editing.history import read_history
from ...service.results import Authority, FieldLine, JudgedStart, Missing, Refusal, RelationProduct
from ...service.visiting.front import read_front
from ...words import (
    DOSSIER_KIND_WORDS,
    FREQUENCY_WORDS,
    KIND_WORDS,
    RELATION_LINK_WORDS,
    RELATION_STATUS_WORDS,
    RIGHT_WORDS,
    SENT_WORD,
    WAY_WORDS,
    on_or_off,
    say_id,
    yes_or_no,
)
from ..answers import go, show
from ..call import Call, not_there
from ..filtering import address_of, keep_filters, read_filter, read_page
from ..page import Page
from ..readiness import find_way
from ..tabs import BACK, BEGINNING, READY, TABS, Tab
from .searching import show_hits

SORTS: dict[parts.Sort, str] = {"sent": SENT_WORD, **dict(DOSSIER_KIND_WORDS.items())}
OWN_PAGE = "blad"
"""In an address: which page of a dossier's own documents; `pagina` is that of what was delivered."""
NUMBERS = (
    ("ob_number", "OB-nummer"),
    ("rsin", "RSIN"),
    ("bsn", "BSN"),
    ("btw_id", "Btw-id"),
    ("kvk", "KvK-nummer"),
)


def list_all(call: Call) -> Response:
    """Show a page of the relations."""
    word, status = read_filter(call, "zoek"), read_filter(call, "status")
    found = list_relations(
        call.desk, word, status if status in RELATION_STATUS_WORDS else "", read_page(call)
    )
    return show(
        call,
        "relations.html.j2",
        found=found,
        chosen=status,
        word=word,
        turn=lambda page: address_of("/relaties", zoek=word, status=status, pagina=page),
    )


def filter_relations(call: Call) -> Response:
    """Go to the relations that were asked for."""
    return keep_filters(call, "/relaties", ("zoek", "status")) or show_hits(call, call.read_text("zoek"))


def show_relation(call: Call) -> Response:
    """Go to the first tab of a relation."""
    return go(call, f"/relaties/{call.path['number']}/gegevens")


def show_tab(call: Call) -> Response:
    """Show a tab of a relation."""
    reading = READING.get(call.path["tab"])
    if reading is None:
        not_there()
    return reading(call, call.path["number"])


def show_numbers(call: Call) -> Response:
    """Show a relation with its identifying numbers, and write down who asked."""
    found = parts.read_identity(call.desk, call.me, call.path["number"], numbers=True)
    return _show(call, "gegevens", found, **_identity_words())


def _show_identity(call: Call, number: str) -> Response:
    return _show(call, "gegevens", parts.read_identity(call.desk, call.me, number), **_identity_words())


def _show_people(call: Call, number: str) -> Response:
    front = read_front(call.desk)
    found = parts.read_people(call.desk, number, front.now.date())
    return _show(call, "contactpersonen", found, front=front, say_rights=_say_rights)


def _show_agreed(call: Call, number: str) -> Response:
    front = read_front(call.desk)
    found = parts.read_agreed(call.desk, number, front.now.date())
    return _show(
        call,
        "producten",
        found,
        front=front,
        say_agreed=_say_agreed,
        name_since=name_since,
        say_period=lambda code: Period.parse(code).words,
        say_product=product_name,
    )


def _show_roles(call: Call, number: str) -> Response:
    front = read_front(call.desk)
    return _show(call, "rollen", parts.read_roles(call.desk, number, front.now.date()), front=front)


def _show_filings(call: Call, number: str) -> Response:
    front = read_front(call.desk)
    planned = parts.read_planned(call.desk, number)
    if isinstance(planned, Refusal):
        not_there()
    page = list_filings(call.desk, Wanted(relation=number), front.now.date(), read_page(call))
    return _show(
        call,
        "opdrachten",
        planned.relation,
        front=front,
        planned=planned.lines,
        list=page,
        turn=lambda to: address_of(f"/relaties/{number}/opdrachten", pagina=to),
        say_period=lambda code: Period.parse(code).words,
    )


def _show_dossier(call: Call, number: str) -> Response:
    typed = call.query.get("jaar", "")
    year = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 4 else None
    sort = next((one for one in SORTS if one == call.query.get("soort")), None)
    page, own_page = read_page(call), read_page(call, OWN_PAGE)
    found = parts.read_dossier(call.desk, number, sort, year, page, own_page)
    place = f"/relaties/{number}/dossier"
    facts = {"jaar": typed, "soort": sort or ""}
    titles = {} if isinstance(found, Refusal) else found.titles

    def say_filing(filing: str) -> str:
        _, template, _, period, *_ = filing.split("/")
        return f"{titles.get(template, template)} {say_over(Period.parse(period).words)}"

    return _show(
        call,
        "dossier",
        found,
        say_filing=say_filing,
        sorts=SORTS,
        turn=lambda to: address_of(place, **facts, **{OWN_PAGE: own_page}, pagina=to) + "#ingediend",
        turn_own=lambda to: address_of(place, **facts, **{OWN_PAGE: to}, pagina=page),
    )


def _show_ready(call: Call, number: str) -> Response:
    front = read_front(call.desk)
    today = front.now.date()
    found = parts.read_ready(call.desk, number, today)
    starts, same = ((), ()) if isinstance(found, Refusal) else (found.starts, found.same)
    accepted = None if isinstance(found, Refusal) else found.acceptance
    advice = _list_lacks(starts, today, lambda one: one.advice)
    return _show(
        call,
        "gereed",
        found,
        front=front,
        find_way=partial(find_way, acceptance=accepted),
        missing=_list_lacks(starts, today, lambda one: one.missing),
        advice=dict.fromkeys(same, "") | advice,
        ready=[
            (say_start(one, today), _lead_to(number, one))
            for one in starts
            if not one.missing and not (accepted and one.template == accepted.template)
        ],
    )


def _lead_to(number: str, one: JudgedStart) -> str:
    """Return where a start for which nothing is missing is begun."""
    return address_of(f"/relaties/{number}/starten", werkproces=one.template, periode=one.period)


def _list_lacks(
    starts: Sequence[JudgedStart], today: date, pick: Callable[[JudgedStart], Iterable[Missing]]
) -> dict[Missing, str]:
    """Return each thing that lacks once, with the starts for which it does."""
    found: dict[Missing, list[JudgedStart]] = {}
    for start in starts:
        for one in pick(start):
            found.setdefault(one, []).append(start)
    return {
        one: f"Voor {'; '.join(say_start(start, today) for start in some)}." for one, some in found.items()
    }


def say_start(one: JudgedStart, today: date) -> str:
    """Return which start is meant, as 'de start op 1 januari 2027 (Btw-aangifte over december 2026)'."""
    day = "vandaag" if one.day == today else f"op {in_words(one.day)}"
    sub_number = "" if one.sub_number in ("", "-") else f", {one.sub_number}"
    over = f" {say_over(one.period_words)}" if one.period else ""
    return f"de start {day} ({one.title}{over}{sub_number})"


def _show_changes(call: Call, number: str) -> Response:
    return _show(call, "wijzigingen", read_history(call.desk, number))


def _show(call: Call, tab: Tab, found: Any, **facts: Any) -> Response:
    if isinstance(found, Refusal):
        not_there()
    relation = getattr(found, "relation", found)
    return show(
        call,
        f"relation_{tab}.html.j2",
        found=found,
        relation=relation,
        tabs=TABS,
        tab=tab,
        base=f"/relaties/{relation.number}",
        back=f"?{BACK}={READY}" if call.query.get(BACK) == READY else "",
        **facts,
    )


def _identity_words() -> dict[str, Any]:
    return {
        "numbers": NUMBERS,
        "kinds": KIND_WORDS,
        "link_words": RELATION_LINK_WORDS,
        "on_or_off": on_or_off,
        "say_field": _say_field,
    }


def _say_field(line: FieldLine) -> str:
    if line.value is None:
        return "niet bekend"
    if isinstance(line.value, bool):
        return yes_or_no(line.value)
    return in_words(date.fromisoformat(str(line.value))) if line.type == "date" else str(line.value)


def _say_rights(authority: Authority | parts.RightsLine) -> str:
    said = [
        f"{RIGHT_WORDS[right]}{' (alleen samen)' if right in authority.jointly else ''}"
        for right in authority.may
    ]
    return ", ".join(said) or "niets"


def name_since(since: date | None) -> str:
    """Return the day on which something began as an address has it."""
    return since.isoformat() if since else BEGINNING


def _say_agreed(taken: RelationProduct) -> str:
    """Return how a product is agreed, besides how often."""
    said = []
    if taken.first_period:
        said.append(f"vanaf {taken.first_period.words}")
    if taken.until:
        said.append(f"tot en met {in_words(taken.until)}")
    if taken.way:
        said.append(WAY_WORDS[taken.way])
    if taken.recipient:
        first = taken.recipient == "primary_contact"
        said.append("aan de eerste contactpersoon" if first else f"aan de {say_id(taken.recipient)}")
    switches = (
        ("buitenlandse ondernemer", taken.foreign),
        ("KOR", taken.kor),
        ("fiscale eenheid", taken.fiscal_unit),
    )
    often = f"per {FREQUENCY_WORDS[taken.frequency]}"
    return ", ".join((often, *said, *(word for word, on in switches if on)))


READING: dict[str, Callable[[Call, str], Response]] = {
    "gegevens": _show_identity,
    "contactpersonen": _show_people,
    "producten": _show_agreed,
    "rollen": _show_roles,
    "opdrachten": _show_filings,
    "dossier": _show_dossier,
    "gereed": _show_ready,
    "wijzigingen": _show_changes,
}
PAGES = (
    Page("/relaties", "team", list_all),
    Page("/relaties", "team", filter_relations, "POST", acts=False),
    Page("/relaties/{number}", "team", show_relation),
    Page(
        "/relaties/{number}/nummers",
        "team",
        show_numbers,
        "POST",
        acts=False,
        form="/relaties/{number}/gegevens",
    ),
    Page("/relaties/{number}/{tab}", "team", show_tab),
)
