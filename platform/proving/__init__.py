"""Two plans walked side by side: what behaves alike, what goes differently, and who can newly do what."""
