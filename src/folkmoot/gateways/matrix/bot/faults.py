"""Faults of ours in the log: what kind and where, and nothing that anybody wrote."""

import traceback

from folkmoot.observe import logger

_log = logger("bot")


def note(what: str, trouble: BaseException) -> None:
    """Log a fault without its message and without values: either may quote somebody's words."""
    frames = traceback.extract_tb(trouble.__traceback__)[-3:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    _log.error(what, trouble=type(trouble).__name__, places=places)
