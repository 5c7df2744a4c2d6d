"""A review for programs: JSON, and the schema that says what is in it."""

import json

import msgspec

from ..review import Review


def write_json(review: Review) -> str:
    """Return a review as JSON, by the schema that `make_schema` returns."""
    return msgspec.json.format(msgspec.json.encode(review), indent=2).decode() + "\n"


def make_schema() -> str:
    """Return the JSON Schema of a review."""
    schema = msgspec.json.schema(Review)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Diff"}
    return json.dumps({**head, **schema}, ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    import sys

    sys.stdout.write(make_schema())
