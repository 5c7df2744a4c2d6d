"""What a worker looks after beside its tasks, in rounds: whoever changed something waits for none of it."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta

from temporalio.client import Client
from temporalio.service import RPCError

from ..equipment import Equipment
from ..keys.ring import KeyFileError
from ..keys.sealing import BrokenSealError
from ..office.database.errors import DatabaseAwayError, DatabaseError, DatabaseLockedError
from ..office.document_store import DocumentError
from ..office.visits.forgetting import forget_visits
from .beginning import StartWatch
from .bulk_client import begin_all
from .catching_up import CatchingUp, NoBeginningError
from .chat_mails import send_chat_mails
from .connecting import ServerAwayError
from .lagging import find_behind, find_lagging
from .later_judgements import ask_later_judgements
from .link_mails import send_links_again
from .notices import match_notices
from .polling import beat
from .practice_clock import note_time
from .readdressing import OfferWatch
from .refreshing import AT_ONCE, refresh_stale
from .renewing import renew_views
from .transient import find_transient
from .watching import read_office_day, watch_running

REFRESH_SECONDS = 2
"""How soon, in real seconds, filings and recurrences are told of changed people, plans or agreements.

So are people of what waits for them in a chat.
"""

WATCH_SECONDS = 30
"""How soon, in real seconds, a worker sees that an office day has begun."""

FORGET_SECONDS = 3600
"""How soon, in real seconds, what is kept of visits is forgotten once its time is over."""

BEAT_SECONDS = 20
"""How often, in real seconds, a worker says that it is there; see `office.programs`."""

NOTE_SECONDS = 0.5
"""How much of a practice office's time a crash may cost, in real seconds."""

Round = Callable[[], Awaitable[bool]]
"""Does what there is to do; says whether there is more at once."""

_log = logging.getLogger(__name__)


async def make_rounds(equipment: Equipment, client: Client) -> None:
    """Make rounds until it is cancelled."""
    rounds: list[tuple[float, Round]] = [
        (REFRESH_SECONDS, lambda: _refresh(equipment, client)),
        (REFRESH_SECONDS, OfferWatch(equipment, client).refresh),
        (REFRESH_SECONDS, lambda: _match_notices(equipment, client)),
        (REFRESH_SECONDS, lambda: send_chat_mails(equipment)),
        (REFRESH_SECONDS, lambda: send_links_again(equipment)),
        (WATCH_SECONDS, lambda: _begin_bulk(equipment, client)),
        (BEAT_SECONDS, lambda: beat(equipment, client)),
        (WATCH_SECONDS, StartWatch(equipment, client).look),
        (WATCH_SECONDS, _watch_days(equipment, client)),
        (WATCH_SECONDS, _ask_later(equipment)),
        (FORGET_SECONDS, lambda: _forget_visits(equipment)),
    ]
    if equipment.practice:
        rounds.append((NOTE_SECONDS, lambda: _note_time(equipment)))
    await asyncio.gather(*(_repeat(seconds, one) for seconds, one in rounds))


async def _repeat(seconds: float, one: Round) -> None:
    """Make a round, wait, and make the next; what goes wrong in one ends none of the others.

    What passes by itself is tried again in the next round. All else is told, once until a round succeeds.
    """
    told = ""
    while True:
        more = False
        try:
            more = await one()
            told = ""
        except Exception as error:
            failure = _describe(error)
            if not _passes(error) and failure != told:
                _log.error("a round failed: %s", failure)
                told = failure
        await asyncio.sleep(0 if more else seconds)


def _passes(error: Exception) -> bool:
    """Say whether an error passes by itself: a server or database that is unavailable or busy."""
    if isinstance(error, RPCError):
        return find_transient(error) is not None
    return isinstance(error, ServerAwayError | DatabaseLockedError | DatabaseAwayError)


