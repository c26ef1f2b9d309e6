"""Rooms of a group, who administers them, and whether they are protected."""

import pytest

from folkmoot.remember import groups, log, rooms
from folkmoot.remember.records import Group, Protection
from folkmoot.remember.rooms import RoomTakenError
from folkmoot.remember.store import Store


@pytest.fixture
def room(store: Store, group: Group) -> str:
    """A room of the group."""
    return store.write_now(lambda c: rooms.add(c, group.id, "!r:x", "Paths", by="@ann:x", at=5.0)).id


def _kinds(store: Store, group: Group) -> list[str]:
    return [entry.kind for entry in store.read_now(lambda c: log.entries(c, group.id))][::-1]


def test_a_new_room_is_being_set_up(store: Store, group: Group, room: str) -> None:
    """A room that was added is not yet protected, and says so."""
    known = store.read_now(lambda c: rooms.get(c, room))
    assert known is not None
    assert (known.group, known.title, known.protection) == (group.id, "Paths", Protection.STARTING)
    assert not known.encrypted
    assert store.read_now(lambda c: rooms.of_group(c, group.id)) == [known]
    assert store.read_now(rooms.every) == [known]


def test_a_room_never_seen_is_none(store: Store) -> None:
    """A room that was never added is not there."""
    assert store.read_now(lambda c: rooms.get(c, "!none:x")) is None


def test_adding_twice_changes_nothing(store: Store, group: Group, room: str) -> None:
    """A room that is in the group already stays as it is."""
    before = store.read_now(lambda c: rooms.get(c, room))
    assert store.write_now(lambda c: rooms.add(c, group.id, room, "Else", by="@b:x", at=6.0)) == before
    assert _kinds(store, group).count("room.added") == 1


def test_a_room_belongs_to_one_group(store: Store, room: str) -> None:
    """Another group can't take a room; after it was removed, it can."""
    other = store.write_now(lambda c: groups.create(c, "Other", "", by="@b:x", at=6.0))
    with pytest.raises(RoomTakenError):
        store.write_now(lambda c: rooms.add(c, other.id, room, "Mine", by="@b:x", at=6.0))
    store.write_now(lambda c: rooms.remove(c, room, by="@ann:x", at=7.0))
    taken = store.write_now(lambda c: rooms.add(c, other.id, room, "Mine", by="@b:x", at=8.0))
    assert (taken.group, taken.title, taken.removed_at) == (other.id, "Mine", None)


def test_a_removed_room_is_no_longer_listed(store: Store, group: Group, room: str) -> None:
    """Removing takes a room off every list, and its record stays."""
    store.write_now(lambda c: rooms.remove(c, room, by="@ann:x", at=7.0))
    assert store.read_now(rooms.every) == []
    assert store.read_now(lambda c: rooms.of_group(c, group.id)) == []
    known = store.read_now(lambda c: rooms.get(c, room))
    assert known is not None
    assert known.removed_at == 7.0
    assert _kinds(store, group)[-1] == "room.removed"


def test_protection_is_logged_when_it_changes(store: Store, group: Group, room: str) -> None:
    """A look that finds the same as before is no change, and makes no log entry."""
    seen = [
        store.write_now(lambda c, s=state, at=at: rooms.set_protection(c, room, s, "because", at=at))  # type: ignore[misc]
        for at, state in enumerate((Protection.ON, Protection.ON, Protection.OFF, Protection.ON))
    ]
    assert seen == [True, False, True, True]
    assert _kinds(store, group)[-3:] == ["protection.on", "protection.off", "protection.on"]
    known = store.read_now(lambda c: rooms.get(c, room))
    assert known is not None
    assert (known.protection, known.protection_reason, known.protection_at) == (Protection.ON, "because", 3)


def test_title_and_encryption_are_noted(store: Store, room: str) -> None:
    """What the room is called and whether we can read it is kept."""
    store.write_now(lambda c: rooms.set_title(c, room, "Fences"))
    store.write_now(lambda c: rooms.set_encrypted(c, room, True))
    known = store.read_now(lambda c: rooms.get(c, room))
    assert known is not None
    assert (known.title, known.encrypted) == ("Fences", True)


def test_administrators_come_and_go_in_the_log(store: Store, group: Group, room: str) -> None:
    """Setting administrators replaces the earlier ones, and the log says who came and who went."""
    store.write_now(lambda c: rooms.set_administrators(c, room, {"@a:x": 100, "@b:x": 50}, at=1.0))
    store.write_now(lambda c: rooms.set_administrators(c, room, {"@b:x": 60, "@c:x": 50}, at=2.0))
    assert store.read_now(lambda c: rooms.administrators_of(c, group.id)) == {"@b:x": 60, "@c:x": 50}
    entries = store.read_now(lambda c: log.entries(c, group.id))[:2]
    assert {(entry.kind, entry.subject) for entry in entries} == {
        ("administrator.gone", "@a:x"),
        ("administrator.added", "@c:x"),
    }


def test_the_highest_power_counts(store: Store, group: Group, room: str) -> None:
    """A person with several rooms of a group has the highest power of them."""
    store.write_now(lambda c: rooms.add(c, group.id, "!s:x", "Sheds", by="@ann:x", at=5.0))
    store.write_now(lambda c: rooms.set_administrators(c, room, {"@a:x": 50}, at=1.0))
    store.write_now(lambda c: rooms.set_administrators(c, "!s:x", {"@a:x": 100}, at=1.0))
    assert store.read_now(lambda c: rooms.administrators_of(c, group.id)) == {"@a:x": 100}
    assert store.read_now(lambda c: rooms.groups_of(c, "@a:x")) == [group.id]


def test_a_removed_room_gives_no_power(store: Store, group: Group, room: str) -> None:
    """Whoever administered only a removed room administers nothing."""
    store.write_now(lambda c: rooms.set_administrators(c, room, {"@a:x": 100}, at=1.0))
    store.write_now(lambda c: rooms.remove(c, room, by="@ann:x", at=7.0))
    assert store.read_now(lambda c: rooms.administrators_of(c, group.id)) == {}
    assert store.read_now(lambda c: rooms.groups_of(c, "@a:x")) == []


def test_a_group_without_rooms_names_its_administrators(store: Store, group: Group) -> None:
    """Who administers a chat that tells us no powers is named, each change with its entry in the log."""

    def name(*people: str) -> dict[str, int]:
        store.write_now(lambda c: rooms.name_administrators(c, group.id, people, by="api", at=5.0))
        return store.read_now(lambda c: rooms.administrators_of(c, group.id))

    assert name("ann", "ben") == {"ann": 100, "ben": 100}
    assert name("ben", "cara", "ben") == {"ben": 100, "cara": 100}
    entries = [(one.kind, one.subject) for one in store.read_now(lambda c: log.entries(c, group.id))]
    assert entries[:2] == [("administrator.added", "cara"), ("administrator.gone", "ann")]
    other = store.write_now(lambda c: groups.create(c, "Other", "", by="@b:x", at=1.0))
    assert store.read_now(lambda c: rooms.administrators_of(c, other.id)) == {}
