"""Every state that a plan can come to: moves, what makes two states one, and a breadth-first walk."""
