"""Two members of a fiscal unit race to the delivery transaction: exactly one may send."""

from pathlib import Path

from bench.chaos.race import MEMBERS, Raced, name_of, race


def test_of_two_members_with_one_number_one_sends_and_the_other_is_told(tmp_path: Path) -> None:
    raced = race(20, tmp_path)
    assert [*raced.violations()] == []
    assert len(raced.told) == 20


def test_two_that_send_none_that_sends_and_a_wrong_word_are_violations() -> None:
    one, other = (name_of(member, 0) for member in MEMBERS)
    wrong = [("sends", "sends"), (other, one), ("sends", other), ("sends", "DeliveryWaits")]
    assert [len([*Raced((told,)).violations()]) for told in wrong] == [1, 1, 1, 1]
    assert [*Raced((("sends", one),)).violations()] == []
    assert [*Raced(((other, "sends"),)).violations()] == []
