"""Requests of data: forms and lists that a client answers and the office looks at."""

from collections.abc import Sequence
from datetime import date

import pytest

from kantoor.data import replace
from kantoor.filing.commands import Send
from kantoor.filing.conditions import values_of
from kantoor.filing.events import (
    AcceptItem,
    Actor,
    AnswerRequest,
    Back,
    Check,
    Complete,
    Enclosure,
    NotApplicable,
    SendBackItem,
    TaskDone,
)
from kantoor.filing.outcome import Refusal, Step
from kantoor.filing.reasons import RECEIVED, find_lost_reason
from kantoor.filing.view import WorkItem
from kantoor.plan import (
    Automation,
    Chase,
    Checkpoint,
    Compare,
    CreateTask,
    DateRule,
    Escalate,
    Form,
    FormField,
    LiteralValue,
    Name,
    Option,
    Phase,
    Plan,
    Remind,
    Request,
    To,
    Work,
)

from .driver import ACCOUNTANT, ADMIN, CLIENT, FISCAL, Driver
from .plans import CLOSE, VAT
from .test_phases import refused

SITUATION = Form(
    id="situatie",
    title="Uw situatie",
    kind="form",
    fields=(
        FormField(id="woning", title="Heeft u een eigen woning?", kind="yes_no", required=True),
        FormField(id="schuld", title="Hypotheekschuld", kind="money", least=0, most=100_000_000),
        FormField(id="verhuisd", title="Verhuisd op", kind="date"),
        FormField(id="postcode", title="Postcode", kind="text", pattern="^[0-9]{4}[A-Z]{2}$", help="1234AB"),
        FormField(
            id="burgerlijk",
            title="Burgerlijke staat",
            kind="choice",
            options=(Option(id="gehuwd", title="Gehuwd"), Option(id="ongehuwd", title="Ongehuwd")),
        ),
    ),
)
PAPERS = Form(
    id="stukken",
    title="Stukken",
    kind="list",
    fields=(
        FormField(id="jaaropgave", title="Jaaropgave", kind="document", required=True),
        FormField(id="giften", title="Giften", kind="document"),
        FormField(
            id="hypotheek",
            title="Hypotheekoverzicht",
            kind="document",
            required=True,
            condition=Name(path=("answers", "woning")),
        ),
    ),
)
CHASE = Chase(
    remind=Remind(every_days=5, at_most=2, message="btw-klaar"),
    escalate=Escalate(on=DateRule(anchor="filing.start", days=20), role="accountant"),
)
ASK = Phase(
    id="uitvraag",
    title="Uitvraag",
    role="administratie",
    automations=(
        Automation(
            id="vragen",
            at="entered",
            request=Request(form="situatie", to=To(), message="btw-stukken"),
            chase=CHASE,
        ),
        Automation(id="lijst", at="entered", request=Request(form="stukken", to=To(), message="btw-stukken")),
    ),
    block=Work(),
)
HOUSE = Phase(
    id="huis",
    title="Woning",
    role="administratie",
    condition=Name(path=("answers", "woning")),
    back_to="uitvraag",
    block=Work(),
)
PLAN: Plan = replace(VAT, phases=(ASK, HOUSE, CLOSE), deadlines=(), documents=(), forms=(SITUATION, PAPERS))
FORM, LIST = "uitvraag.vragen.1", "uitvraag.lijst.1"
NO_HOUSE = {"woning": False, "postcode": "1234AB"}


def started(plan: Plan = PLAN, active: Sequence[str] = ("uitvraag",)) -> Driver:
    filing = Driver(plan)
    filing.until(date(2025, 12, 31))
    assert filing.active() == [*active]
    return filing


def paper(name: str = "1") -> Enclosure:
    return Enclosure(hash=f"hash-{name}", name=f"{name}.pdf", media_type="application/pdf")


def give(filing: Driver, item: str, name: str = "1", by: Actor = CLIENT) -> Step | Refusal:
    return filing.act(AnswerRequest, by, request=LIST, item=item, documents=(paper(name),))


