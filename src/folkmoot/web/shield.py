"""The headers that every answer carries: a strict content security policy, and nothing kept or leaked."""

import secrets
from typing import cast

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

_NONCE = "folkmoot_nonce"

_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}


def nonce_of(scope: Scope) -> str:
    """Return the nonce of this answer, made when first asked for."""
    if _NONCE not in scope:
        scope[_NONCE] = secrets.token_urlsafe(16)  # type: ignore[literal-required]
    return cast(str, scope[_NONCE])  # type: ignore[literal-required]


def content_security_policy(nonce: str) -> str:
    """Return a policy under which only our own files run, and only htmx may write markup into a page."""
    return (
        "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        f"script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "require-trusted-types-for 'script'; trusted-types htmx"
    )


async def add_headers(message: Message, scope: Scope) -> None:
    """Put the headers on an answer; one that a page set itself stays."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders.from_message(message)
    headers["Content-Security-Policy"] = content_security_policy(nonce_of(scope))
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if scope["litestar_app"].state.hall.secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
