"""One filing, as people act on it: who they are there, what they can do, and each act."""
