"""A return that was made before a number of its relation was corrected does not leave under the old one."""

from pathlib import Path

from kantoor.filing.view import WorkItem, read_view
from kantoor.local.programs import simulator_folder
from kantoor.office.filings.filing import Filing
from kantoor.sbr.digipoort.simulator.journal import read_journal

from .town import Commands, Town, elfproef, numbers


def correct(town: Town, commands: Commands, tmp_path: Path, relation: str, rsin: str) -> str:
    """Import other numbers of a relation; return what is told before it is done."""
    row = f"number;name;ob_number;rsin\n{relation};Bedrijf {relation} B.V.;{rsin}B01;{rsin}\n"
    (tmp_path / "relations.csv").write_text(row)
    status, out, err = commands("relation", "import", str(tmp_path))
    assert status == 1, (out, err)
    assert commands("relation", "import", str(tmp_path), "--yes")[0] == 0
    return out + err


def find_stalled(filing: Filing) -> WorkItem | None:
    return next((one for one in read_view(filing.view).work if one.kind == "stalled"), None)


def list_sent(town: Town, rsin: str) -> list[str]:
    """Return the hashes of what was delivered under a number."""
    journal = read_journal(simulator_folder(town.settings))
    return [one.sha256 for one in journal if one.identity == f"{rsin}B01"]


def test_a_return_with_another_number_than_its_relation_has_now_waits_for_a_person_and_leaves_once_both_agree(
    town: Town, kantoor: Commands, tmp_path: Path
) -> None:
    filing = town.begun().to("aanbieden")
    old = numbers()[filing.relation]
    new = elfproef(int(old[:-1]) + 10)
    told = correct(town, kantoor, tmp_path, filing.relation, new)

    made = f"{filing.now().title} over januari 2026 van relatie {filing.relation}"
    assert f"er is al gemaakt: {made}." in told

    filing.acts(filing.client, lambda acts: acts.decide(filing.name, "approve"))
    item = find_stalled(filing.until(lambda found: find_stalled(found) is not None))
    assert item is not None
    assert item.missing == (
        "Niet ingediend: in de aangifte staat een ander omzetbelastingnummer dan nu bij de relatie. Klopt "
        "het bij de relatie, stuur het werk dan terug en maak de aangifte opnieuw. Klopt het in de "
        "aangifte, herstel het dan bij de relatie en probeer het opnieuw.",
    )
    assert item.missing[0] in kantoor("filing", "show", filing.name)[1].replace("\n", " ")
    assert list_sent(town, old) == []

    correct(town, kantoor, tmp_path, filing.relation, old)
    filing.acts("ruud", lambda acts: acts.retry(filing.name))
    filing.until_in("afronden")
    assert (len(list_sent(town, old)), list_sent(town, new)) == (1, [])
