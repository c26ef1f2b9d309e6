"""The words in which a group's log says what was done; English here, other languages from the catalogues."""

import re
from collections.abc import Mapping

from folkmoot.remember.records import LogEntry
from folkmoot.vocabulary import ActionKind
from folkmoot.web.rendering import Translate

_AN_ID = re.compile("[0-9a-f]{32}")
_SHORT = 6


def log_words(entry: LogEntry, _: Translate) -> str:
    """Return what a line of the log says was done."""
    sentence = _sentences(_).get(entry.kind, entry.kind)
    return sentence.format_map(_Said({**entry.body, "subject": entry.subject}, _))


class _Said(dict[str, str]):
    """What a line says: ids as short as people type them, and what an older line does not say empty."""

    def __init__(self, said: Mapping[str, str], _: Translate) -> None:
        super().__init__(
            {name: text[:_SHORT] if _AN_ID.fullmatch(text) else text for name, text in said.items()}
        )
        what = said.get("what", "")
        self["what"] = _actions(_).get(what, what)
        asked = [one for one in said.get("actions", "").split(",") if one]
        self["actions"] = ", ".join(_actions(_).get(one, one) for one in dict.fromkeys(asked)) or "–"

    def __missing__(self, key: str) -> str:
        return ""


def _sentences(_: Translate) -> dict[str, str]:
    return {**_of_groups(_), **_of_decisions(_), **_of_members(_), **_of_tokens(_)}


def _of_groups(_: Translate) -> dict[str, str]:
    return {
        "administrator.added": _("{subject} became an administrator."),
        "administrator.gone": _("{subject} is no administrator any more."),
        "choice.made": _("Chose for the group: {subject} = {value}."),
        "group.created": _("Made the group."),
        "group.encrypted": _("Chose what happens to encrypted messages: {encrypted}."),
        "group.on_failure": _("Chose what happens while Folkmoot can’t judge: {on_failure}."),
        "group.practice": _("Went back to practice."),
        "group.started": _("Ended practice: verdicts take effect."),
        "hosts.changed": _("Changed the list of hosts “{subject}”: {new} new, {gone} gone."),
        "partner.agreed": _("Agreed that the group {subject} decides appeals."),
        "partner.parted": _("Ended the agreement with the group {subject}."),
        "picture.added": _("Put a picture on the group’s list."),
        "picture.removed": _("Took a picture off the group’s list."),
        "policy.changed": _("Put version {subject} of the rules in force."),
        "protection.off": _("Protection is off: {reason}"),
        "protection.on": _("Protection is on. {reason}"),
        "protection.starting": _("Protection is being set up: {reason}"),
        "protection.unwanted": _("Switched protection of a room off."),
        "protection.wanted": _("Switched protection of a room on."),
        "room.added": _("Put the room “{title}” into the group."),
        "room.removed": _("Took a room out of the group."),
    }


def _of_decisions(_: Translate) -> dict[str, str]:
    return {
        "action.done": _("Took effect: {what}."),
        "action.failed": _("Could not be done: {what}. {trouble}"),
        "action.taken-back": _("Was decided and taken back before it took effect: {what}."),
        "breaker.confirmed": _("Let the restrictions go on that waited."),
        "breaker.tripped": _("Too many restrictions at once: the rest waits for an administrator."),
        "case.claimed": _("Took case {subject}."),
        "case.folded": _("Case {subject} became part of case {into}."),
        "case.handed-over": _("Case {subject} was not decided in time and is free for others again."),
        "case.held": _("Keeps the text of case {subject} longer: {reason}"),
        "case.let-go": _("Gave case {subject} back to everybody."),
        "case.raid": _("Opened case {subject}: a raid."),
        "case.read-by-operator": _("The operator read case {subject}."),
        "case.reopened": _("Opened case {subject} again."),
        "decision.appeal": _("Granted an appeal. What follows: {actions}."),
        "decision.confirmed": _("Agreed to a decision, as the second administrator."),
        "decision.decision": _("Made a decision. What follows: {actions}."),
        "decision.undo": _("Took a decision back. What follows: {actions}."),
        "sanction.ended": _("Is over: {what}."),
    }


def _of_members(_: Translate) -> dict[str, str]:
    return {
        "appeal.granted": _("Answered an appeal: it is granted."),
        "appeal.received": _("Appealed."),
        "appeal.refused": _("Answered an appeal: it is not granted."),
        "appeal.voted": _("Voted on an appeal."),
        "appeal.withdrawn": _("Withdrew an appeal."),
        "objection": _("Objected to a verdict."),
        "panel.joined": _("Agreed to serve on panels."),
        "panel.left": _("Serves on panels no longer."),
        "report.received": _("Reported a message."),
        "reports.limit-ended": _("Accepts a member’s reports again."),
        "reports.limited": _("Accepts no reports from a member for some time."),
        "reports.warned": _("Warned a member whose reports were unfounded."),
        "retention.run": _("Deleted what was kept long enough."),
        "text.erased": _("Erased text whose time was over."),
    }


def _of_tokens(_: Translate) -> dict[str, str]:
    return {
        "token.api": _("Made a key for the HTTP API: {label}."),
        "token.api.ended": _("Ended a key for the HTTP API."),
        "token.session": _("Signed in to the console."),
        "token.session.ended": _("Signed out of the console."),
        "token.sign-in": _("Got a link to sign in to the console."),
        "token.sign-in.ended": _("A sign-in link was ended."),
    }


def _actions(_: Translate) -> dict[str, str]:
    """What each act on the chat is, as a line of the log names it."""
    return {
        ActionKind.REMOVE: _("removing a message"),
        ActionKind.WARN: _("a warning"),
        ActionKind.MUTE: _("a mute"),
        ActionKind.KICK: _("taking a member out"),
        ActionKind.BAN: _("a ban"),
        ActionKind.ALLOW_NEXT_TIME: _("letting a message pass once"),
        ActionKind.LOCK_DOWN: _("locking the rooms down"),
        ActionKind.RESTORE: _("giving a text back"),
        ActionKind.WITHDRAW: _("withdrawing a warning"),
        ActionKind.UNMUTE: _("ending a mute"),
        ActionKind.INVITE: _("inviting a member back"),
        ActionKind.UNBAN: _("ending a ban"),
        ActionKind.DISALLOW: _("letting a message pass no more"),
        ActionKind.REOPEN: _("opening the rooms again"),
    }
