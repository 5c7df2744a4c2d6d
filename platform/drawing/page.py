"""A template as a page for the office: picture, who does what, dates, what is asked and sent, ends."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby

from ..plan import (
    Chase,
    Checkpoint,
    DateRule,
    FactDefinition,
    Form,
    FormField,
    Office,
    Phase,
    Plan,
    WaitFor,
)
from ..words import LANGUAGE_WORDS, PLANNER_WORDS, name_templates
from .assuming import Assumed, list_assumed
from .conditions import say_condition
from .dates import list_parts, say_due, say_rule
from .markdown import bullet, escape, fence, fill, table
from .moments import Use, list_happenings, list_uses
from .outline import KIND_WORDS, NO_TITLES, Card, Outline, make_outline, number_phases
from .people import name_role
from .year import Dates, list_kinds, list_periods

_MADE = "Gemaakt met `kantoor pages`: verander de definities, niet deze pagina."
_DAYS = ("ma", "di", "wo", "do", "vr", "za", "zo")
_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_FACT_WORDS = {
    "date": "datum",
    "money": "bedrag",
    "number": "getal",
    "text": "tekst",
    "choice": "keuze",
    "yes_no": "ja of nee",
}
_FIELD_WORDS = {**_FACT_WORDS, "choices": "een of meer keuzes", "document": "document"}


def write_page(plan: Plan, office: Office, year: int, titles: Mapping[str, str] = NO_TITLES) -> str:
    """Return the page of a template, with the dates of the office's periods that begin in `year`.

    `titles`: as in `make_outline`.
    """
    head = (
        f"# {escape(plan.title)}",
        _MADE,
        fill(escape(say_beginning(plan))),
        f"![Het verloop van {escape(plan.title)}]({plan.template}.svg)",
    )
    return "\n\n".join([*head, *write_parts(plan, office, year, titles)]) + "\n"


def say_beginning(plan: Plan) -> str:
    """Return over which period a filing of a template is, and how it begins."""
    outline = make_outline(plan)
    return f"{_capitalise(outline.period)}. {outline.start}."


def write_parts(
    plan: Plan, office: Office, year: int, titles: Mapping[str, str] = NO_TITLES, *, texts: bool = True
) -> Iterator[str]:
    """Yield what a page says below its picture, a block of Markdown at a time.

    With `texts` messages are among it as they are written; who reads no definitions is shown examples.
    """
    outline = make_outline(plan, titles)
    sections = [
        _write_overview(plan, outline),
        _write_phases(plan, outline, titles),
        _write_deadlines(plan),
        _write_dates(plan, office, year),
        _write_facts(plan),
        _write_forms(plan),
        _write_messages(plan) if texts else (),
        _write_ends(plan, titles),
    ]
    for section in sections:
        yield from section


def write_index(plans: Iterable[Plan]) -> str:
    """Return the page that lists the pages."""
    rows = [
        (
            f"[{escape(plan.title)}]({plan.template}.md)",
            escape(make_outline(plan).period),
            str(len(plan.phases)),
        )
        for plan in plans
    ]
    return "\n\n".join(["# Werkprocessen", _MADE, table(("werkproces", "opdrachten", "fasen"), rows)]) + "\n"


# --- who does what ----------------------------------------------------------------------------------------


def _write_overview(plan: Plan, outline: Outline) -> Iterator[str]:
    yield "## Wie doet wat"
    rows = [
        (
            card.number,
            f"[{escape(card.title)}](#{_anchor(card)})",
            escape(card.role),
            KIND_WORDS[card.kind],
            _say_target(plan, plan.phase(card.id)),
        )
        for card in outline.cards
    ]
    yield table(("fase", "wat", "wie", "soort", "streefdatum"), rows)


def _anchor(card: Card) -> str:
    """Return the anchor that is put before the heading of a phase, by its id: titles can be alike."""
    return f"fase-{card.id.replace('_', '-')}"


def _write_phases(plan: Plan, outline: Outline, titles: Mapping[str, str]) -> Iterator[str]:
    yield "## De fasen"
    for card in outline.cards:
        phase = plan.phase(card.id)
        yield f'<a id="{_anchor(card)}"></a>'
        yield f"### {card.number} {escape(card.title)}"
        lines = [f"{_capitalise(KIND_WORDS[card.kind])} door {card.role}."]
        lines += [row.sentence if row.label else f"… {row.sentence}" for row in card.rows]
        yield "\n".join(bullet(escape(line)) for line in [*lines, *_say_made(plan, phase)])
        if phase.checkpoints:
            yield "Controlepunten:"
            yield "\n".join(bullet(_say_checkpoint(plan, one)) for one in phase.checkpoints)
        happenings = list(list_happenings(plan, phase, titles))
        if happenings:
            yield "Vanzelf:"
            yield "\n".join(bullet(escape(line)) for line in happenings)


def _say_made(plan: Plan, phase: Phase) -> Iterator[str]:
    for document in plan.documents:
        if document.made_in == phase.id:
            source = f", uit {plan.document(document.source).title}" if document.source else ""
            when = f", als {say_condition(plan, document.condition)}" if document.condition else ""
            free = " (hoeft niet)" if document.optional else ""
            yield f"Maakt: {document.title}{source}{free}{when}"
    for fact in plan.facts:
        if phase.id in fact.set_in:
            yield f"Legt vast: {fact.title}{' (hoeft niet)' if fact.optional else ''}"


def _say_checkpoint(plan: Plan, checkpoint: Checkpoint) -> str:
    must = "**verplicht**: " if checkpoint.required else ""
    when = f" (als {say_condition(plan, checkpoint.condition)})" if checkpoint.condition else ""
    return f"{must}{escape(checkpoint.title + when)}"


# --- dates ------------------------------------------------------------------------------------------------


def _write_deadlines(plan: Plan) -> Iterator[str]:
    if not plan.deadlines:
        return
    yield "## Termijnen"
    rows = [
        (
            escape(one.title),
            escape(one.law or "van het kantoor zelf"),
            escape(say_rule(plan, one.earliest)) if one.earliest else "",
            "<br>".join(map(escape, say_due(plan, one))),
        )
        for one in plan.deadlines
    ]
    yield table(("termijn", "grond", "eerste dag", "uiterlijk"), rows)


def _write_dates(plan: Plan, office: Office, year: int) -> Iterator[str]:
    periods = list_periods(list_kinds(plan, office.products), year)
    known = {
        assumed: [Dates(plan, one, office.closing_days, assumed) for one in periods]
        for assumed in list_assumed(plan, periods)
    }
    if len(periods) == 1:
        yield f"## Data van een opdracht over {periods[0].words}"
        first = known[Assumed()][0]
        if first.counts_from_start:
            yield f"Gerekend alsof de opdracht begint op {_say_day(first.start, year)}."
        yield from _write_one_period(plan, {assumed.when: dates[0] for assumed, dates in known.items()}, year)
        return
    yield f"## Data van {year}"
    yield "Per periode de streefdatum van elke fase en de termijnen."
    for assumed, dates in known.items():
        if assumed.when:
            yield fill(escape(f"Als {assumed.when}:"))
        yield _make_table_of_periods(plan, dates, year)


def _make_table_of_periods(plan: Plan, known: list[Dates], year: int) -> str:
    numbers = number_phases(plan)
    phases = [phase for phase in plan.phases if phase.due]
    first = [one for one in plan.deadlines if one.earliest]
    heads = [
        "periode",
        *(f"{numbers[one.id]} {escape(one.title)}" for one in phases),
        *(f"eerste dag: {escape(one.title)}" for one in first),
        *(f"uiterlijk: {escape(one.title)}" for one in plan.deadlines),
    ]
    rows = [
        (
            dates.period.words,
            *(_say_day(dates.day(one.due), year) if one.due else "" for one in phases),
            *(_say_day(dates.first_day(one.id), year) for one in first),
            *(f"**{_say_day(dates.last_day(one.id), year)}**" for one in plan.deadlines),
        )
        for dates in known
    ]
    return table(heads, rows)


def _say_target(plan: Plan, phase: Phase) -> str:
    return escape(say_rule(plan, phase.due, list_parts(phase.condition))) if phase.due else ""


def _write_one_period(plan: Plan, known: dict[str, Dates], year: int) -> Iterator[str]:
    """Yield what happens in one period, a line each, and its day by what is assumed (Assumed.when)."""
    heads = ["wat", *(escape(f"als {when}") if when else "dag" for when in known)]
    rows = [
        (
            escape(what),
            *(_say_day(dates.day(rule), year) or said for dates in known.values()),
        )
        for what, rule, said in _list_rules(plan)
    ]
    for deadline in plan.deadlines:
        days = [dates.last_day(deadline.id) for dates in known.values()]
        unknown = escape("; ".join(say_due(plan, deadline)))
        cells = [f"**{_say_day(day, year)}**" if day else unknown for day in days]
        rows.append((f"**uiterlijk: {escape(deadline.title)}**", *cells))
    yield table(heads, rows)


def _list_rules(plan: Plan) -> Iterator[tuple[str, DateRule, str]]:
    """Yield what happens on a day, with the rule of that day and its words."""
    numbers = number_phases(plan)
    for phase in plan.phases:
        name, known = f"{numbers[phase.id]} {phase.title}", list_parts(phase.condition)
        for what, rule in _list_rules_of(plan, phase):
            yield f"{name}: {what}", rule, escape(say_rule(plan, rule, known))
    for deadline in plan.deadlines:
        if deadline.earliest:
            said = escape(say_rule(plan, deadline.earliest))
            yield f"eerste dag: {deadline.title}", deadline.earliest, said


def _list_rules_of(plan: Plan, phase: Phase) -> Iterator[tuple[str, DateRule]]:
    if phase.not_before:
        yield "niet eerder dan", phase.not_before
    if phase.due:
        yield "streefdatum", phase.due
    for one in phase.automations:
        if isinstance(one.at, DateRule):
            what = one.task.title if one.task else plan.message(one.send.message).title if one.send else ""
            yield what or "automatisch", one.at
    for why, chase in _list_chases(phase):
        if chase.escalate:
            yield f"{name_role(plan, chase.escalate.role)} erbij, {why}", chase.escalate.on
        if chase.give_up:
            yield "er wordt niet langer gewacht", chase.give_up.on


def _list_chases(phase: Phase) -> Iterator[tuple[str, Chase]]:
    for one in phase.automations:
        if one.chase:
            yield (
                "als er nog geen antwoord is" if one.request else "als de taak nog niet gedaan is",
                one.chase,
            )
    if phase.chase:
        why = (
            "als er nog niets gekomen is"
            if isinstance(phase.block, WaitFor)
            else "als de fase nog niet klaar is"
        )
        yield "als er nog geen antwoord is" if phase.offer else why, phase.chase


def _say_day(day: date | None, year: int) -> str:
    if day is None:
        return ""
    other = f" {day.year}" if day.year != year else ""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{other}"


# --- what is recorded, asked and sent -----------------------------------------------------------------------


def _write_facts(plan: Plan) -> Iterator[str]:
    if not plan.facts:
        return
    yield "## Wat wordt vastgelegd"
    numbers = number_phases(plan)
    rows = [
        (escape(one.title), escape(_say_fact_type(one)), ", ".join(f"fase {numbers[p]}" for p in one.set_in))
        for one in plan.facts
    ]
    yield table(("gegeven", "soort", "waar"), rows)


def _say_fact_type(fact: FactDefinition) -> str:
    options = ", ".join(option.title for option in fact.options)
    more = f": {options}" if options else ", vandaag of eerder" if fact.past else ""
    return _FACT_WORDS[fact.type] + more


def _write_forms(plan: Plan) -> Iterator[str]:
    if not plan.forms:
        return
    yield "## Wat de klant wordt gevraagd"
    for form in plan.forms:
        yield f"### {escape(form.title)}"
        if form.intro:
            yield fill(escape(form.intro))
        yield _make_table_of_fields(plan, form)


def _make_table_of_fields(plan: Plan, form: Form) -> str:
    rows = [
        (
            escape(f"{one.title} ({one.help})" if one.help else one.title),
            escape(_say_field_type(one)),
            "ja" if one.required else "",
            escape(say_condition(plan, one.condition)) if one.condition else "",
        )
        for one in form.fields
    ]
    return table(("vraag", "soort", "verplicht", "alleen als"), rows)


def _say_field_type(field: FormField) -> str:
    options = ", ".join(option.title for option in field.options)
    return f"{_FIELD_WORDS[field.kind]}: {options}" if options else _FIELD_WORDS[field.kind]


def _write_messages(plan: Plan) -> Iterator[str]:
    if not plan.messages:
        return
    yield "## Berichten"
    yield fill(
        "Wat tussen accolades staat, wordt ingevuld als het bericht uitgaat; `kantoor explain filing.link`"
        " en andere namen zeggen waarmee."
    )
    uses = sorted(list_uses(plan), key=lambda use: use.message)
    of = {message: list(found) for message, found in groupby(uses, key=lambda use: use.message)}
    for message in plan.messages:
        yield f"### {escape(message.title)}"
        yield "\n".join(bullet(escape(one)) for one in say_uses(plan, of.get(message.id, [])))
        for language, text in sorted(message.texts.items(), key=lambda one: one[0] != "nl"):
            if len(message.texts) > 1:
                yield f"{LANGUAGE_WORDS.get(language, language)}:"
            yield fence(f"{text.subject.strip()}\n\n{text.body}")


def say_uses(plan: Plan, uses: Iterable[Use]) -> Iterator[str]:
    """Yield in which phase, when and to whom each of these uses of a message sends it."""
    numbers = number_phases(plan)
    for use in uses:
        yield f"Fase {numbers[use.phase.id]}, {use.when}: aan {use.to}."


def _write_ends(plan: Plan, titles: Mapping[str, str]) -> Iterator[str]:
    yield "## Eindes"
    ends = [bullet("**Afgerond**: als alle fasen klaar zijn.")]
    for end in plan.ends:
        ends.append(bullet(f"**{escape(end.title)}**: de planner toont {PLANNER_WORDS[end.planner]}."))
    if plan.corrected_by:
        by = escape(titles.get(plan.corrected_by, plan.corrected_by))
        ends.append(bullet(f"Een afgesloten opdracht wordt gecorrigeerd met {by}."))
    yield "\n".join(ends)
    if plan.corrections:
        yield "## Corrigeren"
        yield "Een afgesloten opdracht wordt nooit heropend. Is er iets fout:"
        yield "\n".join(bullet(escape(f"{name_templates(one, titles)}.")) for one in plan.corrections)


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]
