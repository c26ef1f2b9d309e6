"""`folkmoot groups` and `folkmoot group …`: groups of people whose chat is not Matrix."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from cyclopts import App
from sqlalchemy import Connection

from folkmoot.cli.opening import TROUBLES, named, opened, policy_text, refuse
from folkmoot.cli.options import GroupId, Knowingly, PolicyName, SettingsFile
from folkmoot.cli.touching import confirm
from folkmoot.remember import groups as remembered
from folkmoot.remember import policies
from folkmoot.review import rules_gone

app = App(name="group", help="Make a group without Matrix, start it, or change its policy.")

_BY = "operator"


def groups(*, settings: SettingsFile = None) -> int:
    """List the groups there are: id, whether it has started, policy version, title."""
    try:
        with opened(settings) as (store, _):
            found = store.read_now(remembered.every)
    except TROUBLES as trouble:
        return refuse("groups", trouble)
    for group in found:
        state = "practice" if group.practice else "started"
        print(f"{group.id}  {state:8}  version {group.policy_version}  {group.title}")
    if not found:
        print(
            f"There is no group yet. `folkmoot group new TITLE{named(settings)}` makes one.", file=sys.stderr
        )
    return 0


@app.command
def new(
    title: str, *, policy: PolicyName = "neighbours", language: str = "en", settings: SettingsFile = None
) -> int:
    """Make a group, in practice until you start it, and print its id.

    Parameters
    ----------
    title
        What its members call it.
    language
        The language of its members, as a BCP 47 tag.
    """
    try:
        source = policy_text(policy)
        with opened(settings) as (store, _):
            made = store.write_now(
                lambda c: remembered.create(
                    c, title, source, by=_BY, at=time.time(), language=language, note=f"From {policy}."
                )
            )
    except TROUBLES as trouble:
        return refuse("group new", trouble)
    print(made.id)
    print(
        f"“{title}” practises: it judges, and lets everything pass. "
        f"`folkmoot group start {made.id}{named(settings)}` ends practice; "
        f"`folkmoot token {made.id}{named(settings)}` makes a token.",
        file=sys.stderr,
    )
    return 0


@app.command
def start(group: GroupId, *, yes: Knowingly = False, settings: SettingsFile = None) -> int:
    """End practice: from now on verdicts take effect."""
    try:
        with opened(settings) as (store, _):
            store.read_now(lambda c: remembered.get(c, group))
            confirm(store.read_now(lambda c: policies.current(c, group)).source, yes=yes)
    except TROUBLES as trouble:
        return refuse("group start", trouble)
    return _change("start", group, settings, lambda c: remembered.start(c, group, by=_BY, at=time.time()))


@app.command
def practise(group: GroupId, *, settings: SettingsFile = None) -> int:
    """Go back to practice: everything passes, and verdicts are only written down."""
    return _change(
        "practise", group, settings, lambda c: remembered.practise(c, group, by=_BY, at=time.time())
    )


@app.command
def policy(
    group: GroupId,
    policy: PolicyName,
    *,
    note: str = "",
    yes: Knowingly = False,
    settings: SettingsFile = None,
) -> int:
    """Put a policy in force as the group's next version; the earlier ones stay readable.

    Parameters
    ----------
    note
        Why, for those who read the group's history.
    """

    def add(connection: Connection) -> None:
        version = remembered.get(connection, group).policy_version + 1
        now = time.time()
        rules_gone.put_in_force(connection, group, source, by=_BY, at=now, note=note, version=version)

    try:
        source = policy_text(policy)
        confirm(source, yes=yes)
    except TROUBLES as trouble:
        return refuse("group policy", trouble)
    return _change("policy", group, settings, add)


def _change(name: str, group: str, settings: Path | None, work: Callable[[Connection], None]) -> int:
    try:
        with opened(settings) as (store, _):
            store.write_now(work)
            now = store.read_now(lambda c: remembered.get(c, group))
    except TROUBLES as trouble:
        return refuse(f"group {name}", trouble)
    state = "practises" if now.practice else "has started"
    print(f"“{now.title}” {state}, with version {now.policy_version} of its policy.")
    return 0
