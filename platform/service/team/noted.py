"""What writing down an absence, a stand-in or a return comes to, and the mark of what was shown of it."""

from collections.abc import Sequence

from ...data import canonical, digest_of
from ...plan import Model
from .falling import Falling


class Noted(Model):
    """What was written down of a member, or would be. `gaps` come about by it.

    `falls` is what falls in the days of an absence, None of anything else.
    `written` is False where nothing is written yet; `mark` says then that this was seen.
    """

    member: str
    text: str
    gaps: tuple[str, ...] = ()
    falls: tuple[Falling, ...] | None = None
    written: bool = True
    mark: str = ""


def mark_shown(version: int, text: str, gaps: Sequence[str], falls: Sequence[Falling] | None) -> str:
    """Return what stands for all that was shown; `version` counts what was changed of the member by then."""
    return digest_of(canonical([version, text, gaps, [one.model_dump(mode="json") for one in falls or ()]]))[
        :16
    ]
