"""Verdicts on moves and what a move does, in Dutch as people of the office read it; and a move's entries."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ..period import in_words
from ..plan import Plan
from ..words import COMMAND_WORDS, LOST_WORDS, MOVE_DATE_WORDS, OFFER_PART_WORDS, WAY_WORDS
from .events import Move
from .mapping import DIGEST_SHOWN, Effect, Mapping
from .moving.verdicts import Moved, Reason, Verdict
from .turn import Reader, Turn

REASONS = {
    "ended": "Deze opdracht is afgesloten.",
    "same_plan": "Deze opdracht loopt al op dit plan.",
    "behind": "De plannen verschillen in niets dat deze opdracht nog tegenkomt.",
    "checkpoint_open": "Het verplichte controlepunt '{item}' in de fase '{phase}' is nieuw en staat open.",
    "left_out": "{Guard} in de fase '{phase}' hoeft niet meer, en was nog niet gedaan.",
    "phase_left_out": "De fase '{phase}' hoeft niet meer, en was nog niet gedaan.",
    "passed_over": "De fase '{phase}' is nieuw, ligt achter het werk en wordt overgeslagen.",
    "command_in_flight": "Er is iets onderweg: {command}. Verplaatsen kan zodra dat is beantwoord.",
    "stalled": "Er staat iets stil: {command}. Verplaatsen kan zodra iemand dat opnieuw heeft geprobeerd en "
    "het is beantwoord, of het werk is teruggestuurd.",
    "offer_waits": "De aanbieding in de fase '{phase}' loopt, en zou in het andere plan anders zijn: "
    "{parts}. Verplaatsen kan zodra de klant heeft geantwoord, of het werk is teruggestuurd.",
    "delivery_runs": "Er wordt ingediend. Verplaatsen kan zodra de ontvangende dienst heeft geoordeeld.",
    "watched_otherwise": "De fase '{phase}' wacht op andere opdrachten dan in het andere plan. Verplaatsen "
    "kan daarna, of met die fase opnieuw.",
    "phase_gone": "De fase '{phase}' is er in het andere plan niet, of doet daar iets anders. Geef op welke "
    "fase het nu is, of naar welke fase het werk teruggaat.",
    "order_changed": "De fase '{phase}' ligt in het andere plan op een andere plaats in de volgorde. Geef op "
    "naar welke fase het werk teruggaat.",
    "safeguard_missed": "{Guard} hoort bij de fase '{phase}', die deze opdracht al voorbij is. Geef op naar "
    "welke fase het werk teruggaat.",
    "safeguard_gone": "{Guard} vervalt in het andere plan, en deze opdracht moest daar nog langs. Ziet het "
    "kantoor daarvan af, geef dat dan op: {item_id}.",
    "fact_missed": "Het gegeven '{item}' wordt vastgelegd in fasen die deze opdracht al voorbij is.",
    "document_missed": "Het document '{item}' wordt gemaakt in de fase '{phase}', die deze opdracht al "
    "voorbij is.",
    "block_changed": "De fase '{phase}' is bezig en is in het andere plan iets anders. Die fase kan opnieuw "
    "worden gedaan.",
    "request_missed": "De fase '{phase}' vraagt aan het begin iets uit en is al begonnen. Die fase kan "
    "opnieuw worden gedaan.",
    "delivery_not_begun": "De fase '{phase}' wacht op de eerste dag om in te dienen, en het andere plan "
    "heeft die niet. Die fase kan opnieuw worden gedaan.",
    "between_merged": "Er worden fasen samengevoegd tot '{phase}', en deze opdracht zit daartussen.",
    "fact_kind": "Het gegeven '{item}' is vastgelegd en is in het andere plan van een andere soort.",
    "answer_kind": "De uitvraag '{item}' is beantwoord en vraagt in het andere plan iets anders.",
    "document_kind": "Het document '{item}' is toegevoegd en is in het andere plan van een andere soort.",
    "document_gone": "Het document '{item}' is toegevoegd en is er in het andere plan niet. Ziet het kantoor "
    "daarvan af, geef dat dan op: {item_id}.",
    "other_template": "Dat plan is van een ander werkproces.",
    "product_gone": "Het product van deze opdracht hoort niet bij het andere plan.",
    "other_period": "Het andere plan gaat over een andere soort periode.",
    "old_format": (
        "Deze opdracht is begonnen met een oudere versie van kantoor en wordt afgerond "
        "volgens het eigen plan."
    ),
    "accepted": (
        "De indiening is geaccepteerd en kan niet opnieuw; het werk kan niet terug naar een fase daarvoor."
    ),
    "not_back": "De fase '{phase}' ligt niet achter het werk. Verplaatsen kan terug, nooit vooruit.",
    "mapping_unknown": "'{item_id}' is er in deze plannen niet, is nu niet aan de beurt, of blijft zoals "
    "het is.",
}
"""By a reason's code."""

