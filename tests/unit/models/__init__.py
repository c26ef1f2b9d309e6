"""Tests of the small models and their scorers."""
