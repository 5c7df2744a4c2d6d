"""What to type where a deploy, promote or rollback was refused."""

from ..service.releasing.not_released import NotReleased

_END = "End it first: kantoor promote {0} has it for everyone, kantoor rollback {0} takes it back."
_COMMANDS = {
    "pilot_runs": _END,
    "too_many_relations": "kantoor pilot suggest proposes some that differ.",
    "no_relation": "kantoor relation list lists them.",
    "nothing_changed": "kantoor diff says what changes.",
    "no_takers": "kantoor pilot suggest proposes relations that do.",
    "unknown_template": "kantoor plans lists them.",
    "no_pilot": "kantoor plans --deploys says what was on pilot, and how it ended.",
}
"""By a code, with the template that it is about."""


def say_how_to_release(refused: NotReleased) -> str:
    """Return what to do where a release was refused: what the service says of it, else what to type."""
    return refused.mend or _COMMANDS.get(refused.code, "").format(refused.template)
