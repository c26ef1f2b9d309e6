"""The HTTP API as a bare ASGI application: one request, one answer, nothing in between."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import msgspec
from msgspec import Struct, field

from folkmoot import observe
from folkmoot.gateways.http import judging, openapi, page, problems, reading
from folkmoot.gateways.http.access import Access
from folkmoot.gateways.http.patience import Patience
from folkmoot.gateways.http.problems import Kind, RefusedError
from folkmoot.gateways.http.reading import Disconnected, Headers, Receive, accept, decode, read_body
from folkmoot.gateways.http.review import Review
from folkmoot.gateways.http.wire import Judgements
from folkmoot.intake.pipeline import Pipeline
from folkmoot.remember.store import Store
from folkmoot.remember.tokens import Scope
from folkmoot.settings import Settings

Send = Callable[[Any], Awaitable[None]]

_ENCODER = msgspec.json.Encoder()
_KEPT_NOWHERE: Final = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)
_IS_JSON: Final = (b"content-type", b"application/json")


class Answer(Struct, frozen=True):
    """What goes back."""

    body: bytes
    status: int = 200
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


Route = Callable[[Headers, Receive], Awaitable[Answer]]


class HttpApi:
    """Answers everything below `/v1/`, and `/openapi.json`."""

    def __init__(
        self,
        store: Store,
        pipeline: Pipeline,
        settings: Settings,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Judge with `pipeline` for the groups whose tokens are in `store`."""
        self._store = store
        self._pipeline = pipeline
        self._web = settings.web
        self._access = Access(store, clock)
        self._free = settings.web.most_at_once
        self._for_a_body = Patience(reading.SECONDS_FOR_A_BODY)
        self._for_a_judgement = Patience(judging.DEADLINE)
        self.review = Review(store, pipeline.receipts, self._access, settings, clock)
        document = openapi.document(settings)
        self._document = Answer(_ENCODER.encode(document))
        self._page = Answer(
            page.render(document),
            kind="text/html; charset=utf-8",
            headers={"Content-Security-Policy": page.POLICY},
        )
        self._style = Answer(page.style(), kind="text/css; charset=utf-8")
        self.routes: dict[str, tuple[str, Route]] = {
            "/v1/judge": ("POST", self._judge),
            "/v1/policy": ("GET", self._policy),
            "/v1/docs": ("GET", self._always(self._page)),
            "/v1/docs.css": ("GET", self._always(self._style)),
            "/openapi.json": ("GET", self._always(self._document)),
        }

    @staticmethod
    def serves(path: str) -> bool:
        """Return whether a path is the API's, so that another application can have the rest."""
        return path == "/openapi.json" or path == "/v1" or path.startswith("/v1/")

    async def __call__(self, scope: Any, receive: Receive, send: Send) -> None:
        """Answer one request; this is where every refusal becomes a problem document."""
        if scope["type"] != "http":
            raise NotImplementedError("The HTTP API speaks HTTP only.")
        try:
            answer = await self._answer(scope, receive)
        except RefusedError as refused:
            answer = _problem(refused)
        except Disconnected:
            return
        except Exception as trouble:
            observe.logger("http").error(
                "could not answer", path=_known(scope), trouble=type(trouble).__name__
            )
            answer = _problem(RefusedError(problems.FAILED, "Something went wrong on our side."))
        await _send(answer, send, with_body=scope["method"] != "HEAD")

    async def _answer(self, scope: Any, receive: Receive) -> Answer:
        route = self.routes.get(scope["path"])
        if route is None:
            return await self._review(scope, receive)
        method, answer = route
        allowed = ("GET", "HEAD") if method == "GET" else (method,)
        if scope["method"] not in allowed:
            raise RefusedError(
                problems.WRONG_METHOD,
                f"It answers to {' and '.join(allowed)} only.",
                headers={"Allow": ", ".join(allowed)},
            )
        return await self._in_turn(answer, scope, receive)

    async def _review(self, scope: Any, receive: Receive) -> Answer:
        deed = self.review.find(scope["path"], scope["method"])

        async def answer(headers: Headers, receive: Receive) -> Answer:
            return Answer(_ENCODER.encode(await deed(headers, receive)))

        return await self._in_turn(answer, scope, receive)

    async def _in_turn(self, answer: Route, scope: Any, receive: Receive) -> Answer:
        if self._free == 0:
            raise _busy(problems.BUSY)
        self._free -= 1
        try:
            return await answer(dict(scope["headers"]), receive)
        finally:
            self._free += 1

    async def _judge(self, headers: Headers, receive: Receive) -> Answer:
        group = await self._access.group(headers)
        accept(headers, self._web.largest_request)
        body = await read_body(receive, self._web.largest_request, self._for_a_body)
        asked, is_batch = decode(body, self._web.largest_batch)
        if any(one.group not in (None, group) for one in asked):
            raise RefusedError(problems.OTHER_GROUP, "A message names another group than the token's.")
        answers = await judging.judge(self._pipeline, group, asked, self._for_a_judgement)
        return Answer(_ENCODER.encode(Judgements(judgements=tuple(answers)) if is_batch else answers[0]))

    async def _policy(self, headers: Headers, _receive: Receive) -> Answer:
        group = (await self._access.token(headers, frozenset(Scope))).group
        return Answer(_ENCODER.encode(await judging.policy_in_force(self._pipeline, self._store, group)))

    @staticmethod
    def _always(answer: Answer) -> Route:
        async def give(_headers: Headers, _receive: Receive) -> Answer:
            return answer

        return give


def _busy(kind: Kind) -> RefusedError:
    return RefusedError(
        kind, "As many requests as we handle at once are under way.", headers={"Retry-After": "1"}
    )


def _known(scope: Any) -> str:
    """Return the path for the log: only ours, for a stranger may put anything into theirs."""
    path = str(scope["path"])
    return path if path in {"/v1/judge", "/v1/policy"} else "other"


def _problem(refused: RefusedError) -> Answer:
    return Answer(
        _ENCODER.encode(refused.problem), refused.kind.status, "application/problem+json", refused.headers
    )


async def _send(answer: Answer, send: Send, *, with_body: bool) -> None:
    headers = [(b"content-length", b"%d" % len(answer.body)), *_KEPT_NOWHERE]
    if answer.headers or answer.kind != "application/json":
        own = {"content-type": answer.kind, **answer.headers}
        headers += [(name.lower().encode(), value.encode()) for name, value in own.items()]
    else:
        headers.append(_IS_JSON)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body if with_body else b""})
