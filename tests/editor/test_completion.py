"""The server offers what can be written at the cursor, also in a file that is not finished."""

import pytest
from lsprotocol import types

from kantoor.compiler.examples import WORKFLOW

from .client import Editor

pytestmark = pytest.mark.asyncio(loop_scope="package")

MESSAGE = "messages/ter-accordering.yaml"
PHASES = ["opstellen", "controle", "aanbieden", "indienen"]
KINDS = ["month", "quarter", "half_year", "year", "four_weeks", "book_year", "range", "none"]


async def write(editor: Editor, old: str, new: str) -> list[types.CompletionItem]:
    """Write something in place of the last of these words, and return what is offered after it."""
    before, _, after = editor.open(WORKFLOW).rpartition(old)
    editor.write(WORKFLOW, f"{before}{new}{after}")
    return await editor.complete(WORKFLOW, f"{before[-40:]}{new}")


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        pytest.param("role: relatiebeheerder", "role: ", ["accountant", "administratie", "relatiebeheerder"]),
        pytest.param(
            "role: relatiebeheerder", "role: acc", ["accountant", "administratie", "relatiebeheerder"]
        ),
        pytest.param("message: ter-accordering", "message: ter-", ["ter-accordering"]),
        pytest.param("products: [aangifte-btw]", "products: [", ["aangifte-btw"]),
        pytest.param("products: [aangifte-btw]", "products:\n  - ", ["aangifte-btw"]),
        pytest.param("report: omzetbelasting", "report: ", ["omzetbelasting"]),
        pytest.param("made_in: opstellen", "made_in: ", PHASES),
        pytest.param("four_eyes: [opstellen]", "four_eyes: [opstellen, ", PHASES),
        pytest.param("reviews: [aangifte]", "reviews: ", ["aangifte"]),
        pytest.param("deadline: aangifte }", "deadline: ", ["aangifte"]),
        pytest.param("before: deadlines.aangifte", "before: dead", None),
        pytest.param("offer_as: approval", "offer_as: ", ["approval", "signature", "information"]),
        pytest.param("required: true", "required: ", ["true", "false"]),
        pytest.param("period: by_product", "period: ", ["by_product", *KINDS]),
    ],
)
async def test_values_are_offered(editor: Editor, old: str, new: str, found: list[str] | None) -> None:
    anchors = ["period.start", "period.end", "period.year_end", "filing.start", "deadlines.aangifte"]
    expected = found if found is not None else [*anchors, *(f"phases.{phase}" for phase in PHASES)]
    assert [item.label for item in await write(editor, old, new)] == expected


async def test_keys_are_offered_required_ones_first_and_only_those_that_lack(editor: Editor) -> None:
    editor.open(WORKFLOW)
    editor.type(WORKFLOW, "    role: relatiebeheerder\n", "    # hier\n    \n")
    items = await editor.complete(WORKFLOW, "# hier\n    ")
    labels = [item.label for item in items]
    assert labels[0] == "role"
    assert not {"id", "title", "back_to", "offer"} & set(labels)
    assert {"not_before", "chase"} < set(labels)
    first = items[0]
    assert first.detail == "required"
    assert isinstance(first.documentation, types.MarkupContent)
    assert "The role that is responsible." in first.documentation.value
    assert isinstance(first.text_edit, types.TextEdit)
    assert first.text_edit.new_text == "role: "


@pytest.mark.parametrize(
    ("old", "new", "label", "text"),
    [
        (
            "deliver: { document: aangifte, deadline: aangifte }",
            "deliver: { document: aangifte, ",
            "pay",
            "pay: ",
        ),
        ("sbr:\n", "documentatie\nsbr:\n", "deadlines", None),
        ("\nphases:\n", "\nphases:\n  ", "id", "- id: "),
        ("four_eyes: [opstellen]", "four_eyes: ", "opstellen", "[opstellen]"),
        ("role: relatiebeheerder", "role:", "administratie", " administratie"),
    ],
)
async def test_a_choice_is_written_as_its_place_asks(
    editor: Editor, old: str, new: str, label: str, text: str | None
) -> None:
    items = await write(editor, old, new)
    texts = {one.label: one.text_edit.new_text for one in items if isinstance(one.text_edit, types.TextEdit)}
    assert texts.get(label) == text


async def test_variables_are_offered_inside_braces_and_conditions_alone(editor: Editor) -> None:
    editor.open(WORKFLOW)
    editor.type(
        WORKFLOW,
        "documents:\n",
        "facts:\n  - id: saldo\n    title: Saldo\n    type: money\n    set_in: controle\n\ndocuments:\n",
    )
    editor.type(WORKFLOW, "    four_eyes:", "    if: fac\n    four_eyes:")
    labels = [item.label for item in await editor.complete(WORKFLOW, "if: fac")]
    assert {"facts.saldo", "period.kind", "relation.legal_form"} <= set(labels)
    assert "filing.link" not in labels  # known only when a text is sent
    editor.type(WORKFLOW, "if: fac", "if: period.kind == '")
    assert [item.label for item in await editor.complete(WORKFLOW, "if: period.kind == '")] == KINDS
    text = editor.open(MESSAGE)
    editor.write(MESSAGE, text.replace("{{ filing.link }}", "{{ fil", 1))
    labels = [item.label for item in await editor.complete(MESSAGE, "{{ fil")]
    assert {"facts.saldo", "filing.link", "contact.name"} <= set(labels)
    editor.write(MESSAGE, text.replace("{{ filing.link }}", "{{ filing.link }} en fil", 1))
    assert await editor.complete(MESSAGE, "}} en fil") == []


async def test_what_is_broken_elsewhere_hides_nothing(editor: Editor) -> None:
    text = editor.open(WORKFLOW)
    editor.write(
        WORKFLOW,
        text.replace("title: Controle", "title: [Controle").replace("made_in: opstellen", "made_in: "),
    )
    assert [item.label for item in await editor.complete(WORKFLOW, "made_in: ")] == PHASES
    editor.open("roles/accountant.yaml", "title: {{\n  - : [")
    editor.write(
        WORKFLOW,
        text.replace("on: 1, day: last", "on: 1, day: last").replace("made_in: opstellen", "made_in: "),
    )
    assert [item.label for item in await editor.complete(WORKFLOW, "made_in: ")] == PHASES


async def test_a_new_file_is_offered_the_keys_of_its_kind(editor: Editor) -> None:
    editor.open("products/jaarrekening.yaml", "# nieuw\n")
    labels = [item.label for item in await editor.complete("products/jaarrekening.yaml", "# nieuw\n")]
    assert labels == ["title", "frequencies", "description"]
