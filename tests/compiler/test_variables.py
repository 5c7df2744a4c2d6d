"""Variables: what the compiler lets a condition or a text name has a value of its type when it runs.

A name without a value would be no error anywhere: a condition on it silently never holds.
"""

from datetime import date

import pytest

from kantoor.context import VARIABLES, Variable
from kantoor.filing.view import view
from kantoor.office.relations.relation import Relation, RelationProduct, product_values, relation_values
from kantoor.plan import Message, Text
from kantoor.runtime.activities.message_texts import Person, render_message, values

from ..filing.driver import Driver
from .conftest import SmallOffice

RELATION = Relation(
    number="1001", name="Bakkerij Jansen", kind="organisation", legal_form="bv", fields={"dga": True}
)
TAKEN = RelationProduct(
    relation="1001", product="aangifte-btw", sub_number="B01", frequency="month", foreign=True
)
OWN = {"dga": Variable("yes_no", "a field of the small office's own")}

ALL = {
    f"{group}.{name}": variable
    for group, names in {**VARIABLES, "relation": VARIABLES["relation"] | OWN}.items()
    for name, variable in names.items()
}
IN_CONDITIONS = {path: variable for path, variable in ALL.items() if variable.in_conditions}


def holds_when_known(path: str, variable: Variable) -> str:
    """Return a condition that holds whatever the variable is, but only when it is of its type."""
    if variable.values:
        return f"{path} in {list(variable.values)}"
    return {
        "yes_no": f"{path} == true or {path} == false",
        "number": f"{path} >= 0",
        "date": f"{path} >= '1900-01-01'",
        "text": f"{path} != none",
    }[variable.type]


def start(office: SmallOffice, conditions: dict[str, str], relation: Relation = RELATION) -> Driver:
    """Start a filing of the small office whose first phase has a checkpoint for every condition."""
    points = "".join(f'      - {{ id: {i}, title: {i}, if: "{text}" }}\n' for i, text in conditions.items())
    phase = "phases:\n  - id: opstellen\n    title: Opstellen\n    role: administratie\n    checkpoints:\n"
    compilation = office.with_piece(phase + points if points else "title: Aangifte btw\n")
    # These conditions hold whatever the value is, to ask for its type.
    assert [d for d in compilation.diagnostics if d.code.id != "K384"] == []
    assert compilation.office is not None
    return Driver(
        compilation.plans["btw-aangifte"],
        relation=relation_values(relation, compilation.office),
        product=product_values(TAKEN, compilation.office),
    )


def ask(driver: Driver) -> set[str]:
    """Return the checkpoints that the machine asks for in the first phase: those whose condition holds."""
    assert driver.state is not None
    return {checkpoint.id for checkpoint in view(driver.plan, driver.state).phases[0].checkpoints}


def test_every_variable_that_a_condition_may_name_has_a_value_of_its_type(office: SmallOffice) -> None:
    conditions = {
        path.replace(".", "_"): holds_when_known(path, variable) for path, variable in IN_CONDITIONS.items()
    }
    assert ask(start(office, conditions)) == set(conditions)


def test_a_condition_on_a_value_that_is_not_known_does_not_hold(office: SmallOffice) -> None:
    conditions = {"own": "relation.dga == true or relation.dga == false", "name": "relation.name != none"}
    without = RELATION.model_copy(update={"fields": {}})
    assert ask(start(office, conditions, without)) == {"name"}


@pytest.mark.parametrize("path", sorted(ALL))
def test_every_variable_that_a_text_may_name_has_a_value(office: SmallOffice, path: str) -> None:
    driver = start(office, {})
    assert driver.state is not None
    known = values(
        driver.state.origin,
        driver.plan.office,
        driver.plan.title,
        date(2026, 2, 28),
        "https://kantoor.example",
        offered_as="approval",
        today=date(2026, 2, 1),
        reader=Person(name="Jan Jansen", salutation="Beste heer Jansen"),
        sender=Person(name="Anna", phone="010 000 00 00", email="anna@voorbeeld.example"),
        language="nl",
        object_until=date(2026, 2, 4),
    )
    text = f"{{{{ {path} }}}}"
    message = Message(id="m", title="M", channels=("email",), texts={"nl": Text(subject="S", body=text)})
    assert render_message(message, "nl", known).body not in ("", "None")
