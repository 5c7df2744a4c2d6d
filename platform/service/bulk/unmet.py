"""What was chosen and has nothing to act on: told in the dry run, so that nobody thinks that it was done."""

from collections.abc import Sequence

from sqlalchemy import Connection

from ...office.database.tables import ONE_SUB_NUMBER
from ..unknown import say_no_relations
from .kinds import Judged, make_line


def add_unmet(
    connection: Connection, numbers: Sequence[str], found: Sequence[Judged], lacking: str
) -> list[Judged]:
    """Return these lines and one for each number without any: that there is no such relation, or what lacks.

    None where there are no lines at all: nothing could be done.
    """
    met = {one.line.relation for one in found}
    if not met:
        return []
    left = [number for number in numbers if number not in met]
    unknown = say_no_relations(connection, left)
    told = {number: unknown.get(number, lacking) for number in left}
    return [
        *found,
        *(
            Judged(make_line(number, "not_ready", text, sub_number=ONE_SUB_NUMBER))
            for number, text in told.items()
        ),
    ]
