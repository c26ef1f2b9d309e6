"""A town with two administrators."""

from collections.abc import Iterator

import pytest

from tests.support.town import Town


@pytest.fixture
def town() -> Iterator[Town]:
    """A group that has started, with two administrators."""
    town = Town()
    yield town
    town.close()


@pytest.fixture
def village() -> Iterator[Town]:
    """A group that has started, with one administrator."""
    village = Town(1)
    yield village
    village.close()
