"""What was found in a message's pictures, as a rule asks for it; looking at them is done before judging."""

from collections.abc import Iterable
from typing import Final

from folkmoot.detect.triggers import Find, HowSure, Image
from folkmoot.vocabulary import Category, Picture

LIKELY: Final = 0.8
"""What the model's authors call highly probable."""
VERY_LIKELY: Final = 0.95

_STRENGTH: Final[dict[HowSure, float]] = {"likely": 0.4, "very likely": 0.5}
_KNOWN: Final = (
    "A picture in it is on the list of pictures that this group does not want, or nearly the same as one."
)


def find(pictures: Iterable[Picture], trigger: Image) -> Find | None:
    """What a trigger asks about, in any of the pictures."""
    if trigger.what == "known":
        return _known(pictures)
    if trigger.what == "nudity":
        return _nudity(pictures, trigger.at_least)
    return _unreadable(pictures)


def how_sure(nudity: float) -> HowSure | None:
    """How sure the model is, in words; None where it does not speak up."""
    if nudity >= VERY_LIKELY:
        return "very likely"
    return "likely" if nudity >= LIKELY else None


def _known(pictures: Iterable[Picture]) -> Find | None:
    if all(picture.known is None for picture in pictures):
        return None
    return Find(name="image.known", strength=1.0, sentence=_KNOWN)


def _nudity(pictures: Iterable[Picture], at_least: HowSure) -> Find | None:
    sure = how_sure(max((picture.nudity or 0.0 for picture in pictures), default=0.0))
    if sure is None or (at_least == "very likely" and sure == "likely"):
        return None
    return Find(
        name="image.nudity",
        strength=_STRENGTH[sure],
        sentence=f"To a model a picture in it is {sure} to show nudity. It can be wrong: a person decides.",
        category=Category.SEXUAL,
    )


def _unreadable(pictures: Iterable[Picture]) -> Find | None:
    why = next((picture.unreadable for picture in pictures if picture.unreadable), None)
    if why is None:
        return None
    return Find(
        name="image.unreadable", strength=1.0, sentence=f"A picture in it could not be looked at. {why}"
    )
