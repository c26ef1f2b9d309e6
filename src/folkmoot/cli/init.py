"""`folkmoot init`: a folder with settings, keys and database, ready to serve."""

import os
import shutil
import sys
from pathlib import Path

from rich.console import Console

from folkmoot.cli import units
from folkmoot.cli.opening import TROUBLES, CommandError, refuse
from folkmoot.cli.settings_file import Chosen, written
from folkmoot.gateways.matrix.names import is_server, server_of
from folkmoot.gateways.matrix.own_keys import KeyFileError, open_keys
from folkmoot.remember.store import Store
from folkmoot.settings import Settings, load
from folkmoot.web.address import public_host
from folkmoot.wiring import open_secret

_SETTINGS = "folkmoot.toml"


def init(
    folder: Path,
    *,
    public_url: str | None = None,
    server_name: str | None = None,
    homeserver: str | None = None,
    account: str | None = None,
    system_account: str = "folkmoot",
) -> int:
    """Make FOLDER with settings, keys, database, a systemd unit and reverse-proxy examples.

    On a terminal it asks for what is not given; a question left empty is left out.

    Parameters
    ----------
    folder
        A folder that does not exist yet, or is empty, such as /var/lib/folkmoot.
    public_url
        The address people open for the console, such as https://folkmoot.example.org.
    server_name
        The policy server's own Matrix name, such as policy.example.org; never a homeserver's.
    homeserver
        The client address of the bot's homeserver, such as https://matrix.example.org.
    account
        The bot's Matrix id, such as @folkmoot:example.org.
    system_account
        The account of this machine that the systemd unit runs as.
    """
    try:
        given = {
            ("web", "public_url"): _asked(public_url, "Address of the console (https://…)"),
            ("policy_server", "server_name"): _asked(server_name, "Matrix name of the policy server"),
            ("bot", "homeserver"): _asked(homeserver, "Client address of the bot's homeserver (https://…)"),
            ("bot", "account"): _asked(account, "The bot's Matrix id (@name:server)"),
        }
        chosen = {setting: value for setting, value in given.items() if value}
        _see_to(chosen)
        _make(folder, chosen, system_account)
    except (*TROUBLES, KeyFileError) as trouble:
        return refuse("init", trouble)
    _say_what_next(folder.absolute(), chosen)
    return 0


def _asked(given: str | None, question: str) -> str:
    if given is None and sys.stdin.isatty() and sys.stdout.isatty():
        return input(f"{question}, or nothing: ").strip()
    return given or ""


def _see_to(chosen: Chosen) -> None:
    """Refuse names that could not work, before anything is made."""
    name, account = chosen.get(("policy_server", "server_name")), chosen.get(("bot", "account"))
    if name is not None and not is_server(name):
        raise CommandError(f"“{name}” is no Matrix server name. Give a host name such as policy.example.org.")
    if account is not None and server_of(account) is None:
        raise CommandError(f"“{account}” is no Matrix id. Give one such as @folkmoot:example.org.")
    if name is not None and account is not None and server_of(account) == name:
        raise CommandError(
            f"The policy server can't have its homeserver's name “{name}”: homeservers never ask such a one. "
            f"Give it a name of its own, such as policy.{name}."
        )
    if (account is None) != (("bot", "homeserver") not in chosen):
        raise CommandError("The bot needs both: --homeserver and --account.")


def _make(folder: Path, chosen: Chosen, system_account: str) -> None:
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(
            f"{folder} is there already and not empty. Nothing was changed; name another folder."
        )
    existed = folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        _fill(folder, chosen, system_account)
    except BaseException as trouble:
        for left in folder.iterdir() if folder.is_dir() else ():
            left.unlink()
        if folder.is_dir() and not existed:
            folder.rmdir()
        if isinstance(trouble, OSError):
            raise CommandError(f"{folder} can't be made: {trouble.strerror}.") from trouble
        raise


def _fill(folder: Path, chosen: Chosen, system_account: str) -> None:
    here = {("store", "folder"): str(folder)}
    if ("bot", "account") in chosen:
        here["bot", "token_file"] = str(folder / "bot.token")
    file = folder / _SETTINGS
    _write(file, written({**here, **chosen}), 0o600)
    read = load(file, {})
    public_host(read)
    open_keys(folder)
    open_secret(folder / "secret.key")
    (folder / "folkmoot.db").touch(0o600)
    Store(read.database_url()).close()
    for name in units.NAMES:
        _write(folder / name, _unit(name, folder, read, system_account), 0o644)


def _unit(name: str, folder: Path, read: Settings, system_account: str) -> str:
    return units.filled(
        name,
        folder=str(folder),
        settings_file=str(folder / _SETTINGS),
        executable=shutil.which("folkmoot") or str(Path(sys.argv[0]).absolute()),
        account=system_account,
        read=read,
    )


def _write(path: Path, text: str, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(text)


def _say_what_next(folder: Path, chosen: Chosen) -> None:
    console = Console(highlight=False, soft_wrap=True, markup=False)
    console.print(f"{folder} is ready. Next:")
    steps = []
    if ("bot", "account") in chosen:
        steps.append(f"Put the bot's access token into {folder / 'bot.token'} (mode 600).")
    if ("policy_server", "server_name") in chosen:
        steps.append(
            "Have a reverse proxy serve the names over HTTPS: nginx.conf and Caddyfile are examples."
        )
    else:
        steps.append(
            "Without Matrix: `folkmoot group new TITLE` makes a group, `folkmoot token GROUP` its token; "
            f"both with --settings {folder / _SETTINGS}"
        )
    steps += [
        f"See whether all is right: folkmoot doctor --settings {folder / _SETTINGS}",
        f"Start it: folkmoot serve --settings {folder / _SETTINGS} (or with folkmoot.service).",
        f"Back up {folder}: with the keys gone, every room must be set up anew.",
    ]
    for number, step in enumerate(steps, 1):
        console.print(f"  {number}. {step}")
