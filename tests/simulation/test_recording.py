"""What happened becomes a scenario that passes; of a filing that really ran it names nobody."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kantoor.compiler.language.scenario import Scenario
from kantoor.compiler.shape import shape
from kantoor.compiler.source import read_file
from kantoor.data import replace
from kantoor.filing.events import Actor, AnyEvent, Enclosure, FilingKey
from kantoor.filing.outcome import Refusal
from kantoor.plan import Office, Plan
from kantoor.simulation.cast import Client
from kantoor.simulation.engine import Simulation
from kantoor.simulation.habits import ClientHabits, OfficeHabits, People
from kantoor.simulation.recording import Recorded, write_scenario
from kantoor.simulation.replacing import Replacing
from kantoor.simulation.scenarios import Outcome, run_scenario
from kantoor.simulation.story import Story
from kantoor.simulation.world import Verdict, World

from ..shipped import compile_shipped
from .simulating import office, plan_of, start_of
from .test_scenarios import NAMES, tried

pytestmark = pytest.mark.xdist_group("scenarios")  # they are played once


def read(text: str, folder: Path) -> Scenario:
    """Read a scenario as the compiler does; it has no mistakes."""
    file = folder / "opname.yaml"
    file.write_text(text, "utf-8")
    reading = read_file(file, "scenarios/x/opname.yaml")
    assert reading.node is not None
    model, diagnostics = shape(Scenario, reading)
    assert [one.message for one in (*reading.diagnostics, *diagnostics)] == []
    assert isinstance(model, Scenario)
    return model


def played(recorded: Recorded, plan: Plan, folder: Path) -> Outcome:
    office = compile_shipped().office
    assert isinstance(office, Office)
    return run_scenario(read(recorded.text, folder), plan, office)


@pytest.mark.parametrize(
    "replacing", [Replacing.nothing(), Replacing.everything()], ids=["as it is", "replaced"]
)
@pytest.mark.parametrize("name", NAMES)
def test_what_was_simulated_becomes_a_scenario_that_passes(
    name: str, replacing: Replacing, tmp_path: Path
) -> None:
    story = tried(name).outcome.story
    assert story is not None
    recorded = write_scenario(story.plan, office(), story.events, story.now.date(), "Opname", replacing)
    assert recorded.notes == ()
    again = played(recorded, story.plan, tmp_path)
    assert again.failures == ()
    assert again.story is not None
    assert (again.story.view.ended, again.story.view.planner) == (story.view.ended, story.view.planner)


ANNA, BERT, WIM = "anna-bakker", "bert-bakker", "wim-de-boer"
PLANTED = (
    "bakker", "boer", "korenaar", "9731", "anna", "bert", "wim", "dorpsstraat", "0612345678", "nl91abna",
    "123456782", "geheim", "4321", "linde",
)  # fmt: skip
SECRET = "Geheim: Bakkerij De Korenaar, Dorpsstraat 1, 0612345678, NL91ABNA, 123456782, Anna Bakker"


def planted(template: str, habits: ClientHabits, facts: dict[str, Any], **world: Any) -> Simulation:
    """Return a filing with names in every place that people can write."""
    start = start_of(template)
    relation = start.relation | {"number": "9731", "name": "Bakkerij De Korenaar", "dga": True}
    start = replace(
        start,
        relation=relation,
        filing=FilingKey(template=template, relation="9731", period=start.filing.period, sub_number="B4321"),
        product=start.product | {"sub_number": "B4321", "title": "Geheim product"},
        by=Actor(kind="team", id=WIM, roles=("administratie",)),
    )
    clients = (
        Client(id=ANNA, name="Anna Bakker", salutation="Beste Anna", functions=("directeur",)),
        Client(id=BERT, name="Bert Bakker", functions=("directeur",), primary=False),
    )
    verdicts = (Verdict(kind="refused", code="510", text=SECRET),)
    people = People(office=OfficeHabits(facts=facts), client=habits)
    return Simulation(plan_of(template), start, World(clients=clients, verdicts=verdicts, **world), people)


def own(simulation: Simulation) -> Iterable[AnyEvent]:
    """Return the events of a filing with the office's people by their own ids."""
    for event in simulation.tell().events:
        team = {
            field: replace(person, id=f"{WIM}-{person.id}")
            for field in ("by", "person")
            if (person := getattr(event, field, None)) and person.kind == "team"
        }
        yield replace(event, **team) if team else event


def record(simulation: Simulation) -> Recorded:
    last = simulation.now.date()
    return write_scenario(simulation.plan, office(), own(simulation), last, "Opname", Replacing.everything())


def test_a_filing_that_ran_becomes_a_scenario_without_names_reasons_answers_or_amounts(
    tmp_path: Path,
) -> None:
    loon = planted(
        "loonaangifte",
        ClientHabits(
            decides="reject_once",
            reason=SECRET,
            answers={
                "loon-mutaties": {"uit_dienst": True, "uit_dienst_toelichting": SECRET, "opmerkingen": SECRET}
            },
        ),
        {},
    )
    loon.reach("verwerken", date(2029, 1, 1))
    for act, said in (
        ("note", {"text": SECRET}),
        ("hold", {"reason": SECRET}),
        ("resume", {}),
        ("reassign", {"role": "salaris", "person": "salaris-2", "reason": SECRET}),
    ):
        assert not isinstance(loon.act(act, **said), Refusal), act
    loon.run(date(2029, 1, 1))
    vat = planted("btw-aangifte", ClientHabits(), {})
    vat.run(date(2029, 1, 1))
    correction = planted(
        "suppletie", ClientHabits(), {"saldo": 4321, "tijdvakken": SECRET, "geconstateerd_op": "2027-02-01"}
    )
    correction.run(date(2029, 1, 1))
    intake = planted("jaarrekening", ClientHabits(), {})
    intake.reach("uitvraag", date(2029, 1, 1))
    given = (Enclosure(hash="geheim", name="Anna Bakker.pdf", media_type="application/pdf"),)
    assert not isinstance(intake.act("answer", item="contracten", documents=given), Refusal)
    assert not isinstance(intake.act("send_back", item="contracten", reason=SECRET), Refusal)
    intake.run(date(2029, 1, 1))
    for simulation in (loon, vat, correction, intake):
        recorded = record(simulation)
        assert recorded.notes == ()
        assert [word for word in PLANTED if word in recorded.text.lower()] == []
        outcome = played(recorded, simulation.plan, tmp_path)
        assert outcome.failures == ()
        assert isinstance(outcome.story, Story)
        assert outcome.story.view.ended == simulation.view.ended == "completed"
    assert "Weggelaten." in record(loon).text
    assert "value: 2500" in record(correction).text


def test_of_a_filing_that_ran_no_true_amount_is_written_however_often_it_was_corrected() -> None:
    plan = plan_of("suppletie")
    filing = Simulation(plan, start_of("suppletie"), World(), People())
    filing.reach("bepalen", date(2028, 6, 1))
    saldo = next(fact.id for fact in plan.facts if fact.type == "money")
    used: list[Any] = []
    for cents in (555_555, 612_345, 700_001, 812_399, 99_99, 101_01, 555_555, 123_456, 555_555, 765_432):
        written = Replacing.everything().write_fact(plan, filing.state, saldo, cents, used)
        assert written * 100 != cents
        assert written not in used
        used.append(written)