def statuses(filing: Driver, request: str = LIST) -> dict[str, str]:
    return {i.id: i.status for r in filing.view.requests if r.id == request for i in r.items}


def work(filing: Driver, kind: str) -> list[WorkItem]:
    return [item for item in filing.view.work if item.kind == kind]


def everything(filing: Driver) -> None:
    """Answer and accept everything of a client without a house."""
    filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
    give(filing, "jaaropgave")
    filing.must(AcceptItem, ADMIN, request=FORM)
    filing.must(AcceptItem, ADMIN, request=LIST, item="jaaropgave")


def test_a_request_invites_the_client_and_is_open_work_for_the_client() -> None:
    filing = started()
    assert [c.message for c in filing.commands if c.kind == "send"] == ["btw-stukken", "btw-stukken"]
    asked = work(filing, "request")
    assert {item.id: item.missing for item in asked} == {
        FORM: ("Uw situatie",),
        LIST: ("Jaaropgave", "Giften"),
    }
    assert all(item.client for item in asked)


def test_a_phase_is_completed_once_everything_that_is_required_was_accepted() -> None:
    filing = started()
    answer = filing.act(Complete, ADMIN, phase="uitvraag")
    assert refused(answer, "not_ready")
    assert "'Jaaropgave' is nog niet ontvangen" in answer.text
    filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
    give(filing, "jaaropgave")
    assert [item.id for item in work(filing, "received")] == [LIST, FORM]
    assert not work(filing, "request")
    answer = filing.act(Complete, ADMIN, phase="uitvraag")
    assert "'Jaaropgave' is nog niet geaccepteerd" in answer.text
    filing.must(AcceptItem, ADMIN, request=FORM)
    filing.must(AcceptItem, ADMIN, request=LIST, item="jaaropgave")
    filing.must(Complete, ADMIN, phase="uitvraag")
    assert filing.active() == ["afronden"]


def test_a_filing_is_with_the_client_while_something_required_is_awaited() -> None:
    filing = started()
    assert filing.view.planner == "bij_klant"
    everything(filing)
    assert filing.view.planner == "loopt"


def test_answers_decide_which_items_and_phases_apply() -> None:
    filing = started()
    assert set(statuses(filing)) == {"jaaropgave", "giften"}
    filing.must(AnswerRequest, CLIENT, request=FORM, values={"woning": True})
    assert set(statuses(filing)) == {"jaaropgave", "giften", "hypotheek"}
    for item in ("jaaropgave", "hypotheek"):
        give(filing, item)
        filing.must(AcceptItem, ADMIN, request=LIST, item=item)
    filing.must(AcceptItem, ADMIN, request=FORM)
    filing.must(Complete, ADMIN, phase="uitvraag")
    assert filing.active() == ["huis"]


def test_wrong_answers_are_refused_by_field_and_never_repeated() -> None:
    filing = started()
    wrong = {"schuld": -5, "postcode": "geheim", "burgerlijk": "weduwe", "verhuisd": "gisteren", "wonig": 1}
    answer = filing.act(AnswerRequest, CLIENT, request=FORM, values=wrong)
    assert refused(answer, "invalid_answers")
    assert answer.text == (
        "Niet alle antwoorden kloppen. Heeft u een eigen woning?: vul dit in; "
        "Hypotheekschuld: vul €\N{NO-BREAK SPACE}0,00 of meer in; "
        "Verhuisd op: vul een datum in, zoals 2026-01-31; "
        "Postcode: dit heeft niet de gevraagde vorm (1234AB); "
        "Burgerlijke staat: kies uit: gehuwd ('Gehuwd'), ongehuwd ('Ongehuwd'); "
        "'wonig': deze vraag staat niet op het formulier (bedoelt u 'woning'?)."
    )
    assert statuses(filing, FORM) == {"situatie": "open"}


