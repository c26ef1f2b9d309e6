"""The members' side of the bot: reports, letters about decisions, appeals, panels, and languages."""
