"""What a change means for what runs: the verdict on each filing, and which relations would lack something.

Data alone; who holds the states works it out (`service/reviewing/verdicts.py`).
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from typing import Literal, NamedTuple, get_args

from msgspec.structs import replace

from ..data import ListLine
from ..plan import Level

Outcome = Literal["moves", "later", "stays", "cannot", "inconclusive"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

RunningGate = Literal["cannot", "inconclusive", "not_ready"]
RUNNING_GATES: tuple[RunningGate, ...] = get_args(RunningGate)
"""Gates for what runs; that of `cannot` stops what was not decided too, which may be the same."""

LACKS = {
    "no_relation": "the relation is gone",
    "not_accepted": "the relation has yet to be accepted as a client",
    "not_active": "the relation is no longer one that the office works for",
    "no_product": "they do not take its product",
    "no_ob_number": "the VAT number (OB-nummer) is missing",
    "no_legal_form": "the legal form is missing",
    "no_bsn": "the BSN is missing",
    "no_rsin": "the RSIN is missing",
    "no_btw_id": "the btw-id is missing",
    "no_kvk": "the number in the trade register is missing",
    "sbr_off": "delivering by SBR is switched off",
    "role_unfilled": "nobody has a role that gets work",
    "unqualified": "whoever has a role lacks the title that it asks for",
    "four_eyes": "whoever checks is whoever did the work",
    "no_primary_contact": "there is no primary contact",
    "no_contact_with_function": "no contact has the function that something goes to",
    "no_email": "a contact has no e-mail address",
    "email_invalid": "the e-mail address of a contact is none",
    "no_authority": "a contact has no authority to decide",
    "only_jointly": "a contact may decide only with another, and there is none",
    "other_not_asked": "a contact may decide only with another, who does not get the offer",
    "no_standing_authority": "there is no standing authority, which information alone needs",
    "shared_number": "another relation files under the same number",
    "undeliverable_sender": "no return can name whoever would send it",
    "no_office_number": "a number of the office that every return has is missing",
    "ideal_off": "paying with iDEAL is switched off",
    "no_document": "a document that is asked is not in the dossier",
    "not_linked": "nobody is linked whose filing is waited for or started",
    "same_number": "another relation has the same identity number",
}
"""What a relation lacks, by the code of readiness; a test holds it to all codes."""


NO_TEMPLATE = "no_template"
"""The code of what starts by itself and has no template any more."""


class Why(ListLine):
    """Why, or what is lost, as the move says it: a stable code and a sentence; of which phase and item."""

    code: str
    text: str
    phase: str | None = None
    item: str | None = None


class DayMoved(ListLine):
    """A waiting date that is another, comes or goes: what comes then, in which phase, of which item."""

    what: str
    phase: str
    item: str
    before: date | None
    after: date | None


WorkPart = Literal["new", "gone", "title", "whose", "due", "text", "form"]
"""In what open work is otherwise."""


class WorkChanged(ListLine):
    """Open work that comes or goes, or is otherwise, in words of the plans: `title` is that of the work.

    `phase` is of the newer plan. Of `whose` both sides say roles or what kind of people, never who; of `due`
    they are days in ISO; of `text` and `form` what differs first of what goes with the work.
    """

    what: WorkPart
    phase: str
    title: str
    before: str | None
    after: str | None


class WorkGoes(ListLine):
    """Open work that other colleagues would have: the names of who has it today, and of who would.

    `phase` is of the newer plan; where there is nobody, no name is in it.
    """

    phase: str
    title: str
    before: tuple[str, ...]
    after: tuple[str, ...]


class JudgedFiling(ListLine):
    """The verdict on one filing. `id` is invented; `filing` names it where the office itself was asked.

    `phases` are those that are active, by id. `people` names colleagues, where the office itself was asked.
    """

    id: str
    filing: str | None
    phases: tuple[str, ...]
    outcome: Outcome
    reasons: tuple[Why, ...] = ()
    losses: tuple[Why, ...] = ()
    dates: tuple[DayMoved, ...] = ()
    work: tuple[WorkChanged, ...] = ()
    people: tuple[WorkGoes, ...] = ()


class Lacking(ListLine):
    """Relations that a filing of the template would lack something of that it does not lack before.

    `recurring` is how many of them have the template start by itself; what is `advice` stops none of them.
    `ids` are invented; `numbers` names them where the office itself was asked.
    """

    code: str
    sentence: str
    relations: int
    recurring: int
    ids: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    level: Level = "must"


class TemplateRuns(ListLine):
    """What runs of one template, or would start; `phases` has the titles of phases by id."""

    template: str
    title: str
    counts: dict[Outcome, int]
    filings: tuple[JudgedFiling, ...]
    phases: dict[str, str]
    lacking: tuple[Lacking, ...] = ()

    @property
    def is_touched(self) -> bool:
        """Say whether a reviewer has anything to know: something runs, or would not start."""
        return bool(self.filings or self.lacking)


class Runs(ListLine):
    """What runs in an office, as it was on a day: from the office itself, or from a snapshot of it."""

    source: Literal["office", "snapshot"]
    on: date
    templates: tuple[TemplateRuns, ...]
    too_old: bool = False
    """Whether the day is too long ago to judge by, as `mark_age` says."""
    not_judged: tuple[str, ...] = ()
    """Sentences about what nothing could be said of, besides filings."""
    agreed: tuple[str, ...] = ()
    """Sentences about relations that keep what can no longer be agreed."""

    def mark_age(self, today: date, days: int, written: date | None) -> "Runs":
        """Return the same, marked as too old where a snapshot is older than so many days.

        It is as old as the day on which it was `written`; one that does not say so as the day that it is of.
        """
        old = self.source == "snapshot" and (today - (written or self.on)).days > days
        return replace(self, too_old=old)

    def trip(self, gates: Collection[str]) -> Iterator[str]:
        """Yield a sentence for everything that a gate does not let through."""
        if self.too_old and self.templates and any(gate in RUNNING_GATES for gate in gates):
            said = (
                f"What runs is as of {self.on.isoformat()}, which is too old to judge by: kantoor snapshot "
            )
            yield f"{said}writes it again, and --snapshot-days says how old it may be."
        if any(gate in RUNNING_GATES for gate in gates):
            yield from self.not_judged
        for one in self.templates:
            for outcome in ("cannot", "inconclusive"):
                number = one.counts.get(outcome, 0)
                if number and (outcome in gates or "cannot" in gates):
                    said = "cannot move" if outcome == "cannot" else "could not be judged"
                    yield f"{number} running of ‘{one.title}’ {said}."
            if "not_ready" in gates:
                stops = (lacking for lacking in one.lacking if lacking.level == "must")
                yield from (say_lacking(lacking, one.title) for lacking in stops)


class Group(NamedTuple):
    """Filings of one verdict for the same reasons."""

    outcome: Outcome
    reasons: tuple[Why, ...]
    filings: tuple[JudgedFiling, ...]

    def count_phases(self) -> list[tuple[tuple[str, ...], int]]:
        """Return how many of them are in which phases, the most first."""
        return Counter(one.phases for one in self.filings).most_common()


def group_filings(runs: TemplateRuns) -> list[Group]:
    """Return the filings by verdict and reasons: what cannot move first, then the most first."""
    found: dict[tuple[Outcome, tuple[str, ...]], list[JudgedFiling]] = {}
    for one in runs.filings:
        found.setdefault((one.outcome, tuple(why.text for why in one.reasons)), []).append(one)
    groups = [Group(outcome, them[0].reasons, tuple(them)) for (outcome, _), them in found.items()]
    return sorted(groups, key=lambda one: (GRAVEST.index(one.outcome), -len(one.filings)))


GRAVEST: tuple[Outcome, ...] = ("cannot", "inconclusive", "later", "moves", "stays")


def count_outcomes(filings: Collection[JudgedFiling]) -> dict[Outcome, int]:
    """Return how many filings got each verdict, those that none got left out."""
    counts = Counter(one.outcome for one in filings)
    return {outcome: counts[outcome] for outcome in OUTCOMES if counts[outcome]}


def say_lacking(lacking: Lacking, title: str) -> str:
    """Say how many relations would lack what, and of how many it starts by itself."""
    number = lacking.relations
    relations = f"{number} relation{'' if number == 1 else 's'}"
    if lacking.level == "advice":
        return f"{relations} would lack what ‘{title}’ advises, and start all the same: {lacking.sentence}."
    said = f"{relations} would not be ready for ‘{title}’: {lacking.sentence}"
    if lacking.recurring:
        said += f" (for {lacking.recurring} of them it starts by itself)"
    return f"{said}."
