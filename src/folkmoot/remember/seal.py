"""Text in cases and appeals, encrypted; to destroy its key is to erase it, in every backup too."""

import contextlib
import hmac
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from nacl.utils import random
from sqlalchemy import Connection, select, update

from folkmoot.remember.cover import Cover
from folkmoot.remember.deciding import Words
from folkmoot.remember.deciding_tables import sealed
from folkmoot.remember.quick import Putting

_LONGEST = 64_000
_SPARE: Final = 64
"""How many keys are made beforehand, whenever any are: to make one durable costs as much as to make all."""
_SEALED: Final = Putting(sealed, ("group_id", "key_id", "kind", "subject", "author", "at", "body"))
_MARKS = "marks"
"""The key of the marks, which is nobody's case and never destroyed."""


class ToSeal(NamedTuple):
    """A text, and what it is about."""

    group: str
    key: str
    kind: str
    subject: str
    author: str
    text: str
    at: float


class Seals:
    """The keys, one for each case or appeal, in a file of their own that no backup should hold.

    A key is durable before anything is encrypted with it.
    """

    def __init__(self, file: Path | None = None) -> None:
        """Open or make the file (mode 600); without one, keys live as long as this object."""
        if file is not None:
            with contextlib.suppress(FileExistsError):
                os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        self._door = threading.Lock()
        self._spare: list[str] = []
        """Keys that are durable and nobody's yet."""
        self._keys = sqlite3.connect(
            ":memory:" if file is None else file, check_same_thread=False, isolation_level=None
        )
        # Not in WAL mode: a destroyed key must not live on in a second file. `secure_delete` overwrites it.
        for line in ("journal_mode = TRUNCATE", "synchronous = FULL", "secure_delete = ON"):
            self._keys.execute(f"PRAGMA {line}")
        self._keys.execute("CREATE TABLE IF NOT EXISTS keys (id TEXT PRIMARY KEY, secret BLOB NOT NULL)")
        self._marks = self._secret(_MARKS)
        self.cover = Cover(self._marks)
        """Hides what is remembered of texts so that copies are found."""

    def put(
        self,
        connection: Connection,
        group: str,
        key: str,
        kind: str,
        *,
        subject: str,
        author: str,
        text: str,
        at: float,
    ) -> None:
        """Keep a text sealed under a key; what is longer than 64,000 characters is cut."""
        self.put_all(connection, [ToSeal(group, key, kind, subject, author, text, at)])

    def put_all(self, connection: Connection, texts: Sequence[ToSeal]) -> None:
        """Keep many texts, each sealed under its key; all keys that are new with one durable write."""
        found = self._secrets(one.key for one in texts)
        rows = []
        for one in texts:
            body = SecretBox(found[one.key]).encrypt(one.text[:_LONGEST].encode(errors="replace"))
            row = {"group_id": one.group, "key_id": one.key, "kind": one.kind, "subject": one.subject}
            rows.append({**row, "author": one.author, "at": one.at, "body": bytes(body)})
        _SEALED.all(connection, rows)

    def new_key(self) -> str:
        """Return a name for a key, not to be guessed; nearly always one whose key is durable already."""
        with self._door:
            return self._spare.pop() if self._spare else secrets.token_hex(8)

    def words(self, connection: Connection, key: str) -> list[Words]:
        """Return everything sealed under a key, oldest first."""
        with self._door:
            secret = self._find(key)
        query = select(sealed).where(sealed.c.key_id == key).order_by(sealed.c.id)
        return [
            Words(
                kind=row.kind, subject=row.subject, author=row.author, at=row.at, text=_open(secret, row.body)
            )
            for row in connection.execute(query)
        ]

    def about(self, connection: Connection, group: str, subject: str) -> Words | None:
        """Return what is sealed about a message, where there is something."""
        query = select(sealed.c.key_id).where(sealed.c.group_id == group, sealed.c.subject == subject)
        keys = connection.execute(query.order_by(sealed.c.id.desc()).limit(1)).scalar_one_or_none()
        found = self.words(connection, keys) if keys is not None else []
        return next((one for one in found if one.subject == subject), None)

    def destroy(self, connection: Connection, key: str) -> None:
        """Erase everything under a key: the key first, for good, and then the rows' bodies."""
        with self._door:
            self._keys.execute("DELETE FROM keys WHERE id = ?", (key,))
        connection.execute(update(sealed).where(sealed.c.key_id == key).values(body=None))

    def mark(self, group: str, author: str, text: str) -> str:
        """Return a keyed hash by which the same text of the same author in the same group is known again."""
        said = "\0".join((group, author, text)).encode(errors="replace")
        return hmac.digest(self._marks, said, "sha256")[:16].hex()

    def close(self) -> None:
        """Let go of the file, with no key in it that is nobody's."""
        with self._door, contextlib.closing(self._keys):
            spare, self._spare = self._spare, []
            if spare:
                self._together("DELETE FROM keys WHERE id = ?", [(key,) for key in spare])

    def _secret(self, key: str) -> bytes:
        with self._door:
            secret = self._find(key)
            if secret is None:
                secret = random(SecretBox.KEY_SIZE)
                self._keys.execute("INSERT INTO keys VALUES (?, ?)", (key, secret))
        return secret

    def _secrets(self, keys: Iterable[str]) -> dict[str, bytes]:
        with self._door:
            known = {key: self._find(key) for key in keys}
            found = {key: secret for key, secret in known.items() if secret is not None}
            new = {key: random(SecretBox.KEY_SIZE) for key in known if key not in found}
            if new:
                spare = [secrets.token_hex(8) for _ in range(_SPARE - len(self._spare))]
                made = [*new.items(), *((key, random(SecretBox.KEY_SIZE)) for key in spare)]
                self._together("INSERT INTO keys VALUES (?, ?)", made)
                self._spare += spare
        return found | new

    def _together(self, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
        self._keys.execute("BEGIN")
        try:
            self._keys.executemany(statement, rows)
        except BaseException:
            self._keys.execute("ROLLBACK")
            raise
        self._keys.execute("COMMIT")

    def _find(self, key: str) -> bytes | None:
        row = self._keys.execute("SELECT secret FROM keys WHERE id = ?", (key,)).fetchone()
        return None if row is None else bytes(row[0])


def _open(secret: bytes | None, body: bytes | None) -> str | None:
    if secret is None or body is None:
        return None
    try:
        return SecretBox(secret).decrypt(body).decode()
    except CryptoError:
        return None
