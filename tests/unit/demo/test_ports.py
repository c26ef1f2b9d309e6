"""The demonstration's ports: free ones are found, one in use is named."""

import socket

import pytest

from folkmoot.cli.demo.ports import Ports, PortTakenError

_ANY = {"homeserver": 0, "federation": 0, "policy": 0, "console": 0, "chat": 0}


def test_a_port_of_nought_becomes_a_free_one() -> None:
    """Each gets a port of its own."""
    settled = Ports(**_ANY).settled()
    ports = [getattr(settled, name) for name in settled.__struct_fields__]
    assert all(ports)
    assert len(set(ports)) == 5


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("homeserver", "the homeserver's clients"),
        ("federation", "the homeserver's federation"),
        ("policy", "policy_server.port"),
        ("console", "web.port"),
        ("chat", "the chat page"),
    ],
)
def test_a_port_in_use_is_named_with_its_option(name: str, words: str) -> None:
    """The error says which port, what for, and how to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = int(taken.getsockname()[1])
        with pytest.raises(PortTakenError) as caught:
            Ports(**{**_ANY, name: port}).settled()
    assert f"Port {port} on 127.0.0.1 is in use" in str(caught.value)
    assert words in str(caught.value)
    assert f"--port-{name}=0" in str(caught.value)


def test_two_options_with_the_same_port_are_an_error() -> None:
    """A port asked for twice is in use by ourselves."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    with pytest.raises(PortTakenError, match=f"Port {port}"):
        Ports(**{**_ANY, "console": port, "chat": port}).settled()
