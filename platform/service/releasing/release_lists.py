"""Tables of plans, releases and relations for a pilot."""

from collections.abc import Sequence

from ...office.deploys import ListedDeploy
from ...period import in_words
from ...tables import Table
from ...words import RELEASE_WORDS, yes_or_no
from ..names import short_digest
from .pilot_suggesting import Suggestion
from .plans import FilingOnPlan, PlanLine


def plan_table(lines: Sequence[PlanLine]) -> Table:
    """Return the plans that were published, and how many filings run on each."""
    return Table(
        ("werkproces", "plan", "sinds", "door", "versie", "actief", "lopende opdrachten", "pilot voor"),
        tuple(
            (
                line.template,
                short_digest(line.digest),
                in_words(line.since.date()),
                line.by,
                line.revision,
                yes_or_no(line.active),
                str(line.running),
                ", ".join(line.pilot),
            )
            for line in lines
        ),
    )


def filing_table(lines: Sequence[FilingOnPlan]) -> Table:
    """Return which filings run on which plan."""
    return Table(
        ("opdracht", "plan", "actief"),
        tuple((line.name, short_digest(line.digest), yes_or_no(line.in_force)) for line in lines),
    )


def release_table(lines: Sequence[ListedDeploy]) -> Table:
    """Return deploys, pilots, promotes and rollbacks, the latest first."""
    return Table(
        ("nr.", "wat", "op", "door", "versie", "plannen", "beoordeeld", "toelichting"),
        tuple(
            (
                str(line.id),
                RELEASE_WORDS[line.kind],
                in_words(line.at.date()),
                line.author,
                line.revision,
                ", ".join(
                    f"{name} {short_digest(digest) if digest else 'vervallen'}"
                    for name, digest in sorted(line.changes.items())
                ),
                yes_or_no(line.reviewed),
                line.reason
                or (f"zonder scenario's: {line.without_scenarios}" if line.without_scenarios else ""),
            )
            for line in lines
        ),
    )


def suggestion_table(lines: Sequence[Suggestion]) -> Table:
    """Return relations for a pilot, with what tells them from each other."""
    return Table(
        ("relatie", "naam", "rechtsvorm", "periode", "akkoord", "medewerkers"),
        tuple(
            (line.relation, line.name, line.legal_form, line.frequency, line.way, line.people)
            for line in lines
        ),
    )
