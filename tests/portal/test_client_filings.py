"""A client's page of a filing, for every shipped template and wherever its scenarios bring a filing."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from kantoor.data import replace
from kantoor.filing.digests import state_digest
from kantoor.filing.outcome import Step
from kantoor.filing.step import step
from kantoor.filing.view import View, view
from kantoor.office.database.tables import authorities, contacts, relation_contacts
from kantoor.office.filings.filing import NewFiling, create_filings
from kantoor.plan import digest
from kantoor.rights import RIGHTS
from kantoor.runtime.activities.recording import Recording
from kantoor.runtime.inputs import RecordInput, StepRecord
from kantoor.simulation.cast import Client
from kantoor.simulation.story import Story
from kantoor.simulation.trying import try_scenarios
from tests.portal.reading import FIRST, publish_all, serve_reading
from tests.portal.visitors import Browser, Pages
from tests.shipped import compile_shipped

RELATION = str(FIRST + 20)
CLIENT = Client().id
TEMPLATES = tuple(sorted(compile_shipped().plans))

Met = tuple[str, ...]
"""What a client meets of a filing: its phases that are open, and how its offers stand."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """An office with every shipped template, and one relation with a contact who may do everything."""
    with serve_reading(tmp_path_factory.mktemp("client_filings")) as pages:
        publish_all(pages)
        with pages.desk.equipment.database.write() as connection:
            theirs = {"relation": RELATION, "contact": CLIENT}
            connection.execute(contacts.insert().values(id=CLIENT, name="Kim", email="kim@klant.example"))
            connection.execute(relation_contacts.insert().values(**theirs, primary=True))
            given = {"since": date(2000, 1, 1), "may": list(RIGHTS)}
            connection.execute(authorities.insert().values(**theirs, **given))
        yield pages


@pytest.fixture(scope="module")
def client(office: Pages) -> Browser:
    return office.client_of(CLIENT)


def tell_stories(template: str) -> list[Story]:
    """Return how the scenarios of a template come out."""
    compiled = compile_shipped()
    names = [name for name in compiled.scenarios if name.startswith(f"{template}/")]
    return [one.outcome.story for one in try_scenarios(compiled, names) if one.outcome.story]


def look_at(seen: View) -> Met:
    """Return what a client meets of a filing."""
    phases = (one.id for one in seen.phases if one.status == "active")
    offers = (f"{one.phase} {one.sent is not None} {one.outcome}" for one in seen.offers)
    return (*phases, *offers, str(seen.ended is not None))


class Told:
    """A story that the office records, as far as a client meets something else in it."""

    def __init__(self, pages: Pages, story: Story, number: int) -> None:
        self.story = story
        key = replace(story.start.filing, relation=RELATION, sequence=number)
        self.new = NewFiling(
            id=key.workflow_id,
            template=key.template,
            relation=RELATION,
            period=key.period,
            sequence=number,
            product=str(story.start.product["id"]),
            plan=digest(story.plan),
            title=story.plan.title,
            start_date=story.start.start_date,
        )
        equipment = pages.desk.equipment
        self._recording = Recording(equipment.database, equipment.document_ring)
        with equipment.database.write() as connection:
            create_filings(connection, [self.new])

    def follow(self) -> Iterator[Met]:
        """Record the story step by step, and yield what a client meets wherever that is something else."""
        state, before, steps = None, None, []
        for event in self.story.events:
            taken = step(self.story.plan, state, event)
            assert isinstance(taken, Step), taken
            state = taken.state
            hashed = state_digest(self.story.plan, state)
            steps.append(StepRecord(sequence=taken.sequence, event=event, digest=hashed))
            met = look_at(view(self.story.plan, state))
            if met != before:
                self._recording.record(RecordInput(workflow_id=self.new.id, steps=tuple(steps)))
                before, steps = met, []
                yield met


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_client_opens_a_filing_and_what_waits_there_wherever_it_is(
    office: Pages, client: Browser, template: str
) -> None:
    known: set[Met] = set()
    for number, story in enumerate(tell_stories(template), 1):
        told = Told(office, story, number)
        path = f"/mijn/{office.key_of(told.new.id.removeprefix('filing/'))}"
        for met in told.follow():
            if met in known:
                continue
            known.add(met)
            page = client.open(path)
            assert page.status == 200, (met, page.words[:300])
            for link in (one for one in page.links if re.search("/(aanbieding|uitvraag|taak)/", one)):
                assert client.open(link).status == 200, (met, link)
    entered = {phase for met in known for phase in met}
    assert entered >= {phase.id for phase in compile_shipped().plans[template].phases if phase.offer}
