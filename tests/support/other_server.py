"""A small real HTTPS server on loopback, and a small real DNS server: another server's side of discovery."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable

import dns.flags
import dns.message
import dns.rrset

from folkmoot.cli.demo.authority import Certificate

Respond = Callable[[str, dict[str, str]], Awaitable[tuple[int, dict[str, str], bytes]]]


class OtherServer:
    """Answers HTTPS requests by a function of path and headers, and counts them."""

    def __init__(self, certificate: Certificate, respond: Respond) -> None:
        """Present `certificate`; `respond` gives status, headers and body."""
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate.chain, certificate.key)
        self._respond = respond
        self.asked: list[tuple[str, str]] = []
        """Path and Host header of each request."""
        self.port = 0

    async def __aenter__(self) -> "OtherServer":
        """Begin to answer on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            first, *rest = head.split("\r\n")
            headers = {one.partition(":")[0].lower(): one.partition(":")[2].strip() for one in rest if one}
            self.asked.append((first.split()[1], headers["host"]))
            status, more, body = await self._respond(first.split()[1], headers)
            lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", "connection: close"]
            lines += [f"{name}: {value}" for name, value in more.items()]
            writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            writer.close()


class NameServer(asyncio.DatagramProtocol):
    """Answers SRV questions from a table; everything else does not exist."""

    def __init__(self, records: dict[str, list[str]]) -> None:
        """Know `records`: the data of SRV records by name."""
        self._records = records
        self.asked: list[str] = []
        self.port = 0

    async def __aenter__(self) -> "NameServer":
        """Begin to answer on a free port."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(lambda: self, local_addr=("127.0.0.1", 0))
        self.port = self._transport.get_extra_info("sockname")[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        self._transport.close()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Answer one question."""
        question = dns.message.from_wire(data)
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        name = question.question[0].name
        self.asked.append(name.to_text())
        found = self._records.get(name.to_text().rstrip("."))
        if found is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "SRV", *found))
        self._transport.sendto(answer.to_wire(), addr)
