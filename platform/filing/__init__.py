"""The filing: a pure state machine over a plan, without clock, I/O or Temporal."""
