"""What becomes of a return that Digipoort takes and never judges: told, and recorded by hand."""

from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from kantoor.local.environment import settings_environment
from kantoor.office.alarms import JUDGEMENT_WAITS, all_alarms
from kantoor.office.filings.deliveries import deliveries_of
from kantoor.office.office_clock import office_now
from kantoor.service.upkeep.practice_time import let_time_run
from kantoor.service.upkeep.system_pages import read_system
from tests.portal.visitors import Pages, open_pages
from tests.service.town import Commands, Return, Town, furnish, numbers, running_town


def read_lines(kantoor: Commands, who: str) -> list[Any]:
    """Return what somebody's list says of returns that Digipoort does not judge."""
    return [line for line in kantoor.json("work", "--as", who) if line["kind"] == JUDGEMENT_WAITS]


def list_underway(pages: Pages) -> list[str]:
    """Return how the deliveries on their way stand: one that has an attempt is told once."""
    return [one.status for one in read_system(pages.desk, date(2026, 2, 8)).deliveries]


def until_told(kantoor: Commands, town: Town, day: date, who: str = "ruud") -> str:
    """Let time run to a day; return what who delivers is told of the return by then."""
    assert town.play(lambda desk: let_time_run(desk, day)) is None
    town.until(lambda connection: office_now(connection).date() >= day and bool(all_alarms(connection)))
    (line,) = read_lines(kantoor, who)
    return str(line["missing"][0])


