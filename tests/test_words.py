"""Every state, answer and result has its Dutch word."""

import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from kantoor import words
from kantoor.filing.construct import WorkKind
from kantoor.filing.deadlines import DeadlineStatus
from kantoor.filing.offers import OfferStatus
from kantoor.filing.view import PhaseView
from kantoor.office.alarms import NOT_RUNNING, ROW_MISSING
from kantoor.office.deploys import Kind
from kantoor.office.exchange.holdings import TABLES
from kantoor.office.filings.courses import COUNTED
from kantoor.office.filings.filing import How
from kantoor.office.filings.recurrences import Recurrence
from kantoor.office.overviews.worklist import NOT_COVERED, RECURRENCE, REJECTED
from kantoor.office.relations.readiness import ADVISED, CODES
from kantoor.office.relations.relation import RelationStatus
from kantoor.period import PeriodKind
from kantoor.plan import DossierKind, Planner, Way
from kantoor.rights import Right
from kantoor.runtime.activities.recording import _LEFT_UNDONE
from kantoor.service.acts import Answer
from kantoor.service.candidates import Result
from kantoor.service.progress import Stage


def list_alarms():
    """Return the kinds of alarm that the code raises."""
    source = "".join(file.read_text() for file in Path(words.__file__).parent.rglob("*.py"))
    raised = re.findall(r'raise_alarm\([^()"]*"(\w+)"', source)
    assert len(raised) > 10
    return {*raised, *(kind for kind, _ in _LEFT_UNDONE.values()), NOT_RUNNING, ROW_MISSING}


def choices(model, field):
    return get_args(get_type_hints(model)[field])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("PLANNER_WORDS", get_args(Planner)),
        ("FREQUENCY_WORDS", get_args(PeriodKind)),
        ("WAY_WORDS", get_args(Way)),
        ("RELEASE_WORDS", get_args(Kind)),
        ("COURSE_WORDS", (*COUNTED, "rejected")),
        ("RELATION_STATUS_WORDS", get_args(RelationStatus)),
        ("RIGHT_WORDS", get_args(Right)),
        ("MISSING_WORDS", CODES),
        ("RECORD_WORDS", ["recurrences", *(table.name for table in TABLES)]),
        ("DOSSIER_KIND_WORDS", get_args(DossierKind)),
        ("ADVICE_WORDS", ADVISED),
        ("START_WORDS", get_args(Result)),
        ("RECURRENCE_WORDS", choices(Recurrence, "status")),
        ("ONCE_WORDS", choices(Recurrence, "status")),
        ("ALARM_WORDS", list_alarms()),
        ("WORK_WORDS", [*get_args(WorkKind), RECURRENCE, NOT_COVERED, NOT_RUNNING, REJECTED]),
        ("PHASE_WORDS", choices(PhaseView, "status")),
        ("OFFER_WORDS", get_args(OfferStatus)),
        ("DEADLINE_WORDS", get_args(DeadlineStatus)),
        ("ANSWER_WORDS", get_args(Answer)),
        ("ENDED_WORDS", get_args(How)),
        ("STAGE_WORDS", get_args(Stage)),
    ],
)
def test_there_is_a_word_for_each(name, values):
    assert values
    assert sorted(getattr(words, name)) == sorted(values)


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 rijen"), (1, "1 rij"), (3, "3 rijen")], ids=lambda value: str(value)
)
def test_a_number_has_its_noun(count, said):
    assert words.count_of(count, "rij", "rijen") == said


def test_a_cancelled_filing_is_said_so_however_the_planner_has_it():
    assert words.describe_state("te_laat", None) == "te laat"
    assert words.describe_state("loopt", "completed") == "loopt"
    assert words.describe_state("te_laat", "cancelled") == "geannuleerd"