def test_the_timeline_names_what_was_answered_and_not_the_answers() -> None:
    filing = started()
    filing.must(AnswerRequest, CLIENT, request=FORM, values={"woning": True, "postcode": "9999ZZ"})
    give(filing, "jaaropgave")
    said = [entry.data for entry in filing.entries if entry.what == "request_answered"]
    assert [one["title"] for one in said] == ["Uw situatie", "Stukken"]
    assert "9999ZZ" not in str(filing.entries)
    assert ".pdf" not in str(filing.entries)


def test_who_has_no_right_to_answer_is_refused() -> None:
    filing = started()
    reader = replace(CLIENT, may=("see",))
    assert refused(filing.act(AnswerRequest, reader, request=FORM, values=NO_HOUSE), "wrong_person")
    assert refused(filing.act(AcceptItem, CLIENT, request=FORM), "wrong_role")


def test_a_colleague_answers_for_a_contact_with_proof_and_documents_prove_themselves() -> None:
    filing = started()
    said = {"request": FORM, "values": NO_HOUSE}
    assert refused(filing.act(AnswerRequest, FISCAL, contact=CLIENT, proof="h", **said), "wrong_role")
    assert refused(filing.act(AnswerRequest, ADMIN, proof="h", **said), "contact_missing")
    assert refused(filing.act(AnswerRequest, ADMIN, contact=CLIENT, **said), "proof_missing")
    filing.must(AnswerRequest, ADMIN, contact=CLIENT, proof="h", **said)
    given = {"request": LIST, "item": "giften", "documents": (paper(),)}
    filing.must(AnswerRequest, ADMIN, contact=CLIENT, **given)
    assert statuses(filing)["giften"] == "received"


def test_what_is_sent_back_is_asked_for_again_by_the_reminders_message() -> None:
    filing = started()
    filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
    assert refused(filing.act(SendBackItem, ADMIN, request=FORM, reason=" "), "reason_missing")
    filing.must(SendBackItem, ADMIN, request=FORM, reason="De postcode klopt niet")
    last = filing.commands[-1]
    assert (last.kind, last.message, last.purpose) == ("send", "btw-klaar", "reminder")
    assert work(filing, "request")[-1].missing == ("Uw situatie (teruggestuurd: De postcode klopt niet)",)
    assert filing.state is not None
    assert refused(filing.act(AcceptItem, ADMIN, request=FORM), "nothing_received")
    filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
    assert statuses(filing, FORM) == {"situatie": "received"}


def test_what_is_missing_begins_with_what_was_sent_back_then_what_is_required() -> None:
    filing = started()
    filing.must(AnswerRequest, CLIENT, request=FORM, values={**NO_HOUSE, "woning": True})
    assert work(filing, "request")[-1].missing == ("Jaaropgave", "Hypotheekoverzicht", "Giften")
    give(filing, "giften")
    filing.must(SendBackItem, ADMIN, request=LIST, item="giften", reason="Onleesbaar")
    first, *others = work(filing, "request")[-1].missing
    assert (first, others) == ("Giften (teruggestuurd: Onleesbaar)", ["Jaaropgave", "Hypotheekoverzicht"])


def test_more_documents_are_added_and_after_sending_back_they_replace() -> None:
    filing = started()
    give(filing, "jaaropgave", "1")
    give(filing, "jaaropgave", "2")
    assert filing.view.requests[0].items[0].documents == ("hash-1", "hash-2")
    filing.must(SendBackItem, ADMIN, request=LIST, item="jaaropgave", reason="Onleesbaar")
    give(filing, "jaaropgave", "3")
    assert filing.view.requests[0].items[0].documents == ("hash-3",)


def test_an_item_that_is_not_required_is_set_aside_by_the_client_and_any_by_a_colleague_with_reason() -> None:
    filing = started()
    filing.must(NotApplicable, CLIENT, request=LIST, item="giften")
    asked = {"request": LIST, "item": "jaaropgave"}
    assert refused(filing.act(NotApplicable, CLIENT, **asked), "item_required")
    assert refused(filing.act(NotApplicable, ADMIN, **asked), "reason_missing")
    filing.must(NotApplicable, ADMIN, reason="Geen loon", **asked)
    assert statuses(filing) == {"jaaropgave": "not_applicable", "giften": "not_applicable"}


