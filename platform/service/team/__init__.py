"""The team: absence, stand-ins, titles, and what they leave undone."""
