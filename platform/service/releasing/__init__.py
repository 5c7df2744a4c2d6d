"""What definitions are in force: deploys, pilots, promotion and rollback, and what was published."""
