"""The scene that ships, and what is said about one that makes no sense."""

from pathlib import Path

import pytest

from folkmoot.cli.demo.scene import Happened, SceneError, load
from folkmoot.vocabulary import Category


def test_the_scene_has_at_least_sixty_messages_in_many_languages() -> None:
    """The scene is long enough, and not an English one with ornaments."""
    lines = list(load().lines())
    assert len(lines) >= 60
    assert len({line.language for line in lines}) >= 11


def test_the_scene_has_two_administrators_and_several_members() -> None:
    """The group is big enough for copies and floods to come from several people."""
    cast = load().cast
    assert len(cast.administrators) == 2
    assert len(cast.members) >= 6
    assert len(set(cast.everyone)) == len(cast.everyone)


def test_everybody_in_the_cast_speaks() -> None:
    """Nobody stands on the stage for nothing."""
    scene = load()
    people = scene.deciding
    speakers = {line.who for line in scene.lines()} | {people.muted, people.author}
    assert speakers == set(scene.cast.everyone)


def test_the_four_scenes_are_there() -> None:
    """The acceptance tests find their scenes by name."""
    assert [act.scene for act in load().acts if act.scene] == ["checkpoint", "petition", "video", "rounds"]


def test_the_scene_holds_every_kind_of_trouble_that_the_demonstration_promises() -> None:
    """Spam, fraud, gambling and selling sexual content each occur, and most talk is ordinary."""
    lines = list(load().lines())
    categories = {line.category for line in lines}
    assert categories >= {Category.SPAM, Category.SCAM, Category.GAMBLING, Category.SEXUAL_SELLING}
    ordinary = [line for line in lines if line.expected == (Happened.DELIVERED,)]
    assert len(ordinary) > len(lines) / 2


def test_anger_petitions_and_rallies_are_expected_to_be_delivered_without_a_case() -> None:
    """What promise 4 protects is never expected to be anything but delivered."""
    protected = [act for act in load().acts if act.scene in ("checkpoint", "petition")]
    assert all(line.expected == (Happened.DELIVERED,) for act in protected for line in act.lines)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('{ who = "ghost", room = "hall", say = "hi" }', "nobody is called 'ghost'"),
        ('{ who = "a", room = "cellar", say = "hi" }', "there is no room 'cellar'"),
        ('{ who = "a", room = "hall", say = "hi", expect = "stopped" }', "give a category when"),
        ('{ who = "a", room = "hall", say = "hi", category = "spam" }', "give a category when"),
        ('{ who = "a", room = "hall", say = "hi", expect = [] }', "nothing is expected"),
        ('{ who = "a", room = "hall", say = "hi", expect = "gone" }', "Invalid enum value 'gone'"),
        ('{ who = "a", room = "hall", say = "hi", loudly = true }', "loudly"),
    ],
)
def test_a_scene_that_makes_no_sense_is_refused_with_the_place(
    tmp_path: Path, line: str, sentence: str
) -> None:
    """A mistake in the scene is an error that names what is wrong."""
    path = tmp_path / "scene.toml"
    path.write_text(
        f"""
        title = "T"
        rooms = [{{ key = "hall", title = "Hall", topic = "", version = "11" }}]
        cast = {{ administrators = ["a"], members = [], strangers = [] }}
        acts = [{{ title = "One", lines = [{line}] }}]
        [deciding]
        room = "hall"
        muted = "a"
        mute_reason = "r"
        muted_says = "s"
        author = "a"
        reporter = "a"
        says = "s"
        appeals = "p"
        answer = "n"
        """
    )
    with pytest.raises(SceneError, match=str(path)) as caught:
        load(path)
    assert sentence in str(caught.value)
