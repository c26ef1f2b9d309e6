"""What a verdict leads to, and the hands that do it."""
