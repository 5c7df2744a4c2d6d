"""The definition language: one pydantic model per kind of definition, from which the schemas are made."""
