"""`POST /v1/judge` from bytes to bytes: no task stands between a message and its judgement.

Where something has to be read first (a token not seen for some seconds, a new group, an unknown sender), or
more than one message is asked about, a task does the same.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Final

from folkmoot import observe
from folkmoot.gateways.http import answers, judging, problems
from folkmoot.gateways.http.access import Access
from folkmoot.gateways.http.answers import ENCODE, JSON_LINES, Answer
from folkmoot.gateways.http.patience import Patience
from folkmoot.gateways.http.problems import RefusedError
from folkmoot.gateways.http.reading import Headers, accept, decode
from folkmoot.gateways.http.turns import Turns
from folkmoot.gateways.http.wire import Judgements, MessageToJudge
from folkmoot.intake.pipeline import Ask, Pipeline, Ruling
from folkmoot.intake.recording import Pending
from folkmoot.settings import Web

Reply = Callable[[int, bytes, bytes], None]
"""Takes an answer: status, lines of its head, body."""
PATH: Final = "/v1/judge"
FAILED: Final = RefusedError(problems.FAILED, "Something went wrong on our side.")


def log(trouble: Exception, path: str = PATH) -> None:
    """Note that a request could not be answered: only the kind of trouble, for its words may be anybody's."""
    observe.logger("http").error("could not answer", path=path, trouble=type(trouble).__name__)


class DirectJudge:
    """Answers requests to `/v1/judge`, each once; it never raises."""

    def __init__(self, pipeline: Pipeline, access: Access, turns: Turns, web: Web) -> None:
        """Judge with `pipeline` for the groups whose tokens `access` knows."""
        self.pipeline = pipeline
        self.access = access
        self.turns = turns
        self.most = web.largest_request
        self.largest_batch = web.largest_batch
        self.patience = Patience(judging.DEADLINE)
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, headers: Headers, body: bytes, reply: Reply) -> None:
        """Answer a request that came whole."""
        try:
            self.turns.take()
        except RefusedError as refused:
            give(answers.problem(refused), reply)
            return
        one = _One(self, reply)
        try:
            one.begin(headers, body)
        except RefusedError as refused:
            one.give(answers.problem(refused))
        except Exception as trouble:
            log(trouble)
            one.give(answers.problem(FAILED))

    async def of_body(self, headers: Headers, body: bytes) -> Answer:
        """Return the answer to a request, whatever has to be read for it first."""
        group = await self.access.group(headers)
        accept(headers, self.most)
        return await self.of_asked(group, *self.read(group, body))

    async def of_asked(self, group: str, asked: tuple[MessageToJudge, ...], is_batch: bool) -> Answer:
        """Return the answer to what was asked."""
        found = await judging.judge(self.pipeline, group, asked, self.patience)
        return Answer(ENCODE(Judgements(judgements=tuple(found)) if is_batch else found[0]))

    def read(self, group: str, body: bytes) -> tuple[tuple[MessageToJudge, ...], bool]:
        """Return the messages in a body, all of this group, and whether it is a batch."""
        asked, is_batch = decode(body, self.largest_batch)
        for one in asked:
            if one.group is not None and one.group != group:
                raise RefusedError(problems.OTHER_GROUP, "A message names another group than the token's.")
        return asked, is_batch

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Let a task do the rest."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _One:
    """One request; where its judgement is waited for, this is the wait."""

    __slots__ = ("_ask", "_id", "_judge", "_late", "_reply")

    _ask: Ask
    _id: str | int

    def __init__(self, judge: DirectJudge, reply: Reply) -> None:
        """Answer with `reply`."""
        self._judge = judge
        self._reply = reply
        self._late = False

    def begin(self, headers: Headers, body: bytes) -> None:
        """Judge, or have a task see to it."""
        judge = self._judge
        group = judge.access.known_group(headers)
        if group is None:
            return judge.start(self._later(judge.of_body(headers, body)))
        accept(headers, judge.most)
        asked, is_batch = judge.read(group, body)
        if is_batch or judge.pipeline.standings.get(group) is None:
            return judge.start(self._later(judge.of_asked(group, asked, is_batch)))
        self._id = asked[0].id
        self._ask = judging.ask(group, asked[0])
        try:
            pending = judge.pipeline.begin(self._ask)
        except Exception as trouble:
            return judge.start(self._later(self._as_chosen(trouble)))
        if pending is None:
            return judge.start(self._later(judge.of_asked(group, asked, is_batch)))
        judge.patience.begin(self)
        pending.then(self._told)
        return None

    def give(self, answer: Answer) -> None:
        """Give the answer."""
        self._judge.turns.give_back()
        give(answer, self._reply)

    def cut_short(self) -> None:
        """Answer as the group chose: it took too long."""
        if not self._late:
            self._late = True
            self._judge.start(self._too_late())

    def _told(self, pending: Pending) -> None:
        """Answer with the judgement, now that it is durable."""
        if self._late:
            return
        judge = self._judge
        judge.patience.end(self)
        ruling = pending.ruling
        if ruling is None:
            trouble = pending.trouble or RuntimeError("not judged")
            judge.start(self._later(self._as_chosen(trouble)))
        elif ruling.record is not None:
            judge.start(self._later(self._worded(pending)))
        else:
            self._give_plain(ruling)

    def _give_plain(self, ruling: Ruling) -> None:
        """Give what most messages get; whoever tells us hears of no trouble."""
        try:
            body = ENCODE(judging.judgement(self._id, ruling))
        except Exception as trouble:
            log(trouble)
            self.give(answers.problem(FAILED))
        else:
            self._judge.turns.give_back()
            self._reply(200, JSON_LINES, body)

    async def _too_late(self) -> None:
        await self._later(self._as_chosen(TimeoutError()))
        self._judge.patience.end(self)

    async def _as_chosen(self, trouble: BaseException) -> Answer:
        rulings = await judging.as_chosen(self._judge.pipeline, [self._ask], trouble)
        return Answer(ENCODE(judging.judgement(self._id, rulings[0])))

    async def _worded(self, pending: Pending) -> Answer:
        pipeline, patience = self._judge.pipeline, self._judge.patience
        work = _alone(pipeline.worded(pending))
        rulings = await judging.or_as_chosen(pipeline, [self._ask], patience, work)
        return Answer(ENCODE(judging.judgement(self._id, rulings[0])))

    async def _later(self, work: Coroutine[Any, Any, Answer]) -> None:
        try:
            answer = await work
        except RefusedError as refused:
            answer = answers.problem(refused)
        except Exception as trouble:
            log(trouble)
            answer = answers.problem(FAILED)
        self.give(answer)


async def _alone(work: Coroutine[Any, Any, Ruling]) -> list[Ruling]:
    return [await work]


def give(answer: Answer, reply: Reply) -> None:
    """Send an answer."""
    reply(answer.status, answers.lines(answer), answer.body)
