"""The office as a whole: how it does, its first steps, its clock in practice, and reviving it."""
