"""Scenarios that commands write: of a simulation, and of a filing that the office has."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from kantoor.cli.main import execute
from kantoor.data import canonical
from kantoor.equipment import open_equipment
from kantoor.filing.digests import state_digest
from kantoor.filing.outcome import Refusal
from kantoor.filing.step import step
from kantoor.office.filings import records
from kantoor.office.filings.filing import NewFiling, create_filing
from kantoor.office.filings.links import link_filings
from kantoor.office.filings.records import FilingRecord, StepRecord
from kantoor.office.plans import publish
from kantoor.plan import digest
from kantoor.settings import load_settings
from kantoor.simulation.habits import ClientHabits, People
from kantoor.simulation.story import Story

from ..office.material import NOW
from ..simulation.simulating import DEFINITIONS, office, plan_of, simulate
from .test_relations import Office, empty

__all__ = ["empty"]  # a fixture

Run = Callable[..., tuple[int, str, str]]
REASON = "Anna Bakker: de bus van Wim ontbreekt"


@pytest.fixture
def definitions(empty: Office) -> Path:
    """A copy of the shipped definitions without scenarios, beside an office."""
    folder = empty.folder.parent / "definitions"
    shutil.copytree(DEFINITIONS, folder, ignore=shutil.ignore_patterns("scenarios"))
    return folder


@pytest.fixture
def run(definitions: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        status = execute(words)
        out, err = capsys.readouterr()
        return status, out, err

    return run


def keep(story: Story, corrected: Story | None = None) -> None:
    """Record the events of a filing in the office as its workflow does, and what it corrected."""
    equipment = open_equipment(load_settings())
    key = story.start.filing
    new = NewFiling(
        id=key.workflow_id,
        template=key.template,
        relation=key.relation,
        period=key.period,
        product=str(story.start.product["id"]),
        plan=digest(story.plan),
        title=story.plan.title,
        start_date=story.start.start_date,
    )
    state, steps = None, []
    for number, event in enumerate(story.events, 1):
        taken = step(story.plan, state, event)
        assert not isinstance(taken, Refusal)
        state = taken.state
        made = StepRecord(sequence=number, event=canonical(event), digest=state_digest(story.plan, state))
        steps.append(made)
    with equipment.database.write() as connection:
        publish(connection, [story.plan], office(), revision="", author="", at=NOW)
        create_filing(connection, new)
        known = records.read_recorded(connection, key.workflow_id)
        batch = FilingRecord(
            steps=tuple(steps),
            state=canonical(state),
            view={"title": story.plan.title, "work": []},
            planner="klaar",
            phases=(),
            due=date(2027, 2, 28),
            ended="completed",
        )
        records.record(connection, known, batch, equipment.document_ring.seal)
        if corrected:
            link_filings(connection, key.workflow_id, corrected.start.filing.workflow_id, "corrects")
    equipment.close()


def test_a_simulation_is_written_as_a_scenario_that_passes(run: Run, definitions: Path) -> None:
    file = definitions / "scenarios" / "btw-aangifte" / "geweigerd.yaml"
    words = ("simulate", "btw-aangifte", "--period", "2027-01", "--refuse", "510", "--record", str(file))
    assert run(*words)[0] == 0
    assert run("test") == (0, "", "1 scenario, none failed\n")
    assert "title: Aangifte btw over januari 2027" in file.read_text("utf-8")
    status, out, err = run(*words)
    assert (status, out) == (2, "")
    assert err.startswith(f"Error: {file} exists already\n")


def test_a_filing_that_ran_is_written_as_a_scenario_that_passes_without_what_people_wrote(
    run: Run, definitions: Path, empty: Office
) -> None:
    empty.deploy()
    empty.run("import", empty.files())
    story = simulate("btw-aangifte", People(client=ClientHabits(decides="reject_once", reason=REASON)))
    assert story.plan == plan_of("btw-aangifte")
    keep(story)
    status, out, err = run("filing", "scenario", "btw-aangifte/1001/2027-01")
    assert (status, err) == (0, "")
    assert "reject: Weggelaten." in out
    assert REASON not in out
    assert "1001" not in out
    file = definitions / "scenarios" / "btw-aangifte" / "afgekeurd.yaml"
    assert run("filing", "scenario", "btw-aangifte/1001/2027-01", "--out", str(file))[0] == 0
    assert file.read_text("utf-8") == out
    assert run("test") == (0, "", "1 scenario, none failed\n")


def test_a_scenario_of_a_correction_says_what_it_corrected(
    run: Run, definitions: Path, empty: Office
) -> None:
    empty.deploy()
    empty.run("import", empty.files())
    first, second = simulate("btw-aangifte"), simulate("suppletie")
    keep(first)
    keep(second, first)
    status, out, err = run("filing", "scenario", "suppletie/1001/2027")
    assert status == 0
    assert "it corrected a filing of btw-aangifte" in err
    assert "# It corrected a filing of btw-aangifte" in out
    of_the_first = run("filing", "scenario", "btw-aangifte/1001/2027-01")[1]
    assert "corrected" not in of_the_first
    linked = out.replace("steps:", "corrects: btw-aangifte/eerst\nsteps:", 1)
    for name, text in (("btw-aangifte/eerst", of_the_first), ("suppletie/a", out), ("suppletie/b", linked)):
        file = definitions / "scenarios" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert run("test") == (0, "", "3 scenarios, none failed\n")


def test_a_filing_that_is_not_known_makes_no_scenario(run: Run, empty: Office) -> None:
    empty.deploy()
    status, out, err = run("filing", "scenario", "btw-aangifte/9999/2027-01")
    assert (status, out) == (1, "")
    assert "9999" in err
