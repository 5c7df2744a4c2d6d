"""Explain: codes with their examples, keys with what they take; and the reference of the language."""

from collections.abc import Iterator

import pytest

from kantoor.compiler.constructs import find_construct
from kantoor.compiler.dutch import CONSTRUCTS, KEYS
from kantoor.compiler.explain import UnknownNameError, explain
from kantoor.compiler.language.base import Definition
from kantoor.compiler.language.kinds import KINDS
from kantoor.compiler.reference import all_keys, blocks


def test_a_code_is_explained_with_its_examples_and_what_check_says() -> None:
    text = explain("K201")
    assert text.startswith("K201: unknown role (error)\n")
    assert "error[K201]: unknown role 'acountant'" in text
    assert "help: did you mean 'accountant'?" in text
    assert text.endswith("\n")


def test_a_code_may_be_written_small() -> None:
    assert explain("k201") == explain("K201")


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("offer.chase", "Silence is never approval."),
        ("workflow.phases.offer.chase", "remind: The reminders."),
        ("remind.every_days", "takes: a whole number from 1 to 1000"),
        ("workflow.period", "takes: by_product, month, quarter, half_year"),
        ("workflow.products", "required"),
        ("sbr.offer_as", "default: approval"),
        ("automations.send.to", "primary_contact or a block FunctionTo or a block RoleTo"),
        ("phases.reviews", "takes: a list of: a string"),
        ("workflow.phases", "signs: The documents that whoever completes"),
        ("checkpoints.required", "default: false"),
        ("closing_days.extra", "a date such as 2026-01-31"),
        ("documents.id", "an id (snake_case)"),
        ("documents.title", "takes: a single line"),
        ("office.phone", "takes: a single line"),
        ("office.email", "takes: an e-mail address"),
        ("scenario.period", "takes: a single line or a whole number\n"),
        ("office.takes", "takes: a mapping of ids, each with: a whole number from 0 to 1000"),
        ("expect.is", "takes: a string or true or false or a whole number or a number\n"),
        ("contacts.may", "default: [see, answer, approve, sign]"),
    ],
)
def test_a_key_is_explained(key: str, says: str) -> None:
    assert says in explain(key)


def test_a_key_that_stands_in_many_places_is_told_briefly_for_each() -> None:
    text = explain("title")
    assert "workflow.phases.title" in text
    assert "takes:" not in text


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("herinnering", "chase: "),
        ("Vier ogen", "four_eyes: "),
        ("klant", "    request: ask the client for data"),
        ("termijn", "    deadline: a last day"),
        ("hoogstens", "phases.wait.chase.remind.at_most"),
    ],
)
def test_a_dutch_word_leads_to_what_says_it(word: str, says: str) -> None:
    assert says in explain(word)


def test_every_dutch_word_can_be_explained() -> None:
    for word, constructs in CONSTRUCTS.items():
        assert all(find_construct(one) for one in constructs), word
    for word in (*CONSTRUCTS, *KEYS):
        assert explain(word)


def test_an_unknown_name_is_told_what_is_near() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'escalate'"):
        explain("escalat")
    with pytest.raises(UnknownNameError, match=r"did you mean 'offer\.chase'"):
        explain("offer.chse")
    with pytest.raises(UnknownNameError, match="unknown code K999"):
        explain("K999")


def test_every_key_and_block_of_the_language_says_what_it_means() -> None:
    for key in all_keys():
        assert key.meaning.endswith("."), key.path
    for block in blocks().values():
        assert block.meaning, block.name


def models(base: type[Definition] = Definition) -> Iterator[type[Definition]]:
    for model in base.__subclasses__():
        yield model
        yield from models(model)


def test_the_reference_has_every_model_with_every_key_that_it_takes_and_requires() -> None:
    def summary(model: type[Definition]) -> tuple[tuple[str, ...], set[str]]:
        return model.keys(), model.required_keys()

    assert {
        block.name: (
            tuple(key.name for key in block.keys),
            {key.name for key in block.keys if key.required},
        )
        for block in blocks().values()
    } == {model.__name__: summary(model) for model in models()}


def test_every_kind_of_definition_and_every_block_below_it_can_be_explained() -> None:
    paths = {key.path for key in all_keys()}
    assert {path.partition(".")[0] for path in paths} == {kind.name for kind in KINDS}
    reached = {kind.model.__name__ for kind in KINDS} | {name for key in all_keys() for name in key.blocks}
    assert reached == set(blocks())
    for path in paths:
        assert explain(path).startswith(path)
