"""What can be said about cases in a chat: one definition each."""

from collections.abc import Awaitable, Callable

from folkmoot.gateways.matrix.bot.asking import Answer, Ask, Desk
from folkmoot.gateways.matrix.bot.command import Command, Who
from folkmoot.gateways.matrix.bot.console import (
    appeal_commands,
    case_commands,
    choose_command,
    member_commands,
    own_commands,
)
from folkmoot.remember.deciding import SanctionKind
from folkmoot.review.consequences import Pick

CASES = "cases"
"""The topic of help under which all of this stands."""


def _command(
    name: str,
    rest: str,
    sentence: str,
    run: Callable[[Desk, Ask], Awaitable[Answer]],
    *also: str,
    anyone: bool = False,
) -> Command:
    """Return a command of administrators; `anyone`: who may is found out by the command itself."""
    return Command(
        name=name,
        rest=rest,
        also=also,
        who=Who.ANYONE if anyone else Who.ADMINISTRATOR,
        sentence=sentence,
        run=run,
        in_group=not anyone,
        topic=CASES,
    )


OF_CASES: tuple[Command, ...] = (
    _command(
        "here",
        "",
        "Show cases in this room from now on.",
        own_commands.here,
        "administrators",
        anyone=True,
    ),
    _command("cases", "", "Say which cases wait.", case_commands.listed, "queue"),
    _command(
        "case", "number", "Show a case again, with the letter that each choice would send.", case_commands.one
    ),
    _command(
        "claim", "number", "Take a case, so that nobody else begins with it.", case_commands.claim, "take"
    ),
    _command("release", "number", "Give a claimed case back.", case_commands.let_go),
    _command(
        "decide",
        "number remove mute 2h because …",
        "Decide several things about a case at once.",
        case_commands.decide,
    ),
    _command(
        "leave",
        "number [because …]",
        "Decide that it may stay as it is.",
        case_commands.decides(Pick.NOTHING),
        "nothing",
        "dismiss",
    ),
    _command(
        "unfounded",
        "number [because …]",
        "Decide that it may stay, and that there was no ground to report it.",
        case_commands.decides(Pick.UNFOUNDED),
    ),
    _command(
        "remove",
        "number because …",
        "Remove the messages of a case, or the message that you reply to.",
        member_commands.remove,
        "delete",
        "redact",
    ),
    _command(
        "allow",
        "number",
        "Let a stopped message through next time (24 hours).",
        case_commands.decides(Pick.ALLOW_NEXT_TIME),
    ),
    _command("warn", "number|@who because …", "Warn a member.", member_commands.sanctions_with(Pick.WARN)),
    _command(
        "mute",
        "number|@who 2h because …",
        "Let a member read and not write, for 30m, 2h, 3d or 1w.",
        member_commands.sanctions_with(Pick.MUTE),
    ),
    _command(
        "kick",
        "number|@who because …",
        "Put a member out; they may come back.",
        member_commands.sanctions_with(Pick.KICK),
    ),
    _command(
        "ban",
        "number|@who [7d] because …",
        "Keep a member out, for a time or without an end. Without an end, I ask first.",
        member_commands.sanctions_with(Pick.BAN),
    ),
    _command("unmute", "@who", "Take a mute back.", member_commands.lifts(SanctionKind.MUTE)),
    _command("unban", "@who", "Take a ban back.", member_commands.lifts(SanctionKind.BAN)),
    _command(
        "undo",
        "[number]",
        "Take back what was decided on a case, or what you decided last.",
        case_commands.undo,
    ),
    _command(
        "confirm",
        "number",
        "Agree, as a second administrator, to what can't be given back.",
        case_commands.confirm,
        "agree",
    ),
    _command(
        "lockdown",
        "[because …]",
        "Let nobody new into any room. I ask first.",
        member_commands.lock_down,
        "lock-down",
        "lock",
    ),
    _command("reopen", "", "Open the rooms again.", case_commands.reopen, "unlock"),
    _command("appeals", "", "Say which appeals wait for you.", appeal_commands.listed, anyone=True),
    _command(
        "hold",
        "number until 2027-01-31 because …",
        "Keep the words of a closed case longer. It stands in the log.",
        own_commands.hold,
    ),
    _command(
        "quiet",
        "[22:00-07:00 Europe/Berlin|off]",
        "Say in which hours I don't write to you alone.",
        own_commands.quiet,
    ),
    _command(
        "choose", "[what value]", "Say what your group chose, or choose.", choose_command.choose, "choices"
    ),
    _command(
        "partner",
        "[with|end id]",
        "Agree with another group that its administrators answer your appeals.",
        own_commands.partner,
        "partners",
    ),
)
