"""The chat page: pick a member, say something, and see it delivered or refused with the reason."""

import datetime
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import httpx2
from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Litestar, MediaType, Request, Response, get, post
from litestar.config.allowed_hosts import AllowedHostsConfig
from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.enums import RequestEncodingType
from litestar.exceptions import ClientException, HTTPException, NotFoundException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.params import Body, FromPath, FromQuery
from litestar.response import ServerSentEvent, ServerSentEventMessage
from litestar.static_files import create_static_files_router
from litestar.types import Message as Piece
from litestar.types import Scope
from msgspec import Struct

from folkmoot.cli.demo.chatting import LETTERS, View
from folkmoot.cli.demo.scene import Place

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_LONGEST = 4_000
_LARGEST_BODY = 64 * 1024


class Suggestion(Struct, frozen=True):
    """A message to try, with what it shows."""

    label: str
    say: str


SUGGESTIONS = (
    Suggestion("An ordinary message", "Does anybody have a ladder I could borrow on Saturday?"),
    Suggestion("A fraud", "Guaranteed profit, double your money in 24 hours. Message me to invest!"),
    Suggestion(
        "The same, disguised",
        "Gu\u0430r\u0430nt\u0435ed pr\u043efit, d 0 u b l e  y 0 u r  m 0 n e y in 24 hours",
    ),
    Suggestion(
        "Anger at a checkpoint", "The police at the checkpoint are idiots, forty minutes for nothing!"
    ),
    Suggestion("A petition", "Sign the petition against the factory and come to the rally on Saturday!"),
    Suggestion(
        "A warning", "Careful: “guaranteed profit, double your money in 24 hours” is a fraud, do not answer!"
    ),
)


class Group(Struct, frozen=True, kw_only=True):
    """What the pages need to know about the group, and where else to look."""

    title: str
    rooms: tuple[Place, ...]
    views: Mapping[str, View]
    roles: Mapping[str, str]
    """What each member is, by name: administrator, member or stranger."""
    console: str


class Pages:
    """The templates, filled in for one group."""

    def __init__(self, group: Group) -> None:
        """Prepare the pages of `group`."""
        self.group = group
        self._paper = Environment(
            loader=PackageLoader("folkmoot.cli.demo", "chat_templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._paper.filters["clock"] = _clock
        self._paper.globals.update(group=group, letters=LETTERS, longest=_LONGEST, suggestions=SUGGESTIONS)

    def text(self, template: str, **values: Any) -> str:
        """Fill in one template."""
        return self._paper.get_template(template).render(**values)

    def show(self, template: str, status: int = 200, **values: Any) -> Response[str]:
        """Fill in a whole page."""
        return Response(self.text(template, **values), media_type=MediaType.HTML, status_code=status)

    async def view(self, name: str, room: str) -> View:
        """Return the view of a member, following the rooms from now on; 404 for what is not there."""
        if name not in self.group.views or room not in (LETTERS, *(one.key for one in self.group.rooms)):
            raise NotFoundException("There is no such member or room here.")
        view = self.group.views[name]
        await view.begin()
        return view


def application(group: Group, port: int) -> Litestar:
    """Return the chat pages of a group as an application for `port` of the loopback address."""
    app = Litestar(
        [_people, _look, _say, _live, create_static_files_router("/static", directories=[_STATIC])],
        allowed_hosts=AllowedHostsConfig([f"{host}:{port}" for host in ("127.0.0.1", "localhost")]),
        before_send=[_add_headers],
        exception_handlers={HTTPException: _failed},
        openapi_config=None,
        logging_config=None,
        request_max_body_size=_LARGEST_BODY,
    )
    app.state.pages = Pages(group)
    return app


_STATIC = Path(__file__).parent / "chat_static"
_Ask = Request[Any, Any, Any]


def _pages(request: _Ask) -> Pages:
    pages: Pages = request.app.state.pages
    return pages


def _only_our_page(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Refuse a form that another site's page sent."""
    site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    here = f"{connection.url.scheme}://{connection.url.netloc}"
    if site not in (None, "same-origin", "none") or (site is None and origin not in (None, here)):
        raise PermissionDeniedException("This form was sent by another site's page.")


@get("/")
async def _people(request: _Ask) -> Response[str]:
    return _pages(request).show("people.html")


@get("/as/{name:str}/{room:str}")
async def _look(
    request: _Ask, name: FromPath[str], room: FromPath[str], say: FromQuery[str] = ""
) -> Response[str]:
    view = await _pages(request).view(name, room)
    return _pages(request).show("room.html", name=name, room=room, view=view, draft=say[:_LONGEST])


@post("/as/{name:str}/{room:str}", guards=[_only_our_page])
async def _say(
    request: _Ask,
    name: FromPath[str],
    room: FromPath[str],
    data: Annotated[dict[str, str], Body(media_type=RequestEncodingType.URL_ENCODED)],
) -> Response[Any]:
    view, text = await _pages(request).view(name, room), data.get("say", "").strip()
    if room == LETTERS or not 0 < len(text) <= _LONGEST:
        raise ClientException(f"A message to a room has 1 to {_LONGEST} characters.")
    try:
        bubble = await view.say(room, text)
    except (httpx2.HTTPError, ValueError) as trouble:
        raise HTTPException(
            status_code=502, detail="The homeserver does not answer. Is the demonstration still running?"
        ) from trouble
    if request.headers.get("accept") == "application/json":
        return Response({"refused": bubble is not None and bubble.refusal is not None}, status_code=200)
    place = f"/as/{name}/{room}#" + (f"m{bubble.number}" if bubble else "write")
    return Response("", status_code=303, headers={"Location": place})


@get("/as/{name:str}/{room:str}/live")
async def _live(
    request: _Ask, name: FromPath[str], room: FromPath[str], after: FromQuery[int] = 0
) -> ServerSentEvent:
    pages = _pages(request)
    view = await pages.view(name, room)
    last = request.headers.get("last-event-id", "")

    async def events() -> AsyncIterator[ServerSentEventMessage]:
        async for bubble in view.news(int(last) if last.isdecimal() else after):
            if bubble is None:
                yield ServerSentEventMessage(data=None, comment="quiet")
            elif bubble.room == room:
                text = pages.text("bubble.html", bubble=bubble)
                yield ServerSentEventMessage(data=text, event="bubble", id=bubble.number)
            else:
                yield ServerSentEventMessage(data=bubble.room, event="elsewhere", id=bubble.number)

    return ServerSentEvent(events())


def _failed(request: _Ask, trouble: HTTPException) -> Response[str]:
    status = trouble.status_code
    return _pages(request).show("trouble.html", status, number=status, detail=trouble.detail)


async def _add_headers(piece: Piece, _scope: Scope) -> None:
    if piece["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(piece)
        for name, value in _HEADERS.items():
            headers[name] = value


def _clock(at: float) -> str:
    return datetime.datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S")
