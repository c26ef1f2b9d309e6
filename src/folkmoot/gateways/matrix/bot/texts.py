"""What the bot says, apart from statements of reasons (they are in `explain`)."""

from collections.abc import Iterable, Sequence

from folkmoot.decide.policy import Policy
from folkmoot.decide.rules import Rule
from folkmoot.decide.starters import NAMES
from folkmoot.decide.starters import load as starter
from folkmoot.decide.touches import Touched
from folkmoot.explain.languages import Tongue, later, speak
from folkmoot.explain.reasons import behaviour, sentence
from folkmoot.gateways.matrix.bot.speech import PREFIX
from folkmoot.remember.records import Protection, Room
from folkmoot.vocabulary import OnFailure, Outcome

STARTERS = {
    "neighbours": "For people who know each other: parents, clubs, neighbourhoods.",
    "support": "For groups where people speak of hard things and must feel safe.",
    "open-source": "For a project that strangers drop in on, with links and code all day.",
    "public-room": "For a large room that anybody can enter.",
}
"""Each starter policy in one sentence, in the order in which they are offered."""
PRACTICE = (
    "We are in practice: every message is delivered, and I only write down what the rules would have done. "
    f"When you are content, an administrator ends practice with: {PREFIX} start"
)
HELLO = later(
    "Hello! I am the bot of Folkmoot. If a message of yours is ever stopped, I tell you here why. "
    "To see what you can ask of me, write: help"
)
UNREADABLE = later(
    "I can't read encrypted messages. Please write to me in this chat instead; it is not encrypted. "
    "To see what you can ask of me, write: help"
)
STILL_UNREADABLE = (
    "I can't read encrypted messages, and your homeserver encrypts every direct chat. Please ask me in a "
    f"room of your group: {PREFIX} help"
)
ASK_ENCRYPTED = (
    "This room is encrypted: I can't read what is written here, and no message in it can be judged by its "
    "words. Tapping a number works all the same; everything else you can ask me in a direct chat."
)
HALL = (
    "Or is this the room of your group's administrators, in which cases are to be shown? Then write: "
    f"{PREFIX} here"
)
SPACE = "I can't protect a space, because nobody writes in it. Please invite me to each of its rooms."
PRIVATELY = later("I have answered you in our direct chat.")
NO_GROUP = f"This room has no policy yet. An administrator can choose one: {PREFIX} setup"
NOT_A_MEMBER = later("I found no room of mine that you are in. Ask me in a room that I protect.")
NOT_AN_ADMINISTRATOR = later(
    "Only an administrator can decide that: somebody who may change the room's settings (power level 50 or "
    "more)."
)
_OUTCOMES = {
    Outcome.STOP: later("Then the message is stopped before anyone sees it, and its author is told why."),
    Outcome.REMOVE: later("Then the message is removed, and its author is told why."),
    Outcome.CASE: later("Then the message is delivered, and an administrator looks at it."),
    Outcome.ALLOW: later("Then the message is delivered."),
}

KEPT = later(
    "Every rule that I judge by can be read by every member. I keep no text of your messages, but of those "
    "that are reported or become part of a case: encrypted, and for a time."
)
_MOST_TOUCHED = 3
"""So many examples are shown before rules take effect."""


def starters() -> list[tuple[str, str, str]]:
    """Return every starter policy: its id, its name, its sentence."""
    return [(name, starter(name).name, STARTERS[name]) for name in NAMES]


def question(choices: Iterable[str], *, changing: bool = False) -> str:
    """Return the question which policy a room should have, its choices numbered."""
    first = (
        "Which policy should this group have instead?"
        if changing
        else "Hello! I keep rooms safe by rules that all can read. Which policy should this room have?"
    )
    listed = [f"{number}. {choice}" for number, choice in enumerate(choices, 1)]
    last = (
        "An administrator of the room answers: tap a number below this message, or reply with the number or "
        "the name."
    )
    more = "" if changing else " You can change it later, and we begin in practice: nothing is stopped yet."
    return "\n".join([first, "", *listed, "", last + more])


def lacking(account: str, needed: int, have: int, invite: int, policy: int) -> str:
    """Return what an administrator has to change before the bot can protect a room."""
    why = f"set m.room.policy (takes {policy}) and invite the policy server (takes {invite})"
    return (
        f"Thank you for the invitation. To protect this room I have to {why}, and my power level is {have}.\n"
        f"Please give {account} power level {needed}. In Element: tap my name, then “Power level” or “Role”, "
        "then “Moderator”. I go on by myself as soon as I have it."
    )


def chosen(policy: str, policy_user: str, *, shared: str = "") -> str:
    """Return the answer to a choice of policy."""
    what = f"This room now belongs to the group “{shared}”" if shared else f"The policy is “{policy}”"
    return (
        f"{what}. I have asked {policy_user} to join; it judges messages before they are delivered. "
        "I'll say here when protection is on."
    )


