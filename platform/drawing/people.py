"""Who and what a plan means, in Dutch words."""

from collections.abc import Mapping

from ..plan import Plan, To

_DECIDE = {"one": "", "all": ", allen samen", "each": ", ieder voor zich"}


def name_role(plan: Plan, role: str) -> str:
    """Return the title of a role; one that the plan does not hold keeps its id."""
    return next((one.title for one in plan.roles if one.id == role), role.replace("_", " "))


def name_template(template: str, titles: Mapping[str, str]) -> str:
    """Return the title of a template between quotes; one that has none in `titles` keeps its id."""
    return f"‘{titles[template]}’" if template in titles else template


def say_reader(plan: Plan, to: To) -> str:
    """Return who something is for: 'de eerste contactpersoon', 'de directeur, allen samen'."""
    decide = _DECIDE[to.decide]
    if to.kind == "role":
        return f"{name_role(plan, to.name or '')}{decide}"
    if to.kind == "function":
        return f"wie {(to.name or '').replace('_', ' ')} is{decide}"
    return f"de eerste contactpersoon{decide}"
