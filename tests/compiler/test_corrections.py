"""How a closed filing is put right, as its template says it (R58)."""

from kantoor.words import name_templates
from tests.compiler.conftest import SmallOffice, codes
from tests.shipped import compile_shipped

WAYS = (
    "correction:\n"
    "  - { when: Voor de laatste dag, resend: true }\n"
    "  - { when: Daarna, template: btw-aangifte }\n"
    "  - { when: Bij kleine bedragen, note: btw-aangifte }\n"
    "  - { when: Na de aanslag, procedure: maak bezwaar }\n"
)


def test_each_way_is_a_sentence_that_names_templates_by_their_title(office: SmallOffice) -> None:
    plan = office.plan(WAYS)
    assert plan.corrections == (
        "Voor de laatste dag: doe het opnieuw, met een extra opdracht van dit werkproces",
        f"Daarna: start een opdracht van het werkproces ‘{plan.template}’",
        f"Bij kleine bedragen: neem het op in de volgende opdracht van het werkproces ‘{plan.template}’",
        "Na de aanslag: maak bezwaar",
    )
    assert plan.corrected_with == ("btw-aangifte",)
    shown = [name_templates(one, {plan.template: plan.title}) for one in plan.corrections]
    assert shown[1] == f"Daarna: start een opdracht van het werkproces ‘{plan.title}’"
    assert not any(plan.template in one for one in shown)


def test_a_template_that_is_not_there_corrects_nothing(office: SmallOffice) -> None:
    for key in ("template", "note"):
        found = office.with_piece(f"correction: [{{ when: Daarna, {key}: bestaat-niet }}]\n")
        assert codes(found) == ["K221"]


def test_every_shipped_template_says_how_a_closed_filing_is_corrected() -> None:
    assert [name for name, plan in compile_shipped().plans.items() if not plan.corrections] == []
