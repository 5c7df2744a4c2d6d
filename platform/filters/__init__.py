"""The filter language of relations: what people type, as a typed tree and back; it knows no database."""

from .fields import ANY, FIELDS, NOBODY, NOTHING, SOMEBODY, TODAY, Field, find_field, fold
from .reading import LONGEST, FilterError, Reading, Span, Written, read_filter, read_terms
from .tree import Comparison, Filter, Term
from .writing import write_filter, write_term, write_value

__all__ = [
    "ANY",
    "FIELDS",
    "LONGEST",
    "NOBODY",
    "NOTHING",
    "SOMEBODY",
    "TODAY",
    "Comparison",
    "Field",
    "Filter",
    "FilterError",
    "Reading",
    "Span",
    "Term",
    "Written",
    "find_field",
    "fold",
    "read_filter",
    "read_terms",
    "write_filter",
    "write_term",
    "write_value",
]
