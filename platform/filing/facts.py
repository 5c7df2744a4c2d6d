"""Facts (gegevens): what is recorded of the case by a phase's role, and corrected with a reason.

Conditions, dates and texts read them. What hangs on a fact follows at once, also from a correction. A phase
that was skipped by its condition stays as it is once it is passed: a correction begins no work that lies
behind, for that there is the way back.
"""

from collections.abc import Iterator
from datetime import date

from ..data import Scalar
from ..fact_values import say_fact
from ..period import in_words
from ..plan import FactDefinition, Phase
from ..words import say_excess
from .construct import Construct
from .events import Actor, RecordFact
from .outcome import Refusal
from .permissions import refuse_role
from .state import Fact
from .turn import Reader, Turn, put

LONGEST = 500
"""Characters of a text."""
MOST = 10**12
"""Of a number, and in euros of an amount: beyond it somebody typed too much."""
YEARS_BACK, YEARS_AHEAD = 10, 5
"""How far a date may lie before the period, and beyond today or the period: a year that is typed wrongly."""


class Facts(Construct):
    """What is recorded of the case."""

    def obstacles(self, reader: Reader, phase: Phase) -> Iterator[str]:
        """Yield the facts that a phase must record and has not.

        That is the first of their phases that is part of the filing; what comes after it may correct them.
        """
        for fact in reader.plan.facts:
            if not fact.optional and find_fact(reader, fact.id) is None and _is_first(reader, fact, phase):
                yield f"gegeven {fact.id} ('{fact.title}')"


def find_fact(reader: Reader, fact: str) -> Fact | None:
    """Return a fact that was recorded, or None."""
    return next((f for f in reader.case.facts if f.id == fact), None)


def record_fact(turn: Turn, act: RecordFact) -> Refusal | None:
    """Record a fact, or correct it: by the role of one of its phases, the first time while that is active."""
    fact = turn.rules.find_fact(act.fact)
    if fact is None:
        names = ", ".join(f"{f.id} ('{f.title}')" for f in turn.plan.facts) or "geen"
        text = f"Gegeven '{act.fact}' bestaat niet. Kies uit: {names}."
        return Refusal(code="unknown_fact", text=text)
    before = find_fact(turn, fact.id)
    refusal = _refuse_phase(turn, fact, act, correcting=before is not None)
    if refusal:
        return refusal
    value = act.value.strip() if isinstance(act.value, str) else act.value
    refusal = _refuse_value(turn, fact, value)
    if refusal:
        return refusal
    reason = act.reason.strip()
    if before and before.value == value:
        text = f"'{fact.title}' is al vastgelegd als {say_fact(fact, value)}."
        return Refusal(code="fact_unchanged", text=text)
    if before and not reason:
        text = f"'{fact.title}' is al vastgelegd; geef een reden voor de correctie."
        return Refusal(code="reason_missing", text=text)
    why = reason if before else None
    recorded = Fact(id=fact.id, value=value, by=act.by.id, at=turn.now, reason=why)
    turn.set(facts=put(turn.case.facts, recorded, lambda f: f.id))
    turn.add_contribution(act.phase, act.by)
    said = {"fact": fact.id, "title": fact.title, "reason": reason}
    plain = fact.type != "text"  # what somebody writes freely may hold personal data: entries are not sealed
    if plain:
        said["value"] = say_fact(fact, value)
    if before:
        told = said | ({"before": say_fact(fact, before.value)} if plain else {})
        turn.tell("fact_corrected", act.by.id, act.phase, **told)
    else:
        turn.tell("fact_recorded", act.by.id, act.phase, **said)
    return None


def take_day(turn: Turn, phase: Phase, name: str, day: date, by: Actor) -> None:
    """Record the day of a notice as a fact; where it was recorded otherwise before, as a correction.

    A day that the fact cannot have is left to who looks at the notice.
    """
    fact = turn.rules.find_fact(name)
    before = find_fact(turn, name)
    value = day.isoformat()
    if fact is None or (before and before.value == value) or _refuse_value(turn, fact, value):
        return
    reason = "Overgenomen uit het bericht"
    recorded = Fact(id=name, value=value, by=by.id, at=turn.now, reason=reason if before else None)
    turn.set(facts=put(turn.case.facts, recorded, lambda f: f.id))
    told = {"fact": name, "title": fact.title, "reason": reason, "value": say_fact(fact, value)}
    if before:
        told["before"] = say_fact(fact, before.value)
    turn.tell("fact_corrected" if before else "fact_recorded", by.id, phase.id, **told)


def refuse_day_to_come(reader: Reader, fact: FactDefinition, day: date) -> Refusal | None:
    """Refuse a day after today of what has happened."""
    if not fact.past or day <= reader.now.date():
        return None
    text = (
        f"'{fact.title}' is vandaag of eerder, en {in_words(day)} moet nog komen. Vul de dag in waarop "
        "het is gebeurd; is het nog niet gebeurd, leg het dan pas daarna vast."
    )
    return Refusal(code="day_to_come", text=text)


