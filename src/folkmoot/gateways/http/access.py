"""Whose request it is: the token in the header opens one group."""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable

from folkmoot.gateways.http import problems
from folkmoot.gateways.http.problems import RefusedError
from folkmoot.gateways.http.reading import Headers
from folkmoot.remember import tokens
from folkmoot.remember.store import Store
from folkmoot.remember.tokens import Scope, Token, TokenKind

KNOWN_FOR = 5.0
_MOST_KNOWN = 1024
_LONGEST = 256
_JUDGES = frozenset({Scope.JUDGE})


class Access:
    """Finds the group of a bearer token; a token that was ended stops working within five seconds."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], float],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        """Look tokens up in `store`; `clock` tells when they expire, `ticks` when to look again."""
        self._store = store
        self._clock = clock
        self._ticks = ticks
        self._known: OrderedDict[bytes, tuple[Token, float]] = OrderedDict()

    async def group(self, headers: Headers) -> str:
        """Return the id of the group for which the request's token may judge."""
        return (await self.token(headers, _JUDGES)).group

    def known_group(self, headers: Headers) -> str | None:
        """Return the same where the token was looked up a moment ago; else None: `group` looks it up."""
        token = self._known_token(_key(_bearer(headers)))
        return None if token is None else _allowed(token, _JUDGES).group

    async def token(self, headers: Headers, may: frozenset[Scope]) -> Token:
        """Return the request's token, which may do one of these at least."""
        secret = _bearer(headers)
        key = _key(secret)
        return _allowed(self._known_token(key) or await self._look_up(key, secret), may)

    def _known_token(self, key: bytes) -> Token | None:
        token, until = self._known.get(key, (None, 0.0))
        if token is None or until < self._ticks() or _expired(token, self._clock()):
            return None
        return token

    async def _look_up(self, key: bytes, secret: str) -> Token:
        self._known.pop(key, None)
        now = self._clock()
        token = await self._store.read(lambda c: tokens.find(c, secret, TokenKind.API, now=now))
        if token is None:
            raise RefusedError(
                problems.WRONG_TOKEN,
                "This token is not known.",
                headers={"WWW-Authenticate": 'Bearer realm="folkmoot", error="invalid_token"'},
            )
        self._known[key] = token, self._ticks() + KNOWN_FOR
        if len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return token


def _key(secret: str) -> bytes:
    """Return what a token is known by: nothing here holds its secret."""
    return hashlib.sha256(secret.encode()).digest()


def _allowed(token: Token, may: frozenset[Scope]) -> Token:
    if may.isdisjoint(token.may):
        named = " or ".join(sorted(may))
        raise RefusedError(problems.WRONG_SCOPE, f"This takes a token that may {named}.")
    return token


def _expired(token: Token, now: float) -> bool:
    return token.expires_at is not None and token.expires_at <= now


def _bearer(headers: Headers) -> str:
    scheme, _, secret = headers.get(b"authorization", b"").partition(b" ")
    secret = secret.strip()
    if scheme.lower() != b"bearer" or not secret or len(secret) > _LONGEST or not secret.isascii():
        raise RefusedError(
            problems.NO_TOKEN,
            "There is no bearer token in the Authorization header.",
            headers={"WWW-Authenticate": 'Bearer realm="folkmoot"'},
        )
    return secret.decode()
