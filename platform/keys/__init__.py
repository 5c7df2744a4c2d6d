"""The keys that make what kantoor stores unreadable for others."""
