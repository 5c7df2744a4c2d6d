"""Every state, answer and result has its Dutch word."""

import ast
import inspect
import re
from itertools import product
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from kantoor import words
from kantoor.audience import CLIENT, COMPLIANCE, OFFICE
from kantoor.compiler import written
from kantoor.filing import moving
from kantoor.filing.commands import CommandKind, Purpose
from kantoor.filing.construct import Order, WorkKind
from kantoor.filing.deadlines import DeadlineStatus
from kantoor.filing.events import Reached
from kantoor.filing.moving import under_way
from kantoor.filing.offers import OfferStatus
from kantoor.filing.state import Decision, ItemState
from kantoor.filing.view import Coming, PhaseView
from kantoor.linked import Link
from kantoor.office.alarms import (
    DELIVERY_WAITS,
    FILED_TWICE,
    JUDGED_LATER,
    JUDGEMENT_WAITS,
    NOT_BEGUN,
    NOT_RUNNING,
    ROW_MISSING,
    STATUS_WAITS,
)
from kantoor.office.bulk import Did, Foreseen, LineStatus
from kantoor.office.bulk import Status as RunStatus
from kantoor.office.deploys import Kind
from kantoor.office.exchange.holdings import TABLES
from kantoor.office.exchange.telling import TOLD
from kantoor.office.filings.courses import COUNTED
from kantoor.office.filings.deliveries import DeliveryStatus
from kantoor.office.filings.filing import How
from kantoor.office.filings.links import LinkKind
from kantoor.office.filings.recurrences import Recurrence
from kantoor.office.filings.standing import Standing
from kantoor.office.filings.went_back import SentBackBy
from kantoor.office.overviews import insights
from kantoor.office.overviews.worklist import NOT_COVERED, RECURRENCE, REJECTED
from kantoor.office.relations.readiness import ADVISED, CODES
from kantoor.office.relations.relation import Relation, RelationStatus
from kantoor.office.visits.changes import ChangeKind
from kantoor.office.visits.unsent_links import NOT_SENT, REFUSED
from kantoor.period import PeriodKind
from kantoor.plan import DossierKind, Planner, Way
from kantoor.rights import Right
from kantoor.runtime.activities.recording import _LEFT_UNDONE
from kantoor.runtime.recurrence_client import Change
from kantoor.sbr.legal_form import LegalForm
from kantoor.service.bulk.actions import ACTIONS
from kantoor.service.bulk.acts import Acting
from kantoor.service.bulk.asking import Action
from kantoor.service.clients.client_offers import Status as ClientOfferStatus
from kantoor.service.clients.client_pages import WaitingKind
from kantoor.service.clients.client_requests import ClientItem
from kantoor.service.clients.client_requests import Status as ClientRequestStatus
from kantoor.service.clients.client_tasks import Status as ClientTaskStatus
from kantoor.service.filings.acts import Answer
from kantoor.service.filings.move_verdicts import VerdictWord
from kantoor.service.filings.unjudged import Judgement
from kantoor.service.progress import Stage
from kantoor.service.starting.candidates import Result
from kantoor.service.upkeep.programs import ProgramName
from kantoor.service.upkeep.system_pages import Unsent


def list_alarms():
    """Return the kinds of alarm that the code raises."""
    source = "".join(file.read_text() for file in Path(words.__file__).parent.rglob("*.py"))
    raised = re.findall(r'raise_alarm\([^()"]*"(\w+)"', source)
    assert len(raised) > 10
    seen = (JUDGED_LATER, FILED_TWICE)
    states = (NOT_RUNNING, NOT_BEGUN, ROW_MISSING, DELIVERY_WAITS, STATUS_WAITS, JUDGEMENT_WAITS, *seen)
    links = (NOT_SENT, REFUSED)
    return {*raised, *(kind for kind, _ in _LEFT_UNDONE.values()), *states, *links}


def list_in_source(package, pattern):
    """Return what a pattern finds in the modules of a package, each once."""
    files = Path(package.__file__).parent.glob("*.py")
    return {one for file in files for one in re.findall(pattern, file.read_text())}


