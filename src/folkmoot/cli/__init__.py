"""The `folkmoot` command: each subcommand is imported only when it is asked for."""

import sys
from importlib.metadata import version

from cyclopts import App

app = App(
    name="folkmoot",
    help="Moderation for group chats that explains itself.",
    version=lambda: version("folkmoot"),
)

COMMANDS = {
    "demo": ("folkmoot.cli.demo:demo", "Show it: a real group on a real homeserver, on this machine."),
    "init": ("folkmoot.cli.init:init", "Make a folder with settings, keys and database, ready to serve."),
    "doctor": ("folkmoot.cli.doctor:doctor", "See whether an installation is as it should be."),
    "groups": ("folkmoot.cli.groups:groups", "List the groups there are."),
    "group": ("folkmoot.cli.groups:app", "Make a group without Matrix, start it, or change its policy."),
    "token": ("folkmoot.cli.token:token", "Make a token of the HTTP API for one group."),
    "tokens": ("folkmoot.cli.token:tokens_of", "List a group's API tokens, or end one."),
    "cases": ("folkmoot.cli.cases:cases", "List the cases that wait in a group, without names or text."),
    "case": ("folkmoot.cli.cases:case", "Read one case; the group's log says so."),
    "pictures": ("folkmoot.cli.pictures:pictures", "List the pictures that a group does not want."),
    "picture": ("folkmoot.cli.pictures:app", "Add a picture to a group's list, or take one off."),
    "hosts": ("folkmoot.cli.hosts:app", "Feed lists of hosts that rules name."),
    "check": ("folkmoot.cli.check:check", "Judge one message, or many as JSON Lines."),
    "diagnose": ("folkmoot.cli.diagnose:diagnose", "Say what is wrong with a policy, and how to mend it."),
    "serve": ("folkmoot.cli.serve:serve", "Run the policy server, the bot, the console and the HTTP API."),
}
"""Where each command is, and what it is for."""

for _name, (_place, _purpose) in COMMANDS.items():
    app.command(_place, name=_name, help=_purpose)


def main() -> None:
    """Run the command line and exit with its status."""
    sys.exit(app())
