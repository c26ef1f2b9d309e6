"""One timer bounds many waits: each ends in time, and a wait that somebody else ends is not ours."""

import asyncio

import pytest

from folkmoot.gateways.http.patience import Patience


async def test_who_waits_too_long_is_told() -> None:
    """The bound ends the wait with TimeoutError, and the task goes on."""
    patience = Patience(0.02)
    for _ in range(3):
        with pytest.raises(TimeoutError), patience.bound():
            await asyncio.sleep(5)
    task = asyncio.current_task()
    assert task is not None
    assert not task.cancelling()


async def test_many_end_in_their_own_time() -> None:
    """Each waits as long as it may, whoever began before it."""
    patience, loop = Patience(0.1), asyncio.get_running_loop()

    async def wait(start: float, needs: float) -> float:
        await asyncio.sleep(start)
        began = loop.time()
        try:
            with patience.bound():
                await asyncio.sleep(needs)
        except TimeoutError:
            return loop.time() - began
        return 0.0

    took = await asyncio.gather(*(wait(0.01 * number, 5 if number % 3 else 0.01) for number in range(12)))
    assert all(not took[number] for number in range(0, 12, 3))
    assert all(0.08 < took[number] < 1 for number in range(12) if number % 3)


async def test_what_is_done_in_time_is_left_alone() -> None:
    """A wait that ended is not cut short later."""
    patience = Patience(0.02)
    with patience.bound():
        await asyncio.sleep(0)
    await asyncio.sleep(0.05)


async def test_an_end_from_elsewhere_is_no_timeout() -> None:
    """Who ends the task from outside ends it."""
    patience = Patience(5)

    async def wait() -> None:
        with patience.bound():
            await asyncio.sleep(5)

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_trouble_stays_what_it_is() -> None:
    """Other errors come through."""
    with pytest.raises(KeyError), Patience(5).bound():
        raise KeyError
