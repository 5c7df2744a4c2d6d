"""How people write what the office has ids for: filings, recurrences, a relation's sub-number, a product."""

from ..filing_names import short_name
from ..office.database.tables import ANY_PRODUCT, ONE_SUB_NUMBER

__all__ = ["product_name", "recurrence_name", "short_digest", "short_name", "with_sub_number"]


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
