"""The console as one ASGI application."""

import hashlib
import hmac
import time
from collections.abc import Callable

from litestar import Litestar
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig

from folkmoot.intake.feed import Feed
from folkmoot.intake.receipts import Receipts
from folkmoot.remember.store import Store
from folkmoot.settings import Settings
from folkmoot.web.access import admit
from folkmoot.web.address import public_host
from folkmoot.web.assets import Assets
from folkmoot.web.attempts import Attempts
from folkmoot.web.errors import known_trouble, unknown_trouble
from folkmoot.web.hall import Hall
from folkmoot.web.languages import Languages
from folkmoot.web.pages import host_lists, landing, live, log, machine, overview, receipt, rules
from folkmoot.web.rendering import environment
from folkmoot.web.shield import add_headers
from folkmoot.web.sign_in import how_to_sign_in, open_link, sign_in, sign_out
from folkmoot.web.streams import Streams

_ROUTES = (
    landing.landing,
    landing.my_groups,
    how_to_sign_in,
    open_link,
    sign_in,
    sign_out,
    overview.overview,
    overview.one_verdict,
    live.live,
    rules.rules,
    rules.rules_then,
    rules.public_rules,
    rules.public_rules_then,
    host_lists.listed_hosts,
    log.log_page,
    receipt.receipt,
    receipt.appeal_here,
    machine.health,
    machine.health_head,
    machine.metrics,
    machine.static,
)
_LARGEST_FORM = 16_384
# No page that a stranger reads sets a cookie; the rest carry the token that forms send back.
_WITHOUT_COOKIE = [r"^/$", r"^/g/", r"^/receipt/", r"^/static/", r"^/healthz$", r"^/metrics$"]


def console(
    store: Store,
    feed: Feed,
    receipts: Receipts,
    settings: Settings,
    *,
    secret: bytes,
    clock: Callable[[], float] = time.time,
    languages: Languages | None = None,
) -> Litestar:
    """Return the console; `secret` (32 bytes, kept between restarts) signs the tokens in forms."""
    public_host(settings)
    hall = Hall(
        store=store,
        feed=feed,
        receipts=receipts,
        settings=settings,
        clock=clock,
        assets=Assets(),
        languages=languages or Languages(),
        attempts=Attempts(clock),
        written=Attempts(clock, most=12, window=3600.0, by_name=True),
        streams=Streams(),
        templates=environment(),
    )
    return _application(hall, secret)


def _application(hall: Hall, secret: bytes) -> Litestar:
    return Litestar(
        route_handlers=_ROUTES,
        guards=[admit],
        before_send=[add_headers],
        csrf_config=_forms(hall, secret),
        exception_handlers={HTTPException: known_trouble, Exception: unknown_trouble},
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(hall.templates)),
        request_max_body_size=_LARGEST_FORM,
        openapi_config=None,
        logging_config=None,
        state=State({"hall": hall}),
    )


def _forms(hall: Hall, secret: bytes) -> CSRFConfig:
    return CSRFConfig(
        secret=hmac.new(secret, b"forms", hashlib.sha256).hexdigest(),
        cookie_name="__Host-folkmoot-form" if hall.secure else "folkmoot-form",
        cookie_secure=hall.secure,
        cookie_httponly=True,
        cookie_samesite="lax",
        exclude=_WITHOUT_COOKIE,
    )
