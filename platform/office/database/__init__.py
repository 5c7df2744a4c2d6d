"""The office database: engine, schema with its migrations, tables, and what can be wrong with it."""
