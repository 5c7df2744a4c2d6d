"""What an office still has as in the definitions that kantoor ships, where it is an example."""

from collections.abc import Iterable

from ...plan import Office

EXAMPLES = {
    "name": "Administratie- en advieskantoor De Linde",
    "phone": "088 000 12 34",
    "email": "post@delinde.example",
    "tax_consultant_number": "123456",
    "software_vendor_number": "SWO00000",
}
"""The examples by their key in definitions/office.yaml."""


def list_examples(office: Office) -> tuple[str, ...]:
    """Return the keys of office.yaml whose values are the shipped examples."""
    own = {
        "name": office.text.name,
        "phone": office.text.phone,
        "email": office.text.email,
        "tax_consultant_number": office.tax_consultant_number,
        "software_vendor_number": office.software_vendor_number,
    }
    return tuple(key for key, example in EXAMPLES.items() if own[key] == example)


def say_examples(keys: Iterable[str]) -> str:
    """Return in English which keys still have their example."""
    return f"still the examples of kantoor in office.yaml: {', '.join(keys)}"
