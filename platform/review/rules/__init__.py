"""What each part of a plan promises to whom, and the sentence that says how the promise changes."""
