"""Requests to be signed that came whole: from bytes to bytes, by the same endpoints as all others."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from folkmoot.gateways.matrix import asgi
from folkmoot.gateways.matrix.asgi import Answer, Scope

Reply = Callable[[int, bytes, bytes], None]
"""Takes an answer: status, lines of its head, body."""
_LINES: Final = b"content-type: application/json\r\n"


class DirectSign:
    """Answers requests to one address, each in a task: signatures and rooms may have to be waited for."""

    def __init__(self, target: bytes, most: int, answer: Callable[[Scope, bytes], Awaitable[Answer]]) -> None:
        """Have `answer`, which never raises, answer what is no larger than `most` bytes."""
        self.most = most
        self._target = target
        self._answer = answer
        self._tasks: set[asyncio.Task[None]] = set()

    def __call__(self, headers: dict[bytes, bytes], body: bytes, reply: Reply) -> None:
        """Answer a request."""
        task = asyncio.get_running_loop().create_task(self._give(headers, body, reply))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _give(self, headers: dict[bytes, bytes], body: bytes, reply: Reply) -> None:
        scope: Scope = {
            "method": "POST",
            "path": self._target.decode(),
            "raw_path": self._target,
            "headers": list(headers.items()),
        }
        answer = await self._answer(scope, body)
        reply(answer.status, _LINES, asgi.wire_of(answer))
