"""The command line: thin commands, and the one edge for failures."""
