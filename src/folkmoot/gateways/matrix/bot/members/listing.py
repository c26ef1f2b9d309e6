"""What members settle for themselves, as commands: an appeal's end, a link, a language, serving on panels."""

from folkmoot.explain.languages import later
from folkmoot.gateways.matrix.bot.command import Command, Who
from folkmoot.gateways.matrix.bot.members import appealing, wishes

OF_MEMBERS: tuple[Command, ...] = (
    Command(
        name="withdraw",
        who=Who.MEMBER,
        sentence=later("End your appeal; the decision stands."),
        run=appealing.withdraw,
        in_group=False,
    ),
    Command(
        name="close",
        rest="link",
        who=Who.MEMBER,
        sentence=later(
            "Reply to a letter with this if somebody else has its link: it opens nothing any more."
        ),
        run=wishes.close_link,
        in_group=False,
    ),
    Command(
        name="language",
        rest="[language]",
        who=Who.MEMBER,
        sentence=later("Choose the language in which I write to you about decisions, reports and appeals."),
        run=wishes.language,
        in_group=False,
    ),
    Command(
        name="panel",
        rest="yes|no",
        who=Who.MEMBER,
        sentence=later("Say whether you are ready to be drawn, with others, to look at an appeal."),
        run=wishes.panel,
    ),
)
