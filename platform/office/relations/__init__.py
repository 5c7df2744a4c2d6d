"""Relations: who they are, what they take, who an offer goes to, and what they lack for a template."""
