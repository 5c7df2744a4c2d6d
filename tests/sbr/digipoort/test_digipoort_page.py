"""The page docs/digipoort.md says what the code does."""

import re
from pathlib import Path

from kantoor.sbr.digipoort.simulator.scenarios import SCENARIOS
from kantoor.sbr.digipoort.simulator.script import read_script
from kantoor.sbr.digipoort.statuses import TABLE

PAGE = (Path(__file__).parents[3] / "docs" / "digipoort.md").read_text(encoding="utf-8")


def _first_cells(header: str) -> list[str]:
    table = PAGE.partition(f"| {header} |")[2].partition("\n\n")[0]
    return [row.split("|")[1] for row in table.splitlines()[2:]]


def test_the_page_names_every_scenario() -> None:
    named = [name for cell in _first_cells("names") for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(SCENARIOS)


def test_the_page_names_every_status_code() -> None:
    named = [code for cell in _first_cells("code") for code in re.findall(r"\d{3}", cell)]
    assert sorted(named) == sorted(TABLE)


def test_the_script_on_the_page_can_be_used(tmp_path: Path) -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "script.yaml"
    file.write_text(example, encoding="utf-8")
    assert len(read_script(file).rows) == 2
