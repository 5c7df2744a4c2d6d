"""What the office keeps: database, alarms, clock, keys and documents."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from ...clock import PracticeClock
from ...equipment import open_own_database, refuse_real_endpoints
from ...keys.ring import DOCUMENTS, HISTORIES, KeyFileError, KeyRing, MissingKeyError, NoKeyError, names_in
from ...office.alarms import (
    DELIVERY_WAITS,
    FILED_TWICE,
    JUDGED_LATER,
    JUDGEMENT_WAITS,
    NOT_BEGUN,
    NOT_RUNNING,
    ROW_MISSING,
    STATUS_WAITS,
    Alarm,
    all_alarms,
)
from ...office.database.engine import Database
from ...office.database.errors import (
    DatabaseAwayError,
    DatabaseDamagedError,
    DatabaseError,
    DatabaseFullError,
    DatabaseGoneError,
    DatabaseLockedError,
    NoOfficeError,
    SchemaNewerError,
    SchemaOlderError,
)
from ...office.database.migrate import check_schema, is_made
from ...office.database.tables import documents, filings
from ...office.document_store import DocumentError, DocumentKeyError, DocumentStore
from ...office.office_clock import clock_of, office_now
from ...office.overviews.uncovered import Uncovered, find_uncovered
from ...office.overviews.worklist import NOT_COVERED, work_of_nobody
from ...office.own_keys import PURPOSES, keys_used, needed_of
from ...office.plans import active_office, plans_in_force
from ...office.relations.gaps import Gap, find_gaps
from ...service.releasing.examples import list_examples, say_examples
from ...settings import Settings, SettingsError, own_database
from ..presenting import say_first_step
from .findings import NAMED, Finding, good, likewise, summarize_names, warning, wrong

SAMPLE = 20
"""So many documents are checked: enough to see a wrong key, quick with any number of them."""


def check_database(settings: Settings) -> tuple[list[Finding], Database | None]:
    """Check that the database exists and has this version's schema; return it when it can be read."""
    try:
        database = open_own_database(settings)
        if settings.database_url == own_database(settings.home) and not is_made(database):
            return [warning("database", "not created yet", _NEW_OFFICE)], None
        check_schema(database)
    except DatabaseError as error:
        return [database_trouble(error)], None
    return [good("database", f"{database.dialect}, up to date")], database


def database_trouble(error: DatabaseError) -> Finding:
    """Say what is wrong with the database; a new office is made only where there is none."""
    mend = next((mend for kind, mend in _MENDS if isinstance(error, kind)), _SETTING)
    return wrong("database", str(error), mend)


_NEW_OFFICE = (
    "kantoor practice init makes an office to practise in, kantoor up one to work in; "
    "kantoor demo shows one at work"
)
_SETTING = "see KANTOOR_DATABASE_URL in docs/settings.md"
_NO_NEW_ONE = "kantoor up makes no new one in its place"
_MENDS = (
    (NoOfficeError, f"{_SETTING}; {_NEW_OFFICE}"),
    (DatabaseGoneError, f"put it back, or kantoor restore FILE --over HOME; {_NO_NEW_ONE}"),
    (SchemaOlderError, "kantoor up"),
    (SchemaNewerError, "install that version of kantoor"),
    (DatabaseDamagedError, f"put the database back from the backup; {_NO_NEW_ONE}"),
    (DatabaseLockedError, "try again"),
    (DatabaseFullError, "free up space on that disk"),
    (DatabaseAwayError, f"check that it exists, and its permissions, or {_SETTING}"),
)


def check_alarms(database: Database, *, looked: bool) -> list[Finding]:
    """Report the alarms; those of what runs are left out where the server was `looked` at since.

    They tell what a worker saw once a day, and may be over.
    """
    with database.read() as connection:
        alarms = all_alarms(connection)
    kinds: dict[str, list[Alarm]] = {}
    for alarm in alarms:
        if not (looked and alarm.kind in (NOT_RUNNING, NOT_BEGUN, ROW_MISSING)):
            kinds.setdefault(alarm.kind, []).append(alarm)
    findings = []
    for first, *others in kinds.values():
        text = f"{first.filing}: {first.text} ({first.at:%Y-%m-%d %H:%M} UTC)"
        mend = _ALARM_MENDS.get(first.kind, _REPORT)
        findings.append(wrong("alarms", text + likewise([one.filing for one in others]), mend))
    return findings


