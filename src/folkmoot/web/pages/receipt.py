"""The page of a receipt: readable by whoever has its link, without an account, also after a ban."""

from contextlib import suppress
from typing import Annotated
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body, FromPath
from litestar.response import Redirect
from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.remember import links
from folkmoot.remember.erasure import KEPT
from folkmoot.review import appealing
from folkmoot.review.appealing import LONGEST_WORDS, AppealError
from folkmoot.review.permissions import Actor, NotAllowedError, Part
from folkmoot.review.queue import TakenError
from folkmoot.review.subjects import UnknownAppealError
from folkmoot.web.access import Who
from folkmoot.web.hall import Hall, PageRequest, hall_of
from folkmoot.web.receipt_views import Opened, ReceiptView, opened, receipt_view
from folkmoot.web.rendering import language_of, page

_LARGEST_FORM = 65_536
"""The longest words, in any script, as a form sends them."""


class Words(Struct):
    """The form below a receipt."""

    words: str = ""


Form = Annotated[Words, Body(media_type=RequestEncodingType.URL_ENCODED)]


@get("/receipt/{token:str}", who=Who.ANYBODY)
async def receipt(request: PageRequest, token: FromPath[str]) -> Response[bytes]:
    """Say what was done, where and when, by which rule, found how, and take an appeal."""
    return await _page(request, token)


@post("/receipt/{token:str}", who=Who.ANYBODY, status_code=303, request_max_body_size=_LARGEST_FORM)
async def appeal_here(request: PageRequest, token: FromPath[str], data: Form) -> Response[bytes] | Redirect:
    """Take an appeal in, or what the member adds to it; the link itself says who they are."""
    hall = hall_of(request)
    # Browsers send line ends of two characters, which nobody typed.
    words = data.words.replace("\r\n", "\n").strip()
    if not words or len(words) > LONGEST_WORDS:
        return await _page(request, token, written=words)
    if hall.written.wait(token) > 0:
        return await _page(request, token, written=words, code=429)
    # Nobody but who has a link that opens something makes us write.
    await hall.store.read(lambda connection: _found(connection, hall, token))
    hall.written.note(token)
    # Where it was answered or taken back a moment ago, the page itself says how things are.
    with suppress(AppealError, NotAllowedError, TakenError, UnknownAppealError):
        await hall.store.write(lambda connection: _appeal(connection, hall, token, words))
    wanted = request.query_params.get("lang", "")
    asked = f"?{urlencode({'lang': wanted[:35]})}" if wanted else ""
    return Redirect(f"/receipt/{token}{asked}#appeal", status_code=303)


def _appeal(connection: Connection, hall: Hall, token: str, words: str) -> None:
    what = _found(connection, hall, token)
    holder = Actor(person=what.person, part=Part.HOLDER, group=what.group)
    appealing.appeal(connection, hall.store.seals, what.id, by=holder, words=words, at=hall.clock())


def _found(connection: Connection, hall: Hall, token: str) -> Opened:
    what = opened(connection, hall.receipts, token)
    if what is None or links.closed(connection, what.id, what.person):
        raise NotFoundException
    return what


async def _page(
    request: PageRequest, token: str, *, written: str | None = None, code: int = 422
) -> Response[bytes]:
    hall, tongue = hall_of(request), language_of(request)

    def look(connection: Connection) -> ReceiptView:
        what = _found(connection, hall, token)
        return receipt_view(connection, hall.store.seals, what, hall.clock(), tongue)

    view = await hall.store.read(look)
    return page(
        request,
        "receipt.html",
        code=200 if written is None else code,
        too_often=code == 429,
        receipt=view,
        said=view.statement,
        written=written,
        most=LONGEST_WORDS,
        kept_days=round(KEPT / 86_400),
        languages=hall.languages.named(),
    )
