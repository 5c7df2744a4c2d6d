"""Unused definitions are told last: another mistake may be why nothing uses them."""

import shutil
from pathlib import Path

import pytest

from kantoor.compiler import Compilation, compile_definitions
from kantoor.compiler.examples import Example, lay_out

SHIPPED = Path(__file__).parents[2] / "definitions"
MESSAGE = "title: Oud\nchannels: [email]\ntexts:\n  nl: { subject: Oud, body: Oud }\n"


def compile_with(folder: Path, path: str, text: str) -> Compilation:
    shutil.copytree(SHIPPED, folder / "definitions")
    file = folder / "definitions" / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, "utf-8")
    return compile_definitions(folder / "definitions")


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("messages/oud.yaml", MESSAGE, "message"),
        ("products/oud.yaml", "title: Oud\nfrequencies: [month]\n", "product"),
        ("forms/oud.yaml", "title: Oud\nitems:\n  - { id: a, title: A }\n", "form"),
    ],
)
def test_a_file_that_no_template_uses_is_a_warning(tmp_path: Path, path: str, text: str, kind: str) -> None:
    (found,) = compile_with(tmp_path, path, text).diagnostics
    assert (found.code.id, found.level, found.span.path) == ("K230", "warning", path)
    assert found.message == f"unused {kind} 'oud': no template uses it"


@pytest.mark.parametrize(
    "piece",
    [
        "ends:\n  - id: gestopt\n    title: Gestopt\n    planner: klaar\n",
        "deadlines:\n  - id: eigen\n    title: Eigen\n    due: [{ after: period.end, days: 9 }]\n",
        "documents:\n  - id: bijlage\n    title: Bijlage\n    made_in: opstellen\n    optional: true\n",
    ],
)
def test_a_part_of_a_template_that_nothing_uses_is_a_warning(tmp_path: Path, piece: str) -> None:
    lay_out(Example(piece), tmp_path)
    (found,) = compile_definitions(tmp_path).diagnostics
    assert (found.code.id, found.level) == ("K231", "warning")


def test_a_document_that_is_only_signed_is_used(tmp_path: Path) -> None:
    document = (
        "documents:\n  - id: bijlage\n    title: Bijlage\n    made_in: opstellen\n    optional: true\n"
        "phases:\n  - id: tekenen\n    title: Tekenen\n    role: accountant\n    signs: [bijlage]\n"
    )
    lay_out(Example(document), tmp_path)
    assert compile_definitions(tmp_path).diagnostics == ()


def test_what_is_unused_is_not_told_beside_a_mistake(tmp_path: Path) -> None:
    text = MESSAGE.replace("channels: [email]", "channels: [emaill]")
    assert [d.code.id for d in compile_with(tmp_path, "messages/oud.yaml", text).diagnostics] == ["K123"]


def test_the_messages_of_chats_are_used_and_name_no_fact_of_a_template() -> None:
    said = MESSAGE.replace("body: Oud", "body: 'Over {{ facts.dagtekening }}'")
    found = compile_definitions(SHIPPED, {"messages/gesprek-klant.yaml": said}).diagnostics
    assert [(one.level, one.span.path) for one in found] == [("error", "messages/gesprek-klant.yaml")]
    assert "dagtekening" in found[0].message
