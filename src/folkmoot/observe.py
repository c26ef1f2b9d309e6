"""Logs and metrics, each named once; neither ever holds message text."""

import logging
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from math import inf

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

REGISTRY = CollectorRegistry()


class Tally(Collector):
    """A counter by one label for one thread: it counts for a tenth of what one for many threads costs."""

    def __init__(self, name: str, documentation: str, label: str) -> None:
        """Count from nothing."""
        self._name = name
        self._documentation = documentation
        self._label = label
        self._counts: dict[str, int] = {}

    def count(self, value: str, number: int = 1) -> None:
        """Count so many more under a value of the label."""
        self._counts[value] = self._counts.get(value, 0) + number

    def collect(self) -> Iterator[Metric]:
        """Give the counter as Prometheus reads it."""
        family = CounterMetricFamily(self._name, self._documentation, labels=[self._label])
        for value, number in sorted(self._counts.items()):
            family.add_metric([value], number)
        yield family


JUDGED = Tally("folkmoot_messages_judged", "Messages judged, by what was done.", "done")
REGISTRY.register(JUDGED)


class Durations(Collector):
    """A histogram for one thread: it counts for a tenth of what one for many threads costs."""

    def __init__(self, name: str, documentation: str, bounds: tuple[float, ...]) -> None:
        """Count in buckets up to these bounds, in seconds."""
        self._name = name
        self._documentation = documentation
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def observe(self, seconds: float) -> None:
        """Count one duration."""
        self._counts[bisect_left(self._bounds, seconds)] += 1
        self._sum += seconds

    def observe_all(self, seconds: list[float]) -> None:
        """Count many durations at once."""
        seconds.sort()
        before = 0
        for place, bound in enumerate((*self._bounds, inf)):
            upto = bisect_right(seconds, bound, before)
            self._counts[place] += upto - before
            before = upto
        self._sum += sum(seconds)

    def collect(self) -> Iterator[Metric]:
        """Give the histogram as Prometheus reads it."""
        upto = [*accumulate(self._counts)]
        names = [*map(str, self._bounds), "+Inf"]
        yield HistogramMetricFamily(
            self._name, self._documentation, [*zip(names, upto, strict=True)], sum_value=self._sum
        )


JUDGING_SECONDS = Durations(
    "folkmoot_judging_seconds",
    "Time from a message's arrival to its durable answer.",
    (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0),
)
REGISTRY.register(JUDGING_SECONDS)
FAILURES = Counter(
    "folkmoot_judging_failures",
    "Messages answered by the open-or-closed setting.",
    ["why"],
    registry=REGISTRY,
)
SIGN_REQUESTS = Tally("folkmoot_sign_requests", "Requests to the policy server, by answer.", "answer")
REGISTRY.register(SIGN_REQUESTS)
UNREADABLE = Counter(
    "folkmoot_unreadable_messages", "Encrypted messages that could not be judged.", registry=REGISTRY
)
PROTECTED_ROOMS = Gauge("folkmoot_protected_rooms", "Rooms whose protection is on.", registry=REGISTRY)
OUTBOX_GIVEN_UP = Gauge(
    "folkmoot_outbox_given_up", "Letters that were tried too often: look at the log.", registry=REGISTRY
)
ACTIONS = Tally("folkmoot_actions", "Actions that decisions asked for, by what became of them.", "became")
REGISTRY.register(ACTIONS)
ACTIONS_WAITING = Gauge(
    "folkmoot_actions_waiting",
    "Actions not done yet: the chat is away, a breaker holds them, or a second person has to agree.",
    registry=REGISTRY,
)


def configure(level: str = "info", *, as_json: bool = False) -> None:
    """Set up logging for the whole program: to standard error, one event a line."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def logger(part: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of one part of the program."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger(part=part)
    return bound


# structlog's own default prints the local variables of a traceback, which may hold a message or a secret.
configure()
