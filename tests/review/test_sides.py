"""The sides of a comparison: what was checked before is read no further than the two can differ."""

import shutil
from pathlib import Path

import pytest

from kantoor.compiler.cache import check_definitions
from kantoor.review.sides import NotCompiledError, find_sources, load_sides

ROOT = Path(__file__).parents[2]
DEFINITIONS = ROOT / "definitions"

EDITS = {
    "a template": ("workflows/btw-aangifte.yaml", "role: fiscaal", "role: accountant"),
    "what templates share": ("messages/btw-ter-accordering.yaml", "opgesteld", "gemaakt"),
    "the office": ("office.yaml", "opening_hour: 8", "opening_hour: 9"),
    "a scenario": ("scenarios/btw-aangifte/akkoord.yaml", "title: ", "title: Nieuw "),
    "a policy": ("policies/wachten-houdt-op.yaml", "title: ", "title: Nieuw "),
    "a template for a product of another": (
        "workflows/icp-opgaaf.yaml",
        "products: [opgaaf-icp]",
        "products: [opgaaf-icp, aangifte-btw]",
    ),
    "a template that is new": ("workflows/jaarrekening-twee.yaml", "", ""),
}


@pytest.mark.parametrize(("file", "old", "new"), EDITS.values(), ids=EDITS)
def test_sides_that_were_checked_before_are_what_they_are_without(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    head, entries = tmp_path / "head", tmp_path / "check"
    shutil.copytree(DEFINITIONS, head)
    if old:
        text = (head / file).read_text("utf-8")
        assert old in text
        (head / file).write_text(text.replace(old, new), "utf-8")
    else:
        shutil.copy(head / "workflows" / "jaarrekening.yaml", head / file)
    sources = find_sources(str(DEFINITIONS), str(head), head)
    cold = load_sides(sources)
    assert cold[0] != cold[1]
    assert {"salaris", "secretariaat"} <= cold[0].roles, "of templates that are not compared too"
    for folder in (DEFINITIONS, head):
        check_definitions(folder, entries)
    names = sorted(entries.iterdir())
    assert load_sides(sources, entries) == cold
    assert sorted(entries.iterdir()) == names


def test_a_comparison_keeps_what_it_found_out_for_the_next_check_and_comparison(tmp_path: Path) -> None:
    head, entries, others = (tmp_path / name for name in ("head", "check", "others"))
    shutil.copytree(DEFINITIONS, head)
    file = head / "workflows" / "btw-aangifte.yaml"
    file.write_text(file.read_text("utf-8").replace("role: fiscaal", "role: niemand"), "utf-8")
    sources = find_sources(str(DEFINITIONS), str(head), head)
    said = []
    for _ in range(2):
        with pytest.raises(NotCompiledError) as refused:
            load_sides(sources, entries)
        said.append(refused.value)
    assert said[0].args == said[1].args
    assert said[0].checked.errors == said[1].checked.errors
    assert {one.name for one in entries.iterdir()} == {
        one.name for folder in (DEFINITIONS, head) for one in _check(folder, others)
    }
    assert [one.read_bytes() for one in sorted(entries.iterdir())] == [
        one.read_bytes() for one in sorted(others.iterdir())
    ]


def _check(folder: Path, entries: Path) -> list[Path]:
    check_definitions(folder, entries)
    return list(entries.iterdir())
