"""A filing is made again from what the office recorded of it, step by step; else the step is told."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from kantoor.data import canonical, replace
from kantoor.filing.digests import state_digest
from kantoor.filing.outcome import Step
from kantoor.filing.step import step
from kantoor.office.filings.filing import Filing, NewFiling, create_filing, find_filing
from kantoor.office.filings.records import RecordedEvent, read_events
from kantoor.office.plans import publish, require_plan
from kantoor.plan import digest
from kantoor.runtime.activities.recording import Recording
from kantoor.runtime.inputs import RecordInput, StepRecord
from kantoor.runtime.rebuilding import RebuildError, rebuild
from kantoor.simulation.story import Story
from kantoor.simulation.trying import try_scenarios
from tests.filing.driver import FISCAL
from tests.filing.plans import VAT
from tests.filing.test_laws import Recording as Recorder

from ..shipped import DEFINITIONS, compile_shipped
from .office import OfficeAtWork, make_office

SCENARIOS = {
    folder.name: f"{folder.name}/{min(file.stem for file in folder.glob('*.yaml'))}"
    for folder in sorted((DEFINITIONS / "scenarios").iterdir())
}
"""A scenario of each shipped template."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfficeAtWork]:
    """An office that has published what is shipped."""
    office = make_office(tmp_path_factory.mktemp("rebuilding") / "home")
    compiled = compile_shipped()
    assert compiled.office is not None
    assert {*compiled.plans} == {*SCENARIOS}
    with office.database.write() as connection:
        plans = list(compiled.plans.values())
        publish(connection, plans, compiled.office, revision="r2", author="test", at=datetime.now(UTC))
    yield office
    office.equipment.close()


def play(template: str) -> Story:
    """Return the story of a shipped scenario of a template."""
    (tried,) = try_scenarios(compile_shipped(), [SCENARIOS[template]])
    assert tried.outcome.story is not None
    return tried.outcome.story


def follow(story: Story) -> Iterator[StepRecord]:
    """Yield the steps of a story as its workflow records them."""
    state = None
    for event in story.events:
        taken = step(story.plan, state, event)
        assert isinstance(taken, Step), taken
        state = taken.state
        yield StepRecord(sequence=taken.sequence, event=event, digest=state_digest(story.plan, state))
    assert state == story.state


def record(office: OfficeAtWork, story: Story) -> str:
    """Record a story as a worker does; return the id of its filing."""
    start, plan = story.start, story.plan
    new = NewFiling(
        id=start.filing.workflow_id,
        template=plan.template,
        relation="1001",
        period=start.filing.period,
        product=str(start.product["id"]),
        plan=digest(plan),
        title=plan.title,
        start_date=start.start_date,
    )
    with office.database.write() as connection:
        assert isinstance(create_filing(connection, new), Filing)
    recording = Recording(office.database, office.equipment.document_ring)
    recording.record(RecordInput(workflow_id=new.id, steps=tuple(follow(story))))
    return new.id


@pytest.mark.parametrize("template", SCENARIOS)
def test_a_filing_of_every_shipped_template_is_made_again_from_its_events(
    office: OfficeAtWork, template: str
) -> None:
    story = play(template)
    id = record(office, story)

    def make_again(connection: Connection) -> list[Step]:
        events = read_events(connection, id, office.equipment.document_ring.open_sealed)
        assert len(events) == len(story.events)
        return list(rebuild(digest(story.plan), events, partial(require_plan, connection)))

    with office.database.read() as connection:
        steps = make_again(connection)
        row = find_filing(connection, id)
    assert row is not None
    assert steps[-1].state == story.state
    assert (row.recorded, row.state_digest) == (len(steps), state_digest(story.plan, steps[-1].state))


Kept = tuple[RecordedEvent, ...]
BEGUN = Recorder(VAT)
BEGUN.to_offer()
KEPT: Kept = tuple(
    RecordedEvent(sequence=number, event=canonical(event), digest=state_digest(VAT, state))
    for number, (event, state) in enumerate(zip(BEGUN.events, BEGUN.states, strict=True), start=1)
)
"""What the office has of a filing that came to its offer."""


def lose(kept: Kept) -> Kept:
    return (*kept[:3], *kept[4:])


def give_to_nobody(kept: Kept) -> Kept:
    """Have the review be done by somebody without its role."""
    number = [event.kind == "complete" and event.phase == "controle" for event in BEGUN.events].index(True)
    other = replace(BEGUN.events[number], by=FISCAL)
    return (*kept[:number], kept[number].model_copy(update={"event": canonical(other)}), *kept[number + 1 :])


def change(kept: Kept) -> Kept:
    """Have the last event have happened a minute later."""
    later = replace(BEGUN.events[-1], at=BEGUN.events[-1].at + timedelta(minutes=1))
    return (*kept[:-1], kept[-1].model_copy(update={"event": canonical(later)}))


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lose, "step 4 is missing"),
        (give_to_nobody, "step 8 was accepted earlier and is now refused: wrong_role"),
        (change, f"step {len(KEPT)} comes to another state than was recorded"),
    ],
)
def test_what_does_not_lead_to_the_recorded_states_is_told_by_the_step(
    spoil: Callable[[Kept], Kept], told: str
) -> None:
    assert len(list(rebuild(digest(VAT), KEPT, {digest(VAT): VAT}.__getitem__))) == len(KEPT)
    with pytest.raises(RebuildError, match=f"^{told}$"):
        list(rebuild(digest(VAT), spoil(KEPT), {digest(VAT): VAT}.__getitem__))


def test_a_plan_that_nobody_published_is_told_by_its_digest() -> None:
    with pytest.raises(RebuildError, match=f"^the plan {digest(VAT)[:12]} is not published$"):
        list(rebuild(digest(VAT), KEPT, {}.__getitem__))
