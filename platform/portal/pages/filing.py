"""A filing as a colleague works on it: one page to look, one form per act."""

import re
import tempfile
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from starlette.responses import Response

from ...audience import CLIENT, COMPLIANCE, OFFICE, roles_in
from ...data import replace
from ...period import Period
from ...plan import FactDefinition
from ...service.filings.acts import Acts, Answer, Outcome, PartlyRecorded
from ...service.filings.attaching import attach
from ...service.filings.figures import FiguresRefused
from ...service.filings.proofs import keep_document, keep_proof
from ...service.filings.rejected import refuse_same_version
from ...service.filings.unjudged import Judgement
from ...service.overviews.reading import Waiting, document_bytes, proof_bytes, receipt_bytes
from ...service.overviews.team_pages import (
    find_changes,
    find_next,
    list_shown,
    read_filing,
    read_received,
)
from ...service.results import Refusal, TimelineLine
from ...service.uploads import Upload
from ...typed import TypedError, read_day
from ...words import (
    ANSWER_WORDS,
    COMING_WORDS,
    DEADLINE_WORDS,
    ITEM_WORDS,
    JUDGEMENT_WORDS,
    LINK_WORDS,
    OFFER_WORDS,
    PHASE_WORDS,
    SENT_BACK_WORDS,
    WAY_WORDS,
    WORK_WORDS,
    describe_state,
    leave_ids_out,
    say_id,
    say_too_long,
)
from ..answers import go, show
from ..call import Call, not_there
from ..drafts import lead_back, open_draft
from ..files import NO_FILE, answer_file, answer_rendering, read_upload, read_uploads
from ..filtering import address_of
from ..outcomes import list_warnings, say_done, settle
from ..page import Page
from ..said import FIELD

ENTRIES = 10
"""Entries of the timeline that are open; earlier ones are folded away."""
LONGEST_TEXT = 10_000
VALUE = "waarde-"
"""Before the name of the field of a fact, where a form has several."""
WORDS = {
    "answer": ANSWER_WORDS,
    "phase": PHASE_WORDS,
    "coming": COMING_WORDS,
    "deadline": DEADLINE_WORDS,
    "item": ITEM_WORDS,
    "judgement": JUDGEMENT_WORDS,
    "link": LINK_WORDS,
    "offer": OFFER_WORDS,
    "sent_back": SENT_BACK_WORDS,
    "way": WAY_WORDS,
    "work": WORK_WORDS,
}
NO_LETTER = Refusal(code="no_file", text="Voeg de brief toe, als scan of foto.")
CHANGED = Refusal(
    code="changed",
    text="Er is intussen iets veranderd. Kijk wat er nu staat; wat u typte staat er nog. Klopt het, stuur "
    "het dan opnieuw.",
)


@dataclass(frozen=True)
class Doing:
    """An act of a form: what carries it out, and what the page says when it was done.

    `alone`: it stands by itself, and may be done whatever others did since the page was shown. `choose` is a
    field in which something has to be chosen, with what is said where nothing was.
    """

    act: Callable[[Call, str], Coroutine[Any, Any, Outcome | PartlyRecorded] | Refusal]
    word: str | Callable[[Call, str], str]
    alone: bool = False
    choose: tuple[str, str] | None = None

    def say(self, call: Call, name: str) -> str:
        """Return what the page says when it was done."""
        return self.word if isinstance(self.word, str) else self.word(call, name)


def show_filing(call: Call) -> Response:
    """Show a filing, with what is wrong with a form that was sent.

    After an act, with what is next where nothing more waits here.
    """
    name = call.path["name"]
    following = find_next(call.desk, call.me, name) if call.shown else None
    call = open_draft(call, f"/opdrachten/{name}")
    changes = _find_changes(call, name) if call.told.refusal == CHANGED else ()
    return _show(call, name, changes, following)


