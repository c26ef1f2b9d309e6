"""Groups, their settings, and their policy's versions."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from folkmoot.remember import groups, log, policies
from folkmoot.remember.groups import UnknownGroupError
from folkmoot.remember.policies import StalePolicyError
from folkmoot.remember.records import Encrypted, Group
from folkmoot.remember.store import Store
from folkmoot.vocabulary import OnFailure


def test_a_new_group_practises(group: Group) -> None:
    """A group begins in practice, open on failure, with version 1 of its policy."""
    assert (group.practice, group.on_failure, group.encrypted) == (True, OnFailure.OPEN, Encrypted.SIGN)
    assert (group.title, group.policy_version, group.created_by) == ("Allotments", 1, "@ann:example.org")


def test_a_group_is_found_by_its_id(store: Store, group: Group) -> None:
    """What was created is what is read, alone and in the list."""
    assert store.read_now(lambda c: groups.get(c, group.id)) == group
    assert store.read_now(groups.every) == [group]


def test_groups_are_listed_oldest_first(store: Store, group: Group) -> None:
    """The list of groups follows their age."""
    older = store.write_now(lambda c: groups.create(c, "Older", "", by="@a:b", at=50.0))
    assert store.read_now(groups.every) == [older, group]


def test_an_unknown_group_is_an_error(store: Store) -> None:
    """Reading or changing a group that is not there says so."""
    with pytest.raises(UnknownGroupError, match="nowhere"):
        store.read_now(lambda c: groups.get(c, "nowhere"))
    with pytest.raises(UnknownGroupError):
        store.write_now(lambda c: groups.start(c, "nowhere", by="@a:b", at=1.0))


_CHANGES: list[tuple[Callable[[Connection, str], None], str, str, object]] = [
    (lambda c, g: groups.start(c, g, by="@a:b", at=2.0), "group.started", "practice", False),
    (lambda c, g: groups.practise(c, g, by="@a:b", at=2.0), "group.practice", "practice", True),
    (
        lambda c, g: groups.set_on_failure(c, g, OnFailure.CLOSED, by="@a:b", at=2.0),
        "group.on_failure",
        "on_failure",
        OnFailure.CLOSED,
    ),
    (
        lambda c, g: groups.set_encrypted(c, g, Encrypted.REFUSE, by="@a:b", at=2.0),
        "group.encrypted",
        "encrypted",
        Encrypted.REFUSE,
    ),
]


@pytest.mark.parametrize(("change", "kind", "name", "value"), _CHANGES, ids=lambda v: str(v)[:20])
def test_a_change_is_kept_and_logged(
    store: Store,
    group: Group,
    change: Callable[[Connection, str], None],
    kind: str,
    name: str,
    value: object,
) -> None:
    """Every change of a group's settings is in the group and in its log, with who and when."""
    store.write_now(lambda c: change(c, group.id))
    assert getattr(store.read_now(lambda c: groups.get(c, group.id)), name) == value
    entry = store.read_now(lambda c: log.entries(c, group.id))[0]
    assert (entry.kind, entry.by, entry.at, entry.subject) == (kind, "@a:b", 2.0, group.id)
    assert entry.body == {name: str(getattr(value, "value", value))}


def test_a_change_touches_one_group(store: Store, group: Group) -> None:
    """Ending practice in one group leaves another in practice."""
    other = store.write_now(lambda c: groups.create(c, "Other", "", by="@a:b", at=1.0))
    store.write_now(lambda c: groups.start(c, group.id, by="@a:b", at=2.0))
    assert store.read_now(lambda c: groups.get(c, other.id)).practice


def _add(store: Store, group: Group, version: int, source: str = "# next") -> None:
    store.write_now(
        lambda c: policies.add(c, group.id, source, by="@a:b", at=3.0, note="why", version=version)
    )


def test_a_new_version_is_in_force_and_the_old_one_readable(store: Store, group: Group) -> None:
    """A change of policy is a version more; nothing of the earlier one is lost."""
    _add(store, group, 2)
    now = store.read_now(lambda c: policies.current(c, group.id))
    assert (now.version, now.source, now.made_by, now.note) == (2, "# next", "@a:b", "why")
    history = store.read_now(lambda c: policies.history(c, group.id))
    assert [(one.version, one.source) for one in history] == [(2, "# next"), (1, "# first")]
    assert store.read_now(lambda c: groups.get(c, group.id)).policy_version == 2


@pytest.mark.parametrize("version", [0, 1, 3])
def test_two_people_cannot_change_the_policy_at_once(store: Store, group: Group, version: int) -> None:
    """A version that is not the next one is refused, and nothing changes."""
    with pytest.raises(StalePolicyError):
        _add(store, group, version)
    assert len(store.read_now(lambda c: policies.history(c, group.id))) == 1


def test_a_policy_needs_its_group(store: Store) -> None:
    """The database itself refuses a policy of a group that is not there."""
    with pytest.raises(IntegrityError):
        store.write_now(lambda c: policies.add(c, "nowhere", "", by="@a:b", at=1.0, note="", version=1))
