"""Secrets that open something: API tokens, one-time sign-in links, console sessions. Only hashes are kept."""

import hashlib
import secrets
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, Select, insert, or_, select, update

from folkmoot.remember import log
from folkmoot.remember.tables import tokens


class TokenKind(StrEnum):
    """What a token opens."""

    API = "api"
    SIGN_IN = "sign-in"
    SESSION = "session"


class Scope(StrEnum):
    """What an API token may do; none of them includes another."""

    JUDGE = "judge"
    """Have messages judged, and read the rules."""
    REPORT = "report"
    """Speak for members: report, appeal, and read what is theirs."""
    DECIDE = "decide"
    """Speak for administrators: read cases, decide, take back, answer appeals, choose."""
    ACT = "act"
    """Carry actions out on the group's own chat."""


class Token(Struct, frozen=True, kw_only=True):
    """What a token stands for: a person (or a program named by `label`) in one group."""

    hash: str
    group: str
    kind: TokenKind
    person: str
    label: str
    made_at: float
    expires_at: float | None
    may: frozenset[Scope] = frozenset()
    """Empty but for tokens of the API."""


def make(
    connection: Connection,
    group: str,
    kind: TokenKind,
    *,
    by: str,
    at: float,
    lasts: float | None = None,
    label: str = "",
    may: Iterable[Scope] = (Scope.JUDGE,),
) -> str:
    """Make a token for the person `by`, valid `lasts` seconds; returns its secret, seen this once only.

    `may` says what a token of the API may do.
    """
    secret = secrets.token_urlsafe(32)
    scopes = ",".join(sorted(set(may))) if kind is TokenKind.API else ""
    row = {"hash": _hash(secret), "group_id": group, "kind": kind.value, "person": by, "label": label}
    until = None if lasts is None else at + lasts
    connection.execute(insert(tokens).values(**row, may=scopes, made_at=at, expires_at=until))
    log.write(connection, group, f"token.{kind.value}", by=by, at=at, subject=by, label=label, may=scopes)
    return secret


def find(connection: Connection, secret: str, kind: TokenKind, *, now: float) -> Token | None:
    """Return what a secret stands for; None if unknown, ended, expired or of another kind."""
    query = select(tokens).where(
        tokens.c.hash == _hash(secret), tokens.c.kind == kind.value, tokens.c.ended_at.is_(None)
    )
    row = connection.execute(query).one_or_none()
    if row is None or (row.expires_at is not None and row.expires_at <= now):
        return None
    return _record(row)


def carried_elsewhere(now: float) -> Select[tuple[str]]:
    """Return the query for the groups whose own chat carries actions out: they have a token that may."""
    return select(tokens.c.group_id).where(
        tokens.c.kind == TokenKind.API.value,
        tokens.c.ended_at.is_(None),
        or_(tokens.c.expires_at.is_(None), tokens.c.expires_at > now),
        tokens.c.may.contains(Scope.ACT.value),
    )


def of_group(connection: Connection, group: str, kind: TokenKind) -> list[Token]:
    """Return a group's tokens of one kind that were not ended, oldest first."""
    query = select(tokens).where(
        tokens.c.group_id == group, tokens.c.kind == kind.value, tokens.c.ended_at.is_(None)
    )
    return [_record(row) for row in connection.execute(query.order_by(tokens.c.made_at))]


def use_once(connection: Connection, secret: str, kind: TokenKind, *, now: float) -> Token | None:
    """Like `find`, and end the token in the same step: a second use finds nothing."""
    token = find(connection, secret, kind, now=now)
    if token is not None:
        connection.execute(update(tokens).where(tokens.c.hash == token.hash).values(ended_at=now))
    return token


def end(connection: Connection, secret: str, *, by: str, at: float) -> None:
    """End a token (sign out, revoke); ending an unknown one does nothing."""
    _end(connection, _hash(secret), by=by, at=at)


def end_known(connection: Connection, token: Token, *, by: str, at: float) -> None:
    """End a token whose secret is not at hand."""
    _end(connection, token.hash, by=by, at=at)


def _end(connection: Connection, hash_: str, *, by: str, at: float) -> None:
    row = connection.execute(
        update(tokens)
        .where(tokens.c.hash == hash_, tokens.c.ended_at.is_(None))
        .values(ended_at=at)
        .returning(tokens.c.group_id, tokens.c.kind)
    ).one_or_none()
    if row is not None:
        log.write(connection, row.group_id, f"token.{row.kind}.ended", by=by, at=at, subject=by)


def _record(row: Row[Any]) -> Token:
    return Token(
        hash=row.hash,
        group=row.group_id,
        kind=TokenKind(row.kind),
        person=row.person,
        label=row.label,
        made_at=row.made_at,
        expires_at=row.expires_at,
        may=frozenset(Scope(one) for one in row.may.split(",") if one),
    )


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
