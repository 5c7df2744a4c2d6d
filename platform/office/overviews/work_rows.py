"""Rows of open work, and whose they may be, as far as the database knows it by the roles of people."""

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    select,
    union_all,
)

from ..database.columns import among_given, texts_of
from ..database.questions import Question, list_rows
from ..database.tables import OPEN, filings, plans, relation_contacts, relation_roles, relations, team, work

_WORK = (
    select(
        *(work.c.filing, filings.c.template, filings.c.title.label("filing_title"), filings.c.relation),
        *(relations.c.name.label("relation_name"), filings.c.period, work.c.kind, work.c.item, work.c.phase),
        *(work.c.title, work.c.roles, work.c.due, work.c.missing, work.c.proof),
        *(filings.c.due.label("deadline"), filings.c.plan),
    )
    .join(filings, filings.c.id == work.c.filing)
    .join(relations, relations.c.number == filings.c.relation)
)

_MEMBER: BindParameter[str] = bindparam("member")
_THEIRS = select(relation_roles.c.relation).where(relation_roles.c.member == _MEMBER)
_THEIRS_OF_SOME = select(relation_roles.c.relation).where(among_given(relation_roles.c.member, "members"))
_away = among_given(team.c.id, "away")

_asked = texts_of(work.c.roles, "asked")
_filled = (relation_roles.c.relation == filings.c.relation) & (relation_roles.c.role == _asked.c.value)
_here = (team.c.id == relation_roles.c.member) & team.c.active
THEIR_OWN = 2


def _say_whose(*known: tuple[ColumnElement[bool], int]) -> ColumnElement[int]:
    """Return whether one of a row's roles is the member's, or nobody's, so that it may fall back to them."""
    return (
        select(func.max(case(*known, (team.c.id.is_(None), 1), else_=0)))
        .select_from(_asked.outerjoin(relation_roles, _filled).outerjoin(team, _here))
        .correlate(work, filings)
        .scalar_subquery()
    )


_whose = _say_whose((team.c.id == _MEMBER, THEIR_OWN))
_perhaps = _say_whose((among_given(team.c.id, "members"), 1), (_away, 1))
_somebodys = (
    exists()
    .select_from(_asked.join(relation_roles, _filled).join(team, _here & ~_away))
    .correlate(work, filings)
)

# Nothing waits in a filing that has ended: saying so lets an index pass them by.
_not_given = ~func.coalesce(among_given(work.c.person, "members"), false())
_MAYBE_OF_MEMBER = _WORK.add_columns(_whose.label("whose"), work.c.person).where(
    OPEN, filings.c.relation.in_(_THEIRS), _whose > 0, work.c.person.is_distinct_from(_MEMBER)
)
_MAYBE_OF_SOME = _WORK.add_columns(literal(0).label("whose"), work.c.person).where(
    OPEN, filings.c.relation.in_(_THEIRS_OF_SOME), _perhaps > 0, _not_given
)
_REASSIGNED = _WORK.add_columns(literal(THEIR_OWN).label("whose"), work.c.person).where(
    OPEN, work.c.person.is_not(None), among_given(work.c.person, "members")
)
OF_MEMBER = Question(union_all(_REASSIGNED, _MAYBE_OF_MEMBER), list_rows, "member", "members")
"""What may be a member's work while nobody is absent or stood in for: `whose` says where it certainly is."""
OF_SOME = Question(union_all(_REASSIGNED, _MAYBE_OF_SOME), list_rows, "members", "away")
"""What may be the work of whoever does that of `members` today, some of whom may be `away`."""
_gone = ~exists().where(team.c.id == work.c.person, team.c.active, ~_away).correlate(work)
_PERHAPS_NOBODYS = _WORK.add_columns(literal(0).label("whose"), work.c.person).where(OPEN, ~_somebodys)
_GIVEN_TO_NOBODY = _PERHAPS_NOBODYS.where(work.c.person.is_not(None), _gone)
_HELD = select(relation_roles.c.relation).join(team, _here & ~_away)


@lru_cache(maxsize=16)
def make_nobodys(chains: frozenset[tuple[str, ...]]) -> Question[list[Any]]:
    """Return the question what may be nobody's work, as long as those who are `away` do nothing.

    `chains` are the roles of that work, each with its fallbacks. Work is looked at where nobody has any role
    of one of them: at few relations, while there is work at nearly all.
    """
    number = relations.c.number
    unheld = [
        select(number).where(number.not_in(_HELD.where(relation_roles.c.role.in_(chain))))
        for chain in sorted(chains)
    ]
    if not unheld:
        return Question(_GIVEN_TO_NOBODY, list_rows, "away")
    of_roles = _PERHAPS_NOBODYS.where(work.c.person.is_(None), filings.c.relation.in_(union_all(*unheld)))
    return Question(union_all(_GIVEN_TO_NOBODY, of_roles), list_rows, "away")


PLANS_IN_USE = select(plans.c.digest).where(exists().where(filings.c.plan == plans.c.digest, OPEN))
"""The digests of the plans by which open filings go."""
AT_CONTACT = _WORK.add_columns(work.c.contacts, work.c.client, filings.c.product).where(
    filings.c.relation.in_(
        select(relation_contacts.c.relation).where(relation_contacts.c.contact == bindparam("contact"))
    )
)
