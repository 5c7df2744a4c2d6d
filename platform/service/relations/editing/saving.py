"""Showing a sheet and saving it: the one door for all that is edited of a relation."""

from dataclasses import replace
from datetime import date

from sqlalchemy import Connection

from ....office.exchange import Costly, Edited, Mistaken, Rules, edit
from ....office.office_clock import office_now
from ....office.plans import active_office
from ....office.presence_changes import Author
from ....office.relations.changes import RelationChange, find_version, list_changes
from ....office.relations.relation import find_relation
from ...access import Visitor, may_for
from ...desk import Desk
from ...results import Refusal
from ...unknown import NOT_DEPLOYED
from ..identities import check_relation_identity
from .history import tell
from .sheets import (
    At,
    Away,
    Changed,
    Consequences,
    Draft,
    Gone,
    Meanwhile,
    Outcome,
    Saved,
    Sent,
    Sheet,
    Subject,
    Typed,
    Wrong,
    as_typed,
)

NOT_THERE = Refusal(code="not_there", text="Dit is er niet, of niet meer.")


def read_sheet(desk: Desk, me: Visitor, number: str, subject: Subject, today: date) -> Sheet | Refusal:
    """Return a sheet of a relation as it is now, on a day of office time. Raises DatabaseError."""

    def ask(connection: Connection) -> Sheet | Refusal:
        at = _look(connection, me, number, today)
        if isinstance(at, Refusal):
            return at
        sheet = subject.describe(at)
        return sheet.model_copy(update={"version": find_version(connection, number)}) if sheet else NOT_THERE

    return desk.read(ask)


def save_sheet(desk: Desk, me: Visitor, number: str, subject: Subject, sent: Sent) -> Outcome:
    """Write what somebody sent, where nothing is wrong, nobody was before them, and they know what it costs.

    Sent again it changes nothing. Raises DatabaseError.
    """
    with desk.equipment.database.write() as connection:
        now = office_now(connection)
        at = _look(connection, me, number, now.date())
        if isinstance(at, Refusal):
            return Gone(text=at.text)
        draft = subject.draft(at, sent.typed)
        if isinstance(draft, Away):
            return Gone(text=NOT_THERE.text, changes=_find_why(at, draft))
        if isinstance(draft, Wrong):
            return draft
        needs = desk.equipment.reports.identity_needs()
        rules = Rules(at.office, check_relation_identity, needs, draft.anyway)
        wanted = replace(draft.edit, version=sent.version, agreed=sent.agreed)
        if draft.wrong:
            with connection.begin_nested() as attempt:
                tried = edit(connection, wanted, rules, Author(me.id, now))
                attempt.rollback()
            return _join_mistakes(draft, tried)
        done = edit(connection, wanted, rules, Author(me.id, now))
        if isinstance(done, Edited):
            link_to = draft.link_to if done.changed else ""
            return Saved(changed=done.changed, warnings=done.warnings, link_to=link_to)
        if isinstance(done, Mistaken):
            return Wrong(mistakes=tuple((draft.find_field(one), one.text) for one in done.mistakes))
        if isinstance(done, Costly):
            said = f" (relatie {number})"  # of one relation it goes without saying which
            return Consequences(
                sentences=tuple(one.removesuffix(said) for one in done.losses), mark=done.mark
            )
        changes = done.changes
        return Meanwhile(
            changes=tell(at.connection, at.office, changes),
            untouched=frozenset(_find_untouched(draft, sent.typed, changes)),
            version=find_version(connection, number),
        )


def _join_mistakes(draft: Draft, tried: object) -> Wrong:
    """Return what a sheet found, with what else is wrong with its edit, tried."""
    known = {name for name, _ in draft.wrong}
    found = tried.mistakes if isinstance(tried, Mistaken) else ()
    more = ((draft.find_field(one), one.text) for one in found)
    return Wrong(mistakes=(*draft.wrong, *(one for one in more if one[0] not in known)))


def _look(connection: Connection, me: Visitor, number: str, today: date) -> At | Refusal:
    relation, office = find_relation(connection, number), active_office(connection)
    if relation is None or not may_for(connection, me, "work", relation):
        return NOT_THERE
    return At(connection, relation, office, today) if office else NOT_DEPLOYED


def _find_why(at: At, away: Away) -> tuple[Changed, ...]:
    """Return in words the last change of what is not there any more."""
    changes = list_changes(at.connection, at.relation.number)
    return tell(at.connection, at.office, [one for one in changes if (one.kind, one.subject) == away][:1])


def _find_untouched(draft: Draft, typed: Typed, changes: tuple[RelationChange, ...]) -> set[str]:
    """Return the fields that hold what was shown: what others wrote there since is in nobody's way."""
    was: dict[str, tuple[str, ...]] = {}
    for one in changes:  # the latest first: what was shown is what the first of them changed
        for column, value in (one.before or {}).items():
            was[draft.subjects.get((one.kind, one.subject), column)] = as_typed(value)
    return {name for name, value in was.items() if tuple(v for v in typed.get(name, ()) if v) == value}
