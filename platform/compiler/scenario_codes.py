"""The code of what fails when a scenario runs; `simulation.trying` reports it."""

from .diagnostics import Code
from .examples import Example

_PATH = "scenarios/btw-aangifte/akkoord.yaml"
_STORY = (
    "title: Akkoord\nperiod: 2027-01\nsteps:\n  - on: 2027-02-01\n    expect: [{ deadline: aangifte, is: "
)

NOT_AS_EXPECTED = Code(
    "K860",
    "scenario failed",
    "A scenario ran and something came otherwise: what it expects is not there, an act that it tells was "
    "refused, or time went on and a phase was never reached. The message has what was expected and what "
    "there is, the help how the filing stands. Either the template or the scenario is wrong.",
    wrong=Example(f"{_STORY}2027-02-27 }}]\n", _PATH, how="whole"),
    right=Example(f"{_STORY}2027-02-28 }}]\n", _PATH, how="whole"),
    by="test",
)
