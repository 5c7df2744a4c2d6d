"""A filing as a colleague works on it: one page to look, one form per act."""

import tempfile
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.responses import Response

from ...service.acts import Acts, Answer, Done, Outcome
from ...service.attaching import attach
from ...service.figures import FiguresRefused
from ...service.proofs import keep_proof
from ...service.reading import document_bytes, receipt_bytes
from ...service.results import Refusal
from ...service.team_pages import TeamFiling, read_filing
from ...typed import TypedError, read_day
from ...words import (
    DEADLINE_WORDS,
    ITEM_WORDS,
    LINK_WORDS,
    OFFER_WORDS,
    PHASE_WORDS,
    WAY_WORDS,
    WORK_WORDS,
    describe_state,
)
from ..answers import go, show
from ..call import Call, not_there
from ..routes import Page
from ..safety import DOCUMENT_HEADERS

WORDS = {
    "phase": PHASE_WORDS,
    "deadline": DEADLINE_WORDS,
    "item": ITEM_WORDS,
    "link": LINK_WORDS,
    "offer": OFFER_WORDS,
    "way": WAY_WORDS,
    "work": WORK_WORDS,
}
NO_FILE = Refusal(code="no_file", text="Kies eerst een bestand.")


@dataclass(frozen=True)
class Doing:
    """An act of a form: what carries it out, and what the page says when it was done."""

    act: Callable[[Call, str], Coroutine[Any, Any, Outcome] | Refusal]
    word: str


def show_filing(call: Call) -> Response:
    """Show a filing."""
    return _show(call, call.path["name"])


def do_act(call: Call) -> Response:
    """Carry out the act of a form on a filing's page, and show the page again."""
    name = call.path["name"]
    doing = DOINGS.get(call.read_text("doen"))
    if doing is None:
        not_there()
    act = doing.act(call, name)
    outcome = act if isinstance(act, Refusal) else call.acting.run(act)
    if isinstance(outcome, Refusal):
        return _show(call, name, refusal=outcome, status=409)
    if not isinstance(outcome, Done):
        return show(call, "unknown_outcome.html.j2", status=503, outcome=outcome, **_keep_typed(call))
    return go(call, f"/opdrachten/{name}", " ".join([doing.word, *outcome.warnings]))


def add_document(call: Call) -> Response:
    """Attach a file to a filing; figures become a return."""
    name, file = call.path["name"], call.read_file("bestand")
    if file is None:
        return _show(call, name, refusal=NO_FILE, status=422)
    with tempfile.TemporaryDirectory() as folder:
        # Its own name is what mistakes in it are told by; of a path only the last part counts.
        written = Path(folder) / (Path(file.filename or "").name or "bestand")
        written.write_bytes(file.file.read())
        found = call.acting.run(
            attach(call.desk, call.me.id, name, written, call.read_text("document") or None, call.act_id)
        )
    if isinstance(found, FiguresRefused):
        mistakes = [mistake.replace(f"{folder}/", "") for mistake in found.mistakes]
        return _show(call, name, refusal=found, mistakes=mistakes, status=422)
    if isinstance(found, Refusal):
        return _show(call, name, refusal=found, status=409)
    if isinstance(found.outcome, Refusal):
        return _show(call, name, refusal=found.outcome, status=409)
    if not isinstance(found.outcome, Done):
        return show(call, "unknown_outcome.html.j2", status=503, outcome=found.outcome, **_keep_typed(call))
    return go(call, f"/opdrachten/{name}", " ".join(["Toegevoegd.", *found.warnings]))


def show_rendering(call: Call) -> Response:
    """Return a document as the client reads it, for a frame of ours."""
    name, document = call.path["name"], call.path["document"]
    found = document_bytes(call.desk, name, document, rendering=True, who=call.me.id)
    if isinstance(found, Refusal):
        not_there()
    return Response(found[1], media_type="text/html; charset=utf-8", headers=dict(DOCUMENT_HEADERS))


