"""Tests of folding, links and fingerprints."""
