"""A bulk run in words: what it does, and what confirming an edit, or cancelling, came to."""

from ...words import FORESEEN_WORDS, LINE_WORDS, RUN_WORDS
from .reading import Summary


def say_run(run: Summary) -> list[str]:
    """Return in lines what a run does, who made it, and how far it is."""
    shown = ", ".join(f"{FORESEEN_WORDS[one]}: {many}" for one, many in sorted(run.foreseen.items()))
    said = [f"bulkactie {run.number}: {run.title} ({RUN_WORDS[run.stage]}, van {run.who_name})", shown]
    if run.void:
        said.append(run.void)
    elif run.stage == "nothing":
        said.append("er is niets te bevestigen")
    elif run.stage == "shown":
        said.append("nog niets gedaan")
    else:
        said.append(", ".join(f"{many} {LINE_WORDS[one]}" for one, many in sorted(run.outcomes.items())))
    return [one for one in said if one]


def say_saved(run: Summary) -> str:
    """Return what became of a run of edits, which are written by the time it is confirmed."""
    done, changed = run.outcomes.get("done", 0), run.outcomes.get("changed", 0)
    if not done:
        return "Er is niets opgeslagen: wat u zag, is sindsdien veranderd."
    return (
        f"{done} opgeslagen, {changed} veranderd sinds u keek."
        if changed
        else "De wijzigingen zijn opgeslagen."
    )


def say_cancelled(run: Summary) -> str:
    """Return what is left of a run that was cancelled."""
    begun = run.done or run.outcomes.get("begun")
    return "Wat al gedaan was, blijft gedaan." if begun else "Er was nog niets gedaan."