def do_act(call: Call) -> Response:
    """Carry out the act of a form on a filing's page, and show the page again."""
    name = call.path["name"]
    doing = DOINGS.get(call.read_text("doen"))
    if doing is None:
        not_there()
    kept_back = _keep_back(call, name, doing)
    if kept_back:
        return kept_back
    act = doing.act(call, name)
    outcome = act if isinstance(act, Refusal) else call.acting.run(act)
    if isinstance(outcome, PartlyRecorded):
        refusal = _place_facts(call, outcome.refusal)
        return _lead_back(call, refusal=refusal, status=409, done=outcome.recorded)
    came = settle(call, outcome)
    if isinstance(came, Refusal):
        return _lead_back(call, refusal=_place_facts(call, came), status=409)
    if came is not None:
        return came
    word = say_done(doing.say(call, name), list_warnings(outcome))
    return go(call, f"/opdrachten/{name}{_find_place(call)}", word)


def _place_facts(call: Call, refusal: Refusal) -> Refusal:
    """Return a refusal of facts that were typed together with the fields that hold them."""
    fields = {f"{call.read_text('formulier')}-{name}": name.removeprefix(VALUE) for name in call.typed}
    by_fact = {fact: field for field, fact in fields.items()}
    placed = [replace(one, field=by_fact.get(one.field or "", one.field)) for one in refusal.all]
    return replace(placed[0], others=tuple(replace(one, others=()) for one in placed[1:]))


def _find_place(call: Call) -> str:
    """Return where on the page somebody goes on: at the checkpoint that they ticked, else at its top."""
    point, phase = call.read_text("punt"), _phase(call)
    return f"#punt-{phase}-{point}" if point and phase else ""


def add_document(call: Call) -> Response:
    """Attach a file to a filing; figures become a return."""
    name, document = call.path["name"], call.read_text("document")
    known = read_filing(call.desk, call.me, name)
    figures = not isinstance(known, Refusal) and document in known.reports
    file = read_upload(call, "bestand", figures=figures) or NO_FILE
    if isinstance(file, Refusal):
        return _lead_back(call, refusal=file)
    kept_back = _keep_back(call, name, ATTACHING)
    if kept_back:
        return kept_back
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / file.name
        written.write_bytes(file.content)
        audience = _read_audience(call)
        attaching = attach(call.desk, call.me.id, name, written, document or None, call.act_id, audience)
        found = call.acting.run(attaching)
    if isinstance(found, FiguresRefused):
        mistakes = [mistake.replace(f"{folder}/", "") for mistake in found.mistakes]
        return _lead_back(call, refusal=found, mistakes=mistakes)
    came = settle(call, found if isinstance(found, Refusal) else found.outcome)
    if isinstance(came, Refusal):
        plain = came.text.replace(f"{folder}/", "")  # a sentence names the file, and not where it lay
        return _lead_back(call, refusal=Refusal(code=came.code, text=plain), status=409)
    warnings = () if isinstance(found, Refusal) else (*list_warnings(found.outcome), *found.warnings)
    names_alone = [one.replace(f"{folder}/", "") for one in warnings]
    return came or go(call, f"/opdrachten/{name}", say_done(ATTACHING.say(call, name), names_alone))


def _keep_back(call: Call, name: str, doing: Doing) -> Response | None:
    """Return why a form is not carried out as it was sent: too long, or others were there meanwhile."""
    for field, value in call.typed_texts:
        long = say_too_long(value.strip(), LONGEST_TEXT)
        if long:
            place = f"{call.read_text('formulier')}-{field}"
            refusal = Refusal(code="long_text", text=long, field=place)
            return _lead_back(call, refusal=refusal)
    if doing.choose and not call.read_text(doing.choose[0]):
        place = f"{call.read_text('formulier')}-{doing.choose[0]}"
        return _lead_back(call, refusal=Refusal(code="not_chosen", text=doing.choose[1], field=place))
    if doing.alone or not _find_changes(call, name):
        return None
    return _lead_back(call, refusal=CHANGED, status=409)


def _find_changes(call: Call, name: str) -> tuple[TimelineLine, ...]:
    """Return what others did since the page was shown on which a form was filled in."""
    step = call.read_text("stap")
    if not re.fullmatch(r"[0-9]{1,9}", step):
        return ()
    return find_changes(call.desk, call.me, name, int(step), call.act_id)


