"""Matrix: the policy server and the bot."""
