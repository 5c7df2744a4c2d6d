"""Durable filings on Temporal: thin workflows around the pure machine, activities, worker and client."""
