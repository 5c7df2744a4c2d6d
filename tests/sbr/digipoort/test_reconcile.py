"""After a lost answer."""

from datetime import UTC, datetime, timedelta

import pytest

from kantoor.sbr.digipoort.messages import Identity, Process
from kantoor.sbr.digipoort.reconcile import Ambiguous, Found, NotArrived, TooEarly, reconcile

EXPIRES = datetime(2026, 2, 24, 9, 5, tzinfo=UTC)
LATER = EXPIRES + timedelta(minutes=2)


def _processes(*kenmerken: str) -> list[Process]:
    return [Process(kenmerk, "Omzetbelasting", Identity("001000044B37")) for kenmerk in kenmerken]


@pytest.mark.parametrize("asked", [EXPIRES - timedelta(minutes=5), LATER])
def test_one_unknown_process_is_ours_at_any_time(asked: datetime) -> None:
    assert reconcile(_processes("a", "b"), {"a"}, asked=asked, expires=EXPIRES) == Found("b")


def test_nothing_unknown_means_not_arrived_once_the_message_cannot_arrive_any_more() -> None:
    assert reconcile(_processes("a"), {"a"}, asked=LATER, expires=EXPIRES) == NotArrived()
    assert reconcile([], set(), asked=LATER, expires=EXPIRES) == NotArrived()


def test_before_that_nothing_is_sent_and_the_question_is_asked_again() -> None:
    margin = timedelta(seconds=10)
    outcome = reconcile([], set(), asked=EXPIRES + margin, expires=EXPIRES, margin=margin)
    assert outcome == TooEarly(EXPIRES + margin)


def test_several_unknown_processes_are_for_a_person() -> None:
    assert reconcile(_processes("a", "b", "c"), {"a"}, asked=LATER, expires=EXPIRES) == Ambiguous(("b", "c"))


def test_a_process_that_is_listed_twice_is_one() -> None:
    assert reconcile(_processes("b", "b"), set(), asked=LATER, expires=EXPIRES) == Found("b")
