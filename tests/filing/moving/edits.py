"""Random edits that an office makes to a plan, each with the mapping that it would write down with it."""

from typing import Any, NamedTuple

from hypothesis import strategies as st

from kantoor.data import replace
from kantoor.filing.moving import Mapping, fill_in_phases
from kantoor.plan import (
    Automation,
    Checkpoint,
    CreateTask,
    DateRule,
    Phase,
    Plan,
    Remind,
    To,
    Work,
)


class Edit(NamedTuple):
    """The plan as it becomes, with the mapping there; `back` the one for the way back."""

    name: str
    plan: Plan
    there: Mapping = Mapping()
    back: Mapping = Mapping()

    def __repr__(self) -> str:
        """Say which edit it is; a plan would fill the screen."""
        return f"{self.name}"


def change_phase(plan: Plan, name: str, **changes: Any) -> Plan:
    """Return the plan with something of a phase changed."""
    return replace(plan, phases=tuple(replace(p, **changes) if p.id == name else p for p in plan.phases))


def rename_phase(plan: Plan, old: str, new: str) -> Plan:
    """Return the plan with a phase under another id, wherever it is named."""

    def rename(part: Any) -> Any:
        if isinstance(part, tuple):
            return tuple(map(rename, part))
        if isinstance(part, str):
            return new if part == old else part
        if isinstance(part, DateRule):
            anchor = part.anchor
            return replace(
                part,
                anchor=anchor.replace(f".{old}", f".{new}")
                if anchor.startswith(("phases.", "targets."))
                else anchor,
            )
        return part

    phases = []
    for phase in plan.phases:
        block = phase.block
        chase = block.chase
        if isinstance(block, Work) or chase:
            block = replace(block, chase=_rename_in(chase, rename))
        phases.append(
            replace(
                phase,
                id=rename(phase.id),
                four_eyes=rename(phase.four_eyes),
                back_to=rename(phase.back_to),
                due=rename(phase.due),
                not_before=rename(phase.not_before),
                outcomes=tuple(replace(o, then=rename(o.then)) for o in phase.outcomes),
                automations=tuple(replace(a, at=rename(a.at)) for a in phase.automations),
                block=_rename_in(block, rename),
            )
        )
    return replace(
        plan,
        phases=tuple(phases),
        facts=tuple(replace(f, set_in=rename(f.set_in)) for f in plan.facts),
        documents=tuple(replace(d, made_in=rename(d.made_in)) for d in plan.documents),
        deadlines=tuple(
            replace(
                d,
                earliest=rename(d.earliest),
                latest=rename(d.latest),
                due=tuple(replace(c, rule=rename(c.rule)) for c in d.due),
            )
            for d in plan.deadlines
        ),
    )


def _rename_in(part: Any, rename: Any) -> Any:
    """Rename in the dates and phases of a block or chase."""
    if part is None:
        return None
    changes: dict[str, Any] = {}
    for name in part.__struct_fields__:
        value = getattr(part, name)
        if isinstance(value, DateRule) or name == "then":
            changes[name] = rename(value)
        elif name in ("chase", "escalate", "give_up"):
            changes[name] = _rename_in(value, rename)
        elif name == "awaited":
            changes[name] = tuple(replace(a, on=rename(a.on)) if hasattr(a, "on") else a for a in value)
    return replace(part, **changes)


def add_checkpoint(plan: Plan, phase: Phase, required: bool = True) -> Plan:
    new = Checkpoint(id="nieuw_punt", title="Nieuw punt", required=required)
    return change_phase(plan, phase.id, checkpoints=(*phase.checkpoints, new))


def date_task(plan: Plan, phase: Phase, at: DateRule) -> Plan:
    """Return the plan with a task for a colleague on a day of a phase."""
    task = CreateTask(title="Bel", to=To(kind="role", name=phase.role))
    automations = (*phase.automations, Automation(id="nieuwe_taak", at=at, task=task))
    return change_phase(plan, phase.id, automations=automations)


