"""Tricks do not help: known-bad messages are still caught, to the share that each trick is held to."""

from typing import Final

import pytest
from bench.attacks import bad, rate, split_rate

from tests.corpus.attacks import TRICKS, Trick, attack

FLOORS: Final[dict[str, tuple[float, float]]] = {
    "look-alike letters": (0.98, 0.96),
    "rare look-alike letters": (0.98, 0.96),
    "backwards with a direction sign": (0.98, 0.88),
    "digits for letters": (0.96, 0.90),
    "signs for letters": (0.94, 0.90),
    "letters spaced": (0.77, 0.93),
    "letters on lines": (0.95, 0.93),
    "words broken by spaces": (0.48, 0.76),
    "letters repeated": (0.95, 0.91),
    "letters doubled": (0.94, 0.88),
    "emoji for words": (0.60, 0.60),
    "emoji between": (0.95, 0.95),
    "Russian in Latin letters": (0.53, 0.80),
    "Greek in Latin letters": (0.0, 0.0),
    "Arabic in Latin letters": (0.68, 0.80),
}
"""What share must be caught, light and heavy; those not named here are held to 97 %.

A threat or an insult is often caught by one short phrase, an advertisement by several: the more of the
former are known, the lower the share, though nothing that was caught before is lost.
"""


def test_there_are_enough_bad_messages_to_attack() -> None:
    """A rate over a handful would say nothing."""
    assert len(bad()) >= 280


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.name)
def test_a_trick_does_not_help(trick: Trick) -> None:
    """At least the share named above is caught at least as strictly as without the trick."""
    light, heavy = FLOORS.get(trick.name, (0.97, 0.97))
    assert rate(trick, 0).share >= light
    assert rate(trick, 1).share >= heavy


@pytest.mark.parametrize("trick", TRICKS, ids=lambda trick: trick.name)
def test_an_attack_is_the_same_every_time_and_leaves_links_alone(trick: Trick) -> None:
    """What is measured today is measured tomorrow; a link, a price and a handle go on working."""
    text = "Guaranteed profit, double your money! 60€ t.me/fast @somebody1"
    for strength in (0, 1):
        once = attack(trick, text, strength)
        assert once == attack(trick, text, strength)
        if "backwards" not in trick.name:
            assert all(kept in once for kept in ("60€", "t.me/fast", "@somebody1"))


def test_splitting_a_message_over_several_does_not_help() -> None:
    """In two pieces or in four, it opens a case."""
    assert split_rate(0).share >= 0.85
    assert split_rate(1).share >= 0.85
