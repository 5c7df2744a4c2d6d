"""The timeline says everything that the machine can write, in Dutch."""

import ast
from pathlib import Path

import pytest

import kantoor.filing
from kantoor.office.overviews.sentences import SENTENCES, sentence

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


def test_who_decides_themselves_is_not_named_twice() -> None:
    data = {"answer": "approve", "contact": "c1", "title": "Aanbieden"}
    assert sentence("decided", data, NAMES, by="c1") == "Akkoord gegeven in de fase 'Aanbieden'"
    assert sentence("decided", data, NAMES, by="ans").startswith("Anna Bakker heeft ")
