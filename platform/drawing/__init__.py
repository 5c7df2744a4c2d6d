"""Pictures and pages of a template for people who read no YAML, made from its plan alone."""
