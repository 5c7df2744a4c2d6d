"""A policy in a line, and what another one says instead: by the keys that it is written with."""

from collections.abc import Iterable

from ..policy import Form, Observed, Policy
from .saying import count, join, quote

_KEYS: dict[Form, tuple[str, str]] = {
    "never": ("never", ""),
    "before": ("always", "before"),
    "followed": ("every", "followed by"),
    "differs": ("who", "differs from"),
    "order": ("first", "then"),
    "at_most": ("of", ""),
}


def say_new_policy(policy: Policy) -> str:
    """Return that a policy is new, with what it asks."""
    return f"There is a new policy {_name(policy)}: {_say(policy)}."


def say_changed_policy(before: Policy, after: Policy | None) -> str:
    """Return what a policy no longer asks, or asks instead."""
    if after is None:
        return f"The policy {_name(before)} is gone: {_say(before)}."
    old, new = _list(before), _list(after)
    parts = []
    for key in dict.fromkeys((*old, *new)):
        was, now = old.get(key), new.get(key)
        if was != now and was and now:
            parts.append(f"{key} {now} instead of {was}")
        elif was != now:
            parts.append(f"now {key} {now}" if now else f"no longer {key} {was}")
    return f"The policy {_name(before)} is another: {'; '.join(parts)}."


def _name(policy: Policy) -> str:
    return f"{quote(policy.title)} ({policy.id})"


def _say(policy: Policy) -> str:
    return "; ".join(f"{key} {said}" for key, said in _list(policy).items())


def _list(policy: Policy) -> dict[str, str]:
    """Return what a policy says, by key."""
    first, second = _KEYS[policy.form]
    within = ""
    if policy.days is not None or policy.workdays is not None:
        long = (
            count(policy.workdays or 0, "working day") if policy.days is None else count(policy.days, "day")
        )
        within = f"{long} after {_show(policy.second)}"
    said = {
        "at most": f"{policy.most} per {policy.per}" if policy.form == "at_most" else "",
        first: _show(policy.first),
        second: _show(policy.second),
        "within": within,
        "since": _show(policy.since),
        "unless": _show(policy.unless),
        "about the same": policy.same or "",
        "for": f"{join(map(quote, policy.templates))} alone" if policy.templates else "",
        "except for": join(f"{quote(one.template)} ({one.reason})" for one in policy.exempt),
    }
    return {key: text for key, text in said.items() if key and text}


def _show(observed: Iterable[Observed]) -> str:
    return join((quote(one.text) for one in observed), "or")
