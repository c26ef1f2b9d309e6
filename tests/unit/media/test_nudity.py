"""The model for nudity, where its packages are installed."""

import pytest

from folkmoot.media.looking import Looking, missing
from tests.unit.media.drawn import saved, scene

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"not installed (folkmoot[media]): {missing()}")


async def test_the_model_judges_ordinary_pictures(looking: Looking) -> None:
    """Drawings, noise and plain colours are no nudity to the model."""
    assert looking.judges_nudity
    for seed in range(6):
        seen = await looking.look(saved(scene(seed), "JPEG"), (), group="g")
        assert seen.nudity is not None
        assert 0.0 <= seen.nudity < 0.5


async def test_a_broken_file_is_not_judged(looking: Looking) -> None:
    """Of what can't be read the model says nothing."""
    assert (await looking.look(b"nothing", (), group="g")).nudity is None
