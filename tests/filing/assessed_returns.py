"""The shipped returns that end with an assessment, income tax and corporation tax, driven over 2025."""

from datetime import date, datetime

from kantoor.filing.events import Decide, Notice, Reached, RecordDelivery
from kantoor.filing.outcome import Refusal, Step

from .driver import ACCOUNTANT, CLIENT, FISCAL, SECRETARY, Driver, shown
from .shipped import relation, shipped

INCOME, CORPORATION = "aangifte-ib", "aangifte-vpb"
RELATIONS = {INCOME: relation("natuurlijk_persoon"), CORPORATION: relation("bv", dga=True)}
PROFILE = {
    **dict.fromkeys(("partner", "kinderen", "onderneming", "lijfrente", "aftrek", "alimentatie"), False),
    **dict.fromkeys(("loon", "woning", "vermogen"), True),
}


def started(template: str) -> Driver:
    """Return a filing that began on 2 March 2026, from when the authority takes the returns."""
    filing = Driver(shipped(template), "2025", begun=datetime(2026, 3, 2, 9), relation=RELATIONS[template])
    filing.linked = ()
    return filing


def collect(filing: Driver, **answers: bool) -> None:
    """Go on, without an extension, until what is needed to prepare the return is there."""
    filing.finish("uitstel", FISCAL, uitstel="geen")
    if filing.plan.template == CORPORATION:
        (watch,) = filing.in_flight
        filing.send(Reached(at=filing.now, number=watch.number, filing="jaarrekening", how="none"))
        filing.finish("overdracht", ACCOUNTANT)
        return
    filing.supply("uitvraag.situatie.1", SECRETARY, **(PROFILE | answers))
    filing.finish("uitvraag", SECRETARY)
    filing.supply("stukken.lijst.1", SECRETARY)
    filing.finish("stukken", SECRETARY)


def make(filing: Driver, content: str = "1") -> None:
    """Go on from preparing to what the client is asked."""
    filing.finish("opstellen", FISCAL, content)
    filing.finish("controle", ACCOUNTANT)


def answer(filing: Driver, word: str = "approve", content: str = "1", reason: str = "") -> Step | Refusal:
    """Let the client answer about the return with this content."""
    documents = (shown(content),)
    return filing.act(Decide, CLIENT, phase="aanbieden", answer=word, documents=documents, reason=reason)


def filed(template: str) -> Driver:
    """Return a filing whose return was approved, and delivered on 3 March 2026."""
    filing = started(template)
    collect(filing)
    make(filing)
    assert isinstance(answer(filing), Step)
    filing.until(date(2026, 3, 3))
    filing.must(RecordDelivery, FISCAL, phase="indienen", on=date(2026, 3, 3), proof="hash")
    if template == INCOME:
        filing.finish("voorlopige_aanslag", FISCAL, outcome="past")
    return filing


def assessed(template: str, on: date = date(2026, 7, 17)) -> Driver:
    """Return a filing whose assessment has come, dated on a day."""
    filing = filed(template)
    filing.until(on)
    about = {"phase": "aanslag_afwachten", "notice": "definitieve_aanslag", "on": on}
    filing.must(Notice, FISCAL, **about, reason="Post", document="hash")
    return filing
