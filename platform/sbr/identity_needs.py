"""Which fields of a relation's identity each report needs before anything can be filed (FACTS 2.2)."""

from collections.abc import Mapping

IDENTITY_NEEDS: Mapping[str, tuple[str, ...]] = {
    "omzetbelasting": ("ob_number", "legal_form", "bsn_or_rsin"),
}
"""By report; the office's readiness knows the names, and tells what is missing in this order."""
