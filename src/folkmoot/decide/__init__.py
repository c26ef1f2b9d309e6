"""Policies, and the verdict that a policy reaches on a message and its signals."""