def _lead_back(
    call: Call,
    *,
    refusal: Refusal,
    mistakes: Sequence[str] = (),
    status: int = 422,
    done: tuple[str, ...] = (),
) -> Response:
    """Lead to the filing, with what was typed, what is wrong with it, and the facts that are recorded."""
    form, said = f"/opdrachten/{call.path['name']}", tuple(mistakes)
    return lead_back(*(call, show_filing, form), refusal=refusal, mistakes=said, status=status, done=done)


def show_rendering(call: Call) -> Response:
    """Return a document as the client reads it, for a frame of ours."""
    name, document = call.path["name"], call.path["document"]
    found = document_bytes(call.desk, name, document, rendering=True, who=call.me.id)
    if isinstance(found, Refusal):
        not_there()
    return answer_rendering(found[1])


def download(call: Call) -> Response:
    """Return the bytes of a document, to be kept as a file."""
    name, document = call.path["name"], call.path["document"]
    found = document_bytes(call.desk, name, document, rendering=False, who=call.me.id)
    return _as_file(found)


def download_example(call: Call) -> Response:
    """Return a file of figures to begin with."""
    found = read_filing(call.desk, call.me, call.path["name"])
    example = None if isinstance(found, Refusal) else found.examples.get(call.path["document"])
    if example is None:
        not_there()
    return answer_file(example.filename, example.text.encode())


def download_received(call: Call) -> Response:
    """Return the bytes of what a client sent, to be kept as a file."""
    asked = call.path["name"], call.path["hash"], call.query.get("stuk", "")
    return _as_file(read_received(call.desk, call.me, *asked))


def download_receipt(call: Call) -> Response:
    """Return the authority's answer as it came."""
    return _as_file(receipt_bytes(call.desk, call.path["name"], call.me.id))


def download_proof(call: Call) -> Response:
    """Return what somebody gave as proof, to be kept as a file."""
    return _as_file(proof_bytes(call.desk, call.path["name"], call.path["hash"], call.me.id))


def _as_file(found: tuple[str, bytes] | Refusal) -> Response:
    if isinstance(found, Refusal):
        not_there()
    return answer_file(*found)


def _show(call: Call, name: str, changes: tuple[TimelineLine, ...], following: Waiting | None) -> Response:
    refusal = call.told.refusal
    found = read_filing(call.desk, call.me, name)
    if isinstance(found, Refusal):
        not_there()
    filing = found.page.filing
    return show(
        call,
        "filing.html.j2",
        found=found,
        state=describe_state(filing.planner, filing.ended, filing.standing),
        words=WORDS,
        refusal=refusal,
        mistakes=call.told.mistakes,
        changes=changes,
        recorded=[found.facts[one].title for one in call.told.done if one in found.facts],
        left=_name_left(call, found.facts),
        following=following,
        plainly=leave_ids_out,
        sent=call.read_text("formulier") if refusal else "",
        typed={key: call.read_texts(key) for key in call.typed} if refusal else {},
        active=[p for p in found.page.view.phases if p.status == "active"] if found.page.view else [],
        base=f"/opdrachten/{name}",
        start=address_of(
            f"/relaties/{filing.relation}/starten", werkproces=filing.template, periode=filing.period
        ),
        say_period=lambda code: Period.parse(code).words,
        audience=say_audience,
        dated=ENTRIES,
        rendered=[],
        pairs=lambda options: [(one.id, one.title) for one in options],
        kinds_named=lambda ids: [(one, say_id(one)) for one in ids],
        named=lambda ids, names: [(one, names.get(one, one)) for one in ids],
        open_facts=lambda phase: [
            found.facts[one.id]
            for one in (found.page.view.facts if found.page.view else ())
            if one.value is None and phase in one.set_in and found.possible.can("record_fact", one.id)
        ],
        which=lambda ids, *act: [one for one in ids if found.possible.can(*act, one)],
    )


