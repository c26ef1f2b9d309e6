"""Tests of policies, findings and verdicts."""
