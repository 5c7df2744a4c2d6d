"""What people look through: their work, the planner, lists of filings and relations, one filing."""
