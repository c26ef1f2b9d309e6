"""`folkmoot cases` and `folkmoot case`: for operators, and never without the group knowing."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from folkmoot.cli.opening import TROUBLES, CommandError, opened, refuse
from folkmoot.cli.options import GroupId, SettingsFile
from folkmoot.remember import cases as remembered
from folkmoot.remember import groups
from folkmoot.remember.records import Case
from folkmoot.remember.seal import Seals
from folkmoot.review import queue
from folkmoot.review.permissions import Actor, Part
from folkmoot.review.queue import CaseFile

_BY = "operator"


def cases(group: GroupId, *, settings: SettingsFile = None) -> int:
    """List the cases that wait in a group: id, urgency, when it is due, how much is in it.

    Names and text are not shown.
    """
    try:
        with opened(settings) as (store, _):
            store.read_now(lambda c: groups.get(c, group))
            found = store.read_now(lambda c: remembered.still_open(c, group, most=500))
    except TROUBLES as trouble:
        return refuse("cases", trouble)
    for one in found:
        claimed = "claimed" if one.claimed_by else "waits"
        counts = f"{one.verdict_count} found by rules, {one.report_count} reported"
        print(f"{one.id}  {one.urgency.value:12}  due {_moment(one.due_at)}  {claimed:7}  {counts}")
    if not found:
        print("No case waits in this group.", file=sys.stderr)
    return 0


def case(group: GroupId, case: str, *, settings: SettingsFile = None) -> int:
    """Show one case with what was written, leaving an entry in the log that the group sees.

    Parameters
    ----------
    case
        The case's id, or how it begins, as `folkmoot cases` lists it.
    """
    try:
        with opened(settings) as (store, read):
            store.read_now(lambda c: groups.get(c, group))
            keys = Path(read.store.folder) / "sealed.keys"
            seals = Seals(keys if keys.is_file() else None)
            try:
                file = store.write_now(lambda c: _look(c, seals, group, case))
            finally:
                seals.close()
    except TROUBLES as trouble:
        return refuse("case", trouble)
    print("\n".join(_lines(file)))
    print(
        "The group's log says now that the operator read this case, and its administrators are told.",
        file=sys.stderr,
    )
    return 0


def _look(connection: Connection, seals: Seals, group: str, start: str) -> CaseFile:
    found = remembered.begins(connection, group, start) if start else []
    if len(found) != 1:
        raise CommandError(f"“{start}” names {len(found)} cases of this group; `folkmoot cases` lists them.")
    by = Actor(person=_BY, part=Part.OPERATOR, group=group)
    return queue.look(connection, seals, found[0].id, by=by, at=time.time())


def _lines(file: CaseFile) -> list[str]:
    one: Case = file.case
    people = ", ".join(file.people) or "somebody whom nobody named"
    lines = [f"Case {one.id} about {people}: {one.urgency.value}, {one.state}, due {_moment(one.due_at)}"]
    for kept in file.verdicts:
        found = "; ".join(dict.fromkeys(signal.sentence for signal in kept.finding.signals))
        lines.append(f"{_moment(kept.at)}  a rule: {', '.join(kept.finding.rules)}: {found}")
    lines += [f"{_moment(told.at)}  a member reported it" for told in file.reports]
    for said in file.words:
        # Who reported is none of the operator's business.
        who = "a member, reporting" if said.kind == "report" else said.author
        lines.append(f"{_moment(said.at)}  {who}: {'(erased)' if said.text is None else said.text}")
    lines += [f"{_moment(made.at)}  decided by {made.by}: {made.reason}" for made in file.decisions]
    return [_plain(line) for line in lines]


def _plain(text: str) -> str:
    """Nothing that somebody wrote may steer the operator's terminal."""
    return "".join(one if one.isprintable() else " " for one in text)


def _moment(at: float | None) -> str:
    return "at no time" if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M")