_REPORT = "check the filing, and report the alarm to the maintainers of kantoor"
_COMPARE = "compare, at that filing, what was approved here with what the authority has"
_REACH = "see whether this machine reaches Digipoort, and what it says of outages; it goes on by itself"
_LATER = "the work list of who delivers there says what to do (kantoor work)"
_ALARM_MENDS = {
    NOT_BEGUN: "see whether the Temporal server and a worker run, and whether the relation lacks anything "
    "for it; it is begun by itself, or by kantoor doctor --revive",
    NOT_RUNNING: "kantoor doctor --revive starts it again from what was recorded",
    ROW_MISSING: "kantoor doctor --revive writes it again from its history",
    DELIVERY_WAITS: _REACH,
    STATUS_WAITS: _REACH,
    JUDGEMENT_WAITS: "ask Digipoort's help desk or look in the authority's portal, and record what it says "
    "with kantoor filing judged, or on the page of the filing",
    "judgement_contradicted": "see at that filing what Digipoort says and what was recorded; what Digipoort "
    "says counts, and the filing went on by it",
    JUDGED_LATER: _LATER,
    FILED_TWICE: _LATER,
    "delivery_found": _COMPARE,
    "delivery_undecided": _COMPARE,
}


def check_clock(settings: Settings, database: Database) -> list[Finding]:
    """Report which clock the office uses; a practice office must not reach anything real outside."""
    with database.read() as connection:
        clock = clock_of(connection)
    now = clock.office_time(datetime.now(UTC))
    if not isinstance(clock, PracticeClock):
        return [good("clock", f"real time: {now:%Y-%m-%d %H:%M} in the office's time zone")]
    try:
        refuse_real_endpoints(settings)
    except SettingsError as error:
        return [wrong("clock", problem, "see docs/settings.md") for problem in error.problems]
    state = "stopped" if now >= clock.until else f"runs until {clock.until:%Y-%m-%d}"
    return [good("clock", f"a practice office: {now:%Y-%m-%d %H:%M}, {state}")]


def check_contents(database: Database) -> list[Finding]:
    """Report what is to be typed before anything can start: definitions first, then relations."""
    with database.read() as connection:
        step = say_first_step(connection)
    return [warning("contents", "nothing can start yet", step)] if step else []


def check_examples(database: Database) -> list[Finding]:
    """Report what is still an example of the definitions that kantoor ships."""
    with database.read() as connection:
        office = active_office(connection)
    found = list_examples(office) if office else ()
    mend = "put in the office's own, and kantoor deploy"
    return [warning("definitions", say_examples(found), mend)] if found else []


def check_work(database: Database) -> list[Finding]:
    """Report work that is on nobody's list because nobody holds its role, and periods that nothing covers."""
    with database.read() as connection:
        today = office_now(connection).date()
        lines = [line for line in work_of_nobody(connection, today) if line.kind != NOT_COVERED]
        uncovered = find_uncovered(connection, today)
        gaps = find_gaps(connection, plans_in_force(connection), today)
    kinds: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        kinds.setdefault((line.title, " or ".join(line.roles)), []).append(line.filing)
    mend = (
        "assign the role in roles.csv and import it, make the member active again in team.csv, or, where "
        "they are absent, name a stand-in with kantoor team stand-in"
    )
    return [
        wrong("work", f"{summarize_names(ids)}: nobody holds the role {roles}, which '{title}' needs", mend)
        for (title, roles), ids in kinds.items()
    ] + [*_check_periods(uncovered), *_check_gaps(gaps)]


def _check_gaps(gaps: Sequence[Gap]) -> list[Finding]:
    """Report days to come on which absence or a title that ends leaves nobody for some work."""
    if not gaps:
        return []
    days = (f"from {one.since}{f' to {one.until}' if one.until else ''}" for one in gaps)
    relations = summarize_names(number for one in gaps for number in one.relations)
    text = f"nobody is left for some work {summarize_names(days)}, at relations {relations}"
    mend = (
        "kantoor team list says what; name somebody with kantoor team stand-in, or give the role to another"
    )
    return [warning("team", text, mend)]