def test_reminders_go_out_until_everything_is_there_and_no_longer() -> None:
    filing = started()
    filing.until(date(2026, 1, 6))
    assert [c.message for c in filing.commands if c.kind == "send" and c.purpose == "reminder"] == [
        "btw-klaar"
    ]
    filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
    filing.until(date(2026, 1, 31))
    assert filing.told().count("reminded") == 1
    assert "escalated_asked" not in filing.told()


def test_a_reminder_that_waited_is_not_sent_once_the_answer_is_there() -> None:
    filing = started()
    filing.hold = {"send"}
    filing.until(date(2026, 1, 6))
    assert filing.state is not None
    (reminder,) = filing.in_flight
    assert find_lost_reason(PLAN, filing.state, reminder.number) is None
    filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
    assert find_lost_reason(PLAN, filing.state, reminder.number) == RECEIVED


def test_what_was_asked_and_given_meanwhile_is_not_asked_any_more() -> None:
    later = replace(ASK, not_before=DateRule(anchor="filing.start", days=2))
    filing = Driver(replace(PLAN, phases=(later, HOUSE, CLOSE)))
    filing.hold = {"send"}
    filing.until(date(2026, 1, 2))
    numbers = {one.automation: one.number for one in filing.in_flight if isinstance(one, Send)}

    def lost() -> list[str | None]:
        assert filing.state is not None
        return [find_lost_reason(filing.plan, filing.state, numbers[one]) for one in ("vragen", "lijst")]

    assert lost() == [None, None]
    filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
    assert lost() == [RECEIVED, None]


def test_what_was_received_is_due_by_the_target_of_its_phase_or_the_next_day_that_is_to_come() -> None:
    target = DateRule(anchor="filing.start", days=10)
    filing = started(replace(PLAN, phases=(replace(ASK, due=target), HOUSE, CLOSE), deadlines=VAT.deadlines))
    give(filing, "jaaropgave")
    assert [item.due for item in work(filing, "received")] == [date(2026, 1, 10)]
    filing.until(date(2026, 1, 15))
    filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
    dues = {item.id: item.due for item in work(filing, "received")}
    assert dues == {LIST: date(2026, 1, 10), FORM: date(2026, 1, 20)}
    assert [item.due for item in work(filing, "request")] == []
    give(filing, "giften", "2")
    filing.until(date(2026, 1, 25))
    filing.must(SendBackItem, ADMIN, request=FORM, reason="Onvolledig")
    filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
    dues = {item.id: item.due for item in work(filing, "received")}
    assert dues == {LIST: date(2026, 1, 10), FORM: date(2026, 2, 28)}


def test_a_silent_client_is_reminded_twice_and_then_the_role_shares_the_work() -> None:
    filing = started()
    filing.until(date(2026, 1, 31))
    assert filing.told().count("reminded") == 2
    assert filing.told().count("escalated_asked") == 1
    (escalated,) = work(filing, "escalated")
    assert (escalated.id, escalated.roles) == (FORM, ("administratie", "accountant"))
    filing.must(AnswerRequest, ACCOUNTANT, request=FORM, values=NO_HOUSE, contact=CLIENT, proof="h")
    assert not work(filing, "escalated")


def test_a_late_answer_is_taken_and_shown_as_work_until_it_is_accepted() -> None:
    filing = started()
    everything(filing)
    filing.must(Complete, ADMIN, phase="uitvraag")
    give(filing, "giften")
    (late,) = work(filing, "received_late")
    assert (late.id, late.missing, late.roles) == (LIST, ("Giften",), ("administratie",))
    back = filing.act(SendBackItem, ADMIN, request=LIST, item="giften", reason="Te laat")
    assert refused(back, "phase_not_active")
    filing.must(AcceptItem, ADMIN, request=LIST, item="giften")
    assert not work(filing, "received_late")


