"""Everything that can be asked of the bot: one definition each; help and documentation come from here."""

from folkmoot.explain.languages import Tongue, later
from folkmoot.gateways.matrix.bot import answers, changes, messages, texts
from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk
from folkmoot.gateways.matrix.bot.command import Command, Who
from folkmoot.gateways.matrix.bot.console import appeal_commands
from folkmoot.gateways.matrix.bot.console.listing import CASES, OF_CASES
from folkmoot.gateways.matrix.bot.members import appealing, reasons
from folkmoot.gateways.matrix.bot.members.listing import OF_MEMBERS
from folkmoot.gateways.matrix.bot.members.reporting import Reporting
from folkmoot.gateways.matrix.bot.members.tongue import tongue_of
from folkmoot.gateways.matrix.bot.speech import PREFIX, meant
from folkmoot.gateways.matrix.bot.wire import Event


async def _help(desk: Desk, ask: Ask) -> Answer:
    """Say what can be asked, in general or about one topic."""
    _ = await tongue_of(desk, ask)
    start = "" if ask.direct or ask.room in await desk.console.halls() else f"{PREFIX} "
    topic = CASES if CASES in (word.casefold() for word in ask.words) else ""
    first = _("What administrators can say about cases:") if topic else _("What you can ask of me:")
    lines = [first, ""]
    for command in COMMANDS:
        if command.topic != topic:
            continue
        mark = " (" + _("administrators") + ")" if command.who is Who.ADMINISTRATOR else ""
        lines.append(f"{start}{command.usage}: {_(command.sentence)}{mark}")
    if topic:
        return Answer(text="\n".join(lines))
    lines.append(f"{start}help {CASES}: " + _("Say how administrators look at cases and decide them."))
    return Answer(text="\n".join([*lines, "", _(texts.KEPT)]))


async def _report(desk: Desk, ask: Ask) -> Answer:
    """Take a report of the message that a link leads to."""
    return await Reporting(desk).by_link(ask)


async def _grant(desk: Desk, ask: Ask) -> Answer:
    """Grant an appeal as who may answer it, or vote for it."""
    return await appeal_commands.grant(desk, ask) or await appealing.vote(desk, ask, grants=True)


async def _refuse(desk: Desk, ask: Ask) -> Answer:
    """Refuse an appeal as who may answer it, or vote against it."""
    return await appeal_commands.refuse(desk, ask) or await appealing.vote(desk, ask, grants=False)


async def _appeal(desk: Desk, ask: Ask) -> Answer:
    """Show an appeal to who may answer it, or appeal."""
    return await appeal_commands.one(desk, ask) or await appealing.appeal(desk, ask)


async def _set_up(desk: Desk, ask: Ask) -> Answer:
    """Ask which policy a room without a group should have."""
    if ask.group is not None:
        return Answer(text=f"This room has its policy. To choose another: {PREFIX} policy")
    if ask.direct:
        return Answer(text=f"Write {PREFIX} setup in the room that you want to set up.")
    await desk.setup.begin(ask.room, ask.person)
    return Answer(text="")