def _describe(error: Exception) -> str:
    """Return kind and place of an error, enough to find it: its message may hold personal data."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    kind = (
        f"{type(error).__name__} {error.status.name}" if isinstance(error, RPCError) else type(error).__name__
    )
    return f"{kind} in {place.name}:{place.lineno}"


async def _refresh(equipment: Equipment, client: Client) -> bool:
    """Tell recurrences of what has changed, whoever changed it."""
    return await refresh_stale(equipment.database, client) == AT_ONCE


async def _match_notices(equipment: Equipment, client: Client) -> bool:
    """Hand notices to the filings that wait for them by now."""
    await match_notices(equipment, client)
    return False


async def _begin_bulk(equipment: Equipment, client: Client) -> bool:
    """Begin the bulk runs that nothing carries out."""
    await begin_all(equipment, client)
    return False


async def _forget_visits(equipment: Equipment) -> bool:
    """Forget old visits, by real time: what was typed lasts no longer where the office's own clock stands."""
    await asyncio.to_thread(forget_visits, equipment.database, datetime.now(UTC))
    return False


def _watch_days(equipment: Equipment, client: Client) -> Round:
    """Look at what runs, catch up with what an older database lacks, renew what is kept.

    At once, and each office day.
    """
    looked: date | None = None
    renewed: date | None = None

    async def one() -> bool:
        nonlocal looked, renewed
        today = await asyncio.to_thread(read_office_day, equipment.database)
        if today != looked:
            await asyncio.to_thread(equipment.database.renew_statistics)
            await _catch_up_all(equipment, client)
            await watch_running(equipment.database, client)
            looked = today
        if today != renewed and await _renew_views(equipment):
            renewed = today
        return False

    return one


def _ask_later(equipment: Equipment) -> Round:
    """Ask Digipoort about recorded judgements, at once and each office day.

    A round of its own: where Digipoort does not answer it takes long, and all else goes on.
    """
    own = timedelta(seconds=2 * equipment.timing.poll_most_seconds)
    asked: date | None = None

    async def one() -> bool:
        nonlocal asked
        today = await asyncio.to_thread(read_office_day, equipment.database)
        if today != asked:
            await asyncio.to_thread(ask_later_judgements, equipment.database, equipment.gateway, own)
            asked = today
        return False

    return one


async def _renew_views(equipment: Equipment) -> bool:
    """Renew what is kept of how open filings stand; say whether that need not be tried again today.

    After all else: what goes wrong here is told, and keeps nothing from being looked at.
    """
    try:
        await asyncio.to_thread(renew_views, equipment)
    except Exception as error:
        _log.error("working out how open filings stand failed: %s", _describe(error))
        return not isinstance(error, DatabaseError)
    return True


async def _catch_up_all(equipment: Equipment, client: Client) -> None:
    """Fetch what the database lacks of open filings, as after a copy of it was put back."""
    catching_up = CatchingUp(equipment, client)
    lagging = await find_lagging(client, equipment.database)
    for id, kind in lagging.unreadable.items():
        _log.error("%s: its history cannot be read (%s): nobody knows whether steps lack", id, kind)
    if lagging.ids:
        await catching_up.scan_store()
    for id in lagging.ids:
        try:
            done = await catching_up.catch_up(id, scanned=True)
            await catching_up.alarm_gap(id, lagging.steps[id], done)
        except (KeyFileError, BrokenSealError, DocumentError):
            _log.warning("%s: the steps that the database lacks cannot be read", id)
        except (DatabaseError, RPCError):
            raise
        except Exception as error:  # one odd filing keeps nothing from the others
            _log.error("%s: catching up failed: %s", id, _describe(error))
        else:
            for first, last in done.fetched:
                _log.warning("%s: the database lacked steps %d to %d", id, first, last)
            if not done.fetched:
                _log.warning("%s: the database lacks steps that its history does not tell", id)
    behind = await find_behind(client, equipment.database)
    for id, (row, saved) in behind.rows.items():
        if saved.status == "stopped":
            continue  # its row may be that of a new one, which is about to begin
        try:
            await asyncio.to_thread(catching_up.restore_recurrence, row, saved)
            _log.warning("%s: the database had another row than it saved last", id)
        except NoBeginningError as error:
            _log.warning("%s: its row cannot be written: %s", id, error)


async def _note_time(equipment: Equipment) -> bool:
    """Write down what a practice clock shows, a few times in each of its days."""
    await asyncio.to_thread(note_time, equipment.database)
    return False
