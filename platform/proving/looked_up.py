"""Who gets work by being looked up outside the machine: holders of roles by fallbacks, and contacts.

The machine takes an act from whoever was looked up, so that no walk sees who that is. Here it is compared.
"""

from collections.abc import Iterator

from ..office.people import chain_of
from ..plan import Plan, To
from ..review.saying import name, say_to


def list_looked_up(before: Plan, after: Plan) -> Iterator[str]:
    """Yield as a sentence who can now be found for work for which they could not be found before."""
    yield from _list_by_fallback(before, after)
    for what, was, now in _list_addressed(before, after):
        if (was.kind, was.name) != (now.kind, now.name):
            yield f"{_begin(say_to(after, now))} can now {what}."
        elif was.decide != now.decide and was.decide != "one" and now.decide != "all":
            yield f"{_begin(say_to(after, now))} can now {what}, where before it took {say_to(before, was)}."


def _list_by_fallback(before: Plan, after: Plan) -> Iterator[str]:
    """Yield who gets the work of a role where its holder is lacking, and those who came before them."""
    for role in after.roles:
        if all(one.id != role.id for one in before.roles):
            continue
        was, now = chain_of(role.id, before.roles), chain_of(role.id, after.roles)
        for place, other in enumerate(now):
            first = set(was[: was.index(other)]) if other in was else None
            if first is None or not first <= set(now[:place]):
                holder, work = name(after, "roles", other), name(after, "roles", role.id)
                yield f"Who has the role {holder} can now do the work of {work} where nobody else is found."


def _list_addressed(before: Plan, after: Plan) -> Iterator[tuple[str, To, To]]:
    """Yield what contacts are asked, with who they were and who they are."""
    known = dict(_list_asked(before))
    for (phase, what, automation), now in _list_asked(after):
        was = known.get((phase, what, automation))
        if was is not None and "role" not in (was.kind, now.kind):
            yield f"{what} {name(after, 'phases', phase)}", was, now


def _list_asked(plan: Plan) -> Iterator[tuple[tuple[str, str, str], To]]:
    for phase in plan.phases:
        if phase.offer:
            yield (phase.id, "decide on the offer of", ""), phase.offer.to
        for one in phase.automations:
            if one.task:
                yield (phase.id, "do a task of", one.id), one.task.to
            if one.request:
                yield (phase.id, "answer what is asked in", one.id), one.request.to


def _begin(text: str) -> str:
    return text[:1].upper() + text[1:]
