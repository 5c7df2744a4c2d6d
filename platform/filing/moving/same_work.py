"""Which phases of two plans are the same work, as their definitions say it by `was`; either way round."""

from ...data import replace
from ...plan import Plan
from .verdicts import Mapping


def fill_in_phases(old: Plan, new: Plan, mapping: Mapping) -> Mapping:
    """Return the mapping with the phases that the definitions say; as it is where it names any itself."""
    return mapping if mapping.phases else replace(mapping, phases=pair_phases(old, new))


def pair_phases(old: Plan, new: Plan) -> dict[str, str]:
    """Return the id in the newer plan of each phase that has another there, by its id in the older.

    A phase whose id both plans have is that phase. Of several that do its work it is the first.
    """
    known = {phase.id for phase in new.phases}
    found: dict[str, str] = {}
    for phase in old.phases:
        first = next((other for other in new.phases if phase.is_same_work(other)), None)
        if phase.id not in known and first is not None:
            found[phase.id] = first.id
    return found