def _name_left(call: Call, facts: Mapping[str, FactDefinition]) -> list[str]:
    """Return the titles of what was typed with facts that are recorded, and is not."""
    typed = (one.removeprefix(VALUE) for one in call.typed if one.startswith(VALUE) and call.read_text(one))
    return [facts[one].title for one in typed if one in facts and one not in call.told.done]


def say_audience(word: str | None, roles: dict[str, str], entry: TimelineLine | None = None) -> str:
    """Return for whom something is, in words; empty where it is for the whole office.

    Of a decision the client reads that it was taken, and not the reason.
    """
    if word is None or word == OFFICE:
        return ""
    if word == CLIENT and entry and entry.what == "decided" and entry.data.get("reason"):
        return "ook voor de klant, de reden niet"
    known = {CLIENT: "ook voor de klant", COMPLIANCE: "alleen compliance"}
    return known.get(word) or f"alleen {', '.join(roles.get(one, one) for one in roles_in(word))}"


def _phase(call: Call) -> str | None:
    return call.read_text("fase") or None


def _acts(call: Call) -> Acts:
    return Acts(call.desk, call.me.id, call.act_id)


def _read_audience(call: Call) -> str | None:
    return call.read_text("voor") or None


def _read_proof(call: Call) -> str | Refusal | None:
    """Return the hash of the proof that was sent, kept in the store; None where there is none."""
    file = read_upload(call, "bewijs")
    return keep_proof(call.desk, file) if isinstance(file, Upload) else file


def _read_seen(call: Call) -> dict[str, str]:
    return dict(one.split("=", 1) for one in call.read_texts("gezien") if "=" in one)


def _complete(call: Call, name: str) -> Coroutine[Any, Any, Outcome] | Refusal:
    """Complete a phase; with the very version that the client rejected only where that was ticked."""
    same = None if call.read_text("toch") else refuse_same_version(call.desk, call.me.id, name, _phase(call))
    return same or _acts(call).complete(
        name, _phase(call), _read_seen(call), call.read_text("uitkomst") or None
    )


def _decide(call: Call, name: str) -> Coroutine[Any, Any, Outcome] | Refusal:
    answers: dict[str, Answer] = {"akkoord": "approve", "ondertekend": "sign", "afgekeurd": "reject"}
    answer = answers.get(call.read_text("antwoord"))
    if answer is None:
        return Refusal(code="no_answer", text="Kies wat de klant heeft besloten.")
    proof = _read_proof(call)
    if isinstance(proof, Refusal):
        return proof
    contact = call.read_text("contact") or None
    theirs = list_shown(call.desk, name, call.read_text("fase"), contact)
    return _acts(call).decide(
        name,
        answer,
        phase=_phase(call),
        reason=call.read_text("reden"),
        contact=contact,
        proof=proof,
        seen={document: hash for document, hash in _read_seen(call).items() if document in theirs},
    )


def _not_deliver(call: Call, name: str) -> Coroutine[Any, Any, Outcome]:
    return _acts(call).decide(name, "not_deliver", phase=_phase(call), reason=call.read_text("reden"))


def _record_delivery(call: Call, name: str) -> Coroutine[Any, Any, Outcome] | Refusal:
    day = _day(call, "dag")
    if isinstance(day, Refusal):
        return day
    proof = _read_proof(call)
    if isinstance(proof, Refusal):
        return proof
    return _acts(call).record_delivery(
        name, day, proof, reference=call.read_text("kenmerk"), phase=_phase(call)
    )


def _judge(call: Call, name: str) -> Coroutine[Any, Any, Outcome] | Refusal:
    judgement = call.read_text("uitslag")
    if judgement not in JUDGEMENT_WORDS:
        text = f"Kies de uitslag: {', '.join(JUDGEMENT_WORDS.values())}."
        return Refusal(code="no_judgement", text=text)
    proof = _read_proof(call)
    if isinstance(proof, Refusal):
        return proof
    return _acts(call).judge_by_hand(name, cast(Judgement, judgement), proof, _phase(call))