def choices(model, field):
    return get_args(get_type_hints(model)[field])


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("PLANNER_WORDS", get_args(Planner)),
        ("CLIENT_STATUS_WORDS", get_args(Planner)),
        ("LEGAL_FORM_WORDS", LegalForm),
        ("KIND_WORDS", choices(Relation, "kind")),
        ("ACTION_WORDS", get_args(Action)),
        ("DID_WORDS", [action for action, kind in ACTIONS.items() if isinstance(kind, Acting)]),
        ("FORESEEN_WORDS", get_args(Foreseen)),
        ("LINE_WORDS", get_args(LineStatus)),
        ("RUN_WORDS", [*get_args(RunStatus), "nothing", "void"]),
        ("BULK_STEP_WORDS", get_args(Did)),
        ("CHANGE_WORDS", get_args(Change)),
        ("CHANGED_WORDS", [table.name for table in TOLD]),
        ("CLIENT_ASK_WORDS", [*get_args(Way), *({*get_args(WaitingKind)} - {"decide"})]),
        ("CLIENT_OFFER_WORDS", {*get_args(ClientOfferStatus)} - {"not_asked"}),
        ("CLIENT_REQUEST_WORDS", {*get_args(ClientRequestStatus)} - {"not_theirs"}),
        ("CLIENT_ITEM_WORDS", choices(ClientItem, "status")),
        ("CLIENT_TASK_WORDS", {*get_args(ClientTaskStatus)} - {"not_theirs"}),
        ("CLIENT_DECIDED_WORDS", [one for one in get_args(Answer) if one != "not_deliver"]),
        ("AUDIENCE_WORDS", ["", CLIENT, COMPLIANCE]),
        ("LANGUAGE_WORDS", ["nl", "en"]),
        ("DECIDED_WORDS", choices(Decision, "answer")),
        ("ITEM_WORDS", ["open", *choices(ItemState, "status")]),
        ("PURPOSE_WORDS", get_args(Purpose)),
        ("COMMAND_WORDS", get_args(CommandKind)),
        ("LINK_WORDS", get_args(LinkKind)),
        ("NOTICE_WORDS", [False, True]),
        ("REACHED_WORDS", [how for how in choices(Reached, "how") if how != "none"]),
        ("DOOR_WORDS", get_args(ChangeKind)),
        (
            "DELIVERY_WORDS",
            {*get_args(DeliveryStatus), "asked"} - {"accepted", "refused", "failed"},
        ),
        (
            "PART_WORDS",
            {*re.findall(r'_(?:at_|list_)\w+\("(\w+)"', inspect.getsource(written)), "product", "role"},
        ),
        ("KEY_WORDS", written.KEYS),
        ("LOST_WORDS", list_in_source(moving, r'Loss\(\s*code="(\w+)"')),
        ("MOVE_DATE_WORDS", [order.name.lower() for order in Order]),
        ("OFFER_PART_WORDS", re.findall(r'yield "([^"]+)"', inspect.getsource(under_way._list_changed))),
        ("VERDICT_WORDS", get_args(VerdictWord)),
        ("FREQUENCY_WORDS", get_args(PeriodKind)),
        ("WAY_WORDS", get_args(Way)),
        ("RELEASE_WORDS", get_args(Kind)),
        ("COURSE_WORDS", (*COUNTED, "rejected")),
        ("RELATION_STATUS_WORDS", get_args(RelationStatus)),
        ("RIGHT_WORDS", get_args(Right)),
        ("MISSING_WORDS", CODES),
        ("RECORD_WORDS", ["recurrences", *(table.name for table in TABLES)]),
        ("DOSSIER_KIND_WORDS", get_args(DossierKind)),
        ("READER_WORDS", (OFFICE, CLIENT, COMPLIANCE)),
        ("SORT_WORDS", get_args(insights.Sort)),
        ("ADVICE_WORDS", ADVISED),
        ("START_WORDS", get_args(Result)),
        ("RECURRENCE_WORDS", choices(Recurrence, "status")),
        ("ONCE_WORDS", choices(Recurrence, "status")),
        ("ALARM_WORDS", list_alarms()),
        ("RELATION_LINK_WORDS", get_args(Link)),
        (
            "WORK_WORDS",
            [
                *get_args(WorkKind),
                RECURRENCE,
                NOT_COVERED,
                NOT_RUNNING,
                NOT_BEGUN,
                DELIVERY_WAITS,
                STATUS_WAITS,
                JUDGEMENT_WAITS,
                JUDGED_LATER,
                FILED_TWICE,
                REJECTED,
            ],
        ),
        ("PROGRAM_WORDS", get_args(ProgramName)),
        ("MAIL_WORDS", choices(Unsent, "state")),
        ("JUDGEMENT_WORDS", get_args(Judgement)),
        ("SENT_BACK_WORDS", {*get_args(SentBackBy)} - {"client"}),
        ("PHASE_WORDS", choices(PhaseView, "status")),
        ("COMING_WORDS", get_args(Coming)),
        ("OFFER_WORDS", get_args(OfferStatus)),
        ("DEADLINE_WORDS", {*get_args(DeadlineStatus), "needless"}),
        ("ANSWER_WORDS", get_args(Answer)),
        ("ENDED_WORDS", get_args(How)),
        ("STAGE_WORDS", get_args(Stage)),
        ("STANDING_WORDS", [one for one in get_args(Standing) if one]),
    ],
)
def test_there_is_a_word_for_each(name, values):
    assert values
    assert sorted(getattr(words, name)) == sorted(values)


