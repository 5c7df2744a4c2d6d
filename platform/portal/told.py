"""What a page says of a form that was sent and is not done: kept with what was typed in it."""

from ..data import Model
from ..service.relations.editing.sheets import Consequences, Gone, Meanwhile
from ..service.results import Refusal
from ..service.starting.starting import Line
from ..service.team.team import Noted


class Told(Model):
    """Why a form is not done yet: what is wrong by field, what was refused, what comes of it.

    `status` is that of the page which says so. `mistakes` are Dutch sentences about what was sent as a file;
    `lines` are of a start; `outcome` is of a sheet, or of an absence.
    """

    at: str = ""
    """The page below that of the form of which this is said; empty for that of the form."""
    status: int = 200
    gone: str = ""
    """What of it is not there any more, in a Dutch sentence that each of its pages says."""
    again: tuple[str, ...] = ()
    """The fields of a sheet to be filled in again: what was typed there is not kept."""
    done: tuple[str, ...] = ()
    """What is said of it once it is done, and what else its page shows then."""
    wrong: tuple[tuple[str, str], ...] = ()
    refusal: Refusal | None = None
    mistakes: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    outcome: Consequences | Meanwhile | Gone | Noted | None = None


NOTHING = Told()
