"""The timeline says everything that the machine can write, in Dutch."""

import ast
from pathlib import Path

import pytest

import kantoor.filing
from kantoor.filing.turn import FOR_CLIENT
from kantoor.office.overviews.client_sentences import CLIENT_SENTENCES, address
from kantoor.office.overviews.sentences import PLANS, SENTENCES, find_fields, sentence

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
    names, offered = NAMES | {"c2": "Piet"}, "Jaarrekening"
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


def test_who_decides_themselves_is_not_named_twice() -> None:
    data = {"answer": "approve", "contact": "c1", "title": "Aanbieden"}
    assert sentence("decided", data, NAMES, by="c1") == "Akkoord gegeven in de fase 'Aanbieden'"
    assert sentence("decided", data, NAMES, by="ans").startswith("Anna Bakker heeft ")
