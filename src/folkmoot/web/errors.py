"""What people see when something is not as they hoped: every page says what they can do about it."""

import traceback
from collections.abc import Mapping

from litestar import Response
from litestar.exceptions import HTTPException
from litestar.response import Template

from folkmoot import observe
from folkmoot.web.access import viewer_of
from folkmoot.web.hall import PageRequest, hall_of
from folkmoot.web.rendering import Translate, page, translate

_LOG = observe.logger("console")


class LinkGoneError(HTTPException):
    """The sign-in link was used before or has expired; write `console` to the bot for a new one."""

    status_code = 410


def known_trouble(request: PageRequest, trouble: HTTPException) -> Response[bytes]:
    """Answer a request that can't be carried out."""
    return trouble_page(request, trouble.status_code, headers=trouble.headers)


def unknown_trouble(request: PageRequest, trouble: Exception) -> Response[bytes]:
    """Answer a request that failed through a fault of ours; the log says which page, never its address."""
    # No message and no local variables: they may hold secrets and names of people.
    _LOG.error(
        "A page failed.",
        page=str(request.scope.get("route_handler")),
        kind=type(trouble).__name__,
        where="".join(traceback.format_tb(trouble.__traceback__)),
    )
    return trouble_page(request, 500)


def trouble_page(request: PageRequest, status: int, *, headers: Mapping[str, str] | None = None) -> Template:
    """Return the page for an HTTP status: what happened, and the remedy."""
    title, remedy = _words(request, status)
    made = page(request, "trouble.html", code=status, title=title, remedy=remedy)
    if status == 401:
        made.headers["WWW-Authenticate"] = 'Link realm="Folkmoot console"'
    for name, value in (headers or {}).items():
        if name.lower() in ("allow", "retry-after"):
            made.headers[name] = value
    return made


def _words(request: PageRequest, status: int) -> tuple[str, str]:
    _ = translate(request)
    if status == 403:
        return _forbidden(request, _)
    known = {**_of_addresses(request, _), **_of_limits(_)}
    if status in known:
        return known[status]
    if 400 <= status < 500:
        return _("This request can’t be understood"), _("Go back, reload the page, and try again.")
    return (
        _("Something went wrong on our side"),
        _("Nothing that was confirmed is lost. Try again, or tell whoever runs Folkmoot."),
    )


def _of_addresses(request: PageRequest, _: Translate) -> dict[int, tuple[str, str]]:
    address = hall_of(request).settings.web.public_url
    return {
        401: (
            _("Sign in first"),
            _("This page is for administrators. Write “console” to Folkmoot’s bot; it sends you a link."),
        ),
        404: (
            _("There is no such page"),
            _("The address may be incomplete or old. Copy the whole link, or begin at the start page."),
        ),
        405: (
            _("This address can’t be used that way"),
            _("Open it as a page, or use the buttons of the page you came from."),
        ),
        410: (
            _("This link does not work any more"),
            _("A sign-in link works once, for a short time. Write “console” to the bot for a new one."),
        ),
        421: (
            _("The console is not opened at this address"),
            _("Open it at {address} instead. Whoever runs Folkmoot sets this as web.public_url.").format(
                address=address
            ),
        ),
    }


def _of_limits(_: Translate) -> dict[int, tuple[str, str]]:
    return {
        413: (_("That was too much at once"), _("Send less, or go back and try again.")),
        429: (_("Too many attempts"), _("Wait five minutes, then try again with a new link.")),
        503: (_("Too many pages are open"), _("Close some of them, then reload this one.")),
    }


def _forbidden(request: PageRequest, _: Translate) -> tuple[str, str]:
    if request.method == "POST":
        return (
            _("This form is too old, or came from another page"),
            _("Go back, reload the page, and try again. Cookies must be allowed for this address."),
        )
    if viewer_of(request) is None:
        return (_("This page is not for you"), _("Begin at the start page."))
    return (
        _("You don’t administer this group"),
        _("Only a group’s present administrators see its pages. Ask one of them if you should."),
    )
