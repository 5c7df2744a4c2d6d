"""A bulk run as the commands tell it, and what is typed next."""

from ...words import FORESEEN_WORDS, LINE_WORDS, RUN_WORDS
from .reading import Summary


def say_run(run: Summary) -> list[str]:
    """Return in lines what a run does, who made it, and how far it is."""
    shown = ", ".join(f"{many} {FORESEEN_WORDS[one]}" for one, many in sorted(run.foreseen.items()))
    said = [f"bulkactie {run.number}: {run.title} ({RUN_WORDS[run.status]}, van {run.who_name})", shown]
    if run.void:
        said.append(run.void)
    elif run.status == "shown":
        said.append(f"nog niets gedaan; bevestig met `kantoor bulk confirm {run.number} --count {run.ready}`")
    else:
        said.append(", ".join(f"{many} {LINE_WORDS[one]}" for one, many in sorted(run.outcomes.items())))
    return [one for one in said if one]
