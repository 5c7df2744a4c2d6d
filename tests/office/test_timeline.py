"""The timeline says everything that the machine can write, in Dutch."""

import ast
from pathlib import Path

import pytest

import kantoor.filing
from kantoor.audience import Viewer
from kantoor.data import replace
from kantoor.filing.turn import FOR_CLIENT
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import filings, timeline
from kantoor.office.overviews.client_sentences import CLIENT_SENTENCES, address
from kantoor.office.overviews.sentences import PLANS, SENTENCES, find_fields, sentence
from kantoor.office.overviews.timeline import timeline_of
from kantoor.office.plans import publish
from kantoor.plan import Document, Offer, To, digest

from .material import NOW, OFFICE, PLAN, start, vat_plan

NAMES = {"ans": "Ans de Wit", "c1": "Anna Bakker", "opstellen": "Boeken en opstellen"}
HASH = "0123456789ab" + "c" * 52


def words_of_the_machine() -> set[str]:
    """Return every first argument of `turn.tell` in the machine's sources, judged statuses included."""
    found: set[str] = {"accepted", "refused"}
    for file in Path(kantoor.filing.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            told = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            if told and node.func.attr == "tell" and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    return found


def test_every_word_that_the_machine_writes_has_a_sentence_and_no_other_has() -> None:
    assert words_of_the_machine() == set(SENTENCES)


@pytest.mark.parametrize(
    ("what", "data", "text"),
    [
        ("phase_entered", {"title": "Opstellen", "round": "1"}, "Fase 'Opstellen' is begonnen"),
        (
            "phase_entered",
            {"title": "Opstellen", "round": "2"},
            "Fase 'Opstellen' is begonnen (voor de 2e keer)",
        ),
        (
            "sent_back",
            {"title": "Controle", "to": "opstellen", "reason": "Post ontbreekt"},
            "Teruggestuurd van 'Controle' naar 'Boeken en opstellen': Post ontbreekt",
        ),
        (
            "request_answered",
            {"title": "Stukken", "item": "Jaaropgave", "contact": "c1", "late": "ja", "hashes": HASH},
            "Ontvangen: Stukken, Jaaropgave, namens Anna Bakker (nagekomen: ja) (0123456789ab…)",
        ),
        ("item_accepted", {"item": "Uw situatie"}, "Geaccepteerd: Uw situatie"),
        (
            "item_sent_back",
            {"item": "Jaaropgave", "title": "Stukken", "reason": "onleesbaar"},
            "Teruggestuurd: Jaaropgave (Stukken): onleesbaar",
        ),
        (
            "decided",
            {"answer": "approve", "contact": "c1", "title": "Aanbieden", "hashes": f"{HASH}, {HASH}"},
            "Anna Bakker heeft in de fase 'Aanbieden' akkoord gegeven (0123456789ab…, 0123456789ab…)",
        ),
        (
            "decided",
            {"answer": "reject", "contact": "c1", "title": "Aanbieden", "reason": "{fout} bedrag"},
            "Anna Bakker heeft in de fase 'Aanbieden' afgekeurd: {fout} bedrag",
        ),
        (
            "informed",
            {"title": "Aanbieden", "standing_until": "2026-06-30"},
            "De klant is geïnformeerd; doorlopende machtiging tot en met 30 juni 2026",
        ),
        (
            "message_sent",
            {"title": "Akkoord", "purpose": "reminder", "to": "c1, ans"},
            "Bericht 'Akkoord' (herinnering) verstuurd aan Anna Bakker, Ans de Wit",
        ),
        (
            "notice_received",
            {"notice": "definitieve_aanslag", "on": "2026-04-16"},
            "Bericht 'definitieve aanslag' van 16 april 2026 is ontvangen",
        ),
        (
            "stands_still",
            {"command": "deliver", "reason": "Het certificaat is verlopen."},
            "Niet gelukt: het indienen. Het certificaat is verlopen.",
        ),
        ("filing_ended", {"how": "completed"}, "Afgesloten (afgerond)"),
        (
            "filing_ended",
            {"how": "end", "title": "Niet ingediend", "reason": "Faillissement"},
            "Afgesloten (na een besluit): Niet ingediend; reden: Faillissement",
        ),
        (
            "deadline_missed",
            {"title": "Indienen", "due": "2026-02-28"},
            "Termijn 'Indienen' is verstreken op 28 februari 2026",
        ),
    ],
)
def test_a_sentence_names_people_days_and_documents_as_people_read_them(
    what: str, data: dict[str, str], text: str
) -> None:
    assert sentence(what, data, NAMES) == text


def test_a_word_that_is_not_known_is_printed_plainly_with_its_data() -> None:
    assert sentence("shelved", {"plan": "abc", "kept": True}, NAMES) == "shelved plan: abc, kept: ja"
    assert sentence("shelved", {}, NAMES) == "shelved"


def test_no_sentence_fails_on_data_that_is_missing() -> None:
    for what in SENTENCES:
        assert isinstance(sentence(what, {}, NAMES), str)


def test_no_sentence_has_a_day_as_computers_write_it() -> None:
    fields = {field for parts in SENTENCES.values() for field in find_fields(parts)}
    data = dict.fromkeys(fields - set(PLANS), "2026-02-04")
    for what in SENTENCES:
        for said in (sentence(what, data, NAMES), address(what, data, NAMES, reader="c1", by="ans")):
            assert "2026-02-04" not in said


def test_what_is_for_a_client_is_said_to_the_client() -> None:
    assert set(CLIENT_SENTENCES) - {"offer_taken_back", "noted"} == FOR_CLIENT
    told = {"title": "Aanbieden", "way": "approval", "to": "c1, c2", "hashes": HASH}
    names, offered = NAMES | {"c2": "Piet"}, ("Jaarrekening",)
    said = address("offer_released", told, names, reader="c1", by="ans", offered=offered)
    assert said == "Jaarrekening is klaargezet voor u, Piet, ter accordering"
    decided = {"title": "Aanbieden", "answer": "reject", "contact": "c1", "reason": "te hoog", "hashes": HASH}
    assert address("decided", decided, NAMES, reader="c1", by="c1", offered=offered) == (
        "U hebt afgekeurd: Jaarrekening; u schreef: te hoog"
    )
    assert address("decided", decided, NAMES, reader="c2", by="c1", offered=offered) == (
        "Anna Bakker heeft afgekeurd: Jaarrekening"
    )
    sent = {"title": "Stukken", "item": "Jaaropgave", "hashes": HASH}
    assert address("request_answered", sent, NAMES, reader="c1", by="c1") == (
        "Ontvangen van u: Stukken, Jaaropgave"
    )


@pytest.mark.parametrize("reader", ["p1", "p2"])
def test_where_each_decides_for_their_own_document_entries_name_that_one(
    office: Database, reader: str
) -> None:
    own = {"p1": ("aangifte", "Aangifte", HASH), "p2": ("partner", "Aangifte van de partner", "d" * 64)}
    documents = tuple(Document(id=id, title=title, made_in="opstellen") for id, title, _ in own.values())
    offer = Offer(
        documents=("aangifte", "partner"), on_behalf_of="relatiebeheerder", message="akkoord", to=To()
    )
    plan = replace(PLAN, documents=documents, phases=vat_plan(offer).phases)
    shares = [{"contact": contact, "documents": [id]} for contact, (id, _, _) in own.items()]
    told = [("document_attached", "ans", {"title": title, "hash": hash}) for _, title, hash in own.values()]
    told += [
        ("offer_released", "ans", {"title": "Aanbieden", "to": "p1, p2", "hashes": f"{HASH}, {'d' * 64}"})
    ]
    told += [
        ("decided", contact, {"title": "Aanbieden", "answer": "approve", "contact": contact, "hashes": hash})
        for contact, (_, _, hash) in own.items()
    ]
    with office.write() as connection:
        publish(connection, [plan], OFFICE, revision="", author="", at=NOW)
        begun = start(connection, plan=digest(plan))
        view = {"offers": [{"phase": "aanbieden", "shares": shares}]}
        connection.execute(filings.update().where(filings.c.id == begun.id).values(view=view))
        for index, (what, by, data) in enumerate(told):
            line = {"filing": begun.id, "sequence": 1, "index": index, "at": NOW.replace(tzinfo=None)}
            line |= {"by": by, "what": what, "phase": "aanbieden", "data": data, "recorded_at": NOW}
            connection.execute(timeline.insert().values(**line, audience="client"))
        lines = timeline_of(connection, begun.id, None, Viewer(client=True, id=reader))
    other = "p2" if reader == "p1" else "p1"
    texts = [one.text for one in lines[2:]]
    assert texts[0] == f"{own[reader][1]} is klaargezet voor u"
    assert {*texts[1:]} == {
        f"U hebt akkoord gegeven: {own[reader][1]}",
        f"{other} heeft akkoord gegeven: {own[other][1]}",
    }
    several = address("offer_released", {}, NAMES, reader=reader, by="ans", offered=("A", "B"))
    assert several == "A en B zijn klaargezet"


def test_who_decides_themselves_is_not_named_twice() -> None:
    data = {"answer": "approve", "contact": "c1", "title": "Aanbieden"}
    assert sentence("decided", data, NAMES, by="c1") == "Akkoord gegeven in de fase 'Aanbieden'"
    assert sentence("decided", data, NAMES, by="ans").startswith("Anna Bakker heeft ")
