"""The console is made when it is first needed, once, and the API does not wait for it."""

import asyncio
import threading
from typing import Any

import pytest

from folkmoot.web.front import Front, Later


class Api:
    """An application that notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def serves(self, path: str) -> bool:
        """Only what is below /v1."""
        return path.startswith("/v1/")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Note it."""
        self.asked.append(scope["path"])


async def test_the_console_is_made_once_for_all_who_ask_and_the_api_goes_on_meanwhile() -> None:
    """While it is made, the API answers; those who asked for pages get them then."""
    api, pages, made, go_on = Api(), Api(), [], threading.Event()

    def make() -> Api:
        made.append(1)
        go_on.wait(5)
        return pages

    front = Front(Later(make), api)

    async def ask(path: str) -> None:
        await front({"type": "http", "path": path}, None, None)

    waiting = [asyncio.create_task(ask(f"/{number}")) for number in range(5)]
    await asyncio.sleep(0.05)
    await ask("/v1/judge")
    assert (api.asked, pages.asked, made) == (["/v1/judge"], [], [1])
    go_on.set()
    await asyncio.gather(*waiting)
    assert sorted(pages.asked) == [f"/{number}" for number in range(5)]
    assert made == [1]


async def test_a_console_that_could_not_be_made_is_made_again() -> None:
    """Trouble is told to who asked, and the next one tries again."""
    pages, tries = Api(), iter((True, False))

    def make() -> Api:
        if next(tries):
            raise OSError("no such file")
        return pages

    later = Later(make)
    with pytest.raises(OSError, match="no such file"):
        await later({"type": "http", "path": "/"}, None, None)
    await later({"type": "http", "path": "/"}, None, None)
    assert pages.asked == ["/"]
