"""What the office keeps: database, alarms, clock, keys and documents."""

from datetime import UTC, datetime

from sqlalchemy import select

from ...clock import PracticeClock
from ...office.alarms import all_alarms
from ...office.database import Database, open_database
from ...office.documents import DocumentError, DocumentKeyError, DocumentStore
from ...office.errors import DatabaseError, SchemaOlderError
from ...office.migrate import check_schema
from ...office.tables import documents, filings
from ...office.worklist import work_of_nobody
from ...runtime.equipment import refuse_real_endpoints
from ...runtime.keys import DOCUMENTS, HISTORIES, KeyFileError, KeyRing
from ...runtime.office_clock import clock_of, office_now
from ...settings import Settings, SettingsError, own_database
from .findings import Finding, good, warning, wrong

SAMPLE = 20
"""So many documents are opened: enough to see a wrong key, quick with any number of them."""


def check_database(settings: Settings) -> tuple[list[Finding], Database | None]:
    """Look whether the database is there and fits; return it when it can be read."""
    if not settings.home.exists() and settings.database_url == own_database(settings.home):
        return [warning("database", "none made yet", "kantoor up makes it")], None
    try:
        database = open_database(settings.database_url)
        check_schema(database)
    except SchemaOlderError as error:
        return [wrong("database", str(error), "kantoor up")], None
    except DatabaseError as error:
        mend = "see KANTOOR_DATABASE_URL in docs/settings.md; a new office is made by kantoor up"
        return [wrong("database", str(error), mend)], None
    findings = [good("database", f"{database.dialect}, up to date")]
    with database.read() as connection:
        for alarm in all_alarms(connection):
            text = f"{alarm.filing}: {alarm.text} ({alarm.at:%Y-%m-%d %H:%M} UTC)"
            findings.append(wrong("alarms", text, "look at the filing; tell whoever maintains kantoor"))
    return findings, database


def check_clock(settings: Settings, database: Database) -> list[Finding]:
    """Look which clock the office lives by; a practice office has stand-ins alone."""
    with database.read() as connection:
        clock = clock_of(connection)
    now = clock.office_time(datetime.now(UTC))
    if not isinstance(clock, PracticeClock):
        return [good("clock", f"the wall's: {now:%Y-%m-%d %H:%M} in the office")]
    try:
        refuse_real_endpoints(settings)
    except SettingsError as error:
        return [wrong("clock", problem, "see docs/settings.md") for problem in error.problems]
    state = "stands still" if now >= clock.until else f"runs until {clock.until:%Y-%m-%d}"
    return [good("clock", f"a practice office: {now:%Y-%m-%d %H:%M}, {state}")]


def check_work(database: Database) -> list[Finding]:
    """Look for work that stands on nobody's list, since nobody fills its role any more."""
    with database.read() as connection:
        lines = work_of_nobody(connection, office_now(connection).date())
    mend = "import who fills the role (roles.csv), or start the member again"
    return [
        wrong("work", f"{line.filing}: '{line.title}' is for {', '.join(line.roles)}, and nobody is", mend)
        for line in lines
    ]


def check_keys(settings: Settings, database: Database) -> tuple[list[Finding], KeyRing | None]:
    """Look whether the keys are there; without them say what cannot be read. Nothing is made here."""
    with database.read() as connection:
        open_filings = [row.id for row in connection.execute(_OPEN_FILINGS)]
        names = [row.hash for row in connection.execute(_SOME_DOCUMENTS)]
    ring, findings = _ring(settings, HISTORIES, open_filings)
    store_ring, more = _ring(settings, DOCUMENTS, ["every document"] if names else [])
    findings += more
    if store_ring is not None:
        findings += _check_documents(
            DocumentStore(settings.documents, store_ring.newest.secret, database), names
        )
    return findings, ring


_OPEN_FILINGS = select(filings.c.id).where(filings.c.status != "afgesloten").order_by(filings.c.id)
_SOME_DOCUMENTS = select(documents.c.hash).order_by(documents.c.added_at.desc()).limit(SAMPLE)


def _ring(settings: Settings, purpose: str, needing: list[str]) -> tuple[KeyRing | None, list[Finding]]:
    try:
        ring = KeyRing.open(settings.keys, purpose, may_make=False)
    except KeyFileError as error:
        if not needing:
            return None, [warning("keys", f"no {purpose} key yet in {settings.keys}", "kantoor up makes one")]
        mend = (
            f"put the {purpose} key files back into {settings.keys} from the backup; nothing was overwritten"
        )
        text = f"{str(error).split(':')[0]}; not to be read without it: {', '.join(needing)}"
        return None, [wrong("keys", text, mend)]
    return ring, [good("keys", f"{purpose}: {', '.join(ring.ids)}")]


def _check_documents(store: DocumentStore, names: list[str]) -> list[Finding]:
    mend = "put the file back from the backup"
    findings = []
    for name in names:
        try:
            store.get(name)
        except DocumentKeyError as error:
            findings.append(wrong("documents", f"{name[:12]}: {error}", "put the documents key back"))
        except DocumentError as error:
            findings.append(wrong("documents", f"{name[:12]}: {error}", mend))
    return findings or [good("documents", f"{len(names)} opened")]
