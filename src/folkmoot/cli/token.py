"""`folkmoot token` and `folkmoot tokens`: what opens the HTTP API for one group."""

import sys
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter

from folkmoot.cli.opening import TROUBLES, CommandError, opened, refuse
from folkmoot.cli.options import GroupId, SettingsFile
from folkmoot.remember import groups, rooms, tokens
from folkmoot.remember.store import Store
from folkmoot.remember.tokens import Scope, Token, TokenKind

_BY = "operator"
_DAY = 86_400.0
_MOST_DAYS = 36_500.0


def token(
    group: GroupId,
    *,
    label: str = "",
    may: Annotated[tuple[Scope, ...], Parameter(negative=())] = (Scope.JUDGE,),
    days: float | None = None,
    settings: SettingsFile = None,
) -> int:
    """Make a token of the HTTP API for one group; it is shown this once.

    Parameters
    ----------
    label
        What will use it, such as the name of your forum.
    may
        What it may do: judge messages, report (speak for members: report and appeal), decide (speak for
        administrators: read and decide cases), act (carry actions out on your chat). Repeat it for several.
        Whoever has a token that may report or decide is believed about who somebody is.
    days
        After how many days it ends; without it, when you end it.
    """
    try:
        with opened(settings) as (store, _):
            title, secret = _made(store, group, label, may, days)
    except TROUBLES as trouble:
        return refuse("token", trouble)
    print(secret)
    print(
        f"This opens the HTTP API for “{title}” to {_deeds(may)}, and is shown this once. Keep it secret.",
        file=sys.stderr,
    )
    return 0


def _made(
    store: Store, group: str, label: str, may: tuple[Scope, ...], days: float | None
) -> tuple[str, str]:
    """Make the token; returns the group's title and the secret."""
    if days is not None and not 0 < days <= _MOST_DAYS:
        raise CommandError(
            f"--days must be more than 0 and at most {_MOST_DAYS:.0f}; leave it out for no end."
        )
    lasts = None if days is None else days * _DAY
    known = store.read_now(lambda c: groups.get(c, group))
    if Scope.ACT in may and store.read_now(lambda c: rooms.of_group(c, group)):
        raise CommandError("This group has Matrix rooms, where the bot acts. Leave out --may act.")
    secret = store.write_now(
        lambda c: tokens.make(
            c, group, TokenKind.API, by=_BY, at=time.time(), lasts=lasts, label=label, may=may
        )
    )
    return known.title, secret


def tokens_of(group: GroupId, *, end: str | None = None, settings: SettingsFile = None) -> int:
    """List a group's API tokens (never the secrets), or end one.

    Parameters
    ----------
    end
        End the token whose name in the list begins so.
    """
    try:
        with opened(settings) as (store, _):
            store.read_now(lambda c: groups.get(c, group))
            if end is not None:
                gone = _one(store.read_now(lambda c: tokens.of_group(c, group, TokenKind.API)), end)
                store.write_now(lambda c: tokens.end_known(c, gone, by=_BY, at=time.time()))
            found = store.read_now(lambda c: tokens.of_group(c, group, TokenKind.API))
    except TROUBLES as trouble:
        return refuse("tokens", trouble)
    for one in found:
        life = f"since {_day(one.made_at)}  {_until(one)}"
        print(f"{one.hash[:12]}  {_deeds(one.may)}  {life}  {one.label}".rstrip())
    return 0


def _one(found: list[Token], beginning: str) -> Token:
    matching = [one for one in found if beginning and one.hash.startswith(beginning)]
    if len(matching) != 1:
        raise CommandError(f"“{beginning}” names {len(matching)} tokens; give more of the name in the list.")
    return matching[0]


def _deeds(may: Iterable[Scope]) -> str:
    return "+".join(sorted(set(may)))


def _until(one: Token) -> str:
    return "no end" if one.expires_at is None else f"until {_day(one.expires_at)}"


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
