"""The demonstration's ports: what each is for, and how to choose another."""

import socket

from msgspec import Struct


class PortTakenError(Exception):
    """Something else listens on a port that the demonstration needs; stop it, or choose another port."""


class Ports(Struct, frozen=True, kw_only=True):
    """Where everything listens on the loopback address; 0 means any free port."""

    homeserver: int = 8008
    federation: int = 8448
    policy: int = 8449
    console: int = 8460
    chat: int = 8461

    def settled(self) -> "Ports":
        """Return these ports with every 0 replaced by a free one; PortTakenError names one in use."""
        held: list[socket.socket] = []
        try:
            chosen = {}
            for name in self.__struct_fields__:
                held.append(_listen(getattr(self, name), name))
                chosen[name] = int(held[-1].getsockname()[1])
            return Ports(**chosen)
        finally:
            for one in held:
                one.close()


_PURPOSES = {
    "homeserver": "the homeserver's clients",
    "federation": "the homeserver's federation",
    "policy": "Folkmoot's policy server (setting policy_server.port)",
    "console": "Folkmoot's console (setting web.port)",
    "chat": "the chat page",
}


def _listen(port: int, name: str) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port))
    except OSError as trouble:
        option = f"--port-{name}"
        raise PortTakenError(
            f"Port {port} on 127.0.0.1 is in use; it is needed for {_PURPOSES[name]}. "
            f"Stop what listens there, or choose another port with {option}: "
            f"`folkmoot demo {option}=0` takes any free one (`make demo ARGS={option}=0`)."
        ) from trouble
