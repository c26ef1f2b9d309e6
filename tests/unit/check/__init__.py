"""Tests of `folkmoot check`."""
