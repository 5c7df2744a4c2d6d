"""How people write a filing's workflow id: a leaf, which opens no database."""

ONE_SUB_NUMBER = "-"
"""The sub-number of a product that a relation has once."""


def short_name(filing: str) -> str:
    """Return how people write a filing's workflow id."""
    return filing.removeprefix("filing/").removesuffix(f"/{ONE_SUB_NUMBER}/1")
