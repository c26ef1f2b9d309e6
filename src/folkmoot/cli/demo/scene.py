"""The scene as data: who says what in which room, and what should happen to it."""

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from importlib import resources
from pathlib import Path

import msgspec
from msgspec import Struct

from folkmoot.vocabulary import Category


class SceneError(Exception):
    """The scene cannot be played; the message names the file, the line of talk and the remedy."""


class Happened(StrEnum):
    """What became of a message."""

    DELIVERED = "delivered"
    CASE = "case"
    STOPPED = "stopped"


class Line(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One message of the scene and what should happen to it."""

    who: str
    room: str
    say: str
    language: str = "en"
    expect: Happened | tuple[Happened, ...] = Happened.DELIVERED
    category: Category | None = None
    quickly: bool = False
    opens_case: bool = False

    @property
    def expected(self) -> tuple[Happened, ...]:
        """Everything that may happen to the message; nearly always one thing."""
        return (self.expect,) if isinstance(self.expect, Happened) else self.expect


class Act(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Some lines that belong together; `scene` names those that are acceptance tests of their own."""

    title: str
    lines: tuple[Line, ...]
    scene: str = ""


class Place(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A room of the scene."""

    key: str
    title: str
    topic: str
    version: str


class Cast(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who takes part, by role; nobody here exists."""

    administrators: tuple[str, ...]
    members: tuple[str, ...]
    strangers: tuple[str, ...]

    @property
    def everyone(self) -> tuple[str, ...]:
        """All names, administrators first."""
        return self.administrators + self.members + self.strangers


class Deciding(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What people decide in the scene: who is muted, who is reported by whom, and what they say."""

    room: str
    muted: str
    mute_reason: str
    muted_says: str
    author: str
    reporter: str
    says: str
    appeals: str
    answer: str


class Scene(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A group, its rooms, its people and what they say."""

    title: str
    rooms: tuple[Place, ...]
    cast: Cast
    acts: tuple[Act, ...]
    deciding: Deciding

    def lines(self) -> Iterator[Line]:
        """Every line in the order it is said."""
        for act in self.acts:
            yield from act.lines


def load(path: Path | None = None) -> Scene:
    """Read a scene (by default the one that ships); SceneError says what is wrong with it."""
    place = str(path or "scene.toml")
    try:
        if path is None:
            text = resources.files(__package__).joinpath("scene.toml").read_text(encoding="utf-8")
        else:
            text = path.read_text(encoding="utf-8")
        scene = msgspec.convert(tomllib.loads(text), Scene)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as trouble:
        raise SceneError(f"{place}: {trouble}") from trouble
    _require_sense(scene, place)
    return scene


def _require_sense(scene: Scene, place: str) -> None:
    rooms = {room.key for room in scene.rooms}
    people = scene.deciding
    for who in (people.muted, people.author, people.reporter):
        if who not in scene.cast.everyone:
            raise SceneError(f"{place}: [deciding]: nobody is called {who!r}; add them to the cast.")
    if people.room not in rooms:
        raise SceneError(f"{place}: [deciding]: there is no room {people.room!r}.")
    for number, line in enumerate(scene.lines(), 1):
        where = f"{place}: line of talk {number}"
        if line.who not in scene.cast.everyone:
            raise SceneError(f"{where}: nobody is called {line.who!r}; add them to the cast.")
        if line.room not in rooms:
            raise SceneError(
                f"{where}: there is no room {line.room!r}; rooms are {', '.join(sorted(rooms))}."
            )
        if not line.expected:
            raise SceneError(f"{where}: nothing is expected; leave `expect` out for *delivered*.")
        if (line.expected == (Happened.DELIVERED,)) is (line.category is not None):
            raise SceneError(f"{where}: give a category when, and only when, more than delivery is expected.")
