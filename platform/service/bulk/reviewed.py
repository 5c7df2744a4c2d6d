"""Moves in bulk by a kept review: of all that was chosen each as it was told there, or none (R34, R40)."""

from collections.abc import Sequence

from ...filing.outcome import Refusal
from ...office.bulk import NewLine
from ...review.kept import KeptReview
from ..desk import Desk
from ..filings.move_verdicts import MoveWish
from ..releasing.reviewed_moves import find_reviewed_plan, refuse_unreviewed
from .asking import Asked
from .runs import prepare
from .selecting import Chosen, select_relations


def prepare_reviewed(
    desk: Desk, who: str, asked: Asked, chosen: Chosen, kept: KeptReview, act_id: str | None = None
) -> int | Refusal:
    """Work out the move of what was chosen to the reviewed plan, and return its number. See `prepare`.

    Refused where anything that was chosen would become something else than the review told. What is confirmed
    later moves as its line says, and so as was reviewed, or not at all. Raises DatabaseError.
    """
    numbers = select_relations(desk, chosen)
    if isinstance(numbers, Refusal):
        return numbers
    digest = find_reviewed_plan(desk, kept, asked.template, numbers)
    if isinstance(digest, Refusal):
        return digest

    def refuse(lines: Sequence[NewLine]) -> Refusal | None:
        return refuse_unreviewed(desk, kept, asked.template, {one.filing for one in lines if one.filing})

    meant = asked.model_copy(update={"how": MoveWish(to=digest)})
    return prepare(desk, who, meant, chosen, act_id, refuse)
