"""Messages with known verdicts."""
