"""What every page of the console needs, made once and handed to the application."""

from collections.abc import Callable
from typing import Annotated, Any, cast

from jinja2 import Environment
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.params import QueryParameter
from msgspec import Struct

from folkmoot.intake.feed import Feed
from folkmoot.intake.receipts import Receipts
from folkmoot.remember.store import Store
from folkmoot.settings import Settings
from folkmoot.web.assets import Assets
from folkmoot.web.attempts import Attempts
from folkmoot.web.languages import Languages
from folkmoot.web.streams import Streams

Before = Annotated[int | None, QueryParameter(ge=0, lt=2**62)]
"""Which page of a long list: what is older than this number."""
PageRequest = Request[Any, Any, Any]
AnyConnection = ASGIConnection[Any, Any, Any, Any]


class Hall(Struct, frozen=True, kw_only=True):
    """The parts of the program that pages use, and the few things that are worked out once."""

    store: Store
    feed: Feed
    receipts: Receipts
    settings: Settings
    clock: Callable[[], float]
    assets: Assets
    languages: Languages
    attempts: Attempts
    """Failed sign-ins, by network address."""
    written: Attempts
    """What was written in appeals, by receipt."""
    streams: Streams
    templates: Environment

    @property
    def secure(self) -> bool:
        """Whether people open the console over HTTPS."""
        return self.settings.web.public_url.startswith("https://")

    @property
    def session_cookie(self) -> str:
        """The name of the session cookie; over HTTPS its prefix pins it to this very host."""
        return "__Host-folkmoot" if self.secure else "folkmoot"


def hall_of(connection: AnyConnection) -> Hall:
    """Return the hall of the application that serves this connection."""
    return cast(Hall, connection.app.state.hall)