COMMANDS: tuple[Command, ...] = (
    Command(
        name="help",
        also=("commands", "?", "hello", "hi"),
        who=Who.ANYONE,
        sentence=later("Say what you can ask of me."),
        run=_help,
        in_group=False,
    ),
    Command(
        name="status",
        who=Who.MEMBER,
        sentence=later("Say whether this group's rooms are protected, and what happened in the last day."),
        run=answers.status,
    ),
    Command(
        name="rules",
        also=("rule",),
        who=Who.MEMBER,
        sentence=later("Show every rule, in a sentence each, with its outcome."),
        run=answers.rules,
    ),
    Command(
        name="why",
        rest="[verdict]",
        who=Who.MEMBER,
        sentence=later(
            "Tell you, privately, why your latest message was stopped or what was decided about you, or "
            "the one that you reply about; administrators can name any verdict."
        ),
        run=reasons.why,
        in_group=False,
    ),
    Command(
        name="appeal",
        rest="your reasons",
        also=("object", "objection"),
        who=Who.MEMBER,
        sentence=later(
            "Appeal against the newest decision about you, or the one that you reply about: somebody "
            "else looks at it. Once there is an appeal, this adds to it."
        ),
        run=_appeal,
        in_group=False,
    ),
    *OF_MEMBERS,
    Command(
        name="grant",
        rest="number because …",
        who=Who.MEMBER,
        sentence=later("Vote to grant an appeal that you were drawn for."),
        run=_grant,
        in_group=False,
    ),
    Command(
        name="refuse",
        rest="number because …",
        who=Who.MEMBER,
        sentence=later("Vote to refuse an appeal that you were drawn for."),
        run=_refuse,
        in_group=False,
    ),
    Command(
        name="report",
        rest="link [why]",
        who=Who.MEMBER,
        sentence=later(
            "Report a message to the administrators; nobody else learns that it was you. In a room you "
            "can also reply “report” to it, or react with 🚩 where your group has chosen no other sign; I "
            "remove that at once."
        ),
        run=_report,
        in_group=False,
    ),
    Command(
        name="setup",
        who=Who.ADMINISTRATOR,
        sentence=later("Ask which policy this room should have, if it has none yet."),
        run=_set_up,
        in_group=False,
    ),
    Command(
        name="start",
        who=Who.ADMINISTRATOR,
        sentence=later(
            "End practice: from then on the rules take effect. I state the consequence and ask first."
        ),
        run=changes.start,
    ),
    Command(
        name="practice",
        also=("practise",),
        who=Who.ADMINISTRATOR,
        sentence=later("Go back to practice: every message is delivered again."),
        run=changes.practice,
    ),
    Command(
        name="policy",
        rest="[starter]",
        who=Who.ADMINISTRATOR,
        sentence=later("Put another starter policy in force, or ask which."),
        run=changes.policy,
    ),
    Command(
        name="on-failure",
        rest="open|closed",
        also=("onfailure",),
        who=Who.ADMINISTRATOR,
        sentence=later("Choose whether messages pass (open) or not (closed) while they can't be judged."),
        run=changes.on_failure,
    ),
    Command(
        name="encrypted",
        rest="sign|refuse",
        who=Who.ADMINISTRATOR,
        sentence=later(
            "Choose whether encrypted messages, which can't be read, pass (sign) or not (refuse)."
        ),
        run=changes.encrypted,
    ),
    Command(
        name="protect",
        rest="on|off",
        also=("protection",),
        who=Who.ADMINISTRATOR,
        sentence=later(
            "Switch protection on or off: in this room, or from our direct chat in all of the group's."
        ),
        run=changes.protection,
    ),
    Command(
        name="console",
        also=("login", "sign-in"),
        who=Who.ADMINISTRATOR,
        sentence=later("Send you, privately, a link to the console that works once."),
        run=changes.console,
    ),
    *OF_CASES,
)
_ABOUT_A_LETTER = frozenset({"appeal", "withdraw", "close", "language", "panel", "grant", "refuse"})
_BY_NAME = {name: command for command in COMMANDS for name in (command.name, *command.also)}


def find(word: str) -> Command | None:
    """Return the command of that name."""
    return _BY_NAME.get(word)


def appeals(replied: Event, command: Command | None, rest: tuple[str, ...]) -> bool:
    """Say whether a reply to a message of ours is an appeal in somebody's own words, and no command."""
    about = messages.verdicts_in(replied.content) or messages.about_in(replied.content)
    # “Why was I muted?” is an appeal, “why” alone is a question.
    return bool(about) and (command is None or (bool(rest) and command.name not in _ABOUT_A_LETTER))


def unknown(word: str, *, direct: bool, _: Tongue) -> str:
    """Return what to say to a word that is no command."""
    start = "" if direct else f"{PREFIX} "
    close = meant(word, _BY_NAME)
    return texts.unknown(word[:40], start, None if close is None else _BY_NAME[close].name, _)
