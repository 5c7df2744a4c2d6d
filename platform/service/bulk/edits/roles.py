"""Giving a role at many relations to a colleague who may have it, or the roles of a process team (R2)."""

from collections.abc import Collection, Mapping

from ....filing.outcome import Refusal, gather_refusals
from ....office.people import find_person
from ...relations.editing.roles import (
    NO_TEAMS,
    RoleFacts,
    draft_roles,
    judge_holder,
    read_process_teams,
    read_role_facts,
)
from ...relations.editing.sheets import Wrong
from ...unknown import refuse_other_than_member
from ..asking import Asked
from .drafting import Draft, Place, find_named


class Roles:
    """Giving one role."""

    def complete(self, place: Place, asked: Asked) -> Asked | Refusal:
        """Return what is asked with the role's title; refuse whoever may not have it."""
        found = find_named({one.id: one.title for one in place.office.roles}, asked.role)
        role = next((one for one in place.office.roles if one.id == found), None)
        titles = ", ".join(one.title for one in place.office.roles)
        no_role = Refusal(code="no_role", text=f"Kies een rol: {titles}.")
        lacks = gather_refusals(role or no_role, asked.to or NO_MEMBER)
        if lacks or role is None:
            return lacks or no_role
        facts = read_role_facts(place.connection, place.office, place.today, ())
        if asked.to not in facts.team:
            person = find_person(place.connection, asked.to)
            return refuse_other_than_member(place.connection, asked.to, person, "een rol hebben")
        wrong = judge_holder(role, facts.team.get(asked.to), facts.day)
        return Refusal(code="not_for_them", text=wrong) if wrong else _name(asked, role.title, role=role.id)

    def draft(self, place: Place, asked: Asked, numbers: Collection[str]) -> Mapping[str, Draft]:
        """Return the edit of each relation, with the open work that goes along."""
        return draft_each(place, {number: {asked.role: asked.to} for number in numbers})


NO_MEMBER = Refusal(code="no_member", text="Kies aan wie.")


class ProcessTeams:
    """Giving relations to a process team; roles that the team has not, stay as they are."""

    def complete(self, place: Place, asked: Asked) -> Asked | Refusal:
        """Return what is asked; refuse a team that is not there."""
        teams = read_process_teams(place.connection)
        if asked.process_team not in teams:
            known = f"Kies een procesteam: {', '.join(teams)}." if teams else NO_TEAMS
            return Refusal(code="no_process_team", text=known)
        return _name(asked, asked.process_team)

    def draft(self, place: Place, asked: Asked, numbers: Collection[str]) -> Mapping[str, Draft]:
        """Return the edit of each relation, with the open work that goes along."""
        roles = read_process_teams(place.connection).get(asked.process_team, {})
        return draft_each(place, dict.fromkeys(numbers, roles))


def draft_each(place: Place, wanted: Mapping[str, Mapping[str, str]]) -> dict[str, Draft]:
    """Return by relation the edit that gives these roles to these members."""
    facts = read_role_facts(place.connection, place.office, place.today, [*wanted])
    drafts: dict[str, Draft] = {}
    for number, roles in wanted.items():
        found = draft_roles(facts, number, roles)
        if isinstance(found, Wrong):
            lacks = (_say_unfit(facts, role, roles[role], text) for role, text in found.mistakes)
            drafts[number] = Draft(None, " ".join(lacks))
        else:
            drafts[number] = Draft(found.edit)
    return drafts


def _say_unfit(facts: RoleFacts, role: str, member: str, text: str) -> str:
    """Return why a member may not have a role, with both; in a line of many nobody can choose another."""
    title = next(one.title for one in facts.office.roles if one.id == role)
    known = facts.team.get(member)
    if known is None or not known.active:
        text = f"{known.name if known else member} werkt hier niet meer."
    return f"{title}: {text}"


def _name(asked: Asked, title: str, **more: str) -> Asked:
    return asked.model_copy(update={"title": title, **more})
