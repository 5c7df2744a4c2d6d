"""`kantoor inbox`, `kantoor filing notice` and `kantoor start --corrects`, typed in an office that runs."""

import json
from pathlib import Path

import pytest


@pytest.fixture
def letter(tmp_path: Path) -> str:
    file = tmp_path / "aanslag.pdf"
    file.write_bytes(b"%PDF-1.7")
    return str(file)


def test_a_notice_that_no_template_waits_for_is_refused_and_nothing_is_kept(town, kantoor, letter):
    words = ("inbox", "add", letter, "--relation", town.relation(), "--notice", "aanslag", "--as", "sanne")
    assert "Geen werkproces wacht op een bericht 'aanslag'" in kantoor.refused("unknown_notice", *words)
    assert kantoor("inbox", "list") == (0, "Er zijn geen berichten.\n", "")
    status, out, _ = kantoor("inbox", "list", "--open", "--format", "json")
    assert (status, json.loads(out)) == (0, [])


def test_a_notice_is_put_in_about_a_relation_by_a_colleague(town, kantoor, letter):
    relation = town.relation()
    add = ("inbox", "add", letter, "--notice", "aanslag")
    kantoor.refused("no_relation", *add, "--relation", "9999", "--as", "sanne")
    kantoor.refused("unknown_person", *add, "--relation", relation, "--as", f"c-{relation}")
    assert kantoor("inbox", "list") == (0, "Er zijn geen berichten.\n", "")


def test_a_file_that_is_no_document_is_no_notice(town, kantoor, tmp_path):
    program, pretended = tmp_path / "ls", tmp_path / "ls.pdf"
    for file in (program, pretended):
        file.write_bytes(b"\x7fELF\x02\x01\x01\x00")
    to = ("--relation", town.relation(), "--notice", "aanslag", "--as", "sanne")
    assert "Stuur een pdf" in kantoor.refused("wrong_sort", "inbox", "add", str(program), *to)
    kantoor.refused("wrong_content", "inbox", "add", str(pretended), *to)
    by_hand = ("--reason", "per post", "--date", "2026-02-01", "--as", "sanne", "--document", str(program))
    kantoor.refused("wrong_sort", "filing", "notice", "btw-aangifte/1001/2026-01", "aanslag", *by_hand)


def test_a_phase_of_work_takes_no_notice_and_an_open_filing_is_not_corrected(town, kantoor, letter):
    filing = town.begun()
    words = ("--document", letter, "--reason", "per post", "--date", "2026-02-01", "--as", "sanne")
    kantoor.refused("no_notice_awaited", "filing", "notice", filing.name, "aanslag", *words)
    relation = filing.name.split("/")[1]
    start = ("start", "btw-aangifte", "--period", "2026-02", "--relation", relation, "--as", "marieke")
    assert "nog niet afgesloten" in kantoor.refused("not_closed", *start, "--corrects", filing.name)
