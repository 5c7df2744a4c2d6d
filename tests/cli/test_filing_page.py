"""One filing as `kantoor filing show` prints it."""

from datetime import date, datetime

from kantoor.cli.filing_page import lines_of
from kantoor.data import replace
from kantoor.filing.events import Decide, Hold, Release
from kantoor.plan import To
from kantoor.service.results import FilingLine, FilingPage, Link, Note
from tests.filing.driver import MANAGER, RECIPIENT, Driver
from tests.filing.plans import CLOSE, OFFER, VAT, with_phase
from tests.filing.test_facts import compiled, record
from tests.filing.test_signatures import sign, signing

SECOND = replace(RECIPIENT, contact="c-pietersen")


def page_of(filing: Driver, period: str = "2026-01") -> FilingPage:
    """Return a filing as it stands, as the service gives it."""
    line = FilingLine(
        id=f"filing/btw-aangifte/1001/{period}/-/1",
        name=f"btw-aangifte/1001/{period}",
        template="btw-aangifte",
        relation="1001",
        period=period,
        sub_number="-",
        sequence=1,
        product="aangifte-btw",
        plan="0" * 64,
        title="Aangifte btw",
        start_date=date(2025, 12, 31),
        due=None,
        again_reason="",
        again_of=(),
        without_automations=False,
        status="loopt",
        planner="loopt",
        phases=(),
        recorded=1,
        ended=None,
    )
    return FilingPage(filing=line, view=filing.view, timeline=(), today=date(2026, 2, 3))


def page(filing: Driver, heading: str) -> list[str]:
    """Return the lines under a heading of a filing's page."""
    lines = list(lines_of(page_of(filing)))
    under = lines[lines.index(f"{heading}:") + 1 :]
    after = next((i for i, line in enumerate(under) if not line.startswith(" ")), len(under))
    return [line.strip() for line in under[:after]]


def offering(*recipients: object, **changes: object) -> Driver:
    """Return a filing at its offer to these recipients."""
    assert OFFER.offer
    block = replace(OFFER.offer, **changes)
    filing = Driver(with_phase(replace(OFFER, block=block)))
    filing.resolution["recipients"] = recipients or (RECIPIENT,)
    filing.to_offer()
    return filing


def test_the_title_says_a_quarter_as_people_say_it() -> None:
    lines = lines_of(page_of(Driver(VAT, "2026-Q1"), "2026-Q1"))
    assert next(iter(lines)) == "Aangifte btw over het eerste kwartaal van 2026, relatie 1001: loopt"


def test_facts_are_shown_with_who_recorded_them_and_dates_that_hang_on_them_as_not_known_yet() -> None:
    filing = compiled()
    assert page(filing, "gegevens")[:3] == [
        "vastgesteld_op: Datum vaststelling: nog niet bekend",
        "klasse: Grootteklasse: Middelgroot (anna, 10 maart 2026 09:00)",
        "saldo: Saldo: nog niet bekend (niet verplicht)",
    ]
    assert page(filing, "termijnen") == ["Deponeren bij de KvK: nog niet bekend"]
    last = "deponeren: Deponeren (nog niet begonnen, begindatum {0}, streefdatum {0})"
    assert page(filing, "fasen")[-1] == last.format("nog niet bekend")
    record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-10")
    record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-11", "akte")
    assert page(filing, "gegevens")[0] == (
        "vastgesteld_op: Datum vaststelling: 11 maart 2026 (carla, 10 maart 2026 09:00, gecorrigeerd: akte)"
    )
    assert page(filing, "termijnen") == ["Deponeren bij de KvK: 19 maart 2026"]


def test_an_offer_waits_for_an_answer_of_who_has_not_answered_yet() -> None:
    directors = To(kind="function", name="directeur", decide="all")
    filing = offering(RECIPIENT, SECOND, to=directors)
    assert page(filing, "aanbiedingen") == ["aanbieden: wacht op antwoord van c-jansen, c-pietersen"]
    filing.decide()
    assert page(filing, "aanbiedingen") == [
        "aanbieden: wacht op antwoord van c-pietersen; akkoord van c-jansen"
    ]


def test_who_may_only_look_is_not_waited_for() -> None:
    reader = replace(SECOND, may=("see",))
    assert page(offering(RECIPIENT, reader), "aanbiedingen") == ["aanbieden: wacht op antwoord van c-jansen"]