def test_every_table_of_words_is_held_to_what_has_them():
    (asked,) = test_there_is_a_word_for_each.pytestmark
    assert {name for name, _ in asked.args[1]} == {name for name in vars(words) if name.endswith("_WORDS")}


ADDRESSES = {"_PLACES"}
"""Tables of the parts of addresses, which are Dutch as well."""


def find_tables(source):
    """Yield tables that give Dutch to what has words already: each value is a text that no machine uses."""
    known = [vars(words)[name] for name in vars(words) if name.endswith("_WORDS")]
    machine = {str(key) for table in known for key in table} | {"ready", "done", "already"}
    names = {}
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Dict):
            names[node.value] = getattr(getattr(node, "target", None) or node.targets[0], "id", "")
    for node in ast.walk(tree):
        if not isinstance(node, ast.Dict) or names.get(node) in ADDRESSES:
            continue
        if not all(isinstance(one, ast.Constant) and isinstance(one.value, str) for one in node.values):
            continue
        keys = {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
        said = {one.value for one in node.values}
        if (
            len(keys) > 1
            and "" not in said
            and said - machine
            and any(keys <= table.keys() for table in known)
        ):
            yield f"line {node.lineno}: {', '.join(sorted(keys))}"


def test_a_table_of_words_elsewhere_is_found():
    assert [*find_tables('SAID = {"approve": "akkoord", "sign": "getekend"}')] == ["line 1: approve, sign"]
    assert not [*find_tables('SAID = {"approve": "sign", "sign": "approve"}')]


@pytest.mark.parametrize("room", ["cli", "local", "mail", "mcp_server", "office", "portal", "service"])
def test_no_other_module_has_words_for_what_has_them(room):
    files = sorted((Path(words.__file__).parent / room).rglob("*.py"))
    assert files
    assert {file.name: found for file in files if (found := [*find_tables(file.read_text())])} == {}


def test_no_page_has_a_table_of_words():
    pages = sorted((Path(words.__file__).parent / "portal/templates").glob("*.j2"))
    assert pages
    tables = {page.name: re.findall(r'\{\s*"\w*"\s*:\s*"', page.read_text()) for page in pages}
    assert {name: found for name, found in tables.items() if found} == {}


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 rijen"), (1, "1 rij"), (3, "3 rijen")], ids=lambda value: str(value)
)
def test_a_number_has_its_noun(count, said):
    assert words.count_of(count, "rij", "rijen") == said


def test_a_cancelled_filing_is_said_so_however_the_planner_has_it():
    assert words.describe_state("te_laat", None) == "te laat"
    assert words.describe_state("loopt", "completed") == "loopt"
    assert words.describe_state("te_laat", "cancelled") == "geannuleerd"


def test_a_word_of_a_filing_never_has_two_colours():
    colours: dict[str, set[str]] = {}
    for state in product(get_args(Planner), (None, *get_args(How)), get_args(Standing)):
        word = words.describe_state(*state).partition(",")[0]
        colours.setdefault(word, set()).add(words.mark_state(*state))
    assert all(len(found) == 1 for found in colours.values()), colours
