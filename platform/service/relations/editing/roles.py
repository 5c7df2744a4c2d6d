"""The sheet of who has which role at a relation: only who may have it (R2)."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from ....office.database.columns import among
from ....office.database.tables import OPEN, filings, process_teams, relation_products, relation_roles
from ....office.exchange import Edit, Entry
from ....office.exchange.losses import count_open_work
from ....office.people import TeamMember, all_members, chain_of, find_first_holder
from ....office.plans import plans_in_force
from ....office.presence import OnDay, read_day
from ....plan import Office, Plan, Role
from ....words import count_of, say_own_check
from .sheets import At, Draft, Field, Options, Sheet, Typed, Wrong, first


class RolesSheet:
    """Who has which role: a field for each role of the office."""

    def describe(self, at: At) -> Sheet:
        """Return the sheet; to choose from are those who work here and have the title that a role asks."""
        named, team = _read_roles(at), {one.id: one for one in all_members(at.connection)}
        day = _read_titles(at.connection, at.office, at.today)
        return Sheet(
            relation=at.relation,
            title="Rollen toewijzen",
            fields=tuple(_describe(role, named.get(role.id), team, day) for role in at.office.roles),
            version=0,
        )

    def draft(self, at: At, typed: Typed) -> Draft | Wrong:
        """Return the change, of the roles that somebody else is to have."""
        return _draft(at, {role.id: first(typed, role.id) for role in at.office.roles if role.id in typed})


class ProcessTeamSheet:
    """Giving a relation to a process team: whoever fills a role in it gets that role here."""

    def describe(self, at: At) -> Sheet:
        """Return the sheet; a team is told with who is in it."""
        teams = read_process_teams(at.connection)
        options = say_process_teams(teams, at.office, all_members(at.connection))
        team = Field(name=TEAM, label="Procesteam", kind="choice", options=options)
        return Sheet(
            relation=at.relation,
            title="Procesteam toewijzen",
            fields=(team,) if options else (),
            version=0,
            notes=("Rollen die het team niet heeft, blijven zoals ze zijn.",) if options else (NO_TEAMS,),
            button="Rollen toewijzen" if options else "",
        )

    def draft(self, at: At, typed: Typed) -> Draft | Wrong:
        """Return the change, of the roles that somebody else is to have."""
        roles = read_process_teams(at.connection).get(first(typed, TEAM))
        if roles is None:
            return Wrong(mistakes=((TEAM, "Kies een procesteam."),))
        found = _draft(at, roles)
        if isinstance(found, Wrong):
            return Wrong(mistakes=tuple((TEAM, text) for _, text in found.mistakes))
        return Draft(found.edit, lines=[TEAM] * len(found.lines))


TEAM = "procesteam"
NO_TEAMS = "Kantoor heeft nog geen procesteams ingelezen."


class Checked(NamedTuple):
    """Work of a role that another role checks, with whose roles each falls to, and titles of the phases."""

    checker: tuple[str, ...]
    worker: tuple[str, ...]
    phase: str
    work: str


class RoleFacts(NamedTuple):
    """What drafts of roles need: who works here with which title, and by relation who was given what.

    `day` is None where no role asks a title; `work` counts open work by relation and role; `checks` is by
    relation what four eyes ask of roles in the work that it takes.
    """

    office: Office
    team: Mapping[str, TeamMember]
    day: OnDay | None
    named: Mapping[str, Mapping[str, str]]
    work: Mapping[tuple[str, str], int]
    checks: Mapping[str, Collection[Checked]]


def read_role_facts(
    connection: Connection, office: Office, today: date, relations: Collection[str]
) -> RoleFacts:
    """Return what drafts of roles at these relations need."""
    named: dict[str, dict[str, str]] = {number: {} for number in relations}
    query = select(relation_roles.c.relation, relation_roles.c.role, relation_roles.c.member)
    for number, role, member in connection.execute(query.where(among(relation_roles.c.relation, relations))):
        named[number][role] = member
    return RoleFacts(
        office=office,
        team={one.id: one for one in all_members(connection)},
        day=_read_titles(connection, office, today),
        named=named,
        work=count_open_work(connection, relations),
        checks=_find_checks(connection, today, relations),
    )


def _find_checks(
    connection: Connection, today: date, numbers: Collection[str]
) -> dict[str, tuple[Checked, ...]]:
    """Return by relation what is checked by another than who did it (R9).

    That is by the templates of what it takes now or later, and of what is open.
    """
    taken: dict[str, set[str]] = {number: set() for number in numbers}
    at = relation_products.c
    agreed = select(at.relation, at.product).where(at.until.is_(None) | (at.until >= today))
    for number, product in connection.execute(agreed.where(among(at.relation, numbers))):
        taken[number].add(product)
    open_at = connection.execute(_OPEN_TEMPLATES.where(among(filings.c.relation, numbers)))
    running = {(row.relation, row.template) for row in open_at}
    in_force = plans_in_force(connection)
    checks = {one.digest: [*_list_checks(one.plan)] for one in in_force.list_all()}
    return {
        number: tuple(
            dict.fromkeys(
                check
                for one in in_force.list_for(number)
                if not taken[number].isdisjoint(one.plan.products) or (number, one.template) in running
                for check in checks[one.digest]
            )
        )
        for number in numbers
    }


def _list_checks(plan: Plan) -> Iterator[Checked]:
    for phase in plan.phases:
        for checked in map(plan.phase, phase.four_eyes):
            checker, worker = chain_of(phase.role, plan.roles), chain_of(checked.role, plan.roles)
            yield Checked(checker, worker, phase.title, checked.title)


def draft_roles(facts: RoleFacts, number: str, wanted: Mapping[str, str]) -> Draft | Wrong:
    """Return the change that gives each of these roles at a relation to a member, or to nobody."""
    named, team, roles = facts.named[number], facts.team, facts.office.roles
    other = {role: who for role, who in wanted.items() if who != named.get(role, "")}
    chosen = [(role, team.get(other[role.id])) for role in roles if other.get(role.id)]
    mistakes = [(role.id, said) for role, who in chosen if (said := judge_holder(role, who, facts.day))]
    if mistakes:
        return Wrong(mistakes=tuple(mistakes))
    entries = [
        Entry("roles.csv", {"relation": number, "role": role, "member": who}) for role, who in other.items()
    ]
    titles = {role.id: role.title for role in roles}
    told = [
        _say_moved_work(team, titles.get(role, role), named[role], other[role], facts.work[number, role])
        for role in other
        if role in named and (number, role) in facts.work
    ]
    told += _tell_own_checks(facts, number, {**named, **other})
    subjects = {("relation_roles", role): role for role in titles}
    return Draft(Edit(number, entries, told=told), lines=[*other], subjects=subjects)


def _tell_own_checks(facts: RoleFacts, number: str, after: Mapping[str, str]) -> list[str]:
    """Return what somebody would check of their own work, and did not before, once for each role."""
    told: dict[tuple[str, str, str], list[str]] = {}
    was, then = ({role: who for role, who in one.items() if who} for one in (facts.named[number], after))
    for one in facts.checks[number]:
        checker = find_first_holder(then, one.checker)
        if checker is None or checker != find_first_holder(then, one.worker):
            continue
        if find_first_holder(was, one.checker) != find_first_holder(was, one.worker):
            told.setdefault((one.checker[0], one.phase, checker), []).append(one.work)
    return [say_own_check(phase, works, _name(facts.team, who)) for (_, phase, who), works in told.items()]


def _draft(at: At, wanted: Mapping[str, str]) -> Draft | Wrong:
    number = at.relation.number
    return draft_roles(read_role_facts(at.connection, at.office, at.today, [number]), number, wanted)


def _say_moved_work(team: Mapping[str, TeamMember], role: str, giver: str, getter: str, count: int) -> str:
    """Return the sentence of so much open work of a role (its title) that goes from one to another."""
    return (
        f"{_name(team, giver)} doet {role} niet meer: "
        f"{count_of(count, 'open punt gaat', 'open punten gaan')} naar {_name(team, getter)}"
    )


def read_process_teams(connection: Connection) -> dict[str, dict[str, str]]:
    """Return who fills which role in each process team."""
    teams: dict[str, dict[str, str]] = {}
    query = select(process_teams).order_by(*process_teams.primary_key.columns)
    for row in connection.execute(query):
        teams.setdefault(row.process_team, {})[row.role] = row.member
    return teams


def say_process_teams(
    teams: Mapping[str, Mapping[str, str]], office: Office, members: Iterable[TeamMember]
) -> Options:
    """Return process teams to choose from, each told with who is in it."""
    people, titles = {one.id: one for one in members}, {role.id: role.title for role in office.roles}
    return tuple(
        (name, f"{name}: {', '.join(_say_place(titles, people, *one) for one in roles.items())}")
        for name, roles in teams.items()
    )


def _say_place(titles: Mapping[str, str], people: Mapping[str, TeamMember], role: str, member: str) -> str:
    return f"{titles.get(role, role)} {_name(people, member)}"


def _read_roles(at: At) -> dict[str, str]:
    """Return who was given each role, also who left."""
    query = select(relation_roles.c.role, relation_roles.c.member)
    found = at.connection.execute(query.where(relation_roles.c.relation == at.relation.number))
    return {row.role: row.member for row in found}


def _read_titles(connection: Connection, office: Office, today: date) -> OnDay | None:
    """Return who has which title today; None where no role asks one."""
    return read_day(connection, today) if any(one.qualification for one in office.roles) else None


def _describe(role: Role, holder: str | None, team: Mapping[str, TeamMember], day: OnDay | None) -> Field:
    fitting = {one.id: one.name for one in team.values() if not judge_holder(role, one, day)}
    if holder and holder not in fitting:
        fitting[holder] = f"{_name(team, holder)} (mag deze rol niet meer hebben)"
    asked = f"Vraagt de titel {' of '.join(role.qualification)}." if role.qualification else ""
    return Field(
        name=role.id,
        label=role.title,
        kind="choice",
        value=(holder,) if holder else (),
        options=(("", "niemand"), *fitting.items()),
        hint=asked,
    )


def judge_holder(role: Role, member: TeamMember | None, day: OnDay | None) -> str:
    """Return why somebody may not have a role; empty where they may."""
    if member is None or not member.active:
        return "Kies iemand die hier werkt."
    titles = day.find_titles(member.id, member.qualifications) if day else ()
    if role.qualification and not {*role.qualification} & {*titles}:
        return f"{member.name} heeft de titel {' of '.join(role.qualification)} niet."
    return ""


def _name(team: Mapping[str, TeamMember], member: str) -> str:
    return team[member].name if member in team else member or "niemand"


_OPEN_TEMPLATES = select(filings.c.relation, filings.c.template).distinct().where(OPEN)
