"""Before a policy goes live: which speech that should pass its rules would touch, shown and confirmed."""

import sys

from folkmoot.cli.opening import CommandError
from folkmoot.decide import touches
from folkmoot.decide.policy import load


def confirm(source: str, *, yes: bool) -> None:
    """Show what a policy would touch that should pass; `CommandError` unless that is confirmed."""
    found = touches.to_see(load(source))
    if not found:
        return
    print(touches.shown(found), file=sys.stderr)
    if not yes:
        raise CommandError(
            "The policy would touch speech that should pass (above), so nothing was changed. "
            "Narrow its rules; or add --yes if your group wants it all the same."
        )
