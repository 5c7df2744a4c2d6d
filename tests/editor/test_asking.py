"""The server says what stands somewhere, where it is defined, and where it is named."""

import pytest
from lsprotocol import types

from kantoor.compiler.examples import WORKFLOW

from .client import Editor

pytestmark = pytest.mark.asyncio(loop_scope="package")

MESSAGE = "messages/ter-accordering.yaml"
FACT = "facts:\n  - id: saldo\n    title: Saldo\n    type: money\n    set_in: controle\n\ndocuments:\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("offer_as: approval", "For approval, for signature, or for information"),
        ("approval\n", "For approval, for signature, or for information"),
        ("chase:", "What happens while the client does not answer."),
        ("ter-accordering", "message **ter-accordering**"),
        ("report: omzetbelasting", "`law/omzetbelasting.yaml`"),
        ("relatiebeheerder", "role **relatiebeheerder**: Relatiebeheerder"),
        ("opstellen]", f"phase **opstellen**: Opstellen\n\n`{WORKFLOW}`"),
        ("before: deadlines.aangifte", "deadline **aangifte**: Indienen en betalen"),
        ("Aangifte omzetbelasting", ""),
    ],
)
async def test_the_pointer_tells_keys_values_and_ids(editor: Editor, words: str, said: str) -> None:
    editor.open(WORKFLOW)
    text = await editor.hover(WORKFLOW, words)
    assert said in text
    assert bool(text) == bool(said)


async def test_the_pointer_tells_variables_and_codes(editor: Editor) -> None:
    text = editor.open(WORKFLOW)
    editor.write(WORKFLOW, text.replace("documents:\n  -", f"{FACT}  -", 1))
    editor.type(
        WORKFLOW, "    four_eyes:", "    if: facts.saldo > 0 and period.last_of_year  # K316\n    four_eyes:"
    )
    assert "fact **saldo** (money): Saldo" in await editor.hover(WORKFLOW, "facts.saldo")
    assert "**facts.saldo** (money): Saldo" in await editor.hover(WORKFLOW, "if: fac")
    assert "whether the period ends on 31 December" in await editor.hover(WORKFLOW, "period.last_of_year")
    assert "condition is always false" in await editor.hover(WORKFLOW, "K316")
    editor.open(MESSAGE)
    assert "link or command for the reader" in await editor.hover(MESSAGE, "filing.link")
    assert await editor.hover(MESSAGE, "title") != ""


async def test_an_id_leads_to_where_it_is_defined(editor: Editor) -> None:
    text = editor.open(WORKFLOW)
    lines = text.split("\n")
    assert await editor.define(WORKFLOW, "relatiebeheerder") == ["roles/relatiebeheerder.yaml:1"]
    assert await editor.define(WORKFLOW, "opstellen]") == [
        f"{WORKFLOW}:{lines.index('  - id: opstellen') + 1}"
    ]
    deadline = lines.index("deadlines:") + 2
    assert await editor.define(WORKFLOW, "aangifte, workdays") == [f"{WORKFLOW}:{deadline}"]
    assert await editor.define(WORKFLOW, "Aangifte omzetbelasting") == []


async def test_an_id_leads_to_everywhere_it_is_named(editor: Editor) -> None:
    text = editor.open(WORKFLOW)
    numbered = list(enumerate(text.split("\n"), 1))
    named = [n for n, line in numbered if "accountant" in line]
    found = await editor.refer(WORKFLOW, "accountant }")
    assert found == ["roles/accountant.yaml:1", *(f"{WORKFLOW}:{n}" for n in named)]
    phases = [n for n, line in numbered if "opstellen" in line and "title" not in line]
    defined = next(n for n, line in numbered if line == "  - id: opstellen")
    found = await editor.refer(WORKFLOW, "opstellen]")
    assert found[0] == f"{WORKFLOW}:{defined}"
    assert sorted(found) == sorted(f"{WORKFLOW}:{n}" for n in phases)


async def test_a_fact_is_named_in_conditions_dates_and_messages(editor: Editor) -> None:
    text = editor.open(WORKFLOW)
    editor.write(WORKFLOW, text.replace("documents:\n  -", f"{FACT}  -", 1))
    editor.type(WORKFLOW, "    four_eyes:", "    if: facts.saldo > 0\n    four_eyes:")
    message = editor.open(MESSAGE)
    editor.write(MESSAGE, message.replace("{{ filing.link }}", "{{ facts.saldo }}", 1))
    found = await editor.refer(WORKFLOW, "saldo > 0")
    assert [place.rpartition(":")[0] for place in found] == [WORKFLOW, MESSAGE, WORKFLOW]


async def test_the_outline_has_the_parts_with_an_id(editor: Editor) -> None:
    editor.open(WORKFLOW)
    params = types.DocumentSymbolParams(types.TextDocumentIdentifier(editor.uri(WORKFLOW)))
    found = await editor.client.text_document_document_symbol_async(params)
    assert found is not None
    symbols = {one.name: one for one in found if isinstance(one, types.DocumentSymbol)}
    phases = symbols["phases"].children or []
    assert [(one.name, one.detail) for one in phases] == [
        ("opstellen", "Opstellen"),
        ("controle", "Controle"),
        ("aanbieden", "Aanbieden"),
        ("indienen", "Indienen"),
    ]
    [checkpoints] = [one for one in phases[0].children or [] if one.name == "checkpoints"]
    assert [one.name for one in checkpoints.children or []] == ["aansluiting"]
    assert symbols["title"].detail == "Aangifte btw"


async def test_a_half_typed_file_keeps_its_names(editor: Editor) -> None:
    text = editor.open(WORKFLOW)
    editor.write(
        WORKFLOW, text.replace("    offer:\n", "    offer: {\n").replace("title: Controle", 'title: "Con')
    )
    assert "phase **opstellen**" in await editor.hover(WORKFLOW, "made_in: opstellen")
    assert await editor.define(WORKFLOW, "aangifte-btw") == ["products/aangifte-btw.yaml:1"]
    editor.open("roles/accountant.yaml")
    found = await editor.refer("roles/accountant.yaml", "title")
    assert f"{WORKFLOW}:" in "".join(found)
    assert found[0] == "roles/accountant.yaml:1"