UNHEARD = " De klant kan dat verzoek niet meer beantwoorden en hoort dat niet vanzelf."
"""What is said of an offer that lies at the client and is taken back."""

_GUARDS = {
    "checkpoint": "het verplichte controlepunt '{}'",
    "review": "de beoordeling van '{}'",
    "signature": "de ondertekening van '{}'",
    "four_eyes": "vier ogen op '{}'",
    "request": "de uitvraag '{}'",
    "offer": "de aanbieding van '{}' aan de klant",
    "decide": "de beslissing van ieder over '{}'",
    "to": "de aanbieding aan {}",
    "delivery": "het indienen van '{}'",
    "qualification": "de titel {}",
    "document": "het document '{}'",
    "fact": "het gegeven '{}'",
    "task": "de taak '{}'",
}


def say_reasons(old: Plan, new: Plan, reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Return the reasons of a verdict, a sentence a reason."""
    titles = _read_titles(old, new)
    return tuple(_say_reason(titles, one) for one in reasons)


def say_verdict(old: Plan, new: Plan, verdict: Verdict) -> str:
    """Return the reasons of a verdict as one text."""
    return " ".join(dict.fromkeys(say_reasons(old, new, verdict.reasons)))


def say_effects(old: Plan, new: Plan, effects: Iterable[Effect]) -> tuple[str, ...]:
    """Return what a move does, a sentence an effect."""
    titles = _read_titles(old, new)
    return tuple(_say_effect(titles, one) for one in effects)


def tell_move(turn: Turn, old: Reader, act: Move, moved: Moved) -> None:
    """Write down who moved the filing, from which plan to which, and what it lost or does without."""
    plans = {"from_plan": act.before[:DIGEST_SHOWN], "to_plan": act.plan[:DIGEST_SHOWN]}
    asked = act.asked.date().isoformat() if act.asked else None
    turn.tell("moved", act.by.id, **plans, asked=asked, reason=act.reason)
    titles = _read_titles(old.plan, turn.plan)
    for before, after in list_renamed(old, act.mapping):
        turn.tell("moved_phase", act.by.id, after, before=titles.phase(before), after=titles.phase(after))
    for loss in moved.losses:
        about = titles.item(loss.item) if loss.item else titles.phase(loss.phase)
        turn.tell("moved_lost", act.by.id, loss.phase, lost=loss.code, title=about)
    for kept in moved.kept:
        day = kept.after.isoformat() if kept.after else None
        turn.tell("moved_kept", act.by.id, kept.phase, title=titles.item(kept.item), day=day)
    for name in act.mapping.without:
        turn.tell("moved_without", act.by.id, safeguard=_say_guard(titles, name))


def list_renamed(old: Reader, mapping: Mapping) -> Iterator[tuple[str, str]]:
    """Yield the phases that this filing has reached and that go on under another id: from which to which."""
    for phase in old.plan.phases:
        now = mapping.phases.get(phase.id, phase.id)
        if now != phase.id and old.phase_state(phase.id):
            yield phase.id, now


class _Titles(NamedTuple):
    """Titles of whatever a verdict names, by id; the newer plan's where both have one."""

    phases: dict[str, str]
    others: dict[str, str]
    asked: dict[tuple[str, str], str]
    """Of checkpoints, and of automations that make a task or ask the client for data, by their phase too.

    Without a phase, for those of one that has another id now, the older plan's.
    """

    def phase(self, id: str | None) -> str:
        """Return the title of a phase."""
        return self.phases.get(id or "", id or "")

    def item(self, id: str) -> str:
        """Return the title of anything else, else of a phase."""
        return self.others.get(id) or self.phase(id)


def _read_titles(old: Plan, new: Plan) -> _Titles:
    phases: dict[str, str] = {}
    others: dict[str, str] = {"client": "de klant"}
    asked: dict[tuple[str, str], str] = {}
    for plan in (old, new):
        phases |= {one.id: one.title for one in plan.phases}
        others |= {one.id: one.title for phase in plan.phases for one in phase.checkpoints}
        for items in (plan.roles, plan.documents, plan.facts, plan.forms, plan.messages):
            others |= {one.id: one.title for one in items}
        forms = {one.id: one.title for one in plan.forms}
        for phase in plan.phases:
            asked |= {(phase.id, one.id): one.title for one in phase.checkpoints}
            asked |= {(phase.id, one.id): one.task.title for one in phase.automations if one.task}
            asked |= {(phase.id, one.id): forms[one.request.form] for one in phase.automations if one.request}
    asked = {("", id): title for (_, id), title in reversed(asked.items())} | asked
    return _Titles(phases, others, asked)


def _say_reason(titles: _Titles, reason: Reason | Effect) -> str:
    item = reason.item or ""
    kind, _, name = item.partition(":")
    guard = _say_guard(titles, item)
    text = REASONS.get(reason.code, "{item_id}")
    if reason.code == "left_out":
        title = titles.asked.get((reason.phase or "", name)) or titles.asked.get(("", name))
        guard = _GUARDS[kind].format(title) if title else guard
    return text.format(
        item=titles.item(name or item),
        item_id=item or reason.phase,
        phase=titles.phase(reason.phase),
        command=COMMAND_WORDS.get(kind, kind),
        parts=", ".join(OFFER_PART_WORDS.get(one, one) for one in item.split(", ")),
        Guard=guard[:1].upper() + guard[1:],
    )


def _say_guard(titles: _Titles, name: str) -> str:
    kind, _, about = name.partition(":")
    if kind == "way":
        document, _, way = about.rpartition(" for ")
        return f"'{titles.item(document)}' {WAY_WORDS.get(way, way)}"
    if kind == "to":
        return _GUARDS[kind].format(titles.item(about.rpartition(" ")[2]))
    return _GUARDS.get(kind, "{}").format(titles.item(about))


def _say_effect(titles: _Titles, effect: Effect) -> str:
    phase = titles.phase(effect.phase)
    match effect.what:
        case "renamed":
            left, right = titles.phase(effect.before), titles.phase(effect.after)
            how = "met een andere code" if left == right else f"als '{right}'"
            return f"De fase '{left}' gaat verder {how}."
        case "active":
            left, right = (
                ", ".join(map(titles.phase, ids.split(", "))) if ids else "niets"
                for ids in (effect.before, effect.after)
            )
            return f"Aan de beurt was {left}, wordt {right}."
        case "told":
            return _say_reason(titles, effect)
        case "lost":
            about = titles.item(effect.item) if effect.item else phase
            return f"Vervalt: {LOST_WORDS[effect.code]} '{about}'."
        case "without":
            return f"Zonder deze waarborg verder: {_say_guard(titles, effect.item or '')}."
        case "kept":
            said = (
                f"{MOVE_DATE_WORDS['automation']} in '{phase}' ({titles.item(effect.item or '')}) blijft op"
            )
            otherwise = f" en niet {_say_value(effect.before)}" if effect.before else ""
            return f"{said} {_say_value(effect.after)}{otherwise}."
        case "date":
            word = MOVE_DATE_WORDS.get(effect.code, effect.code)
            of = f" ({titles.item(effect.item)})" if effect.item else ""
            return f"{word} in '{phase}'{of}: {_say_change(effect)}."
        case "work":
            return _say_work(titles, effect, phase)
        case "command":
            about = f": '{titles.item(effect.item)}'" if effect.item else ""
            return f"Gebeurt meteen, in '{phase}': {COMMAND_WORDS[effect.code]}{about}."


def _say_work(titles: _Titles, effect: Effect, phase: str) -> str:
    about = f"de fase '{phase}'" if effect.item == phase else f"'{effect.item}' in '{phase}'"
    match effect.code:
        case "new":
            return f"Nieuw werk in '{phase}': {effect.after}."
        case "gone":
            unheard = UNHEARD if effect.item == "decide" else ""
            return f"Vervallen werk in '{phase}': {effect.before}.{unheard}"
        case "whose":
            left, right = _list_titles(titles, effect.before), _list_titles(titles, effect.after)
            return f"Het werk van {about} gaat van {left} naar {right}."
        case "due":
            return f"De streefdatum van {about}: {_say_change(effect)}."
        case _:
            return f"Het werk in '{phase}' heet anders: {_say_change(effect)}."


def _list_titles(titles: _Titles, ids: str | None) -> str:
    return ", ".join(map(titles.item, ids.split(", "))) if ids else "niemand"


def _say_change(effect: Effect) -> str:
    left, right = _say_value(effect.before), _say_value(effect.after)
    if left is None:
        return f"komt op {right}"
    return f"{left} vervalt" if right is None else f"{left} wordt {right}"


def _say_value(value: str | None) -> str | None:
    try:
        return in_words(date.fromisoformat(value)) if value else None
    except ValueError:
        return value
