"""Which addresses we may call: strangers name the servers that we ask, so never our own network."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import httpcore2

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Addresses of version 6 that stand for one of version 4 (mapped, NAT64, 6to4, Teredo): that one counts.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

connect_instead: ContextVar[str | None] = ContextVar("connect_instead", default=None)
"""The host to connect to, where an SRV record names another than the certificate must carry."""


class UnreachableAddressError(httpcore2.ConnectError):
    """The name leads only to private or unknown addresses; settings may allow networks (allow_networks)."""


class Reach:
    """Decides about single addresses: public ones, and the networks that the operator allows."""

    def __init__(self, allow_networks: Iterable[str] = ()) -> None:
        """Allow public addresses and those in `allow_networks`, such as `127.0.0.1/32`."""
        self._allowed = tuple(ipaddress.ip_network(network) for network in allow_networks)

    def allows(self, text: str) -> bool:
        """Tell whether we may connect to an address."""
        try:
            address = ipaddress.ip_address(text.partition("%")[0])
        except ValueError:
            return False
        meant = _embedded(address) or [address]
        if any(one in network for one in meant for network in self._allowed):
            return True
        return all(one.is_global and not one.is_multicast and not one.is_reserved for one in meant)


def _embedded(address: Address) -> list[Address]:
    if isinstance(address, ipaddress.IPv4Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour]
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address.teredo is not None:
        found.extend(address.teredo)
    return [one for one in found if one is not None]


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Connects by name, but only to addresses within reach; the name cannot be swapped after the look."""

    def __init__(self, reach: Reach) -> None:
        """Connect to what `reach` allows; names are looked up in a small pool of threads of our own."""
        self._reach = reach
        self._inner = httpcore2.AnyIOBackend()
        self._threads = ThreadPoolExecutor(max_workers=8, thread_name_prefix="names")

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Look the name up, refuse what is out of reach, connect to the first address that answers."""
        trouble: Exception = UnreachableAddressError("no address within reach")
        addresses = await self._look_up(connect_instead.get() or host, port, timeout)
        for address in [one for one in addresses if self._reach.allows(one)][:4]:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failed:
                trouble = failed
        raise trouble

    async def _look_up(self, host: str, port: int, timeout: float | None) -> list[str]:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                found = await loop.run_in_executor(self._threads, _addresses, host, port)
        except TimeoutError as trouble:
            raise httpcore2.ConnectTimeout("name look-up took too long") from trouble
        except (OSError, UnicodeError) as trouble:
            raise httpcore2.ConnectError("name not found") from trouble
        return found

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def _addresses(host: str, port: int) -> list[str]:
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))
