"""How people write what the office has ids for: filings, recurrences, a relation's sub-number, a product."""

from ..office.database.tables import ANY_PRODUCT, ONE_SUB_NUMBER


def short_name(filing: str) -> str:
    """Return how people write a filing's workflow id; `cases.find_by_name` reads it."""
    return filing.removeprefix("filing/").removesuffix(f"/{ONE_SUB_NUMBER}/1")


def recurrence_name(recurrence: str) -> str:
    """Return how people write a recurrence's workflow id: template/relation, with a sub-number if any."""
    return recurrence.removeprefix("recurrence/").removesuffix(f"/{ONE_SUB_NUMBER}")


def short_digest(digest: str) -> str:
    """Return what people read of a plan's digest: enough of it to tell two plans apart."""
    return digest[:12]


def with_sub_number(relation: str, sub_number: str) -> str:
    """Return a relation's number, with the sub-number where it has several: 1001 (B01)."""
    return relation if sub_number == ONE_SUB_NUMBER else f"{relation} ({sub_number})"


def product_name(product: str, sub_number: str = ONE_SUB_NUMBER) -> str:
    """Return a product as people write it, with its sub-number if any; every product in words."""
    name = "alle producten" if product == ANY_PRODUCT else product
    return name if sub_number == ONE_SUB_NUMBER else f"{name} {sub_number}"
