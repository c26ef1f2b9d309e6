"""Signing in by the bot's one-time link, and out again: no account, no password."""

from typing import Annotated

from litestar import Response, get, post
from litestar.datastructures import Cookie
from litestar.enums import RequestEncodingType
from litestar.exceptions import TooManyRequestsException
from litestar.params import Body, FromPath
from litestar.response import Redirect
from msgspec import Meta, Struct
from sqlalchemy import Connection

from folkmoot.remember import tokens
from folkmoot.remember.tokens import Token, TokenKind
from folkmoot.web.access import Who, the_viewer, viewer_of
from folkmoot.web.errors import LinkGoneError
from folkmoot.web.hall import Hall, PageRequest, hall_of
from folkmoot.web.rendering import page

_DAY = 86_400.0


class SignIn(Struct):
    """The form behind a sign-in link."""

    token: Annotated[str, Meta(max_length=200)]


Form = Annotated[SignIn, Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/sign-in", who=Who.ANYBODY)
async def how_to_sign_in(request: PageRequest) -> Response[bytes]:
    """Say how to get a sign-in link."""
    return page(request, "sign_in.html")


@get("/sign-in/{token:str}", who=Who.ANYBODY)
async def open_link(request: PageRequest, token: FromPath[str]) -> Response[bytes]:
    """Show one button; only pressing it uses the link up, so that previews and prefetching don't."""
    hall = hall_of(request)
    await _must_work(request, hall, token)
    return page(request, "sign_in_link.html", token=token, days=hall.settings.keep.session_days)


@post("/sign-in", who=Who.ANYBODY, status_code=303)
async def sign_in(request: PageRequest, data: Form) -> Response[None]:
    """Use the link up and begin a session."""
    hall = hall_of(request)
    await _must_work(request, hall, data.token)
    before = viewer_of(request)
    now, lasts = hall.clock(), hall.settings.keep.session_days * _DAY

    def begin(connection: Connection) -> tuple[Token, str] | None:
        link = tokens.use_once(connection, data.token, TokenKind.SIGN_IN, now=now)
        if link is None:
            return None
        if before is not None:
            tokens.end(connection, before.session, by=before.person, at=now)
        session = tokens.make(connection, link.group, TokenKind.SESSION, by=link.person, at=now, lasts=lasts)
        return link, session

    begun = await hall.store.write(begin)
    if begun is None:  # Pressed twice at once: the first press has it.
        raise LinkGoneError
    link, session = begun
    return Redirect(
        f"/groups/{link.group}", status_code=303, cookies=[_cookie(hall, session, lasts=int(lasts))]
    )


@post("/sign-out", who=Who.SIGNED_IN, status_code=303)
async def sign_out(request: PageRequest) -> Response[None]:
    """End the session here and now."""
    hall, viewer = hall_of(request), the_viewer(request)
    now = hall.clock()
    await hall.store.write(lambda c: tokens.end(c, viewer.session, by=viewer.person, at=now))
    return Redirect("/", status_code=303, cookies=[_cookie(hall, "", lasts=0)])


def _cookie(hall: Hall, value: str, *, lasts: int) -> Cookie:
    return Cookie(
        key=hall.session_cookie,
        value=value,
        max_age=lasts,
        path="/",
        secure=hall.secure,
        httponly=True,
        samesite="lax",
    )


async def _must_work(request: PageRequest, hall: Hall, token: str) -> None:
    """Refuse a link that does not work, and who tries many of them.

    A link that works always does, so that nobody can shut administrators out by trying wrong ones.
    """
    now = hall.clock()
    if await hall.store.read(lambda c: tokens.find(c, token, TokenKind.SIGN_IN, now=now)) is not None:
        return
    address = request.client.host if request.client is not None else ""
    wait = hall.attempts.wait(address)
    if wait > 0:
        raise TooManyRequestsException(headers={"Retry-After": str(int(wait) + 1)})
    hall.attempts.note(address)
    raise LinkGoneError
