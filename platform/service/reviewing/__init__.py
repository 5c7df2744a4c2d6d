"""What a change of definitions is held against: what runs, what is closed, and what becomes of both."""
