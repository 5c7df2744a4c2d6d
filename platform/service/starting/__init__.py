"""What starts: what was wished, who can start and who cannot, and what starts by itself."""
