"""The hand-written return is as strict as ours: what it must refuse, and how it goes from start to end."""

from datetime import date, datetime, timedelta
from itertools import count
from types import SimpleNamespace

import msgspec
import pytest

from bench import bare_rules as rules

NOW = datetime(2026, 2, 3, 9, 0)
SHOWN = {"document": "aangifte", "hash": "h1", "rendering": "r1"}
OTHER = {"document": "aangifte", "hash": "h2", "rendering": "r2"}
ANNA = {"kind": "team", "id": "anna", "roles": ["administratie"]}
BART = {"kind": "team", "id": "bart", "roles": ["accountant"]}
BOTH = {"kind": "team", "id": "anna", "roles": ["administratie", "accountant"]}
CLIENT = {"kind": "contact", "id": "c-1", "may": ["approve"]}


class Filing:
    """A case that is driven, the world answering by itself."""

    def __init__(self, jointly=()):
        self.case = rules.Case(date(2026, 1, 31), (), 8)
        self.jointly = list(jointly)
        self.accepts = True
        self.sent, self.ids, self.now = [], count(1), NOW
        self.follow(rules.begin(self.case, self.now))

    def follow(self, taken):
        for command in taken.commands:
            self.sent.append(command)
            self.follow(rules.take_result(self.case, self.answer(command), self.now))

    def answer(self, command):
        number = command["number"]
        if command["kind"] == "send":
            return SimpleNamespace(kind="sent", number=number, recipients=("c-1",))
        if command["kind"] == "resolve":
            people = tuple(
                SimpleNamespace(contact=c, may=("approve",), jointly=tuple(self.jointly))
                for c in ("c-1", "c-2")
            )
            return SimpleNamespace(
                kind="resolved",
                number=number,
                recipients=people,
                sender="carla",
                way=None,
                problem=None,
                standing_until=None,
            )
        if command["kind"] == "deliver":
            return SimpleNamespace(kind="delivered", number=number, reference="kenmerk")
        return SimpleNamespace(kind="judged", number=number, accepted=self.accepts, code="500", text="")

    def act(self, kind, by, **facts):
        act = {"kind": kind, "id": f"a{next(self.ids)}", "by": by, "reason": "", "remarks": [], **facts}
        rules.check_act(self.case, act)
        self.follow(rules.take_act(self.case, act, self.now))

    def work(self, phase, by, **facts):
        self.act("check", by, phase=phase, checkpoint=rules.BY_ID[phase].checkpoint)
        self.act("complete", by, phase=phase, **facts)

    def to_review(self):
        self.work("verzamelen", ANNA)
        self.act("attach", ANNA, shown=SHOWN)
        self.work("opstellen", ANNA)

    def to_offer(self):
        self.to_review()
        self.work("controle", BART, documents=[SHOWN])

    def approve(self, by=CLIENT, documents=(SHOWN,)):
        self.act("decide", by, phase="aanbieden", answer="approve", documents=list(documents))


def assert_refused(code, call):
    with pytest.raises(rules.RefusedError) as error:
        call()
    assert error.value.code == code


def test_goes_from_start_to_end():
    filing = Filing()
    filing.to_offer()
    filing.approve()
    filing.work("afronden", ANNA)
    assert filing.case.ended == "completed"
    assert [command["kind"] for command in filing.sent] == [
        "send",
        "resolve",
        "send",
        "deliver",
        "follow",
        "send",
    ]
    assert filing.sent[3]["hash"] == "h1"


def test_refuses_wrong_role_open_checkpoint_and_missing_document():
    filing = Filing()
    assert_refused(
        "wrong_role", lambda: filing.act("check", BART, phase="verzamelen", checkpoint="verkoop_compleet")
    )
    assert_refused("checkpoint_open", lambda: filing.act("complete", ANNA, phase="verzamelen"))
    filing.work("verzamelen", ANNA)
    filing.act("check", ANNA, phase="opstellen", checkpoint="bank_aangesloten")
    assert_refused("document_missing", lambda: filing.act("complete", ANNA, phase="opstellen"))


def test_review_needs_other_eyes_on_the_very_document():
    filing = Filing()
    filing.to_review()
    filing.act("check", BART, phase="controle", checkpoint="grootboek")
    assert_refused("four_eyes", lambda: filing.act("complete", BOTH, phase="controle", documents=[SHOWN]))
    assert_refused(
        "other_document", lambda: filing.act("complete", BART, phase="controle", documents=[OTHER])
    )


def test_approval_is_of_the_very_document_by_who_may():
    filing = Filing()
    filing.to_offer()
    assert_refused("other_document", lambda: filing.approve(documents=(OTHER,)))
    assert_refused("no_right", lambda: filing.approve(by={**CLIENT, "id": "c-9"}))


def test_joint_right_needs_two():
    filing = Filing(jointly=["approve"])
    filing.to_offer()
    filing.approve()
    assert filing.case.outcome is None
    filing.approve(by={**CLIENT, "id": "c-2"})
    assert filing.case.outcome == "approved"


def test_rejection_and_refusal_go_back_and_void_what_was_done():
    filing = Filing()
    filing.to_offer()
    filing.act("decide", CLIENT, phase="aanbieden", answer="reject", documents=[SHOWN], reason="Te hoog")
    assert rules.PHASES[filing.case.phase].id == "opstellen"
    assert "controle" not in filing.case.ticks
    filing.work("opstellen", ANNA)
    filing.work("controle", BART, documents=[SHOWN])
    filing.accepts = False
    filing.approve()
    assert rules.PHASES[filing.case.phase].id == "opstellen"


def test_silence_is_reminded_and_escalated_in_order():
    filing = Filing()
    filing.to_offer()
    told = []
    while (wait := min(rules.waits(filing.case), default=None)) and wait[0].date() < date(2026, 3, 1):
        filing.now = wait[0]
        taken = rules.Taken()
        assert rules.pass_time(filing.case, filing.now, taken)
        told += [entry[0] for entry in taken.entries]
        filing.follow(taken)
    assert told == ["reminded"] * 3 + ["escalated", "task_made"]


def test_begins_when_the_period_is_over():
    case = rules.Case(date(2026, 1, 31), (), 8)
    taken = rules.begin(case, datetime(2025, 12, 31, 8))
    assert (case.phase, taken.commands) == (-1, [])
    assert min(rules.waits(case)) == (datetime(2026, 2, 1, 8), "begin")
    rules.pass_time(case, datetime(2026, 2, 1, 8), taken)
    assert case.phase == 0


def test_an_id_is_answered_for_one_act_only():
    filing = Filing()
    act = {"kind": "note", "id": "n", "by": ANNA, "text": "een"}
    filing.case.answered["n"] = (2, rules.digest_act(act))
    rules.check_act(filing.case, act)
    assert_refused("act_id_used", lambda: rules.check_act(filing.case, {**act, "text": "twee"}))


def test_a_case_survives_being_carried():
    filing = Filing()
    filing.to_offer()
    filing.now += timedelta(days=1)
    assert msgspec.json.decode(msgspec.json.encode(filing.case), type=rules.Case) == filing.case
