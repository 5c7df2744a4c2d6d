"""What is not there and is named in many places is one mistake, which is told once."""

import re
import shutil
from collections.abc import Callable

import pytest

from kantoor.compiler import compile_definitions
from kantoor.compiler.diagnostics import Diagnostic
from kantoor.compiler.reports.text import ALSO, text
from kantoor.compiler.workspace import Workspace

from ..shipped import DEFINITIONS


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("lacks") / "definitions"
    shutil.copytree(DEFINITIONS, folder)
    return Workspace(folder)


def diagnose(office: Workspace, holds: Callable[[str], bool]) -> tuple[Diagnostic, ...]:
    """Return what is wrong where only the files are there of which this holds."""
    away = [
        file
        for file in office.folder.rglob("*.yaml")
        if not holds(file.relative_to(office.folder).as_posix())
    ]
    kept = {file: file.read_bytes() for file in away}
    for file in away:
        file.unlink()
    found = office.compile().diagnostics
    for file, content in kept.items():
        file.write_bytes(content)
    return found


@pytest.mark.parametrize(
    ("missing", "code"),
    [
        ("roles/", "K201"),
        ("products/", "K202"),
        ("messages/", "K203"),
        ("forms/", "K701"),
        ("law/", "K209"),
        ("workflows/", "K874"),
        ("roles/accountant.yaml", "K201"),
        ("products/aangifte-ib.yaml", "K202"),
        ("messages/werk-blijft-liggen.yaml", "K203"),
        ("law/belastingdienst-rekening.yaml", "K216"),
        ("law/omzetbelasting.yaml", "K209"),
        ("workflows/onboarding.yaml", "K874"),
        ("office.yaml", "K112"),
    ],
)
def test_a_folder_or_file_that_is_not_there_is_one_mistake(
    office: Workspace, missing: str, code: str
) -> None:
    found = diagnose(office, lambda path: not path.startswith(missing))
    assert [one.code.id for one in found] == [code]


@pytest.mark.parametrize(
    ("template", "key", "code"),
    [
        ("onboarding", "facts", "K602"),  # no message reads one
        ("aangifte-ib", "documents", "K205"),
        ("btw-aangifte", "deadlines", "K206"),
        ("loonaangifte", "products", "K121"),
    ],
)
def test_a_part_of_a_template_that_is_not_there_is_one_mistake_in_that_template(
    office: Workspace, template: str, key: str, code: str
) -> None:
    path = f"workflows/{template}.yaml"
    whole = (office.folder / path).read_text("utf-8")
    without = re.sub(rf"(?ms)^{key}:.*?(?=^[a-z_]+:)", "", whole)
    found = office.compile({path: without}).diagnostics
    assert {one.span.path for one in found} == {path}
    assert [one.code.id for one in found] == [code]


def test_the_other_places_of_one_mistake_are_shown_a_few_and_counted(office: Workspace) -> None:
    lacking = {path.relative_to(office.folder).as_posix() for path in office.folder.rglob("*.yaml")}
    found = diagnose(office, lambda path: path in lacking - {"roles/administratie.yaml"})
    (one,) = found
    whole = office.compile()
    assert not whole.diagnostics
    assert len(one.also) > ALSO
    (office.folder / "roles/administratie.yaml").rename(office.folder.parent / "away.yaml")
    said = text(compile_definitions(office.folder))
    (office.folder.parent / "away.yaml").rename(office.folder / "roles/administratie.yaml")
    assert said.count("  the same at ") == ALSO
    assert f"  and in {len(one.also) - ALSO} more places" in said
