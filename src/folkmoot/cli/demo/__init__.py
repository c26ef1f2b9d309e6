"""`folkmoot demo`: a real group on a real homeserver, judged live, on this machine only."""

from pathlib import Path

from folkmoot.cli.demo.ports import Ports


def demo(
    *,
    once: bool = False,
    folder: Path = Path(".demo"),
    port_homeserver: int = Ports().homeserver,
    port_federation: int = Ports().federation,
    port_policy: int = Ports().policy,
    port_console: int = Ports().console,
    port_chat: int = Ports().chat,
) -> int:
    """Show Folkmoot judging real messages in real Matrix rooms on this machine.

    Starts a Synapse and Folkmoot on the loopback address, sets up a group with its members, lets them hold a
    scene, and prints what happened to each message and why. Then everything keeps running until Ctrl-C.

    Parameters
    ----------
    once
        Stop after the scene: status 0 if every outcome was as expected, otherwise 1.
    folder
        Where everything is kept; wiped at each start.
    port_homeserver
        Port of the homeserver for clients such as Element; 0 takes any free one, here and below.
    port_federation
        Port of the homeserver for other servers.
    port_policy
        Port of Folkmoot's policy server.
    port_console
        Port of Folkmoot's console.
    port_chat
        Port of the page with which you chat as a member.
    """
    ports = Ports(
        homeserver=port_homeserver,
        federation=port_federation,
        policy=port_policy,
        console=port_console,
        chat=port_chat,
    )
    # Imported here, so that the other commands start without it.
    from folkmoot.cli.demo.running import run

    return run(folder, ports, once=once)