def test_a_return_that_is_never_judged_is_told_and_goes_on_by_what_a_person_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kantoor, script, letter = Commands(capsys), tmp_path / "script.yaml", tmp_path / "brief.txt"
    letter.write_text("De Belastingdienst schrijft")
    rows = (("2001", 1, "undecided"), ("2001", 2, "no_status"), ("2002", 1, "undecided"))
    rows += (("2003", 1, "refused_content"),)
    row = "- {{identity: {}B01, delivery: {}, scenario: {}}}\n"
    script.write_text("".join(row.format(numbers()[relation], n, s) for relation, n, s in rows))
    with running_town(tmp_path, script=script) as town, open_pages(town.settings) as pages:
        for name, value in settings_environment(town.settings).items():
            monkeypatch.setenv(name, value)
        furnish(town)
        filing = town.begun("2001").to("aanbieden")
        filing.acts(filing.client, lambda acts: acts.decide(filing.name, "approve"))
        until_delivered(filing, 1)
        judged = ("filing", "judged", filing.name)
        proof = ("--proof", str(letter))
        early = kantoor.refused("nothing_to_judge", *judged, "accepted", *proof, "--as", "ruud")
        assert "als de uitslag te lang uitblijft" in early

        said = until_told(kantoor, town, date(2026, 2, 8))
        assert said.startswith("Digipoort heeft de aangifte aangenomen op 3 februari 2026")
        assert "De termijn" not in said
        assert read_lines(kantoor, "sanne") == []
        assert [alarm.kind for alarm in town.alarms()] == [JUDGEMENT_WAITS]
        assert list_underway(pages) == ["taken"]
        kantoor.refused("wrong_role", *judged, "lost", *proof, "--as", "sanne")
        kept = kantoor.refused(
            "delivery_runs", "filing", "cancel", filing.name, "--reason", "Fout", "--as", "ruud"
        )
        assert "leg op de pagina van de opdracht vast wat die dienst zegt" in kept
        assert kantoor.hint == "Blijft de uitslag lang uit: `kantoor filing judged`."
        kantoor.refused("proof_missing", *judged, "lost", "--as", "ruud")
        assert "Geef op: --proof" in kantoor.hint
        status, out, _ = kantoor(*judged, "niet ontvangen", *proof, "--as", "ruud")
        assert (status, out) == (0, "Vastgelegd: niet ontvangen\n")
        filing.until(lambda found: any(one["kind"] == "stalled" for one in found.view["work"]))
        assert read_lines(kantoor, "ruud") == []
        title = "ewijs bij de uitslag 'niet ontvangen', vastgelegd door Ruud Smit op 8 februari 2026"
        shown = kantoor("filing", "show", filing.name)[1].splitlines()
        (named,) = (line for line in shown if line.startswith(f"b{title}: kantoor filing document "))
        given = tmp_path / "gegeven.txt"
        assert kantoor(*named.rpartition(": kantoor ")[2].split(), "--out", str(given))[0] == 0
        assert given.read_bytes() == letter.read_bytes()
        page = pages.client_of("ruud").open(f"/opdrachten/{filing.name}")
        link = page.tree.xpath("//a[.=$title]/@href", title=f"B{title}")
        assert pages.client_of("ruud").open(link[0]).body == letter.read_bytes()
        kantoor.refused("unknown_proof", "filing", "document", filing.name, "--proof", "0123456789ab")
        client = ("--as", filing.client)
        kantoor.refused("for_office", "filing", "document", filing.name, "--proof", link[0][-64:], *client)

        assert kantoor("filing", "retry", filing.name, "--as", "ruud")[0] == 0
        until_delivered(filing, 2)
        assert "De termijn loopt af op 28 februari 2026." in until_told(kantoor, town, date(2026, 2, 26))
        assert list_underway(pages) == ["taken"]
        page = pages.client_of("ruud").open(f"/opdrachten/{filing.name}")
        sent = [("bewijs", ("brief.txt", letter.read_bytes(), "text/plain"))]
        done = page.press("Uitslag vastleggen", {"uitslag": "accepted"}, sent)
        assert done.word.startswith("De uitslag is vastgelegd.")
        filing.until_in("afronden")
        assert town.alarms() == ()
        shown = kantoor("filing", "show", filing.name)[1]
        assert "Geaccepteerd: vastgelegd door Ruud Smit op 26 februari 2026, met bewijsstuk" in shown
        assert "bewijs bij de uitslag 'geaccepteerd', vastgelegd door Ruud Smit" in shown
        receipt = tmp_path / "bewijs.txt"
        assert kantoor("filing", "document", filing.name, "--receipt", "--out", str(receipt))[0] == 0
        assert receipt.read_bytes() == letter.read_bytes()

        other = town.begun("2002").to("aanbieden")
        other.acts(other.client, lambda acts: acts.decide(other.name, "approve"))
        until_delivered(other, 1)
        give = ("filing", "reassign", other.name, "fiscaal", "wim", "--reason", "Ruud is druk")
        assert kantoor(*give, "--as", "marieke")[0] == 0
        said = until_told(kantoor, town, date(2026, 3, 3), "wim")
        assert said.endswith("De termijn is verstreken op 28 februari 2026.")
        assert read_lines(kantoor, "ruud") == []
        theirs = ("filing", "judged", other.name, "refused", *proof, "--as", "ruud")
        assert kantoor.refused("reassigned", *theirs).endswith("overgedragen aan Wim Vos.")
        refused = town.begun("2003").to("aanbieden")
        refused.acts(refused.client, lambda acts: acts.decide(refused.name, "approve"))
        refused.until_in("opstellen")
        mine = [line for line in kantoor.json("work", "--as", "sanne") if refused.name in line["filing"]]
        assert [line["sent_back"] for line in mine] == ["authority"]
        page = pages.client_of("sanne").open(f"/opdrachten/{refused.name}")
        assert page.tree.xpath("//h3/text()")[0] == "Geweigerd door de ontvangende dienst"
    judged = ("filing", "judged", other.name)
    status, _, told = kantoor(*judged, "refused", *proof, "--as", "wim")
    assert (status, "binnen een uur (als kantoor draait). Staat daar dan een uitslag" in told) == (0, True)
    recorded = "De uitslag 'geweigerd' is vastgelegd door Wim Vos op 3 maart 2026, met bewijsstuk."
    assert kantoor.refused("judged", *judged, "accepted", *proof, "--as", "wim").startswith(recorded)
    assert f"let op: {recorded}" in kantoor("filing", "show", other.name)[1]
    with open_pages(town.settings) as pages:
        page = pages.client_of("ruud").open(f"/opdrachten/{other.name}")
        assert recorded in unescape(page.text)


def until_delivered(filing: Return, times: int) -> None:
    """Wait until Digipoort has taken so many deliveries of a filing."""
    id = filing.now().id

    def are_taken(connection: Connection) -> bool:
        return sum(one.kenmerk is not None for one in deliveries_of(connection, id)) == times

    filing.town.until(are_taken)
