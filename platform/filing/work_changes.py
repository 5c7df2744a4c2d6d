"""What becomes of open work where a filing goes on by another plan: what comes, goes, or is otherwise."""

from collections.abc import Iterator
from typing import NamedTuple

from ..plan import Chase, Form, Message
from .construct import WorkItem
from .requests import Asked, find_request
from .turn import Reader
from .view import list_work

AWAITED = ("request", "release", "decide")


class WorkPair(NamedTuple):
    """Open work as it was and as it is, at least one of them; its kind, and its phase of the newer plan."""

    kind: str
    phase: str
    before: WorkItem | None
    after: WorkItem | None


class Words(NamedTuple):
    """What is read with open work that waits for the client: the messages about it, and the form."""

    messages: tuple[Message, ...]
    form: Form | None


def pair_work(before: Reader, after: Reader, renamed: dict[str, str]) -> Iterator[WorkPair]:
    """Yield open work of either side, that which is in both together, by kind and phase."""
    had = {(one.kind, *_name(one, renamed)): one for one in _work_of(before)}
    has = {(one.kind, one.phase, one.id): one for one in _work_of(after)}
    for key in sorted(had.keys() | has.keys()):
        yield WorkPair(key[0], key[1], had.get(key), has.get(key))


def read_words(reader: Reader, item: WorkItem) -> Words:
    """Return what is read with a piece of work: of an offer its message until it is sent, and reminders."""
    if item.kind not in AWAITED:
        return Words((), None)
    asked = _find_asked(reader, item.id) if item.kind == "request" else None
    phase = reader.rules.phase(item.phase)
    own = asked.request.message if asked else phase.offer.message if phase.offer else None
    chase = asked.chase if asked else phase.chase
    first = (own,) if own and item.kind == "release" else ()
    names = dict.fromkeys((*first, *_list_messages(chase, own)))
    found = (reader.rules.find_message(name) for name in names)
    return Words(tuple(one for one in found if one), asked.form if asked else None)


def _list_messages(chase: Chase | None, own: str | None) -> Iterator[str]:
    if chase and chase.remind:
        name = chase.remind.message or own
        if name:
            yield name
    if chase and chase.escalate and chase.escalate.message:
        yield chase.escalate.message


def _find_asked(reader: Reader, id: str) -> Asked | None:
    return next((find_request(reader, one) for one in reader.case.requests if one.id == id), None)


def _work_of(reader: Reader) -> tuple[WorkItem, ...]:
    return () if reader.case.ended else list_work(reader)


def _name(item: WorkItem, renamed: dict[str, str]) -> tuple[str, str]:
    """Return phase and id of open work under the ids of the newer plan."""
    phase = renamed.get(item.phase, item.phase)
    if item.id == item.phase:
        return phase, phase
    inside = item.id.startswith(f"{item.phase}.")
    return phase, f"{phase}{item.id[len(item.phase) :]}" if inside else item.id