def _is_first(reader: Reader, fact: FactDefinition, phase: Phase) -> bool:
    """Say whether a phase is the one that must record a fact: those of its phases before it are over."""
    if phase.id not in fact.set_in:
        return False
    earlier = [p.id for p in reader.plan.phases if p.id in fact.set_in]
    earlier = earlier[: earlier.index(phase.id)]
    return all(reader.status(name) in ("completed", "skipped") for name in earlier)


def _refuse_phase(turn: Turn, fact: FactDefinition, act: RecordFact, *, correcting: bool) -> Refusal | None:
    """Refuse a phase that does not record the fact, or not now, and a person who lacks its role."""
    phase = turn.rules.find_phase(act.phase)
    if phase and phase.id not in fact.set_in:
        names = " of ".join(f"'{turn.rules.phase(name).title}'" for name in fact.set_in)
        text = f"'{fact.title}' wordt vastgelegd in de fase {names}, niet in '{phase.title}'."
        return Refusal(code="fact_not_here", text=text)
    if correcting and fact.closes_with_phase and not any(turn.is_active(name) for name in fact.set_in):
        return _say_closed(turn, fact)
    if phase is None or not correcting or fact.closes_with_phase:
        active = turn.active_phase(act.phase)
        if isinstance(active, Refusal):
            return active
        phase = active
    return refuse_role(turn, phase, act.by)


def _say_closed(reader: Reader, fact: FactDefinition) -> Refusal:
    """Refuse to correct what a phase that is over decided by: no correction takes that decision again."""
    names = " of ".join(f"'{reader.rules.phase(name).title}'" for name in fact.set_in)
    way = "Annuleer deze opdracht en begin opnieuw, met wat nu bekend is."
    if _leads_back(reader, fact):
        way = "Stuur het werk eerst terug naar die fase; daar kan het worden gecorrigeerd."
    text = f"'{fact.title}' staat vast, omdat er in de fase {names} over is beslist. {way}"
    return Refusal(code="fact_closed", text=text)


def _leads_back(reader: Reader, fact: FactDefinition) -> bool:
    """Say whether sending back, once or more often, comes to a phase of a fact."""
    order = [phase.id for phase in reader.plan.phases]
    last = max(order.index(name) for name in fact.set_in)
    waiting = [phase for phase in reader.plan.phases if reader.is_active(phase.id)]
    while waiting:
        back = waiting.pop().back_to
        if back and order.index(back) <= last:
            return True
        waiting += [reader.rules.phase(back)] if back else []
    return False


def _refuse_value(reader: Reader, fact: FactDefinition, value: Scalar) -> Refusal | None:
    """Refuse a value that a fact cannot have."""
    day = _read_day(value)
    to_come = refuse_day_to_come(reader, fact, day) if day else None
    wrong = _find_wrong(reader, fact, value)
    return to_come or (Refusal(code="wrong_value", text=wrong) if wrong else None)


def _find_wrong(reader: Reader, fact: FactDefinition, value: Scalar) -> str | None:
    """Say in Dutch what is wrong with a value, or None."""
    match fact.type:
        case "date":
            return _find_wrong_day(reader, fact, value)
        case "yes_no":
            return None if isinstance(value, bool) else f"'{fact.title}' is ja of nee."
        case "choice":
            options = ", ".join(f"{option.id} ('{option.title}')" for option in fact.options)
            known = any(option.id == value for option in fact.options)
            return None if known else f"Kies '{fact.title}' uit: {options}."
        case "text":
            if not isinstance(value, str) or not value:
                return f"'{fact.title}' is een tekst, en mag niet leeg zijn."
            long = f"'{fact.title}' is {say_excess(len(value), LONGEST)}."
            return long if len(value) > LONGEST else None
        case "money" | "number":
            if isinstance(value, bool) or not isinstance(value, int):
                sort = "een bedrag" if fact.type == "money" else "een geheel getal"
                return f"'{fact.title}' is {sort}."
            most = MOST * 100 if fact.type == "money" else MOST
            return f"'{fact.title}' is onwaarschijnlijk groot." if abs(value) > most else None


def _read_day(value: Scalar) -> date | None:
    """Return the day that is written so in a filing, or None."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day and day.isoformat() == value else None


def _find_wrong_day(reader: Reader, fact: FactDefinition, value: Scalar) -> str | None:
    day = _read_day(value)
    if day is None:
        return f"'{fact.title}' is een datum."
    period, today = reader.rules.origin.period, reader.now.date()
    first = date(period.start.year - YEARS_BACK, 1, 1)
    last = date(max(period.end.year, today.year) + YEARS_AHEAD, 12, 31)
    if first <= day <= last:
        return None
    between = f"tussen {in_words(first)} en {in_words(last)}"
    return f"'{fact.title}' kan niet op {in_words(day)} zijn; verwacht wordt een datum {between}."


FACTS = Facts()
Facts.acts = {"record_fact": record_fact}