def _check_periods(uncovered: Sequence[Uncovered]) -> list[Finding]:
    """Report agreed periods without a filing or a planned start."""
    if not uncovered:
        return []
    names = summarize_names(f"{one.plan.template}/{one.relation}/{one.period.code}" for one in uncovered)
    text = f"agreed, and without a filing or a planned start: {names}"
    first = uncovered[0]
    same = [
        one for one in uncovered if (one.plan.template, one.period) == (first.plan.template, first.period)
    ]
    relations = list(dict.fromkeys(one.relation for one in same))[:NAMED]
    command = f"kantoor start {first.plan.template} --period {first.period.code} " + " ".join(
        f"--relation {relation}" for relation in relations
    )
    others = "; so also the others" if len(uncovered) > len(relations) else ""
    mend = f"{command} --as PERSON{others}; or end the agreement. Work lists say why each waits"
    return [warning("periods", text, mend)]


def check_keys(settings: Settings, database: Database) -> tuple[list[Finding], KeyRing | None]:
    """Check that the office's own keys are present; report what cannot be read without them.

    It is what opening the office checks; nothing is made here.
    """
    with database.read() as connection:
        open_filings = [row.id for row in connection.execute(_OPEN_FILINGS)]
        names = [row.hash for row in connection.execute(_SOME_DOCUMENTS)]
        used = {purpose: keys_used(connection, purpose) for purpose in PURPOSES}
    stored = ["every document"] if names else []
    try:
        names_in(settings.keys)
    except KeyFileError as error:
        return [_unread(error, stored + open_filings)], None
    ring, findings = _ring(settings, HISTORIES, used[HISTORIES], open_filings)
    store_ring, more = _ring(settings, DOCUMENTS, used[DOCUMENTS], stored)
    findings += more
    if store_ring is not None:
        findings += _check_documents(DocumentStore(settings.documents, store_ring, database), names)
    return findings, ring


_OPEN_FILINGS = select(filings.c.id).where(filings.c.status != "afgesloten").order_by(filings.c.id)
_SOME_DOCUMENTS = select(documents.c.hash).order_by(documents.c.added_at.desc()).limit(SAMPLE)


def _ring(
    settings: Settings, purpose: str, used: Sequence[str], needing: list[str]
) -> tuple[KeyRing | None, list[Finding]]:
    try:
        ring = KeyRing.open(settings.keys, purpose, may_make=False, needed=needed_of(used))
    except NoKeyError:  # raised only where the office has not used any yet
        return None, [warning("keys", f"no {purpose} key yet in {settings.keys}", "kantoor up makes one")]
    except KeyFileError as error:
        return None, [_unread(error, needing)]
    files = ", ".join(f"{key.file} ({key.id})" for key in ring.keys)
    findings = [good("keys", f"{files} in {settings.keys}")]
    gone = [MissingKeyError(key_id, settings.keys, purpose) for key_id in used if key_id not in ring.ids]
    findings += [warning("keys", f"{one.text}; a newer key exists", one.mend) for one in gone]
    return ring, findings


def _unread(error: KeyFileError, needing: list[str]) -> Finding:
    unread = f"; unreadable until then: {summarize_names(needing)}" if needing else ""
    return wrong("keys", f"{error.text}{unread}", error.mend)


def _check_documents(store: DocumentStore, names: list[str]) -> list[Finding]:
    kinds: dict[type[DocumentError], list[tuple[str, DocumentError]]] = {}
    for name in names:
        try:
            store.get(name)
        except DocumentError as error:
            kinds.setdefault(type(error), []).append((f"{name[:12]}…", error))
    findings = []
    for kind, found in kinds.items():
        (_, first), *others = found
        text = f"{first}{likewise([name for name, _ in others])}"
        findings.append(
            wrong("documents", text, _DOCUMENT_MENDS.get(kind, "put the file back from the backup"))
        )
    return findings or [good("documents", f"{len(names)} checked")]


_DOCUMENT_MENDS: dict[type[DocumentError], str] = {
    DocumentKeyError: "put the documents key back from the backup",
    DocumentError: "check the permissions of the documents folder",
}
