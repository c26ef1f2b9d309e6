"""Sealed text: read with its key, and with nothing once the key is destroyed."""

import sqlite3
from functools import partial
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from folkmoot.remember.deciding import Words
from folkmoot.remember.deciding_tables import sealed
from folkmoot.remember.records import Group
from folkmoot.remember.seal import Seals, ToSeal
from folkmoot.remember.store import Store
from tests.support.town import Town

CANARY = "the-canary-sang-at-dawn"


def _put(store: Store, seals: Seals, key: str, text: str, subject: str = "$1") -> None:
    store.write_now(
        lambda c: seals.put(c, "g", key, "message", subject=subject, author="@mia:x", text=text, at=1.0)
    )


def _words(store: Store, seals: Seals, key: str) -> list[str | None]:
    return [one.text for one in store.read_now(lambda c: seals.words(c, key))]


def test_what_is_sealed_is_read_again(store: Store) -> None:
    """Text comes back in the order in which it was sealed, under its own key only."""
    seals = Seals()
    for key, text in (("a", "one"), ("b", "other"), ("a", "two")):
        _put(store, seals, key, text)
    assert _words(store, seals, "a") == ["one", "two"]
    assert _words(store, seals, "b") == ["other"]
    assert _words(store, seals, "c") == []
    (first, _) = store.read_now(lambda c: seals.words(c, "a"))
    assert first == Words(kind="message", subject="$1", author="@mia:x", at=1.0, text="one")
    seals.close()


@given(text=st.text(st.characters(codec=None)))
def test_any_text_can_be_sealed(text: str) -> None:
    """Half of a surrogate pair, as broken clients send it, is replaced and loses nothing else."""
    town = Town()
    town.do(lambda c: town.seals.put(c, "g", "k", "message", subject="$1", author="a", text=text, at=1.0))
    expected = text.encode(errors="replace").decode()[:64_000]
    assert town.words("k") == [("a", expected)]
    assert len(town.seals.mark("g", "a", text)) == 32
    town.close()


def test_a_destroyed_key_leaves_nothing_to_read(url: str, tmp_path: Path) -> None:
    """After erasure neither the row nor any raw file, nor a backup from before, gives the text back."""
    keys = tmp_path / "sealed.keys"
    seals = Seals(keys)
    assert keys.stat().st_mode & 0o777 == 0o600
    store = Store(url, seals)
    _put(store, seals, "case", CANARY)
    _put(store, seals, "other", "stays")
    secret = _secret(keys, "case")
    backup = store.read_now(lambda c: c.execute(sealed.select()).all())
    assert CANARY not in repr(backup)
    store.write_now(lambda c: seals.destroy(c, "case"))
    assert _words(store, seals, "case") == [None]
    assert _words(store, seals, "other") == ["stays"]
    assert store.read_now(lambda c: seals.about(c, "g", "$1")) is not None
    store.close()
    raw = b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()) if path.is_file())
    assert CANARY.encode() not in raw
    assert secret not in raw
    again = Seals(keys)
    reopened = Store(url, again)
    reopened.write_now(lambda c: c.execute(sealed.update().values(body=backup[0].body)))
    assert _words(reopened, again, "case") == [None]
    reopened.close()


def _secret(keys: Path, name: str) -> bytes:
    with sqlite3.connect(f"file:{keys}?mode=ro", uri=True) as connection:
        (secret,) = connection.execute("SELECT secret FROM keys WHERE id = ?", (name,)).fetchone()
    connection.close()
    return bytes(secret)


def test_what_is_said_after_an_erasure_has_a_new_key(store: Store) -> None:
    """A case that goes on after its text was erased gives the old text back to nobody."""
    seals = Seals()
    _put(store, seals, "a", "old")
    store.write_now(lambda c: seals.destroy(c, "a"))
    _put(store, seals, "a", "new")
    assert _words(store, seals, "a") == [None, "new"]
    seals.close()


def test_keys_outlive_a_restart(url: str, tmp_path: Path) -> None:
    """What was sealed is read after the program was started anew; with another file it is not."""
    for number in range(2):
        seals = Seals(tmp_path / "sealed.keys")
        store = Store(url, seals)
        if number == 0:
            _put(store, seals, "a", "text")
        assert _words(store, seals, "a") == ["text"]
        assert _words(store, Seals(), "a") == [None]
        store.close()


def test_a_long_text_is_cut(store: Store) -> None:
    """What is longer than a message can be is not kept whole."""
    seals = Seals()
    _put(store, seals, "a", "x" * 70_000)
    assert _words(store, seals, "a") == ["x" * 64_000]
    seals.close()


def test_what_is_sealed_about_a_message_is_found(store: Store, group: Group) -> None:
    """The newest case that has the message is asked; another group's never is."""
    seals = Seals()
    _put(store, seals, "a", "older")
    _put(store, seals, "b", "newer")
    found = store.read_now(lambda c: seals.about(c, "g", "$1"))
    assert found is not None
    assert found.text == "newer"
    assert store.read_now(lambda c: seals.about(c, group.id, "$1")) is None
    assert store.read_now(lambda c: seals.about(c, "g", "$2")) is None
    seals.close()


def test_a_mark_is_one_author_s_one_text_in_one_group() -> None:
    """The same text is known again, and no other; without the key nobody can try texts out."""
    one, other = Seals(), Seals()
    mark = one.mark("g", "a", "text")
    assert mark == one.mark("g", "a", "text")
    marks = {mark, one.mark("h", "a", "text"), one.mark("g", "b", "text"), one.mark("g", "a", "texts")}
    assert len(marks | {other.mark("g", "a", "text")}) == 5
    one.close()
    other.close()


def test_keys_are_made_many_at_a_time(store: Store, tmp_path: Path) -> None:
    """A new key is nearly always there already, durable; those that nobody took are gone once it is over."""
    keys = tmp_path / "many.keys"
    seals, said = Seals(keys), list[str]()
    seals._keys.set_trace_callback(said.append)
    names = [seals.new_key() for _ in range(3)]
    store.write_now(lambda c: seals.put_all(c, [_to_seal(name) for name in names]))
    assert said.count("COMMIT") == 1
    more = [seals.new_key() for _ in range(40)]
    assert all(_secret(keys, name) for name in more)
    store.write_now(lambda c: seals.put_all(c, [_to_seal(name) for name in more]))
    assert said.count("COMMIT") == 1
    assert len({*names, *more}) == 43
    assert _words(store, seals, more[7]) == [f"about {more[7]}"]
    seals.close()
    with sqlite3.connect(keys) as connection:
        left = {name for (name,) in connection.execute("SELECT id FROM keys")}
    assert left == {*names, *more, "marks"}


def test_more_keys_than_are_spare_cost_one_write(store: Store, tmp_path: Path) -> None:
    """However many cases open at once, their keys are one durable write."""
    seals, said = Seals(tmp_path / "raid.keys"), list[str]()
    seals._keys.set_trace_callback(said.append)
    for count in (1, 300):
        texts = [_to_seal(seals.new_key()) for _ in range(count)]
        store.write_now(partial(seals.put_all, texts=texts))
    assert said.count("COMMIT") == 2
    seals.close()


def _to_seal(key: str) -> ToSeal:
    return ToSeal("g", key, "message", f"${key}", "@mia:x", f"about {key}", 1.0)
