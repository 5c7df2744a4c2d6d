"""What a client meets: what waits for them, each filing of theirs, and chats with the office."""
