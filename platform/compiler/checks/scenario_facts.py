"""Values of facts in scenarios: each is one that the fact can have."""

from collections.abc import Iterator, Mapping

from ...suggest import ask_if_meant, join_names, nearest
from ...typed import TypedError, read_typed_fact
from ..diagnostics import Code, Diagnostic, Span
from ..examples import WORKFLOW, Example, small_office
from ..language.scenario import Do, Expect, OfficeHabits, Scenario
from ..language.workflow import Fact


def _add_fact(template: str) -> str:
    fact = "  - id: besproken_op\n    title: Dag van de bespreking\n    type: date\n    set_in: opstellen\n"
    due = "    due: { after: facts.besproken_op, workdays: 3 }\n"
    counting = template.replace("    four_eyes: [opstellen]\n", f"    four_eyes: [opstellen]\n{due}")
    return f"{counting}\nfacts:\n{fact}"


def _example(value: str) -> Example:
    return Example(
        f"title: Akkoord\nperiod: 2027-01\noffice: {{ facts: {{ besproken_op: {value} }} }}\n"
        "steps:\n  - reach: end\n",
        "scenarios/btw-aangifte/akkoord.yaml",
        how="whole",
        others=((WORKFLOW, _add_fact(small_office()[WORKFLOW])),),
    )


NO_VALUE = Code(
    "K855",
    "value that a fact cannot have",
    "A fact is a day (2027-01-31), an amount in euros (1000, 1000.50, or 1.000,50 in quotes), a whole "
    "number, a text, yes or no (true or false), or an option of its choice, by its id.",
    wrong=_example("eind januari"),
    right=_example("2027-01-31"),
    remedy="write it as a fact of its type is written",
)

_EXPECTED = {
    "date": "a day such as 2027-01-31",
    "money": "an amount in euros such as 1000 or 1000.50",
    "number": "a whole number",
    "yes_no": "true or false",
    "text": "a text",
}


def check_facts(scenario: Scenario, facts: Mapping[str, Fact]) -> Iterator[Diagnostic]:
    """Report the values that a scenario has for facts and that these cannot have."""
    for holder in (scenario.office, *(step.office for step in scenario.steps if step.office)):
        yield from _check_habits(holder, facts)
    for step in scenario.steps:
        for act in step.do:
            if isinstance(act, Do) and act.fact in facts and act.value is not None and act.intact("value"):
                yield from check_value(facts[act.fact or ""], act.value, act.place("value"))
        for one in step.expect:
            fact = facts.get(one.fact or "")
            if fact and fact.type == "choice" and one.value is not None and one.intact("is"):
                yield from _check_expected(fact, one)


def _check_habits(habits: OfficeHabits, facts: Mapping[str, Fact]) -> Iterator[Diagnostic]:
    for name, value in habits.facts.items() if habits.intact("facts") else ():
        if name in facts:
            yield from check_value(facts[name], value, habits.place("facts", name))


def check_value(fact: Fact, value: object, place: Span) -> Iterator[Diagnostic]:
    """Report a value that a fact cannot have, with what is allowed."""
    if not fact.intact("type", "options"):
        return
    if fact.type == "choice":
        yield from _check_option(fact, value, place, [option.id for option in fact.options])
        return
    try:
        read = read_typed_fact(fact.type, value)
        is_wrong = fact.type == "text" and not isinstance(read, str)
    except TypedError:
        is_wrong = True
    if is_wrong:
        message = f"fact '{fact.id}' is {_EXPECTED[fact.type]}, found {_describe(value)}"
        help = "put it in quotes to make it a text" if fact.type == "text" else None
        yield NO_VALUE.at(place, message, help=help)


def _check_expected(fact: Fact, one: Expect) -> Iterator[Diagnostic]:
    """Report an option that is expected of a choice; a scenario may call it by its title, or say 'no'."""
    known = [name for option in fact.options for name in (option.id, option.title)]
    if str(one.value) not in (*known, "no"):
        yield from _check_option(fact, one.value, one.place("is"), [option.id for option in fact.options])


def _check_option(fact: Fact, value: object, place: Span, ids: list[str]) -> Iterator[Diagnostic]:
    if value in ids:
        return
    called = next((one.id for one in fact.options if one.title.casefold() == str(value).casefold()), None)
    near = called or nearest(str(value), ids)
    message = f"fact '{fact.id}' is {join_names(ids)}, found {_describe(value)}"
    yield NO_VALUE.at(place, message, help=ask_if_meant(str(value), near) if near else None)


def _describe(value: object) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else f"'{value}'"
