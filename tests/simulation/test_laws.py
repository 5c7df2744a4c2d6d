"""What holds of every simulation, whoever does what: it ends, nothing breaks, and the machine agrees."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kantoor.data import canonical
from kantoor.filing.outcome import Step
from kantoor.filing.state import State
from kantoor.filing.step import step
from kantoor.simulation.calendar_text import calendar_lines
from kantoor.simulation.engine import run
from kantoor.simulation.habits import ClientHabits, OfficeHabits, People
from kantoor.simulation.starting import find_last_day
from kantoor.simulation.story import story_as_json
from kantoor.simulation.world import Verdict, World
from tests.examples import so_many

from ..shipped import compile_shipped
from .simulating import start_of

DAYS = st.integers(0, 40)
PERHAPS = st.none() | DAYS
VERDICTS = st.lists(
    st.sampled_from([Verdict(), Verdict(kind="refused", code="510"), Verdict(kind="failed", code="410")]),
    max_size=3,
).map(tuple)

OFFICES = st.none() | st.builds(OfficeHabits, workdays=DAYS, looks_after=DAYS, retries_after=DAYS)
CLIENTS = st.none() | st.builds(
    ClientHabits,
    decides=st.sampled_from(["approve", "reject_once", "silent"]),
    decides_after=DAYS,
    gives=st.sampled_from(["all", "nothing"]),
    gives_after=DAYS,
)
WORLDS = st.builds(
    World,
    verdicts=VERDICTS,
    verdict_hours=st.integers(0, 200),
    notice_workdays=PERHAPS,
    other_workdays=PERHAPS,
    unreachable=st.sampled_from([(), ("klant",), ("relatiebeheerder",)]),
    way=st.sampled_from([None, "approval", "signature", "information"]),
    standing_until=st.none() | st.just(date(2030, 1, 1)),
    start_problem=st.none() | st.just("De relatie is niet actief."),
)
FORMS = st.sampled_from(["bv", "eenmanszaak", "vof", "stichting", "natuurlijk_persoon"])


@given(st.sampled_from(sorted(compile_shipped().plans)), FORMS, OFFICES, CLIENTS, WORLDS, st.integers(0, 800))
@settings(max_examples=so_many(40))
def test_any_simulation_ends_and_is_what_the_machine_makes_of_its_events(
    template: str,
    form: str,
    office: OfficeHabits | None,
    client: ClientHabits | None,
    world: World,
    days: int,
) -> None:
    plan, start = compile_shipped().plans[template], start_of(template, form)
    until = min(start.start_date + timedelta(days=days), find_last_day(start))
    story = run(plan, start, world, People(office=office, client=client), until)
    assert story.stopped in ("ended", "until", "at_rest")
    assert story.refusals == ()
    moments = [event.at for event in story.events]
    assert moments == sorted(moments)
    assert not moments or moments[-1].date() <= until
    state: State | None = None
    for event in story.events:
        taken = step(plan, state, event)
        assert isinstance(taken, Step)
        state = taken.state
    assert canonical(state) == canonical(story.state)
    assert [*calendar_lines(story, mails=True)]
    assert story_as_json(story)["lines"]
