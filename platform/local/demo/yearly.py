"""Work on last year: an annual account and an income tax return, started by hand, ask clients for data."""

from collections.abc import Callable

from ...filing.outcome import Refusal
from ...filing.view import RequestView
from ...office.filings.filing import Filing
from ...period import Period
from ...service.filings.proofs import keep_document
from ...service.filings.requests import list_requests
from ...service.lists import say_requests
from ...service.starting.starting import Selection, Wish, start
from . import players, printing
from .stage import DemoFailedError, Stage, filing_name

YEAR = "2025"
ACCOUNT = filing_name("1001", "jaarrekening", YEAR)
INCOME_TAX = filing_name("1002", "aangifte-ib", YEAR)
DIRECTOR, OWNER = players.CLIENTS["1001"], players.CLIENTS["1002"]
ACCOUNTANT, BOOKKEEPER, ADVISER, FRONT_DESK = "tom", "sanne", "ruud", "marieke"

INCOMPLETE, COMPLETE = "bankafschriften", ("administratie", "debiteuren", "crediteuren")
ANSWERS = {
    "partner": "nee",
    "kinderen": "nee",
    "loon": "nee",
    "onderneming": "ja",
    "woning": "ja",
    "lijfrente": "nee",
    "aftrek": "nee",
    "vermogen": "ja",
    "alimentatie": "nee",
}


async def starting_by_hand(stage: Stage) -> None:
    """Somebody begins the annual account of one relation and the income tax return of another."""
    await _start(stage, "jaarrekening", "1001", ACCOUNTANT)
    await _start(stage, "aangifte-ib", "1002", ADVISER)


async def accounting(stage: Stage) -> None:
    """The annual account asks the director for documents; one of them is sent back and comes again."""
    await players.complete(stage, ACCOUNT, "aanvaarden", ACCOUNTANT)
    await stage.wait_for("the corporate tax return", lambda: any(f.recorded for f in _corporate_tax(stage)))
    stage.say("   Tom accepts the work; with that the corporate tax return starts by itself")
    await stage.wait_for_phase(ACCOUNT, "grootteklasse")
    await stage.act(ACCOUNTANT, lambda acts: acts.record_fact(ACCOUNT, "klasse", "micro"))
    await players.complete(stage, ACCOUNT, "grootteklasse", ACCOUNTANT)
    request = await _find_request(stage, ACCOUNT)
    for item in (*COMPLETE, INCOMPLETE):
        await _give(stage, request, item, f"{item}-2025.pdf")
    reason = "Het afschrift van de spaarrekening ontbreekt."
    for item in COMPLETE:
        await _accept(stage, request, item)
    await stage.act(BOOKKEEPER, lambda acts: acts.send_back_item(ACCOUNT, request, INCOMPLETE, reason))
    stage.say(f"   Anja Bakker gives what was asked; Sanne sends the bank statements back: '{reason}'")
    await _give(stage, request, INCOMPLETE, "bankafschriften-2025-met-spaarrekening.pdf")
    await _accept(stage, request, INCOMPLETE)
    stage.say(f"   Anja gives them again, and they are accepted\n\n   $ kantoor request show {ACCOUNT}")
    _show(stage, ACCOUNT)
    await players.complete(stage, ACCOUNT, "uitvraag", BOOKKEEPER)
    await stage.wait_for_phase(ACCOUNT, "samenstellen")


async def asking(stage: Stage) -> None:
    """The income tax return asks the owner some questions; the list of documents follows from the answers."""
    await stage.wait_for_phase(INCOME_TAX, "uitstel")
    await stage.act(ADVISER, lambda acts: acts.record_fact(INCOME_TAX, "uitstel", "becon"))
    await players.complete(stage, INCOME_TAX, "uitstel", ADVISER)
    due = stage.filing(INCOME_TAX).due
    stage.say(f"   Ruud records the extension for tax consultants: the last day becomes {due:%Y-%m-%d}")
    request = await _find_request(stage, INCOME_TAX)
    await stage.act(OWNER, lambda acts: acts.answer(INCOME_TAX, request, values=ANSWERS))
    await stage.act(FRONT_DESK, lambda acts: acts.accept_item(INCOME_TAX, request))
    await players.complete(stage, INCOME_TAX, "uitvraag", FRONT_DESK)
    await _find_request(stage, INCOME_TAX, lambda one: one.phase == "stukken")
    stage.say("   Piet Jansen answers nine questions; the list of documents follows from the answers:\n")
    stage.say(f"   $ kantoor request show {INCOME_TAX}")
    _show(stage, INCOME_TAX)


async def _start(stage: Stage, template: str, relation: str, who: str) -> None:
    """Start a template over last year for one relation, and show what was started."""
    selection = Selection(relations=(relation,))
    wish = Wish(template=template, period=Period.parse(YEAR), selection=selection)
    stage.say(f"   $ kantoor start {template} --period {YEAR} --relation {relation} --as {who}")
    lines = await stage.persist(lambda: start(stage.desk, who, wish, dry_run=False))
    if isinstance(lines, Refusal):
        raise DemoFailedError(lines.text)
    stage.say(printing.render_starts(lines))


def _corporate_tax(stage: Stage) -> tuple[Filing, ...]:
    return stage.filings(YEAR, "aangifte-vpb")


def _show(stage: Stage, name: str) -> None:
    pages = list_requests(stage.desk, name)
    if isinstance(pages, Refusal):
        raise DemoFailedError(pages.text)
    stage.say("\n".join(f"   {line}" for line in say_requests(pages, questions=False)))


async def _find_request(
    stage: Stage, name: str, wanted: Callable[[RequestView], bool] = lambda _: True
) -> str:
    """Wait until a client was asked for data, and return what acts call the request."""
    found: list[RequestView] = []

    def is_asked() -> bool:
        view = stage.view(name)
        found[:] = [one for one in view.requests if wanted(one)] if view else []
        return bool(found)

    await stage.wait_for(f"the request of {name}", is_asked)
    return found[0].id


async def _give(stage: Stage, request: str, item: str, file: str) -> None:
    """The director gives a document for an item of the list."""
    content = f"%PDF-1.4\n% {file}: een stuk van Bakkerij De Korenaar B.V.\n".encode()
    document = keep_document(stage.desk, players.a_file(file, content))
    given = (document,)
    await stage.act(DIRECTOR, lambda acts: acts.answer(ACCOUNT, request, item=item, documents=given))


async def _accept(stage: Stage, request: str, item: str) -> None:
    """The bookkeeper accepts what was given."""
    await stage.act(BOOKKEEPER, lambda acts: acts.accept_item(ACCOUNT, request, item))
