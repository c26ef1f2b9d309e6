"""The console's own address."""

from urllib.parse import urlsplit

from folkmoot.settings import Settings, SettingsError


def public_host(settings: Settings) -> str:
    """Return the host of `web.public_url`; SettingsError if that is no address of a console."""
    try:
        parts = urlsplit(settings.web.public_url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not host or parts.path.strip("/") or parts.query:
        raise SettingsError(
            f"web.public_url is {settings.web.public_url!r}; it must be http:// or https:// with a host and "
            "nothing after it, such as https://folkmoot.example.org. Give the console a host name of its own."
        )
    return host
