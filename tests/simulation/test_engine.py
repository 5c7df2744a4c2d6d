"""The engine driven step by step: what a caller does, and what people and the world do beside it."""

from datetime import date, datetime

import pytest

from kantoor.filing.events import Delivered
from kantoor.filing.outcome import Refusal, Step
from kantoor.simulation.cast import Client
from kantoor.simulation.engine import Simulation
from kantoor.simulation.habits import ClientHabits, OfficeHabits, People
from kantoor.simulation.world import Verdict, World

from .simulating import drive, simulate

OFFICE_ALONE = People(client=None)


def active(filing: Simulation) -> list[str]:
    return [phase.id for phase in filing.view.phases if phase.status == "active"]


def code(answer: Step | Refusal) -> str | None:
    return answer.code if isinstance(answer, Refusal) else None


def offered() -> Simulation:
    """Return a VAT return that the office has offered, of a client who does nothing by themselves."""
    filing = drive("btw-aangifte", OFFICE_ALONE)
    filing.on(date(2027, 2, 5))
    assert active(filing) == ["aanbieden"]
    return filing


def test_with_nobody_acting_only_dates_come() -> None:
    filing = drive("btw-aangifte")
    filing.on(date(2027, 2, 1))
    assert active(filing) == ["verzamelen"]
    assert filing.now == datetime(2027, 2, 1, 12)
    assert isinstance(filing.act("check", checkpoint="bank_compleet"), Step)
    assert code(filing.act("complete")) == "not_ready"
    assert isinstance(filing.finish("verzamelen"), Step)
    assert active(filing) == ["opstellen"]
    assert [line.phase for line in filing.tell().lines if line.what == "checkpoint_ticked"] == [
        "verzamelen"
    ] * 3


def test_a_phase_that_waits_for_the_client_is_not_finished() -> None:
    filing = drive("loonaangifte")
    filing.on(date(2027, 1, 5))
    assert code(filing.finish("mutaties")) == "not_ready"


def test_the_caller_decides_for_a_client_without_habits() -> None:
    filing = offered()
    assert isinstance(filing.act("reject", reason="Er ontbreekt een factuur"), Step)
    assert active(filing) == ["opstellen"]
    filing.after(workdays=3)
    assert active(filing) == ["aanbieden"]
    assert isinstance(filing.act("approve"), Step)


def test_a_refusal_comes_back_and_is_in_the_story() -> None:
    filing = offered()
    assert code(filing.act("complete")) == "not_by_hand"
    assert code(filing.act("reject")) == "reason_missing"
    assert [(one.act, one.by, one.code) for one in filing.tell().refusals] == [
        ("complete", "relatiebeheerder", "not_by_hand"),
        ("reject", "klant", "reason_missing"),
    ]


@pytest.mark.parametrize(
    ("name", "said", "refused", "near"),
    [
        ("aprove", {}, "unknown_act", "'approve'"),
        ("complete", {"by": "acountant"}, "unknown_person", "'accountant'"),
        ("complete", {"fase": "controle"}, "unknown_field", "'phase'"),
        ("back", {"reason": 3}, "wrong_field", "'reason'"),
        ("complete", {"phase": "controlle"}, "unknown_phase", "controle"),
    ],
)
def test_what_is_named_wrongly_is_refused_with_what_is_near(
    name: str, said: dict[str, object], refused: str, near: str
) -> None:
    answer = offered().act(name, **said)  # type: ignore[arg-type]
    assert isinstance(answer, Refusal)
    assert answer.code == refused
    assert near in answer.text


def test_an_act_by_somebody_else_is_the_machines_to_judge() -> None:
    filing = drive("btw-aangifte")
    filing.on(date(2027, 2, 1))
    assert code(filing.act("complete", by="accountant")) == "wrong_role"
    assert code(filing.act("complete", by="klant")) == "wrong_role"


def test_mail_that_bounces_stands_still_until_it_arrives() -> None:
    world = World(unreachable=("klant",), reachable_from=date(2027, 2, 3))
    story = simulate("btw-aangifte", world=world)
    assert story.view.ended == "completed"
    assert "stands_still" in [line.what for line in story.lines]
    first = [mail for mail in story.mails if mail.message == "btw-stukken"]
    assert [mail.arrived for mail in first[:2]] == [False, True] or not first[0].arrived


def test_a_delivery_that_fails_on_the_way_is_tried_again() -> None:
    story = simulate("btw-aangifte", world=World(verdicts=(Verdict(kind="failed", code="410"),)))
    assert story.view.ended == "completed"
    assert [line.data["attempt"] for line in story.lines if line.what == "delivering"] == ["1", "2"]


