"""Policies from their definitions: observations read, and forms told apart."""

from .. import policy as compiled
from .definitions import Definitions
from .language.policy import Policy


def lower_policies(definitions: Definitions) -> tuple[compiled.Policy, ...]:
    """Return the policies of definitions that have no errors, by id."""
    found = ((name, file.model) for name, file in sorted(definitions.policies.items()))
    return tuple(_lower(name, model) for name, model in found if model is not None)


def list_written(policy: Policy, key: str) -> list[str]:
    """Return the observations of a key as they are written."""
    value = policy.within.after if key == "within" and policy.within else getattr(policy, key)
    if isinstance(value, str):
        return [value]
    return list(value) if isinstance(value, list) else []


def _lower(name: str, policy: Policy) -> compiled.Policy:
    form, first, second = _find_form(policy)
    within = policy.within
    return compiled.Policy(
        id=name,
        title=policy.title,
        form=form,
        first=first,
        second=second,
        unless=_read(policy, "unless"),
        since=_read(policy, "since"),
        same=policy.same,
        days=within.days if within else None,
        workdays=within.workdays if within else None,
        most=policy.at_most or 0,
        per=policy.per,
        templates=tuple(policy.templates),
        exempt=tuple(compiled.Exempt(template=e.template, reason=e.reason) for e in policy.exempt),
    )


_Observed = tuple[compiled.Observed, ...]


def _find_form(policy: Policy) -> tuple[compiled.Form, _Observed, _Observed]:
    if policy.never:
        return "never", _read(policy, "never"), _read(policy, "within") if policy.within else ()
    if policy.always:
        return "before", _read(policy, "always"), _read(policy, "before")
    if policy.every:
        return "followed", _read(policy, "every"), _read(policy, "followed_by")
    if policy.who:
        return "differs", _read(policy, "who"), _read(policy, "differs_from")
    if policy.in_order:
        days = _read(policy, "in_order")
        return "order", days[:1], days[1:]
    return "at_most", _read(policy, "of"), ()


def _read(policy: Policy, key: str) -> _Observed:
    read = (compiled.parse_observed(text) for text in list_written(policy, key))
    return tuple(one for one in read if one is not None)
