"""Who may open what: every route says it, and a route that says nothing is closed."""

import re
from enum import StrEnum
from typing import cast

from litestar.exceptions import (
    ClientException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
)
from litestar.handlers import BaseRouteHandler
from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.remember import rooms, tokens
from folkmoot.remember.tokens import TokenKind
from folkmoot.web.address import public_host
from folkmoot.web.hall import AnyConnection, Hall, hall_of

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PROXY_HEADERS = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_HOST = re.compile(r"([a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?")
_VIEWER = "folkmoot_viewer"


class Who(StrEnum):
    """Who may open a route."""

    ANYBODY = "anybody"
    SIGNED_IN = "signed in"
    ADMINISTRATOR = "administrator of the group in the address"
    THIS_MACHINE = "this machine"


class Viewer(Struct, frozen=True, kw_only=True):
    """A signed-in person and the groups that they administer at this very moment."""

    person: str
    session: str
    """The secret in the cookie."""
    groups: tuple[str, ...]


def find_viewer(connection: Connection, session: str, *, now: float) -> Viewer | None:
    """Return who a session belongs to; None if it has ended."""
    token = tokens.find(connection, session, TokenKind.SESSION, now=now)
    if token is None:
        return None
    return Viewer(
        person=token.person, session=session, groups=tuple(rooms.groups_of(connection, token.person))
    )


async def look_again(hall: Hall, viewer: Viewer) -> Viewer | None:
    """Return the viewer as of now, for connections that stay open."""
    now = hall.clock()
    return await hall.store.read(lambda c: find_viewer(c, viewer.session, now=now))


def viewer_of(connection: AnyConnection) -> Viewer | None:
    """Return the signed-in person that `admit` found for this connection."""
    return cast(Viewer | None, connection.scope.get(_VIEWER))


def the_viewer(connection: AnyConnection) -> Viewer:
    """Return the signed-in person on a route that only signed-in people reach."""
    viewer = viewer_of(connection)
    if viewer is None:
        raise NotAuthorizedException
    return viewer


async def admit(connection: AnyConnection, handler: BaseRouteHandler) -> None:
    """Let a connection through to its route, or raise what the error page explains."""
    hall = hall_of(connection)
    who = handler.opt.get("who")
    if who is Who.THIS_MACHINE:
        _only_this_machine(connection, hall)
        return
    if handler.opt.get("any_host"):
        return
    _only_our_address(connection, hall)
    _only_our_pages(connection, hall)
    viewer = await _look_up(connection, hall)
    if who is Who.ANYBODY:
        return
    if viewer is None:
        raise NotAuthorizedException
    if who is Who.SIGNED_IN:
        return
    # The same answer for a group that does not exist: nobody learns which do.
    if who is not Who.ADMINISTRATOR or connection.path_params.get("group") not in viewer.groups:
        raise PermissionDeniedException


async def _look_up(connection: AnyConnection, hall: Hall) -> Viewer | None:
    session = connection.cookies.get(hall.session_cookie)
    if not session:
        return None
    now = hall.clock()
    viewer = await hall.store.read(lambda c: find_viewer(c, session, now=now))
    connection.scope[_VIEWER] = viewer  # type: ignore[literal-required]
    return viewer


def _host(connection: AnyConnection) -> str | None:
    """Return the name under which we were asked, without its port; None if it is no name at all."""
    found = _HOST.fullmatch(connection.headers.get("host", "").lower())
    return found[1].strip("[]") if found else None


def _only_our_address(connection: AnyConnection, hall: Hall) -> None:
    """Refuse other host names, so that a page elsewhere can't pass for ours by pointing its name here."""
    if _host(connection) not in (*_LOOPBACK, public_host(hall.settings)):
        raise ClientException(status_code=421, detail="address")


def _only_our_pages(connection: AnyConnection, hall: Hall) -> None:
    """Refuse a form that another site's page sent; the token in the form is the second lock."""
    if connection.scope.get("method") != "POST":
        return
    site = connection.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        raise PermissionDeniedException
    origin = connection.headers.get("origin")
    here = f"{connection.scope['scheme']}://{connection.headers.get('host', '')}"
    ours = (hall.settings.web.public_url.rstrip("/"), here)
    if site is None and origin not in (None, "null", *ours):
        raise PermissionDeniedException


def _only_this_machine(connection: AnyConnection, hall: Hall) -> None:
    """Figures for the operator's own monitoring: not for those who come through a proxy or another name."""
    if hall.settings.web.metrics_open:
        return
    near = connection.client is not None and connection.client.host in ("127.0.0.1", "::1")
    through_proxy = any(name in connection.headers for name in _PROXY_HEADERS)
    if not near or through_proxy or _host(connection) not in _LOOPBACK:
        raise NotFoundException
