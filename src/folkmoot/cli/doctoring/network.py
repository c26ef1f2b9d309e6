"""What an installation shows to others: ports, certificate, names, keys; and the bot's homeserver."""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from folkmoot.cli.doctoring.findings import Found, not_needed, ok, wrong
from folkmoot.gateways.matrix.bot.reachable import HttpsReach
from folkmoot.gateways.matrix.bot.surroundings import PolicyIdentity
from folkmoot.gateways.matrix.dialling import Dialler
from folkmoot.gateways.matrix.own_keys import OwnKeys
from folkmoot.gateways.matrix.reach import Reach
from folkmoot.sections import Bot
from folkmoot.settings import Settings, Web

_SECONDS = 5.0
_APART = 30.0


def console(read: Settings) -> Iterator[Found]:
    """See whether the console's port is free or ours, and whether people reach it."""
    web = read.web
    at = _address(web.host, web.port)
    yield _port("console port", web.host, web.port, "web.port", _answers(f"http://{at}/healthz", _is_well))
    if not web.public_url.startswith("https://"):
        yield _without_a_proxy(web)
        return
    trouble = _answers(f"{web.public_url.rstrip('/')}/healthz", _is_well)
    if trouble is None:
        yield ok("console", f"{web.public_url} answers.")
    else:
        remedy = "Start `folkmoot serve`, and see to the reverse proxy, its certificate and the name in DNS."
        yield wrong("console", f"{web.public_url} {trouble}.", remedy)


def _without_a_proxy(web: Web) -> Found:
    """On this machine people open the port itself, so that the address must name it."""
    address = urlsplit(web.public_url)
    named = address.port or 80
    if address.hostname in ("127.0.0.1", "::1", "localhost") and web.port not in (0, named):
        remedy = f"Set web.port to {named}, or web.public_url to an address with port {web.port}."
        return wrong("console", f"{web.public_url} names port {named}, and web.port is {web.port}.", remedy)
    return not_needed("console", f"{web.public_url} is plain HTTP: good for this machine only.")


def policy_server(read: Settings, own: OwnKeys | None) -> Iterator[Found]:
    """See whether the policy server's port is free or ours, and whether homeservers reach it."""
    ours = read.policy_server
    if not ours.server_name:
        yield not_needed("policy server", "policy_server.server_name is empty: switched off.")
        return
    scheme = "https" if ours.certificate else "http"
    url = f"{scheme}://{_address(ours.host, ours.port)}/_matrix/key/v2/server"
    yield _port(
        "policy server port",
        ours.host,
        ours.port,
        "policy_server.port",
        _answers(url, _is_named(ours.server_name), unverified=True),
    )
    if own is not None:
        yield asyncio.run(_reached(read, own))


async def _reached(read: Settings, own: OwnKeys) -> Found:
    """Look for the policy server as homeservers do, and compare the key it serves with the stored one."""
    ours = read.policy_server
    dialler = Dialler(Reach(ours.allow_networks), Path(ours.authority) if ours.authority else None)
    account = f"@{ours.localpart}:{ours.server_name}"
    public = PolicyIdentity(user_id=account, server_name=ours.server_name, public_key=own.policy.public)
    reach = HttpsReach(public, dialler)
    try:
        trouble = await reach()
    finally:
        await reach.close()
    if not trouble:
        return ok("policy server", f"{ours.server_name} is reached over HTTPS and serves the stored key.")
    return wrong(
        "policy server",
        trouble,
        "Homeservers must reach it: see to the proxy, the certificate, the name in DNS, and that one "
        "installation only has this name.",
    )


def bot(read: Settings) -> Iterator[Found]:
    """See whether the bot's homeserver knows its token, and whether the clocks agree."""
    ours = read.bot
    if not ours.homeserver:
        yield not_needed("bot", "bot.homeserver is empty: switched off.")
        return
    path = Path(ours.token_file)
    if not ours.token_file or not path.is_file():
        yield wrong("bot", f"bot.token_file ({path}) is not there.", "Put the bot's access token into it.")
        return
    if path.stat().st_mode & 0o077:
        yield wrong("bot", f"{path} is open to others.", f"Run: chmod 600 {path}")
    token = path.read_text(encoding="utf-8").strip()
    url = f"{ours.homeserver.rstrip('/')}/_matrix/client/v3/account/whoami"
    try:
        with _client(ours.authority) as client:
            answer = client.get(url, headers={"Authorization": f"Bearer {token}"})
    except (httpx2.HTTPError, OSError, ValueError) as trouble:
        yield wrong(
            "bot", f"{ours.homeserver} {_said(trouble)}.", "See that bot.homeserver is right and runs."
        )
        return
    yield _whoami(answer, ours.account, ours.device)
    yield _clock(answer)
    if ours.reports_token_file:
        yield _reports(ours)


