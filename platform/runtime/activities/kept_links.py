"""What a kept text has as `filing.link`: a colleague's page of the filing, or a client's placeholder."""

from ...filing_names import short_name

PERSONAL_LINK = "[persoonlijke link]"
"""What is kept of a client's link, and what a simulated mail shows."""


def write_kept_link(base_url: str, filing: str, *, client: bool) -> str:
    """Return what a kept text has as the link of a reader; the pages begin with `base_url`."""
    return PERSONAL_LINK if client else filing_url(base_url, filing)


def filing_url(base_url: str, filing: str) -> str:
    """Return the address of a filing's page for colleagues."""
    return f"{base_url}/opdrachten/{short_name(filing)}"
