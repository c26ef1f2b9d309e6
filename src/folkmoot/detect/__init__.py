"""Detectors: pure functions from a message and its context to signals."""
