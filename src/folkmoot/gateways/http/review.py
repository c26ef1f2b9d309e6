"""Answers what is asked about people: finds the address, sees to the token, reads, and does it."""

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import unquote

import msgspec

from folkmoot.act.handing import UnknownActionError
from folkmoot.gateways.http import problems, reading
from folkmoot.gateways.http.access import Access
from folkmoot.gateways.http.patience import Patience
from folkmoot.gateways.http.problems import Kind, RefusedError
from folkmoot.gateways.http.reading import Headers, Receive
from folkmoot.gateways.http.review_desk import Desk
from folkmoot.gateways.http.review_routes import ROUTES, ReviewRoute
from folkmoot.intake.receipts import Receipts
from folkmoot.remember.choices import ChoiceError
from folkmoot.remember.store import Store
from folkmoot.remember.tokens import Token
from folkmoot.review.appealing import AppealError
from folkmoot.review.consequences import PickError
from folkmoot.review.permissions import NotAllowedError
from folkmoot.review.queue import TakenError, UnknownCaseError
from folkmoot.review.reporting import ReportError
from folkmoot.review.subjects import UnknownAppealError
from folkmoot.review.undoing import UnknownDecisionError
from folkmoot.settings import Settings

Deed = Callable[[Headers, Receive], Awaitable[Any]]

_ID: Final = "([0-9a-f]{1,64})"
_BY: Final = b"folkmoot-by"
_LONGEST_NAME = 200
_REFUSALS: Final[dict[type[Exception], Kind]] = {
    NotAllowedError: problems.NOT_ALLOWED,
    TakenError: problems.TAKEN,
    PickError: problems.NOT_POSSIBLE,
    AppealError: problems.NOT_POSSIBLE,
    ReportError: problems.NOT_POSSIBLE,
    ChoiceError: problems.NOT_POSSIBLE,
}
_UNKNOWN: Final = (UnknownCaseError, UnknownDecisionError, UnknownAppealError, UnknownActionError)


class Review:
    """Everything below `/v1/` that is about people rather than single messages."""

    def __init__(
        self,
        store: Store,
        receipts: Receipts,
        access: Access,
        settings: Settings,
        clock: Callable[[], float],
    ) -> None:
        """Answer from `store`; `access` knows the tokens, `receipts` makes the links in letters."""
        self._store = store
        self._receipts = receipts
        self._access = access
        self._most = settings.web.largest_request
        self._clock = clock
        self._patience = Patience(reading.SECONDS_FOR_A_BODY)
        self._routes = [(re.compile(re.escape(one.path).replace(r"\{id\}", _ID)), one) for one in ROUTES]
        self._decoders = {one.asked: msgspec.json.Decoder(one.asked) for one in ROUTES if one.asked}

    def find(self, path: str, method: str) -> Deed:
        """Return what answers an address, or refuse one that there is not."""
        found = [(match, one) for pattern, one in self._routes if (match := pattern.fullmatch(path))]
        if not found:
            raise RefusedError(problems.NOT_FOUND, "This address is not one of the API's.")
        wanted = "GET" if method == "HEAD" else method
        for match, route in found:
            if route.method == wanted:
                return self._deed(route, match.groups())
        allowed = [one.method for _, one in found]
        allowed += ["HEAD"] if "GET" in allowed else []
        raise RefusedError(
            problems.WRONG_METHOD,
            f"It answers to {' and '.join(allowed)} only.",
            headers={"Allow": ", ".join(allowed)},
        )

    def _deed(self, route: ReviewRoute, about: tuple[str, ...]) -> Deed:
        async def do(headers: Headers, receive: Receive) -> Any:
            # The token first: whoever has none, or a wrong one, learns nothing of what there is.
            token = await self._access.token(headers, route.may)
            asked: list[Any] = [_person(headers)] if route.by else []
            asked += about
            if route.asked is not None:
                reading.accept(headers, self._most)
                body = await reading.read_body(receive, self._most, self._patience)
                asked.append(reading.decode_as(body, self._decoders[route.asked]))
            return await self._do(route, token, asked)

        return do

    async def _do(self, route: ReviewRoute, token: Token, asked: list[Any]) -> Any:
        now = self._clock()
        carry_out = self._store.write if route.writes else self._store.read
        try:
            return await carry_out(
                lambda c: route.deed(Desk(c, self._store.seals, self._receipts, token, now), *asked)
            )
        except _UNKNOWN:
            # The same words for what never was and for what is another group's.
            raise RefusedError(problems.UNKNOWN, "There is nothing with this id.") from None
        except tuple(_REFUSALS) as trouble:
            raise RefusedError(_REFUSALS[type(trouble)], str(trouble)) from None


def _person(headers: Headers) -> str:
    """Return who asks, as the header says."""
    try:
        name = unquote(headers.get(_BY, b"").decode("ascii"), errors="strict").strip()
    except UnicodeDecodeError:
        raise RefusedError(problems.NO_PERSON, "Folkmoot-By is not percent-encoded UTF-8.") from None
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise RefusedError(problems.NO_PERSON, "The header Folkmoot-By is missing, too long, or no name.")
    return name
