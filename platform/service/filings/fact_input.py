"""What somebody types for a fact: which one is meant, and the value that is."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from ...data import Scalar, replace
from ...exploring.reach import list_date_rules
from ...filing.events import Actor
from ...filing.outcome import Refusal
from ...filing.view import View
from ...period import in_words
from ...plan import FactDefinition, NoticeAwaited, Plan, WaitFor
from ...suggest import nearest, say_what_is_meant
from ...typed import TypedError, read_cents, read_day, read_number, read_yes_no
from ..far_days import refuse_far_day


def find_definition(plan: Plan, written: str) -> FactDefinition | Refusal:
    """Return the fact that is named by its id or title, or why there is none."""
    plain = written.strip().casefold()
    named = next((f for f in plan.facts if plain in (f.id, f.title.casefold())), None)
    if named:
        return named
    known = [fact.id for fact in plan.facts]
    choice = f" {say_what_is_meant(written, known)}" if known else " Dit werkproces legt geen gegevens vast."
    return Refusal(code="unknown_fact", text=f"Gegeven '{written}' bestaat niet.{choice}")


def find_fact_of_notice(plan: Plan, phase: str, kind: str) -> FactDefinition | None:
    """Return the fact that takes the day of a notice for which a phase waits; None where none does."""
    block = next((one.block for one in plan.phases if one.id == phase), None)
    awaited = block.awaited if isinstance(block, WaitFor) else ()
    known = {one.fact for one in awaited if isinstance(one, NoticeAwaited) and one.notice == kind}
    return next((one for one in plan.facts if one.id in known), None)


def read_value(fact: FactDefinition, written: str) -> Scalar | Refusal:
    """Return the value that was typed: 31-12-2025, 1.234,56, ja, an option by its id or title."""
    try:
        match fact.type:
            case "date":
                return read_day(written).isoformat()
            case "money":
                return read_cents(written)
            case "number":
                return read_number(written)
            case "yes_no":
                return read_yes_no(written)
            case "choice":
                return _read_option(fact, written)
            case "text":
                return written.strip()
    except TypedError as error:
        return Refusal(code="wrong_value", text=f"'{fact.title}': {error}.")


def refuse_far_fact(plan: Plan, fact: FactDefinition, day: date, today: date) -> Refusal | None:
    """Refuse a day that is far off for a fact from which a last day by law is counted."""
    far = refuse_far_day(day, today) if _is_counted(plan, fact) else None
    return replace(far, text=f"'{fact.title}': {far.text}") if far else None


def refuse_coming_fact(plan: Plan, fact: FactDefinition, day: date, today: date) -> Refusal | None:
    """Refuse a day to come for a fact that a person records and from which a last day by law is counted.

    What such a fact tells has happened, as a rule; a notice may be dated ahead.
    """
    if day <= today or not _is_counted(plan, fact):
        return None
    text = f"'{fact.title}': {in_words(day)} is nog niet geweest. Klopt de dag?"
    return Refusal(code="far_day", text=text)


def _is_counted(plan: Plan, fact: FactDefinition) -> bool:
    """Say whether a last day by law is counted from a fact."""
    return any(fact.id in _list_counted(plan, one) for one in plan.deadlines if one.law)


def _list_counted(plan: Plan, part: Any) -> Iterator[str]:
    """Yield the facts from which the days of a part of a plan are counted, also through other days."""
    for rule in list_date_rules(part):
        group, _, name = rule.anchor.partition(".")
        if group == "facts":
            yield name
        elif group == "deadlines":
            yield from _list_counted(plan, plan.deadline(name))
        elif group == "targets":
            yield from _list_counted(plan, plan.phase(name).due)


def choose_phase(view: View, plan: Plan, fact: FactDefinition, actor: Actor) -> str:
    """Return the phase in which somebody records a fact: preferably one that is active, and of their role.

    Whether they may do so is the machine's to say.
    """
    active = {phase.id for phase in view.phases if phase.status == "active"}

    def rank(name: str) -> tuple[bool, bool]:
        return name not in active, plan.phase(name).role not in actor.roles

    return min(fact.set_in, key=rank)


def _read_option(fact: FactDefinition, written: str) -> str:
    plain = written.strip().casefold()
    for option in fact.options:
        if plain in (option.id, option.title.casefold()):
            return option.id
    ids: Sequence[str] = [option.id for option in fact.options]
    near = nearest(plain, ids)
    choices = ", ".join(f"{option.id} ('{option.title}')" for option in fact.options)
    meant = f"bedoelt u '{near}'?" if near else f"kies uit: {choices}"
    raise TypedError(f"'{written}' is geen keuze; {meant}")
