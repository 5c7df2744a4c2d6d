"""What if: filings that really happened, run again by another plan (docs/what-if.md)."""
