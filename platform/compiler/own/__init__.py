"""An office's own definitions: a repository that is made from kantoor's, and newer ones merged into it."""
