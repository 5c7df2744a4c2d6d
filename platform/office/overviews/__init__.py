"""What people look through, read across relations and filings: work, planner, timeline, insights."""