def _record_notice(call: Call, name: str) -> Coroutine[Any, Any, Outcome] | Refusal:
    day = _day(call, "dag")
    if isinstance(day, Refusal):
        return day
    letter = _read_proof(call) or NO_LETTER
    if isinstance(letter, Refusal):
        return letter
    return _acts(call).notice(
        name,
        call.read_text("bericht"),
        day,
        reason=call.read_text("reden"),
        document=letter,
        anyway=_means_far_day(call, "dag"),
        reference=call.read_text("kenmerk") or None,
        phase=_phase(call),
    )


def _finish_task(call: Call, name: str) -> Coroutine[Any, Any, Outcome] | Refusal:
    proof = call.read_text("code") or _read_proof(call)
    if isinstance(proof, Refusal):
        return proof
    return _acts(call).task_done(name, call.read_text("taak"), proof)


def _answer(call: Call, name: str) -> Coroutine[Any, Any, Outcome] | Refusal:
    """Answer a request on behalf of a client: the questions of a form, or files for an item."""
    request, contact = call.read_text("uitvraag"), call.read_text("contact") or None
    item = call.read_text("onderdeel") or None
    if item is None:
        values, proof = _read_values(call), _read_proof(call)
        if isinstance(proof, Refusal):
            return proof
        return _acts(call).answer(name, request, values=values, contact=contact, proof=proof)
    files = read_uploads(call, "bestand") or NO_FILE
    if isinstance(files, Refusal):
        return files
    kept = tuple(keep_document(call.desk, one) for one in files)
    return _acts(call).answer(name, request, item=item, documents=kept, contact=contact)


def _read_values(call: Call) -> dict[str, Any]:
    """Return the answers of a form by question; several where the question takes several."""
    names = dict.fromkeys(name for name in call.typed if name.startswith(FIELD))
    given = {name.removeprefix(FIELD): [one for one in call.read_texts(name) if one] for name in names}
    several = set(call.read_texts("meer"))
    return {name: one if name in several else one[0] for name, one in given.items() if one}


def _hold(call: Call, name: str) -> Coroutine[Any, Any, Outcome] | Refusal:
    day = _day(call, "tot") if call.read_text("tot") else None
    if isinstance(day, Refusal):
        return day
    past = call.read_text("voorbij") == "ja"
    return _acts(call).hold(
        *(name, call.read_text("reden"), day), anyway=_means_far_day(call, "tot"), past_legal_day=past
    )


def _record_facts(call: Call, name: str) -> Coroutine[Any, Any, Outcome | PartlyRecorded]:
    """Record the facts of a phase that were filled in."""
    fields = [field for field in dict.fromkeys(call.typed) if field.startswith(VALUE)]
    written = {one.removeprefix(VALUE): text for one in fields if (text := call.read_text(one))}
    meant = {fact for fact in written if _means_far_day(call, VALUE + fact)}
    return _acts(call).record_facts(name, written, anyway=meant)


def _record_fact(call: Call, name: str) -> Coroutine[Any, Any, Outcome]:
    return _acts(call).record_fact(
        *(name, call.read_text("gegeven"), call.read_text("waarde")),
        reason=call.read_text("reden"),
        anyway=_means_far_day(call, "waarde"),
    )


def _say_given(call: Call, name: str) -> str:
    """Say whose work was given to whom: the titles and names that were chosen from."""
    found, role, person = (
        read_filing(call.desk, call.me, name),
        call.read_text("rol"),
        call.read_text("persoon"),
    )
    if isinstance(found, Refusal):
        return "Het werk is overgedragen."
    whose = f"Het werk van {found.roles.get(role, role)} is"
    if not person:
        return f"{whose} terug bij wie de rol heeft."
    return f"{whose} overgedragen aan {found.colleagues.get(person, person)}."


def _means_far_day(call: Call, field: str) -> bool:
    """Say whether the very day of a field was said to be meant."""
    return f"{field}:{call.read_text(field)}" in call.read_texts("verweg")


def _day(call: Call, field: str) -> date | Refusal:
    try:
        return read_day(call.read_text(field))
    except TypedError as error:
        return Refusal(code="wrong_day", text=f"De datum klopt niet: {error}.")


