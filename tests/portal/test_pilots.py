"""A pilot in an office that runs: who starts on it, what its pages say, and what people remark."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.portal.visitors import Pages
from tests.service.town import Commands, Town

TEMPLATE = "met-de-hand"


@pytest.fixture
def piloted(town: Town, kantoor: Commands, tmp_path: Path) -> Iterator[str]:
    """Return a relation for which a newer plan is on pilot; the pilot is gone after the test."""
    relation = town.relation()
    folder = shutil.copytree(town.folder / "definitions", tmp_path / "newer")
    file = folder / "workflows" / f"{TEMPLATE}.yaml"
    file.write_text(file.read_text("utf-8").replace("title: ", "title: Nieuwe ", 1), "utf-8")
    status, out, err = kantoor("deploy", str(folder), "--pilot", relation, "--by", "Bea")
    assert (status, f"on pilot: in force for relation {relation} alone" in out) == (0, True), err
    try:
        yield relation
    finally:
        assert kantoor("rollback", TEMPLATE, "--by", "Bea", "--reason", "Voorbij")[0] == 0


def test_filings_of_the_pilot_say_so_and_take_remarks(
    piloted: str, pages: Pages, town: Town, kantoor: Commands
) -> None:
    theirs, other = town.begun(piloted, template=TEMPLATE), town.begun(template=TEMPLATE)
    plans = {one["digest"]: one for one in kantoor.json("plans", "--template", TEMPLATE)}
    assert plans[theirs.now().plan]["pilot"] == [piloted]
    assert plans[other.now().plan]["active"]

    colleague = pages.client_of("marieke")
    assert "pilot" not in colleague.open(f"/opdrachten/{other.name}").words
    page = colleague.open(f"/opdrachten/{theirs.name}")
    assert "op een nieuw plan" in page.words
    path = f"/opdrachten/{theirs.name}/opmerking"
    assert colleague.send(path, {"tekst": " "}).status == 422
    word = colleague.send(path, {"tekst": "De stap is korter."}).word
    assert word == "Uw opmerking bij de pilot is bewaard."
    assert colleague.send(f"/opdrachten/{other.name}/opmerking", {"tekst": "Hier ook"}).status == 422
    assert "er loopt een pilot" in colleague.open("/beheer/werkprocessen").words
    assert f"relatie {piloted}" in colleague.open(f"/beheer/werkprocessen/{TEMPLATE}").words

    assert (
        "start voor deze relatie op een nieuw plan" in colleague.open(f"/relaties/{piloted}/producten").words
    )

    client, key = pages.client_of(theirs.client), pages.key_of(theirs.name)
    shown = client.open(f"/mijn/{key}")
    long = shown.press("Versturen", {"opmerking": "x" * 2001})
    assert (long.status, long.wrong_field) == (422, "opmerking")
    assert "1 teken te lang" in long.problem
    assert ("opmerking", "x" * 2001) in long.fields("Versturen")
    assert shown.press("Versturen", {"opmerking": "Fijn zo."}).word == "Bedankt, uw opmerking is verstuurd."
    assert client.send(f"/mijn/{pages.key_of(other.name)}/opmerking", {"opmerking": "x"}).status == 404

    words = ("pilot", "remark", theirs.name, "En duidelijker.", "--as", "sanne", "--id", "r1")
    assert [kantoor(*words)[1] for _ in range(2)] == ["Bewaard bij de pilot.\n"] * 2
    (report,) = kantoor.json("pilot", "show", TEMPLATE)
    assert [(one["text"], one["of_client"]) for one in report["remarks"]] == [
        ("De stap is korter.", False),
        ("Fijn zo.", True),
        ("En duidelijker.", False),
    ]
    assert report["theirs"]["filings"] == 1
    assert report["others"]["filings"] >= 1
    said = kantoor("pilot", "show", TEMPLATE)[1]
    assert "1 opdracht, waarvan 0 afgesloten" in said
    assert "(klant)" in said
