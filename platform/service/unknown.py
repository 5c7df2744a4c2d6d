"""What is refused because there is no such name or number here, with the one that is probably meant."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from sqlalchemy import Connection

from ..filing.outcome import Refusal
from ..office.people import Contact, TeamMember, ids_of_contacts, ids_of_members
from ..office.plans import active_plans
from ..office.relations.relation import all_numbers, find_named
from ..suggest import MANY, ask_in_dutch, nearest, say_what_is_meant

NOT_DEPLOYED = Refusal(code="not_deployed", text="Er zijn nog geen definities gepubliceerd.")

NO_RELATION = "Er is geen relatie met nummer {}."
MOST_NAMED = 3
SHORTEST_NAME = 3
"""Of a name that is typed for a number so many letters say which relations are meant, where these are few."""
MOST_MEANT = 20
"""Of so many numbers that do not exist at once it is looked for which are meant."""
_LOOK_ALIKES = str.maketrans("OoIl", "0011")


def refuse_template(connection: Connection, template: str) -> Refusal:
    """Return the refusal of a template that is not published."""
    known = [published.template for published in active_plans(connection)]
    if not known:
        return NOT_DEPLOYED
    text = f"Er is geen werkproces '{template}'. {say_what_is_meant(template, known)}"
    return Refusal(code="unknown_template", text=text)


def refuse_person(connection: Connection, who: str, *, colleague: bool = False) -> Refusal:
    """Return the refusal of somebody who is not known, with the id that is near; never an address or name.

    Where only a `colleague` can be meant no contact is proposed.
    """
    members = ids_of_members(connection)
    meant_ids = members if colleague else [*members, *ids_of_contacts(connection)]
    near = nearest(who.partition("@")[0], meant_ids)
    see: Literal["people"] | None = None
    if near:
        meant = ask_in_dutch(who.partition("@")[0], near)
    elif 0 < len(members) <= MANY:
        meant = f"Medewerkers: {', '.join(members)}."
    else:
        meant, see = "", "people"
    text = f"Er is niemand met id of e-mailadres '{who}', of deze persoon is niet meer actief. {meant}"
    return Refusal(code="unknown_person", text=text.rstrip(), see=see)


def refuse_other_than_member(
    connection: Connection, who: str, person: TeamMember | Contact | None, what: str
) -> Refusal:
    """Return the refusal of somebody who is not a team member, for what only those can do."""
    if person is None:
        return refuse_person(connection, who, colleague=True)
    text = f"Alleen een medewerker kan {what}; '{who}' is een contactpersoon."
    return Refusal(code="unknown_person", text=text)


def refuse_relation(connection: Connection, number: str, code: str = "no_relation") -> Refusal:
    """Return the refusal of a relation that does not exist."""
    text = say_no_relation(connection, number)
    return Refusal(code=code, text=text, see="relations" if text == NO_RELATION.format(number) else None)


def say_no_relation(connection: Connection, number: str) -> str:
    """Return the sentence about a relation that does not exist."""
    return _say_no_relation(number, all_numbers(connection), _find_named(connection, [number]))


def say_no_relations(connection: Connection, numbers: Iterable[str]) -> dict[str, str]:
    """Return by number the sentences about those of these relations that do not exist.

    The number that is probably meant is looked for of the first ones alone: each takes as long as there are
    relations, and where so many are unknown none was mistyped.
    """
    known = all_numbers(connection)
    there = {*known}
    unknown = [one for one in dict.fromkeys(numbers) if one not in there]
    first = unknown[:MOST_MEANT]
    named = _find_named(connection, first)
    return {one: NO_RELATION.format(one) for one in unknown} | {
        one: _say_no_relation(one, known, named) for one in first
    }


def _find_named(connection: Connection, numbers: Sequence[str]) -> dict[str, list[str]]:
    names = [one for one in numbers if len(one.strip()) >= SHORTEST_NAME]
    return find_named(connection, names, MOST_MEANT * MOST_NAMED)


def _say_no_relation(number: str, known: Sequence[str], found: Mapping[str, Sequence[str]]) -> str:
    digits, several = number.translate(_LOOK_ALIKES), re.split(r"[\s,;]+", number.strip())
    named = found.get(number, ())
    if digits in known:
        meant = f"Bedoelt u '{digits}'?"
    elif len(several) > 1 and {*several} <= {*known}:
        meant = f"Noem elk nummer apart: {', '.join(several)}."
    elif 0 < len(named) <= MOST_NAMED:  # without their names: what is refused may be kept in a log
        quoted = (f"'{one}'" for one in named)
        meant = f"Bedoelt u {' of '.join(quoted)}?"
    else:
        meant = say_what_is_meant(number, known, "")
    return f"{NO_RELATION.format(number)} {meant}".rstrip()
