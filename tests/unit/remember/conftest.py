"""A real SQLite file for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from folkmoot.remember import groups
from folkmoot.remember.records import Group
from folkmoot.remember.store import Store


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where the test's database is."""
    return f"sqlite:///{tmp_path / 'folkmoot.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An open database, closed after the test."""
    store = Store(url)
    yield store
    store.close()


@pytest.fixture
def group(store: Store) -> Group:
    """A group with its first policy."""
    return store.write_now(
        lambda c: groups.create(c, "Allotments", "# first", by="@ann:example.org", at=100.0)
    )
