"""Logs and metrics, each named once; neither ever holds message text."""

import logging
import sys

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

REGISTRY = CollectorRegistry()

JUDGED = Counter(
    "folkmoot_messages_judged", "Messages judged, by what was done.", ["done"], registry=REGISTRY
)
JUDGING_SECONDS = Histogram(
    "folkmoot_judging_seconds",
    "Time from a message's arrival to its durable answer.",
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0),
    registry=REGISTRY,
)
FAILURES = Counter(
    "folkmoot_judging_failures",
    "Messages answered by the open-or-closed setting.",
    ["why"],
    registry=REGISTRY,
)
SIGN_REQUESTS = Counter(
    "folkmoot_sign_requests", "Requests to the policy server, by answer.", ["answer"], registry=REGISTRY
)
UNREADABLE = Counter(
    "folkmoot_unreadable_messages", "Encrypted messages that could not be judged.", registry=REGISTRY
)
PROTECTED_ROOMS = Gauge("folkmoot_protected_rooms", "Rooms whose protection is on.", registry=REGISTRY)
OUTBOX_GIVEN_UP = Gauge(
    "folkmoot_outbox_given_up", "Letters that were tried too often: look at the log.", registry=REGISTRY
)


def configure(level: str = "info", *, as_json: bool = False) -> None:
    """Set up logging for the whole program: to standard error, one event a line."""
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
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
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def logger(part: str) -> structlog.typing.FilteringBoundLogger:
    """Return the logger of one part of the program."""
    bound: structlog.typing.FilteringBoundLogger = structlog.get_logger(part=part)
    return bound
