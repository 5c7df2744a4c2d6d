"""Every code: its wrong example gives it and no other, its right one nothing; pages come from it."""

from pathlib import Path

import pytest

from kantoor.compiler import Compilation, compile_definitions
from kantoor.compiler.diagnostics import Code, all_codes
from kantoor.compiler.examples import Example, lay_out, small_office
from kantoor.compiler.explain import explain_code
from kantoor.compiler.pages import FAMILIES, pages

ROOT = Path(__file__).parents[2]
CODES = list(all_codes().values())
CHECKED = [code for code in CODES if code.by == "check"]


def compile_example(example: Example, folder: Path) -> Compilation:
    lay_out(example, folder)
    return compile_definitions(folder)


@pytest.mark.parametrize("code", CHECKED, ids=lambda code: code.id)
def test_the_wrong_example_gives_the_code_and_no_other_and_says_what_to_do(
    code: Code, tmp_path: Path
) -> None:
    compilation = compile_example(code.wrong, tmp_path)
    assert [diagnostic.code.id for diagnostic in compilation.diagnostics] == [code.id]
    assert all(diagnostic.help for diagnostic in compilation.diagnostics)
    assert bool(compilation.errors) == (code.level == "error")


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_the_right_example_gives_nothing_and_compiles(code: Code, tmp_path: Path) -> None:
    compilation = compile_example(code.right, tmp_path)
    # An example shows only what it is about: what it leaves unused is not its subject.
    assert [d for d in compilation.diagnostics if not d.code.last or code.last] == []
    assert "btw-aangifte" in compilation.plans
    assert compilation.office is not None


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.id)
def test_the_wrong_and_the_right_example_are_about_one_file(code: Code) -> None:
    # about where a file is, or what it is called
    renamed = code.id in ("K109", "K113", "K114", "K230", "K850")
    assert renamed or code.wrong.path == code.right.path
    assert code.wrong != code.right


def test_the_small_office_has_no_mistakes(tmp_path: Path) -> None:
    for path, text in small_office().items():
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert compile_definitions(tmp_path).diagnostics == ()


def test_every_code_belongs_to_a_family_and_explains_itself() -> None:
    for code in CODES:
        assert code.id[:2] in FAMILIES
        assert code.explanation.endswith((".", ")")), code.id
        assert code.title == code.title.strip(" .")
        assert code.id in explain_code(code)


def test_pages_are_those_of_the_declarations() -> None:
    """`python -m kantoor.compiler.pages docs` refreshes them."""
    for name, text in pages().items():
        assert (ROOT / "docs" / name).read_text("utf-8") == text, name
