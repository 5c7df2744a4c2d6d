"""After a lost answer."""

from datetime import UTC, datetime, timedelta

import pytest

from kantoor.sbr.digipoort.messages import Status
from kantoor.sbr.digipoort.reconcile import (
    Ambiguous,
    Found,
    NotArrived,
    OfOthers,
    Outcome,
    Sighting,
    TooEarly,
    reconcile,
    sight,
)

SENT = datetime(2026, 2, 24, 9, 0, tzinfo=UTC)
EXPIRES = SENT + timedelta(minutes=5)
MARGIN = timedelta(minutes=1)
EARLY, LATER = SENT + timedelta(seconds=5), EXPIRES + timedelta(minutes=2)


def seen(
    kenmerk: str = "a", after: timedelta | None = timedelta(0), refers_to: str | None = None
) -> Sighting:
    """A kenmerk whose first status came so long after our sending."""
    return Sighting(kenmerk, None if after is None else SENT + after, refers_to)


def settle(*sightings: Sighting, asked: datetime = LATER, own_name: str | None = "ours") -> Outcome:
    return reconcile(sightings, own_name, asked=asked, sent=SENT, expires=EXPIRES, margin=MARGIN)


@pytest.mark.parametrize("asked", [EARLY, LATER])
@pytest.mark.parametrize("after", [-MARGIN, timedelta(0), timedelta(minutes=5) + MARGIN])
def test_one_that_appeared_while_our_message_could_arrive_is_ours(asked: datetime, after: timedelta) -> None:
    assert settle(seen(after=after), asked=asked) == Found("a")
    assert settle(seen(after=after, refers_to="ours"), asked=asked) == Found("a")


@pytest.mark.parametrize(
    "after", [-MARGIN - timedelta(seconds=1), timedelta(minutes=6, seconds=1), timedelta(hours=1)]
)
def test_one_that_appeared_before_or_after_that_is_somebody_else_s(after: timedelta) -> None:
    assert settle(seen(after=after)) == OfOthers(("a",))


def test_one_that_the_authority_knows_under_another_name_is_somebody_else_s() -> None:
    assert settle(seen(refers_to="theirs")) == OfOthers(("a",))


def test_an_acknowledgement_that_names_its_own_kenmerk_tells_nothing() -> None:
    assert settle(seen("a", refers_to="a")) == Found("a")


def test_where_it_is_not_known_what_acknowledgements_name_the_moment_alone_decides() -> None:
    assert settle(seen(refers_to="theirs"), own_name=None) == Found("a")


def test_the_one_that_names_our_message_is_ours_among_others() -> None:
    theirs, nobody_s = seen("b", refers_to="theirs"), seen("c")
    assert settle(seen("a", refers_to="ours"), theirs, nobody_s) == Found("a")


def test_what_cannot_be_told_apart_is_for_a_person_once_nothing_more_can_arrive() -> None:
    for undecided in (
        (seen("a"), seen("b")),
        (seen("a", after=None), seen("b")),
        (seen("a", refers_to="ours"), seen("b", refers_to="ours")),
    ):
        assert isinstance(settle(*undecided, asked=EARLY), TooEarly)
        assert settle(*undecided) == Ambiguous(("a", "b"))


def test_one_without_a_status_or_named_as_ours_at_an_impossible_moment_is_not_taken_for_ours() -> None:
    for doubtful in (seen(after=None), seen(after=timedelta(hours=1), refers_to="ours")):
        assert isinstance(settle(doubtful, asked=EARLY), TooEarly)
        assert settle(doubtful) == Ambiguous(("a",))


def test_while_ours_may_still_arrive_those_of_others_settle_nothing() -> None:
    assert settle(seen(after=-timedelta(hours=1)), asked=EARLY) == TooEarly(EXPIRES + MARGIN)


def test_nothing_unknown_means_not_arrived_once_the_message_cannot_arrive_any_more() -> None:
    assert settle(asked=EXPIRES + MARGIN) == TooEarly(EXPIRES + MARGIN)
    assert settle() == NotArrived()


def test_a_kenmerk_is_judged_by_its_first_status_and_its_acknowledgement() -> None:
    details = (
        "<Responsemessage><Identification><RefersToMessageId>ours</RefersToMessageId></Identification>"
        "</Responsemessage>"
    )
    statuses = [
        Status(kenmerk="a", code="500", at=LATER, text="x", details=details),
        Status(kenmerk="a", code="105", at=SENT, text="x"),
    ]
    assert sight("a", statuses) == Sighting("a", SENT, "ours")
    assert sight("a", statuses[1:]) == Sighting("a", SENT, None)
    assert sight("a", []) == Sighting("a", None, None)
