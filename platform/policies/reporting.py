"""What `kantoor policies` says: findings in words and as data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from ..data import Scalar, fill_in
from ..drawing.markdown import bullet, escape, fill
from ..exploring.own_days import DAYS_AFTER, DAYS_TO_ACT
from ..plan import Plan
from ..policy import Policy
from .completing import Stuck
from .holding import Found
from .judging import Breach
from .mending import Mend, Where
from .paths import describe_start, list_steps, say_move
from .picture import draw_path

Kind = Literal[
    "broken", "excepted", "never_applies", "needless_exception", "never_closes", "sticks", "not_exhaustive"
]


class Finding(NamedTuple):
    """Something that was found about a policy. A breach that is excepted is none that fails."""

    kind: Kind
    policy: str
    template: str
    text: str
    breach: Breach | None = None


def list_findings(policies: Sequence[Policy], found: Sequence[Found]) -> Iterator[Finding]:
    """Yield what was found, by policy, then by template."""
    for policy in policies:
        here = [one for one in found if policy.is_for(one.template)]
        for one in here:
            yield from _find_in_template(policy, one)
        meant = [one for one in here if policy.reason_for(one.template) is None]
        walked = all(one.exhaustive for one in meant)
        if meant and walked and not any(policy.id in one.applied for one in meant):
            names = ", ".join(one.template for one in meant)
            text = f"it never says anything of {names}: {_say_never(policy)}"
            yield Finding("never_applies", policy.id, "", text)
    for one in found:
        if _never_closes(one):
            text = (
                f"no filing of it can be completed: in none of {one.states} states is one, "
                "so that what policies say of a later phase was asked of nothing"
            )
            yield Finding("never_closes", "", one.template, text)
        for stuck in one.stuck:
            yield Finding("sticks", "", one.template, _say_stuck(stuck))
        if not one.exhaustive:
            text = (
                f"not exhaustive: {one.states} states were looked at, and there are more; "
                "--most has it look at more"
            )
            if one.untried:
                names = ", ".join(one.untried)
                text = f"not exhaustive: conditions tell more values apart than are tried, of {names}"
            open_here = list_undecided(policies, one)
            text += f"; not decided: {', '.join(open_here)}" if open_here else ""
            yield Finding("not_exhaustive", "", one.template, text)


def list_undecided(policies: Sequence[Policy], found: Found) -> tuple[str, ...]:
    """Return the policies that may be broken in what was not looked at of a template."""
    if found.exhaustive:
        return ()
    here = (one for one in policies if one.is_for(found.template) and one.reason_for(found.template) is None)
    return tuple(one.id for one in here if found.breach_of(one.id) is None)


def _say_never(policy: Policy) -> str:
    """Return why a policy never says anything."""
    if policy.form != "differs":
        return "what it is about cannot come about there"
    first, second = (" or ".join(one.text for one in some) for some in (policy.first, policy.second))
    return f"there nobody does {first} after somebody did {second}; what kantoor does by itself, nobody does"


def _never_closes(found: Found) -> bool:
    return found.exhaustive and not found.closes


def _say_stuck(stuck: Stuck) -> str:
    told_by = " and ".join(f"{name} is {_say_value(value)}" for name, value in stuck.told_by)
    return (
        f"no filing can be completed{f' where {told_by}' if told_by else ''}: none comes further than "
        f"the phase {stuck.phase} (tried with {describe_start(stuck.start)})"
    )


def _say_value(value: Scalar) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "not known" if value is None else str(value)


def _find_in_template(policy: Policy, found: Found) -> Iterator[Finding]:
    breach, reason = found.breach_of(policy.id), policy.reason_for(found.template)
    if breach and reason is None:
        yield Finding("broken", policy.id, found.template, _say_breach(breach), breach)
    elif breach:
        yield Finding("excepted", policy.id, found.template, reason or "", breach)
    elif reason is not None and found.exhaustive:
        text = "the exception is not needed: the policy holds"
        yield Finding("needless_exception", policy.id, found.template, text)


def fails(finding: Finding) -> bool:
    """Say whether a finding makes that policies do not hold."""
    return finding.kind != "excepted"


def _say_breach(breach: Breach) -> str:
    about = f" ({breach.how.about})" if breach.how.about else ""
    return f"broken in {_count(breach.length, 'step', 'steps')}: {breach.how.said}{about}"


Mends = Mapping[Where, Mend]
"""The edit of each breach that has one alone."""
HOLDS = "With this it holds on every path, and with no other edit of its kind"


def write_text(
    policies: Sequence[Policy],
    found: Sequence[Found],
    plans: dict[str, Plan],
    mends: Mends,
    *,
    every: bool,
) -> Iterator[str]:
    """Yield the lines of the report; `every` shows the way to an excepted breach too."""
    titles = {policy.id: policy.title for policy in policies}
    for finding in list_findings(policies, found):
        where = " ".join(name for name in (finding.policy, finding.template) if name)
        if finding.kind == "excepted" and not every:
            yield f"{where}: excepted: {finding.text}"
            continue
        yield f"{where}: {finding.text}"
        if finding.policy:
            yield f"  {titles[finding.policy]}"
        if finding.breach:
            yield from _say_path(plans[finding.template], finding.breach)
            mend = mends.get((finding.policy, finding.template))
            if mend is not None:
                yield f"  {HOLDS}: {mend.written}, {mend.place}"
        yield ""


def _say_path(plan: Plan, breach: Breach) -> Iterator[str]:
    start = breach.events[0]
    yield f"  {describe_start(start)}:"  # type: ignore[arg-type]
    for line, event in zip(list_steps(plan, breach), breach.events, strict=True):
        yield f"  {line.number:>3}. {say_move(plan, line, event)}"


def write_markdown(
    policies: Sequence[Policy], found: Sequence[Found], plans: dict[str, Plan], mends: Mends
) -> Iterator[str]:
    """Yield the lines of the report as Markdown, with a picture of the way to each breach."""
    of = {policy.id: policy for policy in policies}
    for finding in list_findings(policies, found):
        names = [of[finding.policy].title] if finding.policy else []
        names += [plans[finding.template].title] if finding.template else []
        yield from (f"## {escape(' · '.join(names))}", "")
        yield from (fill(f"{escape(finding.text)}."), "")
        if finding.kind == "broken" and finding.breach:
            yield from write_breach(plans[finding.template], of[finding.policy], finding.breach, mends)


def write_breach(
    plan: Plan, policy: Policy, breach: Breach, mends: Mends, show: Callable[[str], str] = escape
) -> Iterator[str]:
    """Yield the way to a breach as Markdown: what to edit where that is known, its steps, and its picture.

    `show` makes of a text one that means nothing where it stands.
    """
    mend = mends.get((policy.id, plan.template))
    if mend is not None:
        yield from (f"{HOLDS}: `{mend.written}`, {show(mend.place)}.", "")
    yield from (f"{show(describe_start(breach.events[0]))}:", "")  # type: ignore[arg-type]
    for line, event in zip(list_steps(plan, breach), breach.events, strict=True):
        yield bullet(f"{line.number}. {show(say_move(plan, line, event))}")
    yield from ("", "```mermaid", *draw_path(plan, policy, breach).splitlines(), "```", "")


def summarise(policies: Sequence[Policy], found: Sequence[Found]) -> str:
    """Return the last line of the report; of what was not walked wholly it says nothing that holds of all."""
    findings = list(list_findings(policies, found))
    broken = sum(one.kind == "broken" for one in findings)
    filings = sum(len(one.starts) for one in found)
    states, steps = sum(one.states for one in found), sum(one.steps for one in found)
    how = "not exhaustive"
    if all(one.exhaustive for one in found):
        days = min((one.days_to_act for one in found), default=DAYS_TO_ACT)
        how = (
            "exhaustive, one period standing for those that conditions do not tell apart, "
            f"people acting until {days} days after a day that the template names, "
            f"{DAYS_AFTER} after the last where months count from it, and no closed days after that"
        )
    held = f"{_count(len(policies), 'policy', 'policies')} on {_count(len(found), 'template', 'templates')}"
    walked = f"{_count(filings, 'filing', 'filings')}, {states} states, {steps} steps, {how}"
    stuck = sum(map(_never_closes, found))
    also = f", {_count(stuck, 'template', 'templates')} without a way to a completed filing" if stuck else ""
    kinds = sum(len(one.stuck) for one in found)
    also += f", {_count(kinds, 'kind', 'kinds')} of filings that stick" if kinds else ""
    undecided = {name for one in found for name in list_undecided(policies, one)}
    parts = [f"{broken or 'none'} broken"] if broken or not undecided else []
    parts += [f"{len(undecided)} not decided"] if undecided else []
    return f"{held}, {', '.join(parts)}{also}; {walked}"


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"


def as_data(
    policies: Sequence[Policy], found: Sequence[Found], plans: dict[str, Plan], mends: Mends
) -> dict[str, Any]:
    """Return the report as plain data."""
    findings = list(list_findings(policies, found))
    return {
        "format": 1,
        "exhaustive": all(one.exhaustive for one in found),
        "templates": [
            {
                "template": one.template,
                "filings": [describe_start(start) for start in one.starts],
                "states": one.states,
                "steps": one.steps,
                "exhaustive": one.exhaustive,
                "closes": one.closes,
                "stuck": [
                    {"filing": describe_start(s.start), "told_by": dict(s.told_by), "phase": s.phase}
                    for s in one.stuck
                ],
                "untried": one.untried,
                "days_to_act": one.days_to_act,
                "days_after_last": DAYS_AFTER,
                "applied": sorted(one.applied),
                "undecided": list_undecided(policies, one),
            }
            for one in found
        ],
        "findings": [_finding_as_data(one, plans, mends) for one in findings],
        "policies": [{"id": one.id, "title": one.title, "form": one.form} for one in policies],
    }


def _finding_as_data(finding: Finding, plans: dict[str, Plan], mends: Mends) -> dict[str, Any]:
    data: dict[str, Any] = {
        "kind": finding.kind,
        "policy": finding.policy or None,
        "template": finding.template or None,
        "text": finding.text,
    }
    if finding.breach:
        breach = finding.breach
        lines = list_steps(plans[finding.template], breach)
        data["path"] = [
            {
                "number": line.number,
                "day": line.day.isoformat(),
                "move": line.move,
                "sentences": list(line.sentences),
                "event": fill_in(event),
            }
            for line, event in zip(lines, breach.events, strict=True)
        ]
        mend = mends.get((finding.policy, finding.template))
        data["edit"] = mend and {**mend._asdict(), "value": list(mend.value)}
    return data
