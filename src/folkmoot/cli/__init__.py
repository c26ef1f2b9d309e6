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
    "demo": "folkmoot.cli.demo:demo",
    "check": "folkmoot.cli.check:check",
    "serve": "folkmoot.cli.serve:serve",
}
"""Where each command is."""

for _name, _place in COMMANDS.items():
    app.command(_place, name=_name)


def main() -> None:
    """Run the command line and exit with its status."""
    sys.exit(app())
