"""What waits for people, and who may decide it."""
