"""What `make bench` and `make chaos` run: the real thing, measured and disturbed in a folder of its own."""
