"""The constructs that are explained: each has an example that compiles, and leads to others that exist."""

from pathlib import Path

import pytest

from kantoor.compiler import compile_definitions
from kantoor.compiler.constructs import Construct, list_constructs
from kantoor.compiler.examples import lay_out
from kantoor.compiler.explain import explain, list_names
from kantoor.compiler.reference import all_keys, blocks
from kantoor.compiler.variable_help import GROUP_MEANINGS, NAMED, list_variable_names
from kantoor.context import VARIABLES

ALL = pytest.mark.parametrize("construct", list_constructs(), ids=lambda construct: construct.name)


@ALL
def test_the_example_of_a_construct_has_no_mistakes(construct: Construct, tmp_path: Path) -> None:
    lay_out(construct.example, tmp_path)
    compilation = compile_definitions(tmp_path)
    assert [str(one.message) for one in compilation.diagnostics if not one.code.last] == []
    assert "btw-aangifte" in compilation.plans


@ALL
def test_a_construct_is_explained_by_its_name_and_by_other_words_for_it(construct: Construct) -> None:
    for name in (construct.name, *construct.also):
        assert explain(name).startswith(f"{construct.name}: {construct.title}\n")
    assert construct.name in list_names()


@ALL
def test_what_a_construct_leads_to_can_be_explained(construct: Construct) -> None:
    assert [name for name in construct.see if not explain(name)] == []
    assert construct.block is None or construct.block in blocks()


def test_no_two_constructs_answer_to_one_word() -> None:
    words = [word for construct in list_constructs() for word in (construct.name, *construct.also)]
    assert len(words) == len(set(words))


def test_every_block_of_a_template_that_is_more_than_a_part_is_a_construct() -> None:
    explained = {construct.block for construct in list_constructs()}
    kinds_of_phases = {key.blocks[0] for key in all_keys() if key.owner == "Phase" and len(key.blocks) == 1}
    assert kinds_of_phases - {"DateRule"} <= explained


@pytest.mark.parametrize("name", sorted(list_variable_names()))
def test_every_variable_and_group_is_explained(name: str) -> None:
    assert name.partition(".")[0] in explain(name)


def test_every_variable_has_an_example_and_every_group_a_meaning() -> None:
    variables = [variable for names in VARIABLES.values() for variable in names.values()]
    assert all(variable.example for variable in variables)
    assert set(GROUP_MEANINGS) == set(VARIABLES)
    assert all(f"{group}.<id>" in explain(f"{group}.iets") for group in NAMED)
