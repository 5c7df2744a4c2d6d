"""Rows of open work, and whose they may be, as far as the database knows it by the roles of people."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Subquery,
    bindparam,
    case,
    exists,
    false,
    func,
    literal,
    select,
    union_all,
)

from ..database.columns import among_given, among_numbers, texts_of
from ..database.questions import Question, list_rows
from ..database.tables import OPEN, filings, plans, relation_contacts, relation_roles, relations, team, work

_WORK = (
    select(
        *(work.c.filing, filings.c.template, filings.c.title.label("filing_title"), filings.c.relation),
        *(relations.c.name.label("relation_name"), filings.c.period, work.c.kind, work.c.item, work.c.phase),
        *(work.c.title, work.c.roles, work.c.due, work.c.missing, work.c.proof),
        work.c.escalated,
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


def _judge_each(judged: ColumnElement[Any], *conditions: ColumnElement[bool]) -> Subquery:
    """Return the open work that meets conditions as a table, each row with what is `judged` of it, once.

    Held together by an offset: PostgreSQL takes that judgement for cheap, and would make it of all open work
    before it looks which rows are asked. Nothing waits in a filing that has ended: saying so lets an index
    pass them by.
    """
    rows = _WORK.add_columns(judged.label("whose"), work.c.person).where(OPEN, *conditions)
    return rows.offset(0).subquery()


_not_given = ~func.coalesce(among_given(work.c.person, "members"), false())
_of_member = _judge_each(_whose, filings.c.relation.in_(_THEIRS), work.c.person.is_distinct_from(_MEMBER))
_of_some = _judge_each(_perhaps, filings.c.relation.in_(_THEIRS_OF_SOME), _not_given)
_REASSIGNED = _WORK.add_columns(literal(THEIR_OWN).label("whose"), work.c.person).where(
    OPEN, work.c.person.is_not(None), among_given(work.c.person, "members")
)
OF_MEMBER = Question(
    union_all(_REASSIGNED, select(_of_member).where(_of_member.c.whose > 0)), list_rows, "member", "members"
)
"""What may be a member's work while nobody is absent or stood in for: `whose` says where it certainly is."""
OF_SOME = Question(
    union_all(_REASSIGNED, select(_of_some).where(_of_some.c.whose > 0)), list_rows, "members", "away"
)
"""What may be the work of whoever does that of `members` today, some of whom may be `away`."""
_gone = ~exists().where(team.c.id == work.c.person, team.c.active, ~_away).correlate(work)
_held = case((_somebodys, 1), else_=0)
_given_to_nobody = _judge_each(_held, work.c.person.is_not(None), _gone)
_of_unheld = _judge_each(_held, work.c.person.is_(None), among_numbers(filings.c.relation))
NOBODYS = Question(
    union_all(
        select(_given_to_nobody).where(_given_to_nobody.c.whose == 0),
        select(_of_unheld).where(_of_unheld.c.whose == 0),
    ),
    list_rows,
    "away",
    "numbers",
)
"""What may be nobody's work while those who are `away` do nothing, where it is of a role at `numbers`."""


@lru_cache(maxsize=16)
def make_unheld(chains: frozenset[tuple[str, ...]]) -> Question[list[str]]:
    """Return the question at which relations nobody may hold any role of one of these `chains`.

    They are asked with those who are `away`, who hold none. Of a relation that is not among them each chain
    has somebody; of one that is, that must be looked at. `chains` are roles with their fallbacks.
    """
    number, roles = relations.c.number, relation_roles.c
    all_of_them = [frozenset(chain) for chain in chains]
    # Where nobody has any of more roles, nobody has any of some of them.
    least = {one for one in all_of_them if not any(other < one for other in all_of_them)}
    alone = sorted(role for one in least if len(one) == 1 for role in one)
    unheld = [
        select(number).where(number.not_in(_HELD.where(roles.role.in_(sorted(one)))))
        for one in sorted(least, key=sorted)
        if len(one) > 1
    ]
    if alone:  # one walk through the index of roles counts them all
        held = select(roles.relation).where(roles.role.in_(alone))
        gone = select(team.c.id).where(~team.c.active | _away)
        unheld += [
            held.group_by(roles.relation).having(func.count() < len(alone)),
            select(number).where(~held.where(roles.relation == number).correlate(relations).exists()),
            held.where(roles.member.in_(gone)),
        ]
    return Question(union_all(*unheld), _read_numbers, "away")


def _read_numbers(rows: Iterable[Any]) -> list[str]:
    return sorted({row[0] for row in rows})


_HELD = select(relation_roles.c.relation).join(team, _here & ~_away)
PLANS_IN_USE = Question(
    select(plans.c.digest).where(exists().where(filings.c.plan == plans.c.digest, OPEN)), list_rows
)
"""The digests of the plans by which open filings go."""
AT_CONTACT = _WORK.add_columns(work.c.contacts, work.c.client, filings.c.product).where(
    filings.c.relation.in_(
        select(relation_contacts.c.relation).where(relation_contacts.c.contact == bindparam("contact"))
    )
)
