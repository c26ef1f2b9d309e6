"""How often somebody may ask: bounded in number and in memory, whatever the clock does."""

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.gateways.matrix.bot import budget
from folkmoot.gateways.matrix.bot.budget import Budget


@given(st.lists(st.floats(min_value=0, max_value=30), max_size=60), st.integers(min_value=1, max_value=5))
def test_no_window_holds_more_than_its_most(steps: list[float], most: int) -> None:
    """Whenever somebody asks, no ten seconds ever allow more than was promised."""
    now, allowed = 0.0, []
    limited = Budget(lambda: now, most=most, within=10)
    for step in steps:
        now += step
        if limited.spend("ada"):
            allowed.append(now)
    for at in allowed:
        assert sum(at - 10 < other <= at for other in allowed) <= most


def test_a_clock_that_was_set_back_locks_nobody_out() -> None:
    """After an hour backwards the budget begins afresh rather than waiting for the hour."""
    now = 10_000.0
    limited = Budget(lambda: now, most=1, within=60)
    assert limited.spend("ada")
    assert not limited.spend("ada")
    now -= 3600
    assert limited.spend("ada")


def test_strangers_without_number_are_forgotten() -> None:
    """Memory is bounded by forgetting who asked longest ago."""
    limited = Budget(lambda: 0.0, most=1, within=60)
    for number in range(budget._MOST_REMEMBERED + 5):
        limited.spend(f"@{number}:x")
    assert len(limited._spent) == budget._MOST_REMEMBERED
