"""Secrets that open something: each opens one thing, for one group, until it ends."""

import pytest
from sqlalchemy import select

from folkmoot.remember import groups, log, tokens
from folkmoot.remember.records import Group
from folkmoot.remember.store import Store
from folkmoot.remember.tables import tokens as table
from folkmoot.remember.tokens import Token, TokenKind


def _make(store: Store, group: Group, kind: TokenKind = TokenKind.API, lasts: float | None = None) -> str:
    return store.write_now(
        lambda c: tokens.make(c, group.id, kind, by="@a:x", at=10.0, lasts=lasts, label="forum")
    )


def _find(store: Store, secret: str, kind: TokenKind = TokenKind.API, now: float = 11.0) -> Token | None:
    return store.read_now(lambda c: tokens.find(c, secret, kind, now=now))


def test_a_token_opens_its_group_only(store: Store, group: Group) -> None:
    """What a token stands for names the one group it was made for."""
    other = store.write_now(lambda c: groups.create(c, "Other", "", by="@b:x", at=1.0))
    mine, theirs = _find(store, _make(store, group)), _find(store, _make(store, other))
    assert mine is not None
    assert theirs is not None
    assert (mine.group, theirs.group) == (group.id, other.id)
    assert (mine.person, mine.label, mine.expires_at) == ("@a:x", "forum", None)


@pytest.mark.parametrize("kind", list(TokenKind))
@pytest.mark.parametrize("asked", list(TokenKind))
def test_a_token_opens_one_kind_of_door(
    store: Store, group: Group, kind: TokenKind, asked: TokenKind
) -> None:
    """An API token is no sign-in link and no session, nor the other way round."""
    assert (_find(store, _make(store, group, kind), asked) is not None) == (kind is asked)


def test_the_secret_is_not_in_the_database(store: Store, group: Group) -> None:
    """Only a hash is kept: who reads the database can't sign in, and the log doesn't help either."""
    secret = _make(store, group)
    rows = store.read_now(lambda c: c.execute(select(table)).all())
    entries = store.read_now(lambda c: log.entries(c, group.id))
    assert secret not in repr(rows)
    assert secret not in repr(entries)
    assert entries[0].kind == "token.api"


def test_secrets_are_long_and_never_the_same(store: Store, group: Group) -> None:
    """A secret has 256 bits from the system's source, so that nobody guesses one."""
    made = {_make(store, group) for _ in range(50)}
    assert len(made) == 50
    assert {len(secret) for secret in made} == {43}


@pytest.mark.parametrize(("now", "opens"), [(10.0, True), (69.9, True), (70.0, False), (71.0, False)])
def test_a_token_expires(store: Store, group: Group, now: float, opens: bool) -> None:
    """A token that lasts a minute opens nothing from the sixtieth second on."""
    assert (_find(store, _make(store, group, lasts=60.0), now=now) is not None) == opens


def test_a_link_works_once(store: Store, group: Group) -> None:
    """The second use of a one-time link finds nothing."""
    secret = _make(store, group, TokenKind.SIGN_IN)
    first, second = (
        store.write_now(lambda c: tokens.use_once(c, secret, TokenKind.SIGN_IN, now=11.0)) for _ in range(2)
    )
    assert first is not None
    assert second is None


def test_an_expired_link_is_not_used(store: Store, group: Group) -> None:
    """A link that came too late opens nothing, not even once."""
    secret = _make(store, group, TokenKind.SIGN_IN, lasts=5.0)
    assert store.write_now(lambda c: tokens.use_once(c, secret, TokenKind.SIGN_IN, now=15.0)) is None


def test_an_ended_token_opens_nothing(store: Store, group: Group) -> None:
    """Ending a token is at once, is logged once, and touches no other."""
    secret, other = _make(store, group), _make(store, group)
    for _ in range(2):
        store.write_now(lambda c: tokens.end(c, secret, by="@a:x", at=12.0))
    assert _find(store, secret, now=12.0) is None
    assert _find(store, other, now=12.0) is not None
    kinds = [entry.kind for entry in store.read_now(lambda c: log.entries(c, group.id))]
    assert kinds.count("token.api.ended") == 1


def test_ending_an_unknown_token_does_nothing(store: Store, group: Group) -> None:
    """A secret that never was can be ended without harm and without a log entry."""
    before = store.read_now(lambda c: log.entries(c, group.id))
    store.write_now(lambda c: tokens.end(c, "never", by="@a:x", at=12.0))
    assert store.read_now(lambda c: log.entries(c, group.id)) == before


def test_a_wrong_secret_opens_nothing(store: Store, group: Group) -> None:
    """A secret that is nearly right, empty or in other letters finds nothing."""
    secret = _make(store, group)
    for wrong in ("", secret[:-1], secret + "=", secret.swapcase(), "é" * 43):
        assert _find(store, wrong) is None