def test_an_offer_that_ended_says_how_and_by_whom() -> None:
    agreed = offering()
    agreed.decide()
    assert page(agreed, "aanbiedingen") == ["aanbieden: akkoord van c-jansen"]
    signed = offering(offer_as="signature")
    signed.decide("sign")
    assert page(signed, "aanbiedingen") == ["aanbieden: ondertekend door c-jansen"]
    informed = Driver(VAT)
    informed.resolution |= {"way": "information", "standing_until": date(2026, 12, 31)}
    informed.to_offer()
    assert page(informed, "aanbiedingen") == ["aanbieden: ter informatie gestuurd aan c-jansen"]
    ended = offering()
    ended.must(Decide, MANAGER, phase="aanbieden", answer="not_deliver", reason="Faillissement")
    assert page(ended, "aanbiedingen") == ["aanbieden: besloten om niet in te dienen"]


def test_an_offer_that_stands_still_says_for_whom_it_was_meant_and_why() -> None:
    filing = Driver(VAT)
    problem = "Noor Sterk is niet bevoegd om akkoord te geven."
    filing.resolution |= {"problem": problem}
    filing.to_offer()
    assert page(filing, "aanbiedingen") == [f"aanbieden: staat stil, bestemd voor c-jansen - {problem}"]
    assert page(filing, "open") == [
        f"aanbieden: Aanbieden aan de klant (staat stil, voor relatiebeheerder) - {problem}"
    ]


def test_an_offer_that_is_released_by_hand_says_for_whom_it_is() -> None:
    filing = offering(forward="by_hand")
    assert page(filing, "aanbiedingen") == ["aanbieden: wacht op vrijgave, bestemd voor c-jansen"]
    filing.hold = {"send"}
    filing.must(Release, MANAGER, phase="aanbieden")
    assert page(filing, "aanbiedingen") == ["aanbieden: wordt verstuurd aan c-jansen"]


def test_an_escalated_item_says_so_and_for_whom() -> None:
    filing = offering()
    filing.until(date(2026, 2, 24))
    assert page(filing, "open") == [
        "aanbieden: Aanbieden aan de klant (beslissen, voor c-jansen)",
        "aanbieden: Aanbieden aan de klant (geëscaleerd, klant zwijgt, voor relatiebeheerder, accountant)",
    ]


def test_what_is_missing_is_named_as_the_command_wants_to_hear_it_and_as_people_read_it() -> None:
    filing = Driver(VAT)
    filing.until(date(2026, 2, 1))
    first, *_ = page(filing, "open")
    assert first == (
        "verzamelen: Stukken opvragen (uitvoeren, voor administratie)"
        " - ontbreekt: controlepunt bank_compleet ('Bank is compleet')"
    )
    filing.collect()
    (prepare,) = [line for line in page(filing, "open") if line.startswith("opstellen")]
    assert prepare.endswith("ontbreekt: document aangifte ('Aangifte omzetbelasting')")


def test_other_filings_and_notes_of_earlier_ones_are_shown_before_the_phases() -> None:
    other = "filing/suppletie/1001/2025/-/1"
    shown = page_of(Driver(VAT)).model_copy(
        update={
            "links": (
                Link(kind="corrects", forward=True, other=other, title="Suppletie"),
                Link(kind="started", forward=False, other=other, title="Suppletie"),
            ),
            "notes": (
                Note(
                    filing=other,
                    number=1,
                    relation="1001",
                    template="btw-aangifte",
                    title="Klein saldo",
                    text="Neem mee:\n€ 412",
                    at=datetime(2026, 1, 5, 9),
                    shown_in="filing/btw-aangifte/1001/2026-01/-/1",
                ),
            ),
        }
    )
    lines = list(lines_of(shown))
    assert lines[2 : lines.index("fasen:")] == [
        "correctie op: suppletie/1001/2025 (Suppletie)",
        "gestart vanuit: suppletie/1001/2025 (Suppletie)",
        "notities vooraf:",
        "  Klein saldo (van suppletie/1001/2025, 5 januari 2026)",
        "    Neem mee:",
        "    € 412",
    ]


def test_a_document_is_shown_with_who_signed_its_current_version() -> None:
    filing = signing(CLOSE)
    assert page(filing, "documenten") == ["aangifte: Aangifte omzetbelasting (hash-1)"]
    sign(filing)
    assert page(filing, "documenten") == ["aangifte: Aangifte omzetbelasting (hash-1, ondertekend door bart)"]


def test_a_held_filing_is_shown_with_why_and_until_when() -> None:
    filing = Driver(VAT)
    filing.to_offer()
    filing.must(Hold, MANAGER, reason="klant op reis", until=date(2026, 3, 1))
    lines = list(lines_of(page_of(filing)))
    assert "aangehouden sinds 1 februari 2026 tot 1 maart 2026 (door carla): klant op reis" in lines
    assert page(filing, "open") == [
        "aanbieden: Aangifte BTW (aangehouden, voor relatiebeheerder) - klant op reis"
    ]
