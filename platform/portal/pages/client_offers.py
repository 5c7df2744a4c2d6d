"""A return read and decided on: read, choose, check and confirm, and what happens next.

After GOV.UK's patterns check answers and confirmation page. A decision is sent with a ticked box per document
that holds the hashes of what was shown.
"""

from dataclasses import replace

from starlette.responses import Response

from ...service.clients.client_offers import (
    LONGEST_REASON,
    STALE,
    Answer,
    OfferPage,
    Status,
    decide,
    read_offer,
)
from ...service.results import Refusal
from ...words import say_too_long
from ..answers import go, show
from ..call import Call, not_there
from ..drafts import CHECK, begin_draft, lead_back, open_draft
from ..outcomes import settle
from ..page import Page
from ..told import Told

PATH = "/mijn/{key}/aanbieding/{phase}"
_ANSWERS: dict[str, Answer] = {"akkoord": "approve", "afkeuren": "reject"}
_ASKING: dict[Status, tuple[str, ...]] = {"open": ("akkoord", "afkeuren"), "may_object": ("afkeuren",)}
"""What somebody can choose, by how an offer is to them."""


def show_offer(call: Call) -> Response:
    """Show what is offered, or why there is nothing to decide; to who comes back what they typed."""
    page = _read(call)
    begun = begin_draft(call) if page.offer.status in _ASKING else None
    return begun or _show_offer(open_draft(call, _path(call), _version(page)), page)


def choose_decision(call: Call) -> Response:
    """Keep what somebody is about to decide and lead them to check it, or to what is wrong with it."""
    page, wrong = _read(call), _check_choice(call)
    if wrong or not _takes_choice(call, page):
        return _lead_back(call, page, wrong, status=422 if wrong else 409)
    return lead_back(call, check_decision, _path(call), _version(page), at=CHECK, status=200)


def check_decision(call: Call) -> Response:
    """Show what somebody is about to decide, for them to confirm; without that the offer, as it is by now.

    What was chosen is kept of what was shown then: of a version that came after it there is nothing.
    """
    page = _read(call)
    typed = open_draft(call, _path(call), _version(page), at=CHECK)
    if call.key and not typed.typed and not typed.told.gone and page.offer.status in _ASKING:
        return _show_offer(replace(call, told=Told(status=409, refusal=STALE)), page)
    if _check_choice(typed) or not _takes_choice(typed, page):
        return go(call, f"{_path(call)}{call.asked_key}")
    return _show_check(typed, page)


def take_decision(call: Call) -> Response:
    """Take a decision, with the hashes of what was shown."""
    page = _read(call)
    wrong = _check_choice(call)
    if wrong:
        return _lead_back(call, page, wrong)
    seen = _read_seen(call)
    unseen = [one.title for one in page.offer.documents if one.id not in seen]
    if not seen or (_takes_choice(call, page) and unseen):
        if not _takes_choice(call, page):
            return _lead_back(call, page, {}, status=409)
        unticked = {"gezien": "Vink aan dat uw besluit over dit document gaat."}
        return lead_back(call, check_decision, _path(call), _version(page), at=CHECK, wrong=unticked)
    answer = _ANSWERS[call.read_text("besluit")]
    outcome = call.acting.run(
        decide(
            call.desk,
            call.me,
            call.act_id,
            call.path["key"],
            call.path["phase"],
            answer,
            seen=seen,
            reason=call.read_text("reden"),
        )
    )
    if outcome is None:
        not_there()
    settled = settle(call, outcome)
    if isinstance(settled, Refusal):
        return _lead_back(call, _read(call), {}, settled, status=409)
    if settled is not None:
        return settled
    word = "Uw akkoord is vastgelegd." if answer == "approve" else "Uw afkeuring is vastgelegd."
    return go(call, f"{_path(call)}/klaar", word)


def show_decided(call: Call) -> Response:
    """Show what was decided and what happens next."""
    page = _read(call)
    decided = page.offer.status in ("agreed", "jointly", "rejected")
    if not decided and not (page.offer.status in _ASKING and call.shown):
        return go(call, _path(call))
    return show(call, "client_decided.html.j2", head=page.head, offer=page.offer)


def show_signing(call: Call) -> Response:
    """Show the sheet on which somebody signs by hand."""
    page = _read(call)
    if page.offer.way != "signature" or page.offer.status != "open":
        return go(call, _path(call))
    return show(call, "client_signing.html.j2", head=page.head, offer=page.offer)


def _read(call: Call) -> OfferPage:
    return read_offer(call.desk, call.me, call.path["key"], call.path["phase"]) or not_there()


def _takes_choice(call: Call, page: OfferPage) -> bool:
    return call.read_text("besluit") in _ASKING.get(page.offer.status, ())


def _path(call: Call) -> str:
    return PATH.format(**call.path)


def _version(page: OfferPage) -> str:
    """Return which documents are shown: a choice is about these bytes."""
    return " ".join(one.hash for one in page.offer.documents)


def _check_choice(call: Call) -> dict[str, str]:
    """Return what is wrong with the choice, by field."""
    choice, reason = call.read_text("besluit"), call.read_text("reden")
    if choice not in _ANSWERS:
        return {"besluit": "Kies of u akkoord gaat."}
    if choice == "afkeuren" and not reason:
        return {"reden": "Schrijf wat er niet klopt; dan weten wij wat wij moeten aanpassen."}
    long = say_too_long(reason, LONGEST_REASON)
    return {"reden": long} if long else {}


def _read_seen(call: Call) -> dict[str, tuple[str, str]]:
    """Return the hashes of what was ticked, by document."""
    parts = (one.split(":") for one in call.read_texts("gezien"))
    return {part[0]: (part[1], part[2]) for part in parts if len(part) == 3}


def _lead_back(
    call: Call, page: OfferPage, wrong: dict[str, str], refusal: Refusal | None = None, status: int = 422
) -> Response:
    """Lead to the offer, with what is wrong with the decision."""
    path, version = _path(call), _version(page)
    return lead_back(call, show_offer, path, version, wrong=wrong, refusal=refusal, status=status)


def _show_offer(call: Call, page: OfferPage) -> Response:
    return show(
        call,
        "client_offer.html.j2",
        head=page.head,
        offer=page.offer,
        earlier=page.earlier,
        wrong=dict(call.told.wrong),
        refusal=call.told.refusal,
        choice=call.read_text("besluit"),
        reason=call.read_text("reden"),
    )


def _show_check(call: Call, page: OfferPage) -> Response:
    return show(
        call,
        "client_check.html.j2",
        head=page.head,
        offer=page.offer,
        wrong=dict(call.told.wrong).get("gezien", ""),
        choice=call.read_text("besluit"),
        reason=call.read_text("reden"),
        ticked=_read_seen(call),
    )


PAGES = (
    Page(PATH, "client", show_offer),
    Page(PATH, "client", choose_decision, "POST", acts=False),
    Page(f"{PATH}/{CHECK}", "client", check_decision),
    Page(f"{PATH}/{CHECK}", "client", take_decision, "POST"),
    Page(f"{PATH}/klaar", "client", show_decided),
    Page(f"{PATH}/tekenblad", "client", show_signing),
)