def test_what_was_received_stays_when_the_work_goes_back() -> None:
    filing = started()
    filing.must(AnswerRequest, CLIENT, request=FORM, values={"woning": True})
    filing.must(AcceptItem, ADMIN, request=FORM)
    for item in ("jaaropgave", "hypotheek"):
        give(filing, item)
        filing.must(AcceptItem, ADMIN, request=LIST, item=item)
    filing.must(Complete, ADMIN, phase="uitvraag")
    sent = len(filing.commands)
    filing.must(Back, ADMIN, phase="huis", reason="Toch nog iets")
    assert filing.active() == ["uitvraag"]
    assert statuses(filing, "uitvraag.lijst.2")["jaaropgave"] == "accepted"
    assert len(filing.commands) == sent
    filing.must(AnswerRequest, CLIENT, request=LIST, item="giften", documents=(paper("9"),))
    assert statuses(filing, "uitvraag.lijst.2")["giften"] == "received"
    filing.must(Complete, ADMIN, phase="uitvraag")
    assert filing.active() == ["huis"]


def test_who_names_no_request_is_told_which_there_are() -> None:
    filing = started()
    answer = filing.act(AnswerRequest, CLIENT, request="niets", values=NO_HOUSE)
    assert refused(answer, "unknown_request")
    assert f"{FORM} ('Uw situatie')" in answer.text
    filing.must(AnswerRequest, CLIENT, request="vragen", values=NO_HOUSE)
    assert refused(filing.act(AcceptItem, ADMIN, request=LIST), "unknown_item")


def test_a_form_takes_no_documents_and_a_list_no_values() -> None:
    filing = started()
    assert refused(filing.act(AnswerRequest, CLIENT, request=FORM, documents=(paper(),)), "wrong_answer")
    both = {"request": LIST, "item": "jaaropgave"}
    assert refused(filing.act(AnswerRequest, CLIENT, values={"x": 1}, **both), "wrong_answer")
    assert refused(filing.act(AnswerRequest, CLIENT, **both), "document_missing")


@pytest.mark.parametrize("role", [None, "administratie"])
def test_a_task_is_chased_until_it_is_done(role: str | None) -> None:
    to = To(kind="role", name=role) if role else To()
    task = Automation(id="taak", at="entered", task=CreateTask(title="Bel terug", to=to), chase=CHASE)
    filing = started(replace(PLAN, phases=(replace(ASK, automations=(task,)), CLOSE)))
    filing.until(date(2026, 1, 6))
    (sent,) = (c for c in filing.commands if c.kind == "send")
    assert (sent.message, sent.to) == ("btw-klaar", to)
    filing.until(date(2026, 1, 21))
    assert filing.told().count("reminded") == 2
    assert filing.told().count("escalated_asked") == 1
    filing.must(TaskDone, ACCOUNTANT if role else CLIENT, task="uitvraag.taak.1")
    assert not work(filing, "escalated")


def test_a_checkpoint_may_hang_on_an_amount_that_was_answered() -> None:
    large = Compare(by="gt", left=Name(path=("answers", "schuld")), right=LiteralValue(value=50_000_000))
    point = Checkpoint(id="hoog", title="Hoge schuld bekeken", required=True, condition=large)
    filing = started(replace(PLAN, phases=(replace(ASK, checkpoints=(point,)), CLOSE)))
    filing.must(AnswerRequest, CLIENT, request=FORM, values={"woning": False, "schuld": 60_000_000})
    filing.must(Check, ADMIN, phase="uitvraag", checkpoint="hoog")
    filing.must(SendBackItem, ADMIN, request=FORM, reason="Klopt dit?")
    assert refused(filing.act(Check, ADMIN, phase="uitvraag", checkpoint="hoog"), "unknown_checkpoint")


def read(filing: Driver) -> object:
    """Return what conditions read of the answer on the house."""
    assert filing.state
    state = filing.state
    return values_of(filing.plan, state.origin, (), state.case.requests)["answers"].get("woning")


