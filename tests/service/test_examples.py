"""What an office still has of the examples that kantoor ships."""

from kantoor.data import replace
from kantoor.service.releasing.examples import EXAMPLES, list_examples
from tests.shipped import compile_shipped


def test_the_examples_are_those_of_the_shipped_definitions_and_go_one_by_one() -> None:
    office = compile_shipped().office
    assert office
    assert list_examples(office) == tuple(EXAMPLES)
    own = replace(office, tax_consultant_number="654321", text=replace(office.text, name="Jansen & Co"))
    assert list_examples(own) == ("phone", "email", "software_vendor_number")
