"""Tests of what is remembered of earlier messages."""
