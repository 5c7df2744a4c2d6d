"""Moving a running filing to another plan of its template, and back (R40).

`move` answers with the moved state or with why not; docs/moving.md has the table of verdicts.
"""

from .moves import move as move
from .moves import narrow as narrow
from .same_work import fill_in_phases as fill_in_phases
from .verdicts import Cannot as Cannot
from .verdicts import DateChange as DateChange
from .verdicts import Later as Later
from .verdicts import Loss as Loss
from .verdicts import Mapping as Mapping
from .verdicts import Moved as Moved
from .verdicts import Reason as Reason
from .verdicts import Stays as Stays
from .verdicts import Verdict as Verdict