def welcome(policy: str, *, practice: bool, reason: str) -> str:
    """Return what everybody in a room is told when protection is on for the first time."""
    lines = [
        f"Protection is ON. Messages here are judged by the policy “{policy}” before they are delivered.",
        PRACTICE
        if practice
        else "The rules are in force: a message that breaks one is stopped, with a reason.",
        f"Everybody may read every rule: {PREFIX} rules. What happened to your own message: {PREFIX} why",
    ]
    return "\n".join([*lines, reason] if reason else lines)


def rules(
    policy: Policy, *, group: str, version: int, practice: bool, page: str, _: Tongue | None = None
) -> str:
    """Return every rule of a policy as a sentence with its outcome: there are no others."""
    _ = _ or speak("en")
    first = (
        _(
            "The rules of “{group}” (policy “{policy}”, version {number}, in practice: nothing is stopped "
            "yet):"
        )
        if practice
        else _("The rules of “{group}” (policy “{policy}”, version {number}, in force):")
    )
    lines = [first.format(group=group, policy=_(policy.name) if policy.name else "", number=version), ""]
    for number, rule in enumerate(policy.rules, 1):
        lines += [f"{number}. {sentence(rule.sentence, _)}", f"   {_effect(rule, _)}"]
    last = _("These are all the rules there are. Every word that they look for, and earlier versions: {link}")
    return "\n".join([*lines, "", last.format(link=page)])


def protection(shown: Sequence[Room], _: Tongue | None = None) -> list[str]:
    """Return one line on the protection of each room."""
    _ = _ or speak("en")
    words = {
        Protection.ON: _("“{room}”: protection ON"),
        Protection.OFF: _("“{room}”: protection OFF"),
        Protection.STARTING: _("“{room}”: protection is being switched on"),
    }
    return [
        words[room.protection].format(room=room.title)
        + (f" ({room.protection_reason})" if room.protection_reason else "")
        for room in shown
    ]


def touching(found: Sequence[Touched]) -> str:
    """Show what rules would touch that should pass, before they take effect; nothing where there is none."""
    if not found:
        return ""
    rules = sorted({one.rule for one in found})
    beware = (
        f"Look at your rules first: {', '.join(rules)} would touch messages that should pass "
        f"({len(found)} of the examples that come with Folkmoot). Such as:"
    )
    shown = [f"• “{one.row.text}” (rule “{one.rule}”: {one.outcome})" for one in found[:_MOST_TOUCHED]]
    return "\n".join([beware, *shown, "\n"])


def started(group: str) -> str:
    """Return what rooms are told when practice ends."""
    return (
        f"Practice is over in “{group}”: from now on a message that breaks a rule is stopped before anyone "
        f"sees it, and its author is told why and how to object. The rules: {PREFIX} rules"
    )


def practising(group: str) -> str:
    """Return what rooms are told when practice begins again."""
    return f"“{group}” is in practice again: every message is delivered, and nothing is stopped."


def on_failure(value: OnFailure, _: Tongue | None = None) -> str:
    """Return the consequence of the open-or-closed setting."""
    _ = _ or speak("en")
    if value is OnFailure.OPEN:
        return _("While a message can't be judged, it is delivered (open).")
    return _("While a message can't be judged, it is not delivered, and its author is told so (closed).")


def _effect(rule: Rule, _: Tongue) -> str:
    about = _("It is about {behaviour}.").format(behaviour=behaviour(rule.category, _))
    if rule.mode == "shadow":
        return f"{about} " + _("It is being tried out and has no effect.")
    return f"{about} {_(_OUTCOMES[rule.outcome])}"


def which_group(groups: Sequence[str], usage: str, _: Tongue | None = None) -> str:
    """Return the question which of several groups is meant, to somebody who asks in a direct chat."""
    _ = _ or speak("en")
    listed = [f"{number}. {title}" for number, title in enumerate(groups, 1)]
    last = _("Write for example: {example}").format(example=f"{usage} in 1")
    return "\n".join([_("Which group do you mean?"), *listed, last])


def unknown(word: str, start: str, close: str | None, _: Tongue) -> str:
    """Return what to say to a word that is no command; `close` is the command that may be meant."""
    if close is None:
        said = _("I don't know “{word}”. To see what I know, write: {example}")
        return said.format(word=word, example=f"{start}help")
    said = _("I don't know “{word}”. Did you mean “{name}”? Then write: {example}")
    return said.format(word=word, name=close, example=f"{start}{close}")


def not_understood(choices: int, *, yes: bool) -> str:
    """Return what to say to a reply that answers nothing."""
    if yes:
        return "Reply “yes” to do so. Anything else leaves all as it is."
    return f"Please answer with a number from 1 to {choices}, or with the name of a policy."
