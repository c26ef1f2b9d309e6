"""`folkmoot doctor`: see whether an installation is as it should be, and say what to do where it is not."""

from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from folkmoot.cli.doctoring import ground, network
from folkmoot.cli.doctoring.certificates import certificate
from folkmoot.cli.doctoring.findings import Found, State, ok, wrong
from folkmoot.cli.doctoring.pictures import pictures
from folkmoot.cli.options import SettingsFile
from folkmoot.settings import Settings, SettingsError, load
from folkmoot.web.address import public_host

_COLOURS = {State.OK: "green", State.WRONG: "bold red", State.NOT_NEEDED: "dim"}


def doctor(*, settings: SettingsFile = None) -> int:
    """Look at everything an installation needs, and change nothing; exit status 1 if something is wrong."""
    console = Console(highlight=False, soft_wrap=True, markup=False)
    any_wrong = False
    for found in looks(settings):
        line = Text(f"{found.state:<10}  ", style=_COLOURS[found.state])
        line.append(f"{found.what}: ", style="bold").append(found.seen, style="not bold default")
        console.print(line)
        if found.remedy:
            console.print(f"            → {found.remedy}")
        any_wrong = any_wrong or found.state is State.WRONG
    return int(any_wrong)


def looks(settings: Path | None) -> Iterator[Found]:
    """Yield what each look found, in the order in which to mend things."""
    try:
        read = load(settings)
        public_host(read)
    except SettingsError as trouble:
        yield wrong("settings", str(trouble), "Mend this first; nothing else was looked at.")
        return
    yield _settings(settings)
    yield from _all(read)


def _settings(settings: Path | None) -> Found:
    if settings is None:
        return ok("settings", "Defaults and the environment; no file was named with --settings.")
    if settings.stat().st_mode & 0o077:
        return wrong("settings", f"{settings} is open to others.", f"Run: chmod 600 {settings}")
    return ok("settings", f"{settings}: valid, closed to others.")


def _all(read: Settings) -> Iterator[Found]:
    yield ground.folder(read)
    keys, own = ground.keys(read)
    yield keys
    yield from ground.database(read)
    yield ground.disk(read)
    yield certificate(read)
    yield from network.console(read)
    yield from network.policy_server(read, own)
    yield from network.bot(read)
    yield pictures(read)