def test_a_newer_answer_to_an_accepted_form_changes_rules_once_it_is_accepted() -> None:
    filing = started()
    filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
    assert read(filing) is False
    filing.must(AcceptItem, ADMIN, request=FORM)
    filing.must(AnswerRequest, CLIENT, request=FORM, values={"woning": True})
    assert read(filing) is False
    assert set(statuses(filing)) == {"jaaropgave", "giften"}
    filing.must(SendBackItem, ADMIN, request=FORM, reason="Klopt dit?")
    assert read(filing) is False
    filing.must(AnswerRequest, CLIENT, request=FORM, values={"woning": True})
    assert read(filing) is False
    filing.must(AcceptItem, ADMIN, request=FORM)
    assert read(filing) is True
    filing.must(SendBackItem, ADMIN, request=FORM, reason="Toch niet")
    assert read(filing) is None


def test_an_answer_after_the_phase_was_left_changes_rules_once_it_is_accepted() -> None:
    filing = started()
    everything(filing)
    filing.must(Complete, ADMIN, phase="uitvraag")
    for _ in range(2):
        filing.must(AnswerRequest, CLIENT, request=FORM, values={"woning": True})
        assert read(filing) is False
    filing.must(AcceptItem, ADMIN, request=FORM)
    assert read(filing) is True


@pytest.mark.parametrize("before", [None, False])
def test_a_late_answer_to_a_form_that_was_never_accepted_leaves_what_counted(before: bool | None) -> None:
    optional = replace(ASK.automations[0], request=Request(form="situatie", to=To(), required=False))
    filing = started(replace(PLAN, phases=(replace(ASK, automations=(optional,)), HOUSE, CLOSE)))
    if before is not None:
        filing.must(AnswerRequest, CLIENT, request=FORM, values={"woning": before})
    filing.must(Complete, ADMIN, phase="uitvraag")
    filing.must(AnswerRequest, CLIENT, request=FORM, values={"woning": True})
    assert read(filing) is before
    filing.must(AcceptItem, ADMIN, request=FORM)
    assert read(filing) is True


def test_a_client_does_not_set_aside_what_was_accepted_and_a_colleague_does() -> None:
    optional = replace(ASK.automations[0], request=Request(form="situatie", to=To(), required=False))
    filing = started(replace(PLAN, phases=(replace(ASK, automations=(optional,)), HOUSE, CLOSE)))
    filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
    filing.must(AcceptItem, ADMIN, request=FORM)
    filing.must(NotApplicable, CLIENT, request=FORM)
    assert read(filing) is False
    filing.must(NotApplicable, ADMIN, request=FORM, reason="Andere opdracht")
    assert read(filing) is None


def test_an_automation_of_two_phases_names_the_request_of_the_active_one_and_none_where_both_are() -> None:
    again = replace(ASK, id="nogmaals", title="Nogmaals", automations=ASK.automations[1:])
    filing = started(replace(PLAN, phases=(ASK, again)))
    everything(filing)
    filing.must(Complete, ADMIN, phase="uitvraag")
    filing.must(AnswerRequest, CLIENT, request="lijst", item="giften", documents=(paper(),))
    assert statuses(filing, "nogmaals.lijst.1")["giften"] == "received"
    sides = tuple(replace(phase, group="samen") for phase in (ASK, again))
    both = started(replace(PLAN, phases=sides), active=["uitvraag", "nogmaals"])
    answer = both.act(AnswerRequest, CLIENT, request="lijst", item="giften", documents=(paper(),))
    assert refused(answer, "unknown_request")
    assert isinstance(answer, Refusal)
    assert answer.text.endswith("uitvraag.lijst.1 ('Stukken'), nogmaals.lijst.1 ('Stukken').") or (
        answer.text.endswith("nogmaals.lijst.1 ('Stukken'), uitvraag.lijst.1 ('Stukken').")
    )
