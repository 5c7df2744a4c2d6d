"""A review for programs: JSON, and the schema that says what is in it."""

import msgspec

from ...data import write_schema
from ..review import Review


def write_json(review: Review) -> str:
    """Return a review as JSON, by the schema that `make_schema` returns."""
    return msgspec.json.format(msgspec.json.encode(review), indent=2).decode() + "\n"


def make_schema() -> str:
    """Return the JSON Schema of a review."""
    return write_schema(Review, "Diff")


if __name__ == "__main__":
    import sys

    sys.stdout.write(make_schema())
