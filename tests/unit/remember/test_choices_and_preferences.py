"""What a group and a person choose: with bounds, with defaults, and never calling anybody at night."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from folkmoot.remember import choices, groups, log, preferences
from folkmoot.remember.choices import ChoiceError, Choices
from folkmoot.remember.preferences import Preference, zone
from folkmoot.remember.records import Group
from folkmoot.remember.store import Store


def _put(store: Store, group: Group, name: str, value: object) -> Choices:
    return store.write_now(lambda c: choices.put(c, group.id, name, value, by="@a:x", at=5.0))


def test_a_group_that_chose_nothing_has_the_defaults(store: Store, group: Group) -> None:
    """Every choice has a default that is fair to members."""
    assert store.read_now(lambda c: choices.get(c, group.id)) == Choices()


@pytest.mark.parametrize(
    ("name", "value"),
    [("ladder", [0, 1.5, 24]), ("panel_size", 3), ("pause_hours", 1), ("report_reaction", "👀")],
)
def test_a_choice_is_kept_and_in_the_log(store: Store, group: Group, name: str, value: object) -> None:
    """What is chosen replaces what was chosen before, for this group only."""
    other = store.write_now(lambda c: groups.create(c, "Other", "", by="@b:x", at=1.0))
    for one in (value, value):
        made = _put(store, group, name, one)
    chosen = getattr(made, name)
    assert (list(chosen) if isinstance(chosen, tuple) else chosen) == value
    assert store.read_now(lambda c: choices.get(c, group.id)) == made
    assert store.read_now(lambda c: choices.get(c, other.id)) == Choices()
    entry = store.read_now(lambda c: log.entries(c, group.id))[0]
    assert (entry.kind, entry.subject, entry.by) == ("choice.made", name, "@a:x")


_WRONG = [
    ("color", "red", "There is no choice"),
    ("ladder", [25], "24"),
    ("ladder", ["long"], "number|float"),
    ("panel_size", 10, "9"),
    ("panel_size", "three", "int"),
    ("pause_hours", 0, "1"),
    ("urgent_hours", float("inf"), "8760"),
    ("unfounded_reports", 1, "2"),
    ("report_reaction", "x" * 33, "32"),
]


@pytest.mark.parametrize(("name", "value", "words"), _WRONG, ids=str)
def test_what_can_t_be_chosen_is_explained(
    store: Store, group: Group, name: str, value: object, words: str
) -> None:
    """A name that is not known or a value out of bounds is told with the bound, and changes nothing."""
    with pytest.raises(ChoiceError, match=words):
        _put(store, group, name, value)
    assert store.read_now(lambda c: choices.get(c, group.id)) == Choices()


def test_a_person_s_wishes_are_theirs(store: Store, group: Group) -> None:
    """Language and quiet hours are kept for a person in a group; others have the defaults."""
    wish = Preference(language="de", quiet_from=1320, quiet_to=420, zone="Europe/Berlin")
    for one in (Preference(language="fr"), wish):
        store.write_now(lambda c, w=one: preferences.put(c, group.id, "@a:x", w, at=5.0))  # type: ignore[misc]
    assert store.read_now(lambda c: preferences.get(c, group.id, "@a:x")) == wish
    assert store.read_now(lambda c: preferences.get(c, group.id, "@b:x")) == Preference()
    assert store.read_now(lambda c: preferences.get(c, "other", "@a:x")) == Preference()


def _at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


NIGHT = Preference(quiet_from=22 * 60, quiet_to=7 * 60, zone="UTC")


@pytest.mark.parametrize(
    ("at", "awake"),
    [
        ("2026-05-04T21:59:59", "2026-05-04T21:59:59"),
        ("2026-05-04T22:00:00", "2026-05-05T07:00:00"),
        ("2026-05-05T03:30:30", "2026-05-05T07:00:00"),
        ("2026-05-05T06:59:59", "2026-05-05T07:00:00"),
        ("2026-05-05T07:00:00", "2026-05-05T07:00:00"),
    ],
)
def test_nobody_is_called_in_quiet_hours(at: str, awake: str) -> None:
    """A call at night waits until the morning; one by day goes out at once."""
    assert NIGHT.awake_at(_at(at)) == _at(awake)


@given(
    at=st.floats(1.5e9, 2e9),
    start=st.none() | st.integers(0, 1439),
    end=st.none() | st.integers(0, 1439),
    where=st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Nowhere/At_All"]),
)
def test_the_morning_comes_within_a_day(at: float, start: int | None, end: int | None, where: str) -> None:
    """Whatever was chosen, a call goes out now or within about a day, and then it is no night."""
    wish = Preference(quiet_from=start, quiet_to=end, zone=where)
    awake = wish.awake_at(at)
    assert at <= awake <= at + 25 * 3600
    # Where the clock is put forward, a morning can fall into the hour that there isn't.
    assert 0 <= wish.awake_at(awake) - awake <= 2 * 3600


def test_an_unknown_zone_is_utc() -> None:
    """A zone that nobody knows harms nobody."""
    assert str(zone("Nowhere/At_All")) == str(zone("../../etc/passwd")) == "UTC"
