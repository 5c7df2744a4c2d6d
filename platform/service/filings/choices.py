"""Why a choice of a move is refused, and what was probably meant: a phase, a safeguard or a date (R40)."""

from collections.abc import Iterator

from ...filing.mapping import Mapping
from ...filing.moving import Verdict
from ...filing.moving.dates import list_dated
from ...filing.moving.renaming import rename_phases
from ...filing.moving.safeguards import list_guards, name_guard
from ...filing.saying_moves import say_reasons
from ...filing.state import State
from ...filing.turn import Reader
from ...period import in_words
from ...plan import Plan
from ...suggest import say_what_is_meant


def say_why(old: Plan, new: Plan, state: State, mapping: Mapping, verdict: Verdict) -> tuple[str, ...]:
    """Return the reasons of a verdict, a Dutch sentence a reason; of a choice that cannot be made its own."""
    texts = say_reasons(old, new, verdict.reasons)
    return tuple(
        _explain(Reader(old, state), new, mapping, one.item)
        if one.code == "mapping_unknown" and one.item
        else text
        for one, text in zip(verdict.reasons, texts, strict=True)
    )


def _explain(old: Reader, new: Plan, mapping: Mapping, name: str) -> str:
    phases = [phase.id for phase in new.phases]
    if name not in phases and (name == mapping.back_to or name in mapping.phases.values()):
        return f"Het andere plan heeft geen fase '{name}'. {say_what_is_meant(name, phases)}"
    if name in mapping.phases:
        own = [phase.id for phase in old.plan.phases]
        return f"Het plan van nu heeft geen fase '{name}'. {say_what_is_meant(name, own)}"
    if name in mapping.without:
        return _explain_safeguard(old, mapping, name)
    return _explain_date(old, new, mapping, name)


def _explain_safeguard(old: Reader, mapping: Mapping, name: str) -> str:
    known = {*_list_safeguards(old, mapping)}
    if name in known:
        return f"De waarborg '{name}' blijft: daar hoeft het kantoor niet van af te zien."
    return f"Er is geen waarborg '{name}' in het plan van nu. {say_what_is_meant(name, known, '')}".rstrip()


def _list_safeguards(old: Reader, mapping: Mapping) -> Iterator[str]:
    yield from (f"document:{one.id}" for one in old.plan.documents)
    for phase in old.plan.phases:
        yield from map(name_guard, list_guards(old.rules, phase, mapping.phases))


def _explain_date(old: Reader, new: Plan, mapping: Mapping, name: str) -> str:
    after = Reader(new, rename_phases(old.state, mapping.phases))
    waiting = {one.name: one for one in list_dated(old, after, mapping.phases)}
    dated = {
        f"{phase.id}.{one.id}": phase
        for phase in new.phases
        for one in phase.automations
        if not isinstance(one.at, str)
    }
    if name not in dated:
        text = f"In het andere plan gebeurt niets vanzelf op een dag dat '{name}' heet."
        return f"{text} {say_what_is_meant(name, dated, '')}".rstrip()
    if name in mapping.kept and name in mapping.dropped:
        return f"'{name}' kan niet zowel op de dag van nu blijven als vervallen."
    if name not in waiting:
        ran = f"'{name}' is in deze ronde al gebeurd."
        not_now = f"'{name}' is nu niet aan de beurt: de fase '{dated[name].title}' is niet bezig."
        return ran if after.is_active(dated[name].id) else not_now
    one = waiting[name]
    if name not in mapping.kept or one.can_be_kept:
        return f"'{name}' begint volgens het andere plan: de fase '{dated[name].title}' wordt opnieuw gedaan."
    if one.before is None:
        return f"'{name}' wacht nu op geen dag."
    return f"'{name}' blijft vanzelf op {in_words(one.before)}."