def add_phase(plan: Plan, place: int, **facts: Any) -> Plan:
    role = plan.phases[0].role
    new = Phase(id="nieuwe_fase", title="Nieuwe fase", role=role, block=Work(), **facts)
    return replace(plan, phases=(*plan.phases[:place], new, *plan.phases[place:]))


def split_phase(plan: Plan, phase: Phase) -> Plan:
    """Return the plan with a phase of work as two, the first half of its checkpoints in the first."""
    half = len(phase.checkpoints) // 2
    renamed = rename_phase(plan, phase.id, "eerste")
    place = [one.id for one in renamed.phases].index("eerste")
    first = replace(renamed.phases[place], was=(phase.id,), checkpoints=phase.checkpoints[:half])
    second = Phase(
        id="tweede",
        title="Tweede helft",
        was=(phase.id,),
        role=phase.role,
        group=first.group,
        condition=first.condition,
        checkpoints=phase.checkpoints[half:],
        block=Work(),
    )
    return replace(renamed, phases=(*renamed.phases[:place], first, second, *renamed.phases[place + 1 :]))


def merge_phases(plan: Plan, first: Phase, second: Phase) -> Plan:
    """Return the plan with a phase that nothing names as part of the one before it."""
    known = {one.id for one in first.checkpoints}
    more = tuple(one for one in second.checkpoints if one.id not in known)
    merged = replace(first, was=(second.id,), checkpoints=(*first.checkpoints, *more))
    return replace(
        plan, phases=tuple(merged if one == first else one for one in plan.phases if one != second)
    )


def say_was(name: str, old: Plan, new: Plan) -> Edit:
    """Return an edit whose mapping is in the definitions."""
    return Edit(name, new, fill_in_phases(old, new, Mapping()), fill_in_phases(new, old, Mapping()))


