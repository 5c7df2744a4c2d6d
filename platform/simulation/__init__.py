"""A filing on a virtual calendar: what happens, when, and what the client reads, in milliseconds."""