def test_a_command_that_the_world_leaves_is_answered_by_the_caller() -> None:
    class Away(World):
        def answer(self, scene, command):  # type: ignore[no-untyped-def]
            return None if command.kind == "deliver" else super().answer(scene, command)

    filing = drive("btw-aangifte", People(), Away())
    filing.on(date(2027, 2, 20))
    (command,) = filing.in_flight
    assert command.kind == "deliver"
    assert isinstance(filing.answer(command, Delivered(at=filing.now, number=0, reference="k")), Step)
    filing.after(workdays=3)
    assert filing.has_ended


def test_a_notice_that_never_comes_is_given_up() -> None:
    story = simulate("suppletie", world=World(notice_workdays=None))
    assert story.view.ended == "completed"
    assert "given_up" in [line.what for line in story.lines]


def test_facts_and_outcomes_are_those_of_the_office() -> None:
    office = OfficeHabits(facts={"saldo": "950,00"}, outcomes={"bepalen": "klein"})
    story = simulate("suppletie", People(office=office))
    assert story.view.end_title == "Verwerkt in de volgende aangifte"
    (note,) = [mail for mail in story.mails if mail.purpose == "note"]
    assert note.to == "btw-aangifte"
    assert "niet groter" in note.body
    assert [f.value for f in story.state.case.facts if f.id == "saldo"] == [95_000]


def test_the_office_records_what_has_happened_on_its_day_at_the_earliest() -> None:
    for written, on in ((date(2028, 3, 15), date(2028, 3, 15)), ("2028-03-18", date(2028, 3, 20))):
        story = simulate("suppletie", People(office=OfficeHabits(facts={"geconstateerd_op": written})))
        (found,) = (one for one in story.state.case.facts if one.id == "geconstateerd_op")
        assert (found.at.date(), story.refusals, story.view.ended) == (on, (), "completed")


def test_a_date_that_moves_is_written_down_twice() -> None:
    story = simulate("aangifte-ib", People(office=OfficeHabits(facts={"uitstel": "becon"})))
    lines = [one for one in story.dates if (one.kind, one.id) == ("deadline", "aangifte")]
    assert [one.day for one in lines] == [date(2028, 4, 30), date(2029, 4, 30)]
    assert lines[0].until == lines[1].since
    assert lines[1] in story.current_dates


def test_every_director_signs_where_all_decide() -> None:
    board = (Client(id="anna", name="Anna"), Client(id="bob", name="Bob", primary=False))
    story = simulate("jaarrekening", world=World(clients=board))
    signed = [line.by for line in story.lines if line.what == "decided"]
    assert sorted(signed) == ["anna", "bob"]
    assert story.view.ended == "completed"


@pytest.mark.parametrize(
    ("client", "said"),
    [
        (Client(may=("see", "answer")), "mag hier niet over beslissen"),
        (Client(jointly=("approve",)), "alleen samen met een ander"),
        (Client(primary=False), "niemand aan wie"),
    ],
)
def test_an_offer_to_nobody_who_may_decide_stands_still(client: Client, said: str) -> None:
    story = simulate("btw-aangifte", world=World(clients=(client,)))
    (still,) = [line for line in story.lines if line.what == "offer_stands_still"]
    assert said in still.text
    assert story.stopped == "at_rest"


def test_phases_that_the_office_leaves_are_escalated() -> None:
    story = simulate("btw-aangifte", People(office=OfficeHabits(leaves=("verzamelen",))))
    assert [line.data["role_title"] for line in story.lines if line.what == "escalated"]
    assert story.stopped == "at_rest"


def test_holding_stops_people_until_it_is_resumed() -> None:
    filing = drive("btw-aangifte", People())
    filing.on(date(2027, 2, 1))
    before = len(filing.tell().events)
    assert isinstance(filing.act("hold", reason="Klant is ziek", until=date(2027, 2, 10)), Step)
    filing.on(date(2027, 2, 9))
    assert len(filing.tell().events) == before + 1
    filing.on(date(2027, 2, 10))
    assert filing.view.held is None


def test_a_client_answers_what_is_asked_as_their_habits_say() -> None:
    client = ClientHabits(answers={"onboarding-vragen": {"politiek": True}})
    filing = drive("onboarding", People(client=client))
    filing.on(date(2027, 1, 12))
    (asked,) = [one for one in filing.state.case.requests if "politiek" in one.values]
    assert asked.values["politiek"] is True
