"""Text in cases and appeals, encrypted; to destroy its key is to erase it, in every backup too."""

import contextlib
import hmac
import os
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox
from nacl.utils import random
from sqlalchemy import Connection, insert, select, update

from folkmoot.remember.cover import Cover
from folkmoot.remember.deciding import Words
from folkmoot.remember.deciding_tables import sealed

_LONGEST = 64_000
_MARKS = "marks"
"""The key of the marks, which is nobody's case and never destroyed."""


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
        self._keys = sqlite3.connect(
            ":memory:" if file is None else file, check_same_thread=False, isolation_level=None
        )
        # Not in WAL mode: a destroyed key must not live on in a second file. `secure_delete` overwrites it.
        for line in ("journal_mode = TRUNCATE", "synchronous = FULL", "secure_delete = ON"):
            self._keys.execute(f"PRAGMA {line}")
        self._keys.execute("CREATE TABLE IF NOT EXISTS keys (id TEXT PRIMARY KEY, secret BLOB NOT NULL)")
        self.cover = Cover(self._secret(_MARKS))
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
        body = SecretBox(self._secret(key)).encrypt(text[:_LONGEST].encode(errors="replace"))
        row = {"group_id": group, "key_id": key, "kind": kind, "subject": subject, "author": author}
        connection.execute(insert(sealed).values(**row, at=at, body=bytes(body)))

    def prepare(self, keys: Iterable[str]) -> None:
        """Make those keys that are not there yet, all with one durable write."""
        with self._door:
            new = [
                (key, random(SecretBox.KEY_SIZE)) for key in dict.fromkeys(keys) if self._find(key) is None
            ]
            if not new:
                return
            self._keys.execute("BEGIN")
            try:
                self._keys.executemany("INSERT INTO keys VALUES (?, ?)", new)
            except BaseException:
                self._keys.execute("ROLLBACK")
                raise
            self._keys.execute("COMMIT")

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
        secret = self._secret(_MARKS)
        said = "\0".join((group, author, text)).encode(errors="replace")
        return hmac.digest(secret, said, "sha256")[:16].hex()

    def close(self) -> None:
        """Let go of the file."""
        with self._door:
            self._keys.close()

    def _secret(self, key: str) -> bytes:
        with self._door:
            secret = self._find(key)
            if secret is None:
                secret = random(SecretBox.KEY_SIZE)
                self._keys.execute("INSERT INTO keys VALUES (?, ?)", (key, secret))
        return secret

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