DOINGS: dict[str, Doing] = {
    "afvinken": Doing(
        lambda c, n: _acts(c).check(n, c.read_text("punt"), _phase(c)),
        "Het controlepunt is afgevinkt.",
        alone=True,
    ),
    "uitvinken": Doing(
        lambda c, n: _acts(c).uncheck(n, c.read_text("punt"), _phase(c)),
        "Het controlepunt staat weer open.",
        alone=True,
    ),
    "afronden": Doing(_complete, "De fase is afgerond."),
    "terug": Doing(
        lambda c, n: _acts(c).back(n, c.read_text("reden"), _phase(c)), "Het werk is teruggestuurd."
    ),
    "vrijgeven": Doing(lambda c, n: _acts(c).release(n, _phase(c)), "Vrijgegeven: de klant krijgt bericht."),
    "opnieuw": Doing(lambda c, n: _acts(c).retry(n, _phase(c)), "Het wordt opnieuw geprobeerd."),
    "besluit": Doing(_decide, "Het besluit van de klant is vastgelegd."),
    "ingediend": Doing(_record_delivery, "De indiening is vastgelegd."),
    "uitslag": Doing(_judge, "De uitslag is vastgelegd."),
    "niet-indienen": Doing(_not_deliver, "Vastgelegd: er wordt niet ingediend."),
    "bericht": Doing(
        _record_notice, "Het bericht is vastgelegd.", choose=("bericht", "Kies welk bericht het is.")
    ),
    "gegeven": Doing(_record_fact, "Vastgelegd."),
    "gegevens": Doing(_record_facts, "Vastgelegd."),
    "taak": Doing(_finish_task, "De taak is klaar."),
    "antwoord": Doing(_answer, "Vastgelegd namens de klant."),
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
        lambda c, n: _acts(c).note(n, c.read_text("tekst"), _read_audience(c)), "Genoteerd.", alone=True
    ),
    "aanhouden": Doing(_hold, "De opdracht is aangehouden."),
    "hervatten": Doing(lambda c, n: _acts(c).resume(n), "De opdracht gaat verder."),
    "annuleren": Doing(lambda c, n: _acts(c).cancel(n, c.read_text("reden")), "De opdracht is geannuleerd."),
    "overdragen": Doing(
        lambda c, n: _acts(c).reassign(
            *(n, c.read_text("rol"), c.read_text("persoon") or None, c.read_text("reden")),
            anyway=c.read_text("toch") == f"{c.read_text('rol')}:{c.read_text('persoon')}",
        ),
        _say_given,
        choose=("rol", "Kies wiens werk u overdraagt."),
    ),
    "uitzondering": Doing(
        lambda c, n: _acts(c).waive(n, c.read_text("persoon"), c.read_text("reden"), _phase(c)),
        "De uitzondering op vier ogen is vastgelegd.",
        choose=("persoon", "Kies wie de fase toch mag afronden."),
    ),
}
"""What a form on the page asks for, by the value of its field `doen`."""
ATTACHING = Doing(lambda c, n: NO_FILE, "Toegevoegd.")
"""Attaching a document, which has an address of its own."""

PAGES = (
    Page("/opdrachten/{name:path}/document/{document}/weergave", "team", show_rendering),
    Page("/opdrachten/{name:path}/document/{document}/voorbeeld", "team", download_example),
    Page("/opdrachten/{name:path}/document/{document}", "team", download),
    Page("/opdrachten/{name:path}/stuk/{hash}", "team", download_received),
    Page("/opdrachten/{name:path}/ontvangstbevestiging", "team", download_receipt),
    Page("/opdrachten/{name:path}/bewijs/{hash}", "team", download_proof),
    Page(
        "/opdrachten/{name:path}/document",
        "team",
        add_document,
        "POST",
        files=True,
        form="/opdrachten/{name}",
    ),
    Page("/opdrachten/{name:path}", "team", show_filing),
    Page("/opdrachten/{name:path}", "team", do_act, "POST", files=True),
)