def download(call: Call) -> Response:
    """Return the bytes of a document, to be kept as a file."""
    name, document = call.path["name"], call.path["document"]
    found = document_bytes(call.desk, name, document, rendering=False, who=call.me.id)
    return _as_file(found)


def download_receipt(call: Call) -> Response:
    """Return the authority's answer as it came."""
    return _as_file(receipt_bytes(call.desk, call.path["name"], call.me.id))


def _as_file(found: tuple[str, bytes] | Refusal) -> Response:
    if isinstance(found, Refusal):
        not_there()
    name, content = found
    disposition = f'attachment; filename="{name}"'
    return Response(
        content, media_type="application/octet-stream", headers={"Content-Disposition": disposition}
    )


def _show(
    call: Call,
    name: str,
    *,
    refusal: Refusal | None = None,
    mistakes: list[str] | None = None,
    status: int = 200,
) -> Response:
    found = read_filing(call.desk, call.me, name)
    if isinstance(found, Refusal):
        not_there()
    filing = found.page.filing
    return show(
        call,
        "filing.html.j2",
        status=status,
        found=found,
        state=describe_state(filing.planner, filing.ended),
        words=WORDS,
        refusal=refusal,
        mistakes=mistakes or [],
        typed={key: call.read_text(key) for key in call.typed},
        active=[p for p in found.page.view.phases if p.status == "active"] if found.page.view else [],
        waiting=_list_of_client(found),
        base=f"/opdrachten/{name}",
    )


def _list_of_client(found: TeamFiling) -> list[str]:
    """Return who is to decide and has not, by name."""
    view = found.page.view
    return [found.people.get(one, one) for offer in (view.offers if view else ()) for one in offer.waiting]


def _keep_typed(call: Call) -> dict[str, Any]:
    return {"typed": [(key, value) for key, value in call.typed.multi_items() if isinstance(value, str)]}


def _phase(call: Call) -> str | None:
    return call.read_text("fase") or None


def _acts(call: Call) -> Acts:
    return Acts(call.desk, call.me.id, call.act_id)


def _complete(call: Call, name: str) -> Coroutine[Any, Any, Outcome]:
    seen = dict(one.split("=", 1) for one in call.read_texts("gezien") if "=" in one)
    return _acts(call).complete(name, _phase(call), seen, call.read_text("uitkomst") or None)


def _decide(call: Call, name: str) -> Coroutine[Any, Any, Outcome] | Refusal:
    answers: dict[str, Answer] = {
        "akkoord": "approve",
        "ondertekend": "sign",
        "afgekeurd": "reject",
        "niet-indienen": "not_deliver",
    }
    answer = answers.get(call.read_text("antwoord"))
    if answer is None:
        return Refusal(code="no_answer", text="Kies wat de klant heeft besloten.")
    file = call.read_file("bewijs")
    proof = keep_proof(call.desk, file.file.read()) if file else None
    return _acts(call).decide(
        name,
        answer,
        phase=_phase(call),
        reason=call.read_text("reden"),
        contact=call.read_text("contact") or None,
        proof=proof,
    )


def _record_delivery(call: Call, name: str) -> Coroutine[Any, Any, Outcome] | Refusal:
    day = _day(call, "dag")
    if isinstance(day, Refusal):
        return day
    file = call.read_file("bewijs")
    proof = keep_proof(call.desk, file.file.read()) if file else None
    return _acts(call).record_delivery(
        name, day, proof, reference=call.read_text("kenmerk"), phase=_phase(call)
    )


def _hold(call: Call, name: str) -> Coroutine[Any, Any, Outcome] | Refusal:
    day = _day(call, "tot") if call.read_text("tot") else None
    return day if isinstance(day, Refusal) else _acts(call).hold(name, call.read_text("reden"), day)


