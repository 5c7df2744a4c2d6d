"""Every shipped template simulated: to its end when all goes well, and what comes of it when it does not."""

import pytest

from kantoor.data import canonical
from kantoor.filing.outcome import Entry, Step
from kantoor.filing.state import State
from kantoor.filing.step import step
from kantoor.office.overviews.sentences import sentence
from kantoor.simulation.cast import Cast
from kantoor.simulation.habits import SILENT, ClientHabits, People
from kantoor.simulation.story import Story, story_as_json
from kantoor.simulation.world import Verdict, World

from ..shipped import compile_shipped
from .simulating import plan_of, simulate

TEMPLATES = [
    *("aangifte-ib", "aangifte-vpb", "btw-aangifte", "icp-opgaaf"),
    *("jaarrekening", "loonaangifte", "onboarding", "suppletie"),
]
SILENCE = People(client=SILENT)
REJECTION = People(client=ClientHabits(decides="reject_once"))
REFUSAL = World(verdicts=(Verdict(kind="refused", code="510", text="Niet verwerkbaar"),))


def words(story: Story) -> list[str]:
    return [line.what for line in story.lines]


def test_these_are_all_the_templates() -> None:
    assert sorted(compile_shipped().plans) == TEMPLATES


@pytest.mark.parametrize("form", ["bv", "eenmanszaak", "vof", "stichting"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_template_runs_to_its_end_when_all_goes_well(template: str, form: str) -> None:
    story = simulate(template, form=form)
    assert (story.stopped, story.view.ended, story.view.planner) == ("ended", "completed", "klaar")
    assert story.refusals == ()
    assert "stands_still" not in words(story)
    assert "deadline_missed" not in words(story)
    assert all(mail.subject and mail.body and mail.arrived for mail in story.mails)


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_client_who_is_silent_is_reminded_and_the_office_is_told(template: str) -> None:
    story = simulate(template, SILENCE)
    assert story.view.ended is None
    assert story.refusals == ()
    assert {"reminded"} <= {*words(story)}
    assert {"escalated", "escalated_asked"} & {*words(story)}
    assert [mail for mail in story.mails if mail.purpose == "reminder" and mail.audience == "client"]


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_a_client_rejects_once_is_made_again_and_ends_well(template: str) -> None:
    story = simulate(template, REJECTION)
    assert story.view.ended == "completed"
    assert words(story).count("sent_back") == 1
    decided = [line.data["answer"] for line in story.lines if line.what == "decided"]
    assert decided[0] == "reject"
    assert decided[-1] in ("approve", "sign")


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_refused_delivery_goes_back_where_kantoor_delivers(template: str) -> None:
    story = simulate(template, world=REFUSAL)
    assert story.view.ended == "completed"
    delivers = any(p.deliver and not p.deliver.by_hand for p in plan_of(template).phases)
    assert words(story).count("refused") == int(delivers)


@pytest.mark.parametrize("people", [None, SILENCE, REJECTION], ids=["default", "silent", "reject"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_the_timeline_is_that_of_the_machine_over_the_same_events(
    template: str, people: People | None
) -> None:
    story = simulate(template, people)
    entries: list[Entry] = []
    state: State | None = None
    for event in story.events:
        taken = step(story.plan, state, event)
        assert isinstance(taken, Step)
        state, entries = taken.state, [*entries, *taken.entries]
    names = Cast(story.plan, World().clients).names
    assert canonical(state) == canonical(story.state)
    assert [(line.at, line.by, line.what, line.phase, line.text) for line in story.lines] == [
        (e.at, e.by, e.what, e.phase, sentence(e.what, e.data, names, e.by)) for e in entries
    ]


def test_the_same_simulation_gives_the_same_story() -> None:
    assert story_as_json(simulate("jaarrekening")) == story_as_json(simulate("jaarrekening"))
