"""The office's own database: relations, people, plans, filings, deliveries, the timeline, documents."""