def _day(call: Call, field: str) -> Any:
    try:
        return read_day(call.read_text(field))
    except TypedError as error:
        return Refusal(code="wrong_day", text=str(error))


DOINGS: dict[str, Doing] = {
    "afvinken": Doing(
        lambda c, n: _acts(c).check(n, c.read_text("punt"), _phase(c)), "Het controlepunt is afgevinkt."
    ),
    "uitvinken": Doing(
        lambda c, n: _acts(c).uncheck(n, c.read_text("punt"), _phase(c)), "Het controlepunt staat weer open."
    ),
    "afronden": Doing(_complete, "De fase is afgerond."),
    "terug": Doing(
        lambda c, n: _acts(c).back(n, c.read_text("reden"), _phase(c)), "Het werk is teruggestuurd."
    ),
    "vrijgeven": Doing(lambda c, n: _acts(c).release(n, _phase(c)), "Vrijgegeven: de klant krijgt bericht."),
    "opnieuw": Doing(lambda c, n: _acts(c).retry(n, _phase(c)), "Het wordt opnieuw geprobeerd."),
    "besluit": Doing(_decide, "Het besluit van de klant is vastgelegd."),
    "ingediend": Doing(_record_delivery, "De indiening is vastgelegd."),
    "gegeven": Doing(
        lambda c, n: _acts(c).record_fact(
            n, c.read_text("gegeven"), c.read_text("waarde"), reason=c.read_text("reden")
        ),
        "Vastgelegd.",
    ),
    "taak": Doing(
        lambda c, n: _acts(c).task_done(n, c.read_text("taak"), c.read_text("bewijs") or None),
        "De taak is klaar.",
    ),
    "accepteren": Doing(
        lambda c, n: _acts(c).accept_item(n, c.read_text("uitvraag"), c.read_text("onderdeel") or None),
        "Geaccepteerd.",
    ),
    "terugsturen": Doing(
        lambda c, n: _acts(c).send_back_item(
            n, c.read_text("uitvraag"), c.read_text("onderdeel") or None, c.read_text("reden")
        ),
        "Teruggestuurd: de klant krijgt de vraag opnieuw.",
    ),
    "nvt": Doing(
        lambda c, n: _acts(c).not_applicable(
            n, c.read_text("uitvraag"), c.read_text("onderdeel") or None, c.read_text("reden")
        ),
        "Vastgelegd dat dit niet van toepassing is.",
    ),
    "notitie": Doing(
        lambda c, n: _acts(c).note(n, c.read_text("tekst"), c.read_text("voor") or None), "Genoteerd."
    ),
    "aanhouden": Doing(_hold, "De opdracht is aangehouden."),
    "hervatten": Doing(lambda c, n: _acts(c).resume(n), "De opdracht gaat verder."),
    "annuleren": Doing(lambda c, n: _acts(c).cancel(n, c.read_text("reden")), "De opdracht is geannuleerd."),
    "overdragen": Doing(
        lambda c, n: _acts(c).reassign(
            n, c.read_text("rol"), c.read_text("persoon") or None, c.read_text("reden")
        ),
        "Het werk is overgedragen.",
    ),
    "uitzondering": Doing(
        lambda c, n: _acts(c).waive(n, c.read_text("persoon"), c.read_text("reden"), _phase(c)),
        "De uitzondering op vier ogen is vastgelegd.",
    ),
}
"""What a form on the page asks for, by the value of its field `doen`."""

PAGES = (
    Page("/opdrachten/{name:path}/document/{document}/weergave", "team", show_rendering),
    Page("/opdrachten/{name:path}/document/{document}", "team", download),
    Page("/opdrachten/{name:path}/ontvangstbevestiging", "team", download_receipt),
    Page("/opdrachten/{name:path}/document", "team", add_document, "POST"),
    Page("/opdrachten/{name:path}", "team", show_filing),
    Page("/opdrachten/{name:path}", "team", do_act, "POST"),
)
