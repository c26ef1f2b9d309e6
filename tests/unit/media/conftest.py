"""A looking process for tests, kept warm."""

from collections.abc import AsyncIterator

import pytest

from folkmoot.media.looking import Looking, can_look

if not can_look():
    pytest.skip("pillow is not installed (folkmoot[media])", allow_module_level=True)


@pytest.fixture(autouse=True)
def _as_in_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    # Synapse, which other tests import, has Pillow read broken files to their end.
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", False)


@pytest.fixture
async def looking() -> AsyncIterator[Looking]:
    """One process that looks at pictures."""
    one = Looking()
    await one.start()
    yield one
    await one.close()