@st.composite
def edits(draw: st.DrawFn, plan: Plan) -> Edit:
    """Return one edit of a plan that leaves it one that the compiler could have made."""
    phase = draw(st.sampled_from(plan.phases))
    kind = draw(
        st.sampled_from(
            (
                *("rename", "add_checkpoint", "add_optional", "remove_checkpoint", "add_phase"),
                *("add_safe_phase", "remove_phase", "due", "role", "text", "way", "decide", "chase"),
                *("dated_task", "four_eyes", "review", "condition", "swap", "title"),
                *("was", "split", "merge", "dated_day"),
            )
        )
    )
    match kind:
        case "rename":
            new = rename_phase(plan, phase.id, "andere_naam")
            return Edit(
                kind,
                new,
                Mapping(phases={phase.id: "andere_naam"}),
                Mapping(phases={"andere_naam": phase.id}),
            )
        case "was":
            new = rename_phase(plan, phase.id, "andere_naam")
            return say_was(kind, plan, change_phase(new, "andere_naam", was=(phase.id,)))
        case "split" if isinstance(phase.block, Work):
            return say_was(kind, plan, split_phase(plan, phase))
        case "merge" if plan.phases.index(phase) and _is_removable(plan, phase) and not phase.group:
            first = plan.phases[plan.phases.index(phase) - 1]
            safe = phase.automations or phase.reviews or phase.signs or phase.four_eyes
            if isinstance(first.block, Work) and not first.group and not safe:
                return say_was(kind, plan, merge_phases(plan, first, phase))
            return Edit("title", replace(plan, title="Anders"))
        case "add_checkpoint" | "add_optional" if isinstance(phase.block, Work):
            return Edit(kind, add_checkpoint(plan, phase, required=kind == "add_checkpoint"))
        case "remove_checkpoint" if phase.checkpoints:
            gone = draw(st.sampled_from(phase.checkpoints))
            kept = tuple(c for c in phase.checkpoints if c != gone)
            return Edit(kind, change_phase(plan, phase.id, checkpoints=kept))
        case "add_phase" | "add_safe_phase":
            place = draw(st.integers(0, len(plan.phases)))
            while (
                0 < place < len(plan.phases)
                and plan.phases[place].group
                and (plan.phases[place - 1].group == plan.phases[place].group)
            ):
                place += 1
            guards = (
                {}
                if kind == "add_safe_phase"
                else {"checkpoints": (Checkpoint(id="x", title="X", required=True),)}
            )
            return Edit(kind, add_phase(plan, place, **guards))
        case "remove_phase" if _is_removable(plan, phase):
            return Edit(kind, replace(plan, phases=tuple(p for p in plan.phases if p != phase)))
        case "due":
            days = draw(st.integers(-20, 20))
            return Edit(kind, change_phase(plan, phase.id, due=DateRule(anchor="period.end", days=days)))
        case "role":
            role = draw(st.sampled_from(plan.roles))
            return Edit(kind, change_phase(plan, phase.id, role=role.id))
        case "text" if plan.messages:
            gone = draw(st.sampled_from(plan.messages))
            texts = {k: replace(t, subject=f"{t.subject}!") for k, t in gone.texts.items()}
            new_ones = tuple(replace(m, texts=texts) if m == gone else m for m in plan.messages)
            return Edit(kind, replace(plan, messages=new_ones))
        case "way" if phase.offer:
            way = draw(st.sampled_from(("approval", "signature")))
            return Edit(kind, change_phase(plan, phase.id, block=replace(phase.offer, offer_as=way)))
        case "decide" if phase.offer and phase.offer.to.decide != "each":
            decide = draw(st.sampled_from(("one", "all")))
            to = replace(phase.offer.to, decide=decide)
            return Edit(kind, change_phase(plan, phase.id, block=replace(phase.offer, to=to)))
        case "chase" if phase.chase:
            chase = replace(phase.chase, remind=Remind(every_days=draw(st.integers(1, 9)), at_most=2))
            message = phase.offer or (phase.chase.remind and phase.chase.remind.message)
            if not message:
                return Edit("title", replace(plan, title="Anders"))
            if not phase.offer:
                assert phase.chase.remind
                chase = replace(chase, remind=replace(phase.chase.remind, every_days=3))
            return Edit(kind, change_phase(plan, phase.id, block=replace(phase.block, chase=chase)))
        case "dated_day" if dated := [a for a in phase.automations if isinstance(a.at, DateRule)]:
            moved = draw(st.sampled_from(dated))
            at = DateRule(anchor="period.end", days=draw(st.integers(-30, 60)))
            automations = tuple(replace(a, at=at) if a == moved else a for a in phase.automations)
            choice = {draw(st.sampled_from(("kept", "dropped"))): (f"{phase.id}.{moved.id}",)}
            return Edit(kind, change_phase(plan, phase.id, automations=automations), Mapping(**choice))
        case "dated_task":
            at = DateRule(anchor="period.end", days=draw(st.integers(-30, 60)))
            return Edit(kind, date_task(plan, phase, at))
        case "four_eyes" if isinstance(phase.block, Work) and plan.phases.index(phase):
            before = plan.phases[: plan.phases.index(phase)]
            checked = draw(st.sampled_from(before)).id
            return Edit(kind, change_phase(plan, phase.id, four_eyes=tuple({*phase.four_eyes, checked})))
        case "review" if phase.reviews:
            return Edit(kind, change_phase(plan, phase.id, reviews=()))
        case "swap" if len(plan.phases) > 1 and not any(p.group for p in plan.phases):
            place = draw(st.integers(0, len(plan.phases) - 2))
            order = list(plan.phases)
            order[place], order[place + 1] = order[place + 1], order[place]
            return Edit(kind, replace(plan, phases=tuple(order)))
        case _:
            return Edit("title", replace(plan, title="Anders"))


def _is_removable(plan: Plan, phase: Phase) -> bool:
    """Say whether nothing names a phase: it makes nothing, and nobody goes back to it or checks it."""
    named = {name for p in plan.phases for name in (*p.four_eyes, p.back_to)}
    named |= {o.then for p in plan.phases for o in p.outcomes} | {d.made_in for d in plan.documents}
    named |= {name for fact in plan.facts for name in fact.set_in}
    anchored = f".{phase.id}" in repr(plan)
    first = len(plan.phases) > 1
    return first and not anchored and phase.id not in named and isinstance(phase.block, Work)
