"""What relations are to each other, as the commands write it: by the rules of an import, with who did it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import NamedTuple, get_args

from sqlalchemy import Connection

from ...linked import Link
from ...office.database.tables import relation_links
from ...office.exchange import Costly, Edit, Edited, Mistaken, Rules, edit
from ...office.office_clock import office_now
from ...office.people import TeamMember, find_person
from ...office.plans import active_office
from ...office.presence_changes import Author
from ...office.relations.changes import find_version
from ...office.relations.links import RelationLink, list_links
from ...office.relations.relation import all_numbers
from ...period import in_words
from ...plan import Model
from ...suggest import say_what_is_meant
from ...words import RELATION_LINK_WORDS, join_in_dutch
from ..desk import Desk
from ..far_days import refuse_far_beginning
from ..results import Refusal
from ..unknown import NOT_DEPLOYED, refuse_other_than_member, refuse_relation
from .editing.links import find_key, make_entry
from .identities import check_relation_identity


class LinkNoted(Model):
    """What was written of a link, in Dutch; `changed` says whether anything is another now."""

    relation: str
    link: Link
    other: str
    since: date
    until: date | None
    changed: bool
    text: str


class _Ends(NamedTuple):
    """Which two relations are meant, and how they are linked."""

    relation: str
    link: Link
    other: str


def link(
    desk: Desk,
    by: str,
    relation: str,
    word: str,
    other: str,
    since: date,
    until: date | None,
    *,
    anyway: bool = False,
    agreed: bool = False,
) -> LinkNoted | Refusal:
    """Write, as `by`, what another relation is to one, from when and until when.

    What work that goes on loses by it is refused unless it is `agreed`. Raises DatabaseError.

    `anyway` says that a first day far from today is meant.
    """

    def draft(connection: Connection, ends: _Ends) -> Edit | Refusal:
        far = refuse_far_beginning(since, office_now(connection).date())
        if far and not anyway:
            return far
        cells = {"link": ends.link, "other": ends.other, "since": since.isoformat()}
        cells["until"] = until.isoformat() if until else ""
        return Edit(relation, [make_entry(relation, cells)])

    days = (since, until)
    return _write(desk, by, relation, word, other, draft, days, anyway=anyway, agreed=agreed)


def unlink(
    desk: Desk,
    by: str,
    relation: str,
    word: str,
    other: str,
    since: date | None = None,
    *,
    agreed: bool = False,
) -> LinkNoted | Refusal:
    """Take away, as `by`, a link that was recorded by mistake; `agreed` as `link` has it.

    Raises DatabaseError.
    """

    def draft(connection: Connection, ends: _Ends) -> Edit | Refusal:
        every = list_links(connection, relation)
        known = [one for one in every if (one.link, one.other) == (ends.link, ends.other)]
        meant = [one for one in known if since in (None, one.since)]
        if len(meant) != 1:
            return _refuse_which(ends, known)
        return Edit(relation, removed=[(relation_links, find_key(*ends, meant[0].since))])

    return _write(desk, by, relation, word, other, draft, None, agreed=agreed)


def _write(
    desk: Desk,
    by: str,
    relation: str,
    word: str,
    other: str,
    draft: Callable[[Connection, _Ends], Edit | Refusal],
    days: tuple[date, date | None] | None,
    *,
    anyway: bool = False,
    agreed: bool,
) -> LinkNoted | Refusal:
    named = _read_word(word)
    if isinstance(named, Refusal):
        return named
    ends = _Ends(relation, named, other)
    with desk.equipment.database.write() as connection:
        doer, office = find_person(connection, by), active_office(connection)
        if not isinstance(doer, TeamMember):
            return refuse_other_than_member(connection, by, doer, "vastleggen hoe relaties verbonden zijn")
        if office is None:
            return NOT_DEPLOYED
        known = all_numbers(connection)
        unknown = next((one for one in (relation, other) if one not in known), None)
        if unknown is not None:
            return refuse_relation(connection, unknown)
        wanted = draft(connection, ends)
        if isinstance(wanted, Refusal):
            return wanted
        before = list_links(connection, relation)
        rules = Rules(office, check_relation_identity, desk.equipment.reports.identity_needs(), anyway)
        version = find_version(connection, relation)
        seen = Edit(relation, wanted.entries, wanted.removed, version=version)
        author = Author(doer.id, office_now(connection))
        done = edit(connection, seen, rules, author)
        if isinstance(done, Costly) and agreed:
            done = edit(connection, replace(seen, agreed=done.mark), rules, author)
        if isinstance(done, Mistaken):
            return Refusal(code="wrong_link", text=" ".join(one.text for one in done.mistakes))
        if isinstance(done, Costly):
            return Refusal(code="costs", text=" ".join(f"{one}." for one in done.losses))
        after = list_links(connection, relation)
    changed = isinstance(done, Edited) and done.changed
    gone = next((one for one in before if one not in after), None) if days is None else None
    since, until = (gone.since, gone.until) if gone else days or (date.min, None)
    return LinkNoted(
        relation=relation,
        link=ends.link,
        other=other,
        since=since,
        until=until,
        changed=changed,
        text=_say(ends, since, until, taken_away=gone is not None),
    )


def _read_word(word: str) -> Link | Refusal:
    """Return the link that somebody typed, in English or in Dutch."""
    typed = word.strip().casefold()
    found: Link
    for found in get_args(Link):
        if typed in (found, RELATION_LINK_WORDS[found].casefold()):
            return found
    meant = say_what_is_meant(typed, get_args(Link))
    return Refusal(code="unknown_link", text=f"Een verband '{word}' bestaat niet. {meant}")


def _refuse_which(ends: _Ends, known: list[RelationLink]) -> Refusal:
    what = f"{ends.other} als {RELATION_LINK_WORDS[ends.link]} van relatie {ends.relation}"
    if not known:
        return Refusal(code="not_linked", text=f"{what} is niet vastgelegd; er valt niets te verwijderen.")
    days = join_in_dutch(in_words(one.since) for one in known)
    return Refusal(code="which_link", text=f"{what} is vastgelegd vanaf {days}: zeg vanaf welke dag.")


def _say(ends: _Ends, since: date, until: date | None, *, taken_away: bool) -> str:
    what = f"{ends.other} is {RELATION_LINK_WORDS[ends.link]} van {ends.relation}"
    days = f"vanaf {in_words(since)}" + (f" tot en met {in_words(until)}" if until else "")
    return f"{what} {days}{': verwijderd' if taken_away else ''}"
