"""What a filing asks of the world, one small idempotent function each."""
