"""Whether a message costs the same as rooms, senders and history grow a hundredfold."""

import statistics
import time

import uvloop
from msgspec import Struct

from bench.running import message, patient, pipeline_with, settle
from bench.texts import messages
from folkmoot.decide import starters
from folkmoot.intake.pipeline import Ask, Pipeline

_SMALL = 1_000
_TIMES = 100
_BATCH = 500


class Growth(Struct, frozen=True):
    """Processor time for a message, in microseconds."""

    small: float
    large: float
    history: int
    """How many messages, senders and rooms the large one has seen; the small one a hundredth of each."""

    @property
    def ratio(self) -> float:
        """How much more a message costs in the large one."""
        return self.large / self.small


def run(rounds: int = 9, small: int = _SMALL) -> Growth:
    """Fill two pipelines, then judge in both in turn."""
    return uvloop.run(_run(rounds, small))


async def _run(rounds: int, small: int) -> Growth:
    policy = patient(starters.load("neighbours"))
    history = messages(small * _TIMES, seed=31)
    fresh = messages(rounds * 2 * _BATCH, seed=37)
    async with pipeline_with(policy) as (little, first), pipeline_with(policy) as (big, second):
        await _fill(little, first, history[:small], senders=small // 5, rooms=max(1, small // 100))
        await _fill(big, second, history, senders=small * _TIMES // 5, rooms=small)
        settle()
        took: tuple[list[float], list[float]] = ([], [])
        for number in range(rounds):
            texts = fresh[number * _BATCH : (number + 1) * _BATCH]
            at = 10**9 + number * _BATCH
            for place in (0, 1) if number % 2 else (1, 0):
                pipeline, group = ((little, first), (big, second))[place]
                senders, rooms = ((small // 5, small // 100), (small * _TIMES // 5, small))[place]
                asks = [
                    Ask(message=message(group, at + one, text, senders=senders, rooms=max(1, rooms)))
                    for one, text in enumerate(texts)
                ]
                began = time.process_time()
                await pipeline.judge_in_order(group, asks)
                took[place].append((time.process_time() - began) / _BATCH * 1e6)
    return Growth(statistics.median(took[0]), statistics.median(took[1]), small * _TIMES)


async def _fill(pipeline: Pipeline, group: str, texts: list[str], *, senders: int, rooms: int) -> None:
    for first in range(0, len(texts), _BATCH):
        asks = [
            Ask(message=message(group, first + number, text, senders=senders, rooms=rooms))
            for number, text in enumerate(texts[first : first + _BATCH])
        ]
        await pipeline.judge_in_order(group, asks)
