"""Acts of a bulk run as they are sent: under an id that is the same whenever a line is tried again.

A line that was begun before may have been sent or not. Where its filing is no longer as it was shown, the
filing is asked whether it took the act, and nothing is sent: what is there now nobody looked at.
"""

from collections.abc import Awaitable, Callable

from ...filing.outcome import Refusal
from ...office.bulk import Line, Outcome
from ...office.filings.sent_acts import find_act
from ...runtime.client import LIMIT, is_taken
from ..desk import Desk
from ..filings.acts import Acts, Done, NotRunning
from ..filings.acts import Outcome as Answer
from .asking import Asked
from .kinds import CHANGED, By, Judged, come_to, come_to_unknown

AT_ONCE = 8
"""So many filings are asked at once."""
NOT_RUNNING = "Deze opdracht loopt niet op de server."


async def act_on(
    desk: Desk, by: By, line: Line, judged: Judged, did: str, send: Callable[[], Awaitable[Answer]]
) -> Outcome:
    """Do one line by sending its act, or say what became of it earlier; `did` says that it was done.

    Raises ServerAwayError, RPCError and DatabaseError.
    """
    if by.again and judged.line.seen != line.seen:
        return await _settle_changed(desk, by, line, judged, did)
    answer = await send()
    if isinstance(answer, Done):
        return come_to(line, "done", ". ".join((did, " ".join(answer.warnings))) if answer.warnings else did)
    if isinstance(answer, Refusal):
        return come_to(line, "refused", answer.text)
    if isinstance(answer, NotRunning):
        # An earlier attempt may have been taken before the filing's workflow was lost.
        return come_to(line, "unknown" if by.again else "refused", NOT_RUNNING)
    return come_to_unknown(line, answer)


async def _settle_changed(desk: Desk, by: By, line: Line, judged: Judged, did: str) -> Outcome:
    filing, id = line.filing or "", by.act_id(line.number)
    changed = come_to(line, "changed", CHANGED.format(judged.line.text))
    if await desk.ask(lambda connection: find_act(connection, filing, id)) is None:
        return changed  # it died before it sent anything
    taken = await is_taken(await desk.client(), filing, id, desk.limit or LIMIT)
    if taken is None:
        return come_to_unknown(line)
    return come_to(line, "done", did) if taken else changed


async def send_act(desk: Desk, by: By, asked: Asked, line: Line) -> Answer:
    """Send the act of a line on a running filing. Raises what `act_on` raises."""
    acts = Acts(desk, by.who, by.act_id(line.number))
    filing = line.filing or ""
    match asked.action:
        case "release":
            return await acts.release(filing, line.item)
        case "hold":
            return await acts.hold(filing, asked.reason, asked.until, anyway=True)  # it was asked about
        case "resume":
            return await acts.resume(filing)
        case "reassign":
            return await acts.reassign(filing, line.item, asked.to, asked.reason, anyway=True)
    raise LookupError(asked.action)
