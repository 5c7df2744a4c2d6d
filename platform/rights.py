"""What a contact may do about a product of a relation, and what an offer asks of who answers (R15, R57)."""

from typing import Literal

from .plan import Decide, Way

Right = Literal["see", "answer", "approve", "sign"]
RIGHTS: tuple[Right, ...] = ("see", "answer", "approve", "sign")
DECIDING: tuple[Right, ...] = ("approve", "sign")

NEEDED: dict[Way, Right] = {"approval": "approve", "signature": "sign", "information": "see"}
"""What somebody must be allowed to do to answer an offer, by the way in which it is made."""


def right_to_agree(way: Way) -> Right:
    """Return the right that agreeing needs: who is informed may object, and not for that reason approve."""
    return "approve" if way == "information" else NEEDED[way]


STRENGTH: dict[Way, int] = {"information": 0, "approval": 1, "signature": 2}
"""How much an offer asks of who answers: an offer that asks less is a weaker safeguard."""

TOGETHER: dict[Decide, int] = {"one": 0, "all": 1, "each": 1}
"""Whether every contact has to decide: a decision of one is a weaker safeguard."""
