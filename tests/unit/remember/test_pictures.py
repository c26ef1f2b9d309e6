"""A group's list of pictures that it does not want: fingerprints only, each change in the log."""

import pytest

from folkmoot.remember import groups, log, pictures
from folkmoot.remember.groups import UnknownGroupError
from folkmoot.remember.pictures import BadFingerprintError, FullListError
from folkmoot.remember.records import Group
from folkmoot.remember.store import Store

_ONE = "0f" * 32
_TWO = "a5" * 32


def _add(store: Store, group: str, fingerprint: str, note: str = "") -> bool:
    return store.write_now(lambda c: pictures.add(c, group, fingerprint, by="@ann:x", at=5.0, note=note))


def test_a_list_is_its_groups_own(store: Store, group: Group) -> None:
    """A picture is on the list of the group that put it there, and on no other."""
    other = store.write_now(lambda c: groups.create(c, "Other", "", by="@b:x", at=1.0))
    assert _add(store, group.id, _ONE, "advert")
    assert store.read_now(lambda c: pictures.fingerprints(c, group.id)) == (_ONE,)
    assert store.read_now(lambda c: pictures.fingerprints(c, other.id)) == ()
    [kept] = store.read_now(lambda c: pictures.every(c, group.id))
    assert (kept.fingerprint, kept.note, kept.added_by, kept.added_at) == (_ONE, "advert", "@ann:x", 5.0)


def test_twice_is_once(store: Store, group: Group) -> None:
    """Adding a picture again, in capitals too, changes nothing and says so."""
    assert _add(store, group.id, _TWO)
    assert not _add(store, group.id, f" {_TWO.upper()}\n")
    assert len(store.read_now(lambda c: pictures.every(c, group.id))) == 1


def test_each_change_is_in_the_log(store: Store, group: Group) -> None:
    """Adding and removing are log entries; removing what is not there is none."""
    _add(store, group.id, _ONE)
    for there in (True, False):
        gone = store.write_now(lambda c: pictures.remove(c, group.id, _ONE, by="@ben:x", at=6.0))
        assert gone is there
    kinds = [(one.kind, one.by) for one in store.read_now(lambda c: log.entries(c, group.id))]
    assert kinds[:2] == [("picture.removed", "@ben:x"), ("picture.added", "@ann:x")]
    assert store.read_now(lambda c: pictures.every(c, group.id)) == []


@pytest.mark.parametrize("wrong", ["", "0f", "g" * 64, "0" * 65, "0" * 63 + " "])
def test_only_fingerprints_go_in(store: Store, group: Group, wrong: str) -> None:
    """What is no fingerprint is refused."""
    with pytest.raises(BadFingerprintError):
        _add(store, group.id, wrong)


def test_an_unknown_group_has_no_list(store: Store) -> None:
    """Nothing is put on the list of a group that there is not."""
    with pytest.raises(UnknownGroupError):
        _add(store, "nobody", _ONE)


def test_a_list_has_an_end(store: Store, group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full list takes no more, and says so."""
    monkeypatch.setattr(pictures, "MOST", 1)
    _add(store, group.id, _ONE)
    with pytest.raises(FullListError):
        _add(store, group.id, _TWO)
