"""Server names and Matrix ids (specification: appendices, "Server Name" and "User Identifiers")."""

import ipaddress
import re
from collections.abc import Collection
from functools import lru_cache

from msgspec import Struct

# A DNS name as servers are named by: letters, digits, hyphens, dots; no underscore, no empty label.
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"(?=.{{1,230}}\Z){_LABEL}(?:\.{_LABEL})*")
_LONGEST_ID = 255
_LAST_PORT = 65535


class BadNameError(ValueError):
    """The text is no server name that we accept; addresses in place of names are never accepted."""


class ServerName(Struct, frozen=True):
    """A server's name, taken apart."""

    host: str
    port: int | None


def parse_server(name: str) -> ServerName:
    """Take a server name apart; BadNameError for IP literals, bad ports and anything else that is no name."""
    host, colon, port = name.partition(":")
    if not _HOST.fullmatch(host) or _looks_like_address(host):
        raise BadNameError("not a server name (addresses are not accepted)")
    if not colon:
        return ServerName(host, None)
    if not (port.isascii() and port.isdigit() and 1 <= len(port) <= 5 and 0 < int(port) <= _LAST_PORT):
        raise BadNameError("not a port")
    return ServerName(host, int(port))


def is_server(name: object) -> bool:
    """Tell whether `name` is a server name that we accept."""
    return isinstance(name, str) and len(name) <= _LONGEST_ID and _is_server(name)


@lru_cache(maxsize=4096)
def _is_server(name: str) -> bool:
    # The same few servers are named in every request.
    try:
        parse_server(name)
    except BadNameError:
        return False
    return True


def server_of(member: object) -> str | None:
    """Return the server part of a Matrix id such as `@name:server`; None if it is no such id."""
    if not isinstance(member, str) or not member.startswith("@") or len(member.encode()) > _LONGEST_ID:
        return None
    _, colon, server = member.partition(":")
    return server if colon and is_server(server) else None


def may_invite(member: str, homeservers: Collection[str]) -> bool:
    """Tell whether a member may have rooms protected here: all may where no homeservers are named."""
    return not homeservers or server_of(member) in homeservers


def is_room(name: object) -> bool:
    """Tell whether `name` has the form of a room id."""
    return isinstance(name, str) and name.startswith("!") and 1 < len(name.encode()) <= _LONGEST_ID


def _looks_like_address(host: str) -> bool:
    # A last label of digits is an address to resolvers ("127.1", "2130706433", "0x7f.1"), never a name.
    last = host.rpartition(".")[2].lower()
    if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
