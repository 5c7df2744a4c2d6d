"""A filing as a colleague works on it: its page, whose work each phase is, and what can be done now."""

from datetime import date

from sqlalchemy import Connection

from ..office.people import all_members, contacts_of, holders
from ..office.plans import plan_by_digest
from ..office.relations.relation import find_relation
from ..period import Period
from ..plan import Model
from .access import Visitor
from .cases import find_by_name
from .desk import Desk
from .possible import Possible, find_possible
from .reading import filing_page
from .requests import RequestPage, list_requests
from .results import FilingPage, Refusal

__all__ = ["TeamFiling", "read_filing"]


class TeamFiling(Model):
    """A filing's page with names instead of ids, and what the visitor can do.

    `holders` are those who do the work of each role today; `people` the names of all ids that the page
    shows; `back_to` the titles of the phases that work is sent back to, by phase; `reports` the documents
    that are made of figures.
    """

    page: FilingPage
    relation_name: str
    period: str
    holders: dict[str, tuple[str, ...]]
    roles: dict[str, str]
    people: dict[str, str]
    colleagues: dict[str, str]
    back_to: dict[str, str]
    reports: frozenset[str]
    requests: tuple[RequestPage, ...]
    possible: Possible
    today: date


def read_filing(desk: Desk, visitor: Visitor, name: str) -> TeamFiling | Refusal:
    """Return a filing as a colleague works on it. Raises DatabaseError and UnreadableStateError."""
    page = filing_page(desk, name, visitor.id)
    if isinstance(page, Refusal):
        return page
    requests = list_requests(desk, name)
    possible = find_possible(desk, visitor.id, name)

    def ask(connection: Connection) -> TeamFiling | Refusal:
        filing = find_by_name(connection, name)
        if isinstance(filing, Refusal):
            return filing
        published = plan_by_digest(connection, filing.plan)
        assert published is not None, f"the plan of {filing.id} is not published"
        plan, relation = published.plan, find_relation(connection, filing.relation)
        team = all_members(connection)
        doing = {
            role: tuple(
                member.name for member in holders(connection, filing.relation, role, plan.roles, page.today)
            )
            for role in {phase.role for phase in plan.phases}
        }
        return TeamFiling(
            page=page,
            relation_name=relation.name if relation else filing.relation,
            period=Period.parse(filing.period).words,
            holders=doing,
            roles={role.id: role.title for role in plan.roles},
            people={
                **{one.id: one.name for one in contacts_of(connection, filing.relation)},
                **{member.id: member.name for member in team},
            },
            colleagues={member.id: member.name for member in team if member.active},
            back_to={p.id: plan.phase(p.back_to).title for p in plan.phases if p.back_to},
            reports=frozenset(one.id for one in plan.documents if one.report),
            requests=requests if not isinstance(requests, Refusal) else (),
            possible=possible,
            today=page.today,
        )

    return desk.read(ask)