def _reports(ours: Bot) -> Found:
    """See whether the homeserver shows what members report through their apps."""
    what, path = "reports from apps", Path(ours.reports_token_file)
    remedy = "It has to be the access token of an administrator of that Synapse, in a file with mode 600."
    if not path.is_file():
        return wrong(what, f"bot.reports_token_file ({path}) is not there.", remedy)
    if path.stat().st_mode & 0o077:
        return wrong(what, f"{path} is open to others.", f"Run: chmod 600 {path}")
    url = f"{ours.homeserver.rstrip('/')}/_synapse/admin/v1/event_reports?limit=1"
    token = path.read_text(encoding="utf-8").strip()
    try:
        with _client(ours.authority) as client:
            answer = client.get(url, headers={"Authorization": f"Bearer {token}"})
    except (httpx2.HTTPError, OSError, ValueError) as trouble:
        return wrong(what, f"{ours.homeserver} {_said(trouble)}.", "See that its admin API can be reached.")
    if answer.status_code != 200:
        return wrong(what, f"The homeserver does not show them ({answer.status_code}).", remedy)
    return ok(what, "The homeserver shows them.")


def _whoami(answer: httpx2.Response, account: str, device: str) -> Found:
    body = _json(answer)
    if answer.status_code != 200:
        remedy = "Sign the bot in anew, and put the new access token into bot.token_file."
        return wrong("bot", f"The homeserver does not take its token ({answer.status_code}).", remedy)
    if body.get("user_id") != account:
        return wrong(
            "bot", f"The token is of {body.get('user_id')}.", f"Set bot.account, or use {account}'s token."
        )
    if body.get("device_id") not in (None, device):
        return wrong("bot", f"The token is of the device {body['device_id']}.", "Set bot.device to that.")
    return ok("bot", f"{account} is signed in.")


def _clock(answer: httpx2.Response) -> Found:
    try:
        apart = abs(time.time() - parsedate_to_datetime(answer.headers.get("date", "")).timestamp())
    except ValueError:
        return not_needed("clocks", "The homeserver does not say what time it has.")
    if apart > _APART:
        return wrong(
            "clocks", f"Ours and the homeserver's are {apart:.0f} seconds apart.", "Use NTP on both."
        )
    return ok("clocks", "Ours and the homeserver's agree.")


def _port(what: str, host: str, port: int, setting: str, trouble: str | None) -> Found:
    if trouble is None:
        return ok(what, f"{host} port {port}: ours answers.")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as taken:
            return wrong(
                what,
                f"{host} port {port} can't be had ({taken.strerror}), and what is there {trouble}.",
                f"Stop the program that uses it, or set {setting} to another port.",
            )
    return ok(what, f"{host} port {port} is free: Folkmoot is not running.")


def _answers(url: str, ours: Callable[[httpx2.Response], bool], *, unverified: bool = False) -> str | None:
    """Return None if what is there is ours, else what is wrong."""
    try:
        with _client(unverified=unverified) as client:
            answer = client.get(url)
            return None if answer.status_code == 200 and ours(answer) else "is another program"
    except (httpx2.HTTPError, OSError, ValueError) as trouble:
        return _said(trouble)


def _is_well(answer: httpx2.Response) -> bool:
    return answer.text == "ok\n"


def _is_named(server_name: str) -> Callable[[httpx2.Response], bool]:
    return lambda answer: _json(answer).get("server_name") == server_name


def _client(authority: str = "", *, unverified: bool = False) -> httpx2.Client:
    context = ssl.create_default_context()
    if authority:
        context.load_verify_locations(authority)
    if unverified:  # only to tell our own port from another program's
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return httpx2.Client(verify=context, timeout=_SECONDS, trust_env=False)


def _json(answer: httpx2.Response) -> dict[str, Any]:
    body = answer.json()
    return body if isinstance(body, dict) else {}


def _said(trouble: Exception) -> str:
    return f"does not answer ({str(trouble) or type(trouble).__name__})"


def _address(host: str, port: int) -> str:
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"[{reached}]:{port}" if ":" in reached else f"{reached}:{port}"
