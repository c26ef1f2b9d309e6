"""What the bot answers members about reports, appeals, panels and languages, in the member's language."""

from folkmoot.explain.elements import paragraphs
from folkmoot.explain.languages import NAMES, Tongue

# Words that are typed as they are, in every language.
REPORT, APPEAL, WITHDRAW, PANEL, GRANT, REFUSE = "report", "appeal", "withdraw", "panel", "grant", "refuse"
YES, NO = "✅", "❌"


def cant_see(_: Tongue) -> str:
    """Say that a reported message can't be found."""
    return _(
        "I can't see that message, so I can't pass your report on. Reply to it in the room, or send me its "
        "link."
    )


def how_to_report(_: Tongue) -> str:
    """Say how to report in a direct chat."""
    return paragraphs(
        _("To report a message without anybody seeing it, send me its link: {example}").format(
            example=f"{REPORT} https://matrix.to/#/…"
        ),
        _("In most apps: press the message for a while, then “Share” or “Copy link”."),
    )


def mine(_: Tongue) -> str:
    """Say that the bot's own messages are reported to people."""
    return _("This message is mine. If I do something wrong, please write to an administrator of the group.")


def your_own(_: Tongue) -> str:
    """Say that nobody reports themselves."""
    return _("This message is your own.")


def reported_before(_: Tongue) -> str:
    """Say that the same report was received before."""
    return _("You reported this message already, and the administrators know of it.")


def no_member(_: Tongue) -> str:
    """Say that only members report."""
    return _("Only members of the group can report a message in it.")


def too_often(_: Tongue) -> str:
    """Ask to wait."""
    return _("That was very often. Please wait a while, or write to an administrator of the group.")


def nothing_to_appeal(_: Tongue) -> str:
    """Say that there is nothing to appeal against."""
    return _("I know of no decision about you that you could appeal against.")


def say_why(_: Tongue) -> str:
    """Ask for reasons."""
    return _("Say why, in the same message: {example}").format(example=f"{APPEAL} …")


def answered_before(_: Tongue) -> str:
    """Say that an appeal was answered."""
    return _("This was looked at again already, and answered. There is one appeal for each decision.")


def taken_back(_: Tongue) -> str:
    """Say that there is nothing left to appeal against."""
    return _("This was taken back already: there is nothing left to appeal against.")


def too_late(_: Tongue) -> str:
    """Say that the time for an appeal is over."""
    return _("The six months in which you could appeal are over.")


def too_long(_: Tongue, most: int) -> str:
    """Say how long words may be."""
    return _("That is too long: at most {number} characters, please.").format(number=most)


def enough(_: Tongue) -> str:
    """Say that a dialogue is full."""
    return _("Enough was said. Please wait for the answer.")


def words_added(_: Tongue) -> str:
    """Confirm that words were added to an appeal."""
    return _("Your words were added to your appeal.")


def withdrawn(_: Tongue) -> str:
    """Confirm that an appeal was withdrawn."""
    return _("Your appeal is withdrawn. The decision stands.")


def link_closed(_: Tongue) -> str:
    """Confirm that a link was closed."""
    return _(
        "The link in that letter opens nothing any more, for anybody. You can still appeal: answer the "
        "letter."
    )


def which_link(_: Tongue) -> str:
    """Say how a link is closed."""
    return _("Which link? Reply to the letter that it is in, and write: {example}").format(
        example="close link"
    )


def no_open_appeal(_: Tongue) -> str:
    """Say that there is no open appeal."""
    return _("You have no open appeal.")


def language_set(_: Tongue, group: str) -> str:
    """Confirm a language, in that language."""
    return _("From now on I write to you in this language about {group}.").format(group=group)


def languages(_: Tongue) -> str:
    """List the languages, and how to choose one."""
    listed = ", ".join(f"{name} ({code})" for code, name in NAMES.items())
    return _("I can write to you in: {languages}. Choose one like this: {example}").format(
        languages=listed, example="language de"
    )


def panel_joined(_: Tongue, group: str) -> str:
    """Thank for agreeing to serve."""
    return _(
        "Thank you. You may be drawn by lot, with others, to look at an appeal in {group}. If you do not "
        "want that any more: {example}"
    ).format(group=group, example=f"{PANEL} no")


def panel_left(_: Tongue, group: str) -> str:
    """Confirm that a member serves no more."""
    return _("You will not be drawn any more in {group}.").format(group=group)


def panel_what(_: Tongue, group: str) -> str:
    """Say what a panel is."""
    return _(
        "Where no other administrator of {group} can look at an appeal, members who agreed to serve are "
        "drawn by lot. To agree: {yes}. To stop: {no}."
    ).format(group=group, yes=f"{PANEL} yes", no=f"{PANEL} no")


def vote_noted(_: Tongue) -> str:
    """Confirm a vote."""
    return _("Your vote is noted. You can change it until the panel has decided.")


def not_drawn(_: Tongue) -> str:
    """Say that somebody was not drawn."""
    return _("You were not drawn for this appeal, or it was answered already.")


def drawn(_: Tongue, group: str, number: str, decision: str, said: str, words: str) -> str:
    """Ask a juror to vote; `said` is the message where it is known, `words` what the member writes."""
    return paragraphs(
        _("You were drawn by lot, with others who agreed to serve, to look at an appeal in {group}.").format(
            group=group
        ),
        _("What the member was told:"),
        decision,
        _("The message: “{text}”").format(text=said) if said else "",
        _("The member appeals: “{words}”").format(words=words),
        _(
            "The majority decides. To grant it, tap {yes} or write: {grant}. To refuse it, tap {no} or "
            "write: {refuse}. Your reasons are told to the member; how you voted is told to nobody."
        ).format(yes=YES, no=NO, grant=f"{GRANT} {number} because …", refuse=f"{REFUSE} {number} because …"),
    )


def more_words(_: Tongue, group: str, number: str, words: str) -> str:
    """Tell a juror what the member added to an appeal."""
    return _("The member who appealed in {group} ({number}) adds: “{words}”").format(
        group=group, number=number, words=words
    )


def asked_back(_: Tongue, group: str, words: str) -> str:
    """Tell a member what those who look at their appeal write."""
    return paragraphs(
        _("Those who look at your appeal in {group} write: “{words}”").format(group=group, words=words),
        _("You can answer this message; they read it."),
    )


def one_more(_: Tongue, number: int) -> str:
    """Count messages that were stopped for the same reason."""
    return _.ngettext(
        "And {number} more, for the same reason.", "And {number} more, for the same reason.", number
    ).format(number=number)


def others(_: Tongue, number: int, sentence: str) -> str:
    """Count messages that were stopped for another reason."""
    return _.ngettext("And {number} more: {sentence}", "And {number} more: {sentence}", number).format(
        number=number, sentence=sentence or _("it could not be judged in time.")
    )
