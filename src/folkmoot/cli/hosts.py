"""`folkmoot hosts …`: lists of hosts that rules name, fed by the operator, each with an end if it has one."""

import sys
import time
from pathlib import Path
from typing import Annotated, Final

from cyclopts import App, Parameter

from folkmoot.cli.host_files import LARGEST, HostError, HostsError, one, read, shown_end
from folkmoot.cli.opening import TROUBLES, CommandError, opened, refuse
from folkmoot.cli.options import SettingsFile
from folkmoot.detect.hosts import LIST_NAME
from folkmoot.remember import host_lists
from folkmoot.remember.host_lists import FullListError, ListedHost, UnknownListError

app = App(name="hosts", help="Feed lists of hosts that rules name.")

ListName = Annotated[str, Parameter(help="The list's name, as rules write it in `host_lists`.")]
Purpose = Annotated[str | None, Parameter(help="What the list is for, for those who read it.")]
Whose = Annotated[
    str, Parameter(help="The id of the group that the list is for; without it, it is for all groups.")
]
_BY: Final = "operator"
_TROUBLES: Final = (*TROUBLES, HostError, HostsError, FullListError, UnknownListError)


@app.command
def add(
    name: ListName,
    host: str,
    *,
    note: str = "",
    until: str = "",
    purpose: Purpose = None,
    group: Whose = "",
    settings: SettingsFile = None,
) -> int:
    """Put one host on a list; the list is made if there is none.

    Parameters
    ----------
    host
        A host; what is below it is meant too.
    note
        Why it is there, for those who read the list.
    until
        The day on which it ends (2026-12-24), or a moment with its zone.
    """
    try:
        _named(name)
        hosts = [one(host, note, until, time.time())]
        new, _ = _put(name, hosts, purpose, group, settings, whole=False)
    except _TROUBLES as trouble:
        return _refuse("add", trouble)
    print(
        f"{hosts[0].host} is on the list."
        if new
        else f"{hosts[0].host} was on the list; note and end are new."
    )
    return 0


@app.command(name="import")
def import_(
    name: ListName,
    file: Path,
    *,
    keep: bool = False,
    purpose: Purpose = None,
    group: Whose = "",
    settings: SettingsFile = None,
) -> int:
    """Take over a file of hosts: from then on the list holds what the file holds.

    Parameters
    ----------
    file
        One host a line, or rows of host, note and end with commas between (CSV).
    keep
        Keep what is on the list and not in the file.
    """
    try:
        _named(name)
        found = read(_text(file), time.time())
        new, gone = _put(name, found.hosts, purpose, group, settings, whole=not keep)
    except _TROUBLES as trouble:
        return _refuse("import", trouble)
    print(f"{len(found.hosts)} hosts: {new} new, {gone} gone.")
    if found.ended:
        rows = (
            "One row whose end is over was"
            if found.ended == 1
            else f"{found.ended} rows whose end is over were"
        )
        print(f"{rows} left out.", file=sys.stderr)
    return 0


@app.command(name="list")
def list_(name: str = "", *, group: str = "", settings: SettingsFile = None) -> int:
    """Show the lists there are, or the hosts on one.

    Parameters
    ----------
    name
        A list's name; without it, all lists are shown.
    group
        The id of the group that the lists are for; without it, those for all groups.
    """
    try:
        with opened(settings) as (store, _):
            if name:
                found = store.read_now(lambda c: host_lists.find(c, group or None, name))
                for row in store.read_now(lambda c: host_lists.entries(c, found.id, now=time.time())):
                    print("  ".join(part for part in (row.host, shown_end(row.until), row.note) if part))
                return 0
            lists = store.read_now(lambda c: host_lists.lists(c, group or None))
    except _TROUBLES as trouble:
        return _refuse("list", trouble)
    for one_list in lists:
        print(f"{one_list.name}  {one_list.count} hosts  {one_list.purpose}".rstrip())
    if not lists:
        print("There is no list. `folkmoot hosts import NAME FILE` makes one.", file=sys.stderr)
    return 0


@app.command
def remove(name: str, host: str = "", *, group: str = "", settings: SettingsFile = None) -> int:
    """Take a host off a list, or remove the whole list.

    Parameters
    ----------
    name
        The list's name.
    host
        A host on it; without it, the whole list goes.
    group
        The id of the group that the list is for; without it, those for all groups.
    """
    now, whose = time.time(), group or None
    try:
        with opened(settings) as (store, _):
            if not host:
                count = store.write_now(lambda c: host_lists.drop(c, whose, name, by=_BY, at=now))
                print(f"The list is gone, with {count} hosts.")
                return 0
            plain = one(host, "", "", now).host
            if not store.write_now(lambda c: host_lists.remove(c, whose, name, [plain], by=_BY, at=now)):
                raise CommandError(f"It is not on the list. `folkmoot hosts list {name}` shows what is.")
    except _TROUBLES as trouble:
        return _refuse("remove", trouble)
    print("It is off the list.")
    return 0


def _put(
    name: str, hosts: list[ListedHost], purpose: str | None, group: str, settings: Path | None, *, whole: bool
) -> tuple[int, int]:
    with opened(settings) as (store, _):
        return store.write_now(
            lambda c: host_lists.put(
                c, group or None, name, hosts, by=_BY, at=time.time(), purpose=purpose, whole=whole
            )
        )


def _named(name: str) -> None:
    if not LIST_NAME.fullmatch(name):
        raise CommandError("A list's name has small letters, digits and dashes, 40 at most: phishing-2026.")


def _text(file: Path) -> str:
    try:
        if file.stat().st_size > LARGEST:
            raise CommandError(f"The file “{file}” is larger than {LARGEST // 1_000_000} MB.")
        return file.read_text("utf-8")
    except UnicodeDecodeError as trouble:
        raise CommandError(f"The file “{file}” is not UTF-8. Save it as UTF-8.") from trouble
    except OSError as trouble:
        raise CommandError(f"The file “{file}” can't be read ({trouble.strerror}).") from trouble


def _refuse(what: str, trouble: Exception) -> int:
    if isinstance(trouble, UnknownListError):
        trouble = CommandError(f"There is no list “{trouble}”. `folkmoot hosts list` shows those there are.")
    return refuse(f"hosts {what}", trouble)
