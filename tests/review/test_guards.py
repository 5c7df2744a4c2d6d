"""An office's own rules for reviews: each change is told in words; one that lets more pass has a gate."""

from datetime import date

import pytest

from kantoor.review.guard_changes import find_guard_changes
from kantoor.review.guards import Guards, Waiver

UNTIL, LATER = date(2027, 3, 1), date(2027, 6, 1)
WAIVER = Waiver(
    change="4b7f9858aa", reason="Klein kantoor", owner="B. de Vries", since=date(2026, 12, 1), until=UNTIL
)
LONGER = Waiver(
    change="4b7f9858aa", reason="Klein kantoor", owner="B. de Vries", since=date(2026, 12, 1), until=LATER
)
LETS = "A waiver lets 4b7f9858aa (nothing of this change has that id) pass every gate"
OFFER = "Changes of ‘offer.offer_as’ (whether the client has to agree, and how) get the class"


@pytest.mark.parametrize(
    ("before", "after", "said", "loosens"),
    [
        (
            Guards(),
            Guards(classes=(("offer.offer_as", "staffing"),)),
            f"{OFFER} staffing instead of legal.",
            True,
        ),
        (
            Guards(classes=(("offer.offer_as", "staffing"),)),
            Guards(),
            f"{OFFER} legal instead of staffing.",
            False,
        ),
        (
            Guards(),
            Guards(classes=(("phase.role", "staffing"),)),
            "Changes of ‘phase.role’ (who does the phase) get the class staffing instead of the one that "
            "follows from where it is.",
            True,
        ),
        (
            Guards(),
            Guards(waivers=(WAIVER,)),
            f"{LETS} from 2026-12-01 until 2027-03-01, by B. de Vries: Klein kantoor.",
            True,
        ),
        (
            Guards(waivers=(WAIVER,)),
            Guards(waivers=(LONGER,)),
            f"{LETS} from 2026-12-01 until "
            "2027-06-01 instead of from 2026-12-01 until 2027-03-01, by B. de Vries: Klein kantoor.",
            True,
        ),
        (
            Guards(waivers=(WAIVER,)),
            Guards(),
            "The waiver of 4b7f9858aa by B. de Vries, until 2027-03-01, is gone.",
            False,
        ),
    ],
)
def test_each_rule_for_reviews_that_changes_is_told_and_counts_where_it_lets_more_pass(
    before: Guards, after: Guards, said: str, loosens: bool
) -> None:
    (one,) = find_guard_changes(before, after, {})
    assert (one.sentence, one.is_loss) == (said, loosens)
    assert list(find_guard_changes(before, before, {})) == []


def test_a_waiver_holds_from_its_first_day_to_its_last() -> None:
    days = (date(2026, 11, 30), date(2026, 12, 1), UNTIL, date(2027, 3, 2))
    assert [WAIVER.holds(day) for day in days] == [False, True, True, False]
