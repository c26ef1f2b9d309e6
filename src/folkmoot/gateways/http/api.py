"""The HTTP API as a bare ASGI application: one request, one answer, nothing in between."""

import time
from collections.abc import Awaitable, Callable
from typing import Any

from folkmoot.gateways.http import judging, openapi, page, problems, reading
from folkmoot.gateways.http.access import Access
from folkmoot.gateways.http.answers import ENCODE, Answer, problem
from folkmoot.gateways.http.answers import send as send_answer
from folkmoot.gateways.http.direct import FAILED, PATH, DirectJudge, log
from folkmoot.gateways.http.patience import Patience
from folkmoot.gateways.http.problems import RefusedError
from folkmoot.gateways.http.reading import Disconnected, Headers, Receive, accept, read_body
from folkmoot.gateways.http.review import Review
from folkmoot.gateways.http.turns import Turns
from folkmoot.intake.pipeline import Pipeline
from folkmoot.remember.store import Store
from folkmoot.remember.tokens import Scope
from folkmoot.settings import Settings

Send = Callable[[Any], Awaitable[None]]

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
        self._turns = Turns(settings.web.most_at_once)
        self._for_a_body = Patience(reading.SECONDS_FOR_A_BODY)
        self._judging = DirectJudge(pipeline, self._access, self._turns, settings.web)
        self.direct = {PATH.encode(): self._judging}
        """What can be answered without ASGI, by request target."""
        self.review = Review(store, pipeline.receipts, self._access, settings, clock)
        document = openapi.document(settings)
        self._document = Answer(ENCODE(document))
        self._page = Answer(
            page.render(document),
            kind="text/html; charset=utf-8",
            headers={"Content-Security-Policy": page.POLICY},
        )
        self._style = Answer(page.style(), kind="text/css; charset=utf-8")
        self.routes: dict[str, tuple[str, Route]] = {
            PATH: ("POST", self._judge),
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
            answer = problem(refused)
        except Disconnected:
            return
        except Exception as trouble:
            log(trouble, _known(scope))
            answer = problem(FAILED)
        await send_answer(answer, send, with_body=scope["method"] != "HEAD")

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
            return Answer(ENCODE(await deed(headers, receive)))

        return await self._in_turn(answer, scope, receive)

    async def _in_turn(self, answer: Route, scope: Any, receive: Receive) -> Answer:
        self._turns.take()
        try:
            return await answer(dict(scope["headers"]), receive)
        finally:
            self._turns.give_back()

    async def _judge(self, headers: Headers, receive: Receive) -> Answer:
        group = await self._access.group(headers)
        accept(headers, self._web.largest_request)
        body = await read_body(receive, self._web.largest_request, self._for_a_body)
        return await self._judging.of_asked(group, *self._judging.read(group, body))

    async def _policy(self, headers: Headers, _receive: Receive) -> Answer:
        group = (await self._access.token(headers, frozenset(Scope))).group
        return Answer(ENCODE(await judging.policy_in_force(self._pipeline, self._store, group)))

    @staticmethod
    def _always(answer: Answer) -> Route:
        async def give(_headers: Headers, _receive: Receive) -> Answer:
            return answer

        return give


def _known(scope: Any) -> str:
    """Return the path for the log: only ours, for a stranger may put anything into theirs."""
    path = str(scope["path"])
    return path if path in {PATH, "/v1/policy"} else "other"
