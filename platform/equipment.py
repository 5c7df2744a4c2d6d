"""What a worker works with: database, documents, keys, gateway and mail server of one office."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from .clock import PracticeClock
from .hosts import is_loopback
from .keys.ring import KeyRing
from .mail.smtp import Server
from .office.database.engine import Database, open_database
from .office.database.errors import GONE, DatabaseGoneError
from .office.database.migrate import check_schema
from .office.document_store import DocumentStore
from .office.filings.sealing_older import BATCH, seal_older
from .office.office_clock import clock_of
from .office.office_name import name_of_office
from .office.own_home import refuse_in_copy
from .office.own_keys import own_keys
from .sbr.digipoort.settings import DigipoortSettings
from .sbr.registry import REPORTS, Reports
from .settings import Settings, SettingsError, Transport

if TYPE_CHECKING:
    from .sbr.digipoort.client import DigipoortClient


_SAY_EVERY = 25 * BATCH


@dataclass(frozen=True)
class Equipment:
    """The open parts of one office; `practice` when it lives by a clock of its own.

    `ring` seals histories, `document_ring` what the office itself stores: documents, and what its database
    keeps sealed. `reports` are those that its documents can be, `name` tells the office from others.
    `made_keys` says that this opening was the first: nobody can have a copy of its keys yet.
    """

    settings: Settings
    database: Database
    documents: DocumentStore
    ring: KeyRing
    document_ring: KeyRing
    practice: bool
    reports: Reports
    name: str
    made_keys: bool = False

    @property
    def news(self) -> str:
        """Return what whoever opened the office has to be told: that its keys were made; usually nothing."""
        if not self.made_keys:
            return ""
        return (
            f"Made the keys in {self.settings.keys}: without them neither filings nor documents can be read. "
            "Keep a copy somewhere else."
        )

    @property
    def timing(self) -> Transport:
        """Return how long the outside world gets here."""
        return self.settings.timing(self.practice)

    def gateway(self) -> "DigipoortClient":
        """Return a client of Digipoort; its files are read at the first call.

        Imported here: what only reads the office needs no HTTP client and no XML.
        """
        from .sbr.digipoort.client import DigipoortClient

        return DigipoortClient(digipoort_settings(self.settings, practice=self.practice))

    def mail_server(self) -> Server:
        """Return where messages go out."""
        server = mail_server(self.settings)
        return replace(server, seconds=min(server.seconds, self.timing.activity_seconds / 2))

    def close(self) -> None:
        """Close the database."""
        self.database.close()


def open_own_database(settings: Settings) -> Database:
    """Open the database of the settings, which may still have to be made.

    Raises DatabaseGoneError where its file is missing although keys or documents tell of an office, and other
    DatabaseErrors.
    """
    database = open_database(settings.database_url)
    file = database.engine.url.database
    if database.dialect == "sqlite" and file and not Path(file).exists():
        left = next((one for one in (settings.keys, settings.documents) if _holds_files(one)), None)
        if left:
            raise DatabaseGoneError(GONE.format(file=file, left=left, home=settings.home))
    return database


def _holds_files(folder: Path) -> bool:
    try:
        return any(folder.iterdir())
    except OSError:  # that it cannot be read is told by whoever reads it
        return False


def mail_server(settings: Settings) -> Server:
    """Return the mail server of the settings."""
    smtp = settings.smtp
    return Server(
        host=smtp.host,
        port=smtp.port,
        sender=smtp.sender,
        security=smtp.security,
        user=smtp.user,
        password=smtp.password.get_secret_value() if smtp.password else None,
        seconds=smtp.seconds,
    )


def open_equipment(
    settings: Settings,
    reports: Reports = REPORTS,
    say: Callable[[str], None] = lambda text: None,
    *,
    here: bool = False,
) -> Equipment:
    """Open an office's parts, with the reports that it knows; keys are made on first use, and never after it.

    What an older version left in the clear is sealed first; `say` gets how far that is. In a home that is a
    copy nothing is written after that, unless the office is to run `here`.

    Nothing is written before the keys are known to be the office's own: what is encrypted with others, nobody
    can read who has those. Raises DatabaseError, KeyFileError, and SettingsError for a practice office with a
    real endpoint.
    """
    database = open_own_database(settings)
    try:
        equipment = _equipment(settings, database, reports, say)
    except Exception:
        database.close()
        raise
    if not here:
        database.guard(partial(refuse_in_copy, settings.home, settings.machine))
    return equipment


def _equipment(
    settings: Settings, database: Database, reports: Reports, say: Callable[[str], None]
) -> Equipment:
    check_schema(database)
    with database.read() as connection:
        practice = isinstance(clock_of(connection), PracticeClock)
        name = name_of_office(connection)
    if practice:
        refuse_real_endpoints(settings)
    ring, document_ring = own_keys(settings.keys, database)
    seal_older(database, document_ring.seal, partial(_say_sealing, say))
    store = DocumentStore(settings.documents, document_ring, database)
    made_keys = ring.made or document_ring.made
    return Equipment(settings, database, store, ring, document_ring, practice, reports, name, made_keys)


def _say_sealing(say: Callable[[str], None], done: int, total: int) -> None:
    """Say now and then how far the sealing is."""
    if done % _SAY_EVERY == 0 or done == total:
        say(f"Sealing what was written in the clear before this version: {done} of {total} filings")


def refuse_real_endpoints(settings: Settings) -> None:
    """Raise SettingsError unless everything outside is simulated on this machine (R56)."""
    problems = []
    if not digipoort_settings(settings, practice=True).is_stand_in:
        problems.append("a practice office delivers to a simulator on this machine only: set digipoort.*_url")
    if not is_loopback(settings.smtp.host):
        problems.append("a practice office sends mail to a catcher on this machine only: set smtp.host")
    if problems:
        raise SettingsError(problems)


def digipoort_settings(settings: Settings, *, practice: bool) -> DigipoortSettings:
    """Return what the client of Digipoort has to know."""
    given, timing = settings.digipoort, settings.timing(practice)
    return DigipoortSettings(
        delivery_url=given.delivery_url,
        status_url=given.status_url,
        certificate_file=given.certificate,
        key_file=given.key,
        key_password=given.key_password.get_secret_value() if given.key_password else None,
        own_name=given.certificate_name,
        server_authority_file=given.authority,
        signer_authority_file=given.authority,
        intermediates_file=given.intermediates,
        signer_name=given.signer_name,
        algorithm=given.algorithm,
        connect_timeout=timing.connect_seconds,
        answer_timeout=timing.answer_seconds,
        # Within the time of the activity that asks: what would be late keeps a thread for nothing.
        question_timeout=max(0.8 * timing.activity_seconds - timing.connect_seconds, 0.1),
        lifetime=timing.lifetime_seconds,
        skew=timing.skew_seconds,
        authorisation_address=given.authorisation_address,
    )
