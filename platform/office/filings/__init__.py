"""Filings as the office keeps them: their rows, what happened, what was delivered and sent, what recurs."""
