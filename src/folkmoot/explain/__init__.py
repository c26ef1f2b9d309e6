"""Words for people: why something was done, and what can be done about it."""
