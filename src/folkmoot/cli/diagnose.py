"""`folkmoot diagnose`: what is wrong with a policy, and which speech that should pass it would touch."""

import sys

from folkmoot.cli.policy_files import NoPolicyError, source
from folkmoot.decide import touches
from folkmoot.decide.diagnose import examine


def diagnose(policy: str) -> int:
    """Say what is wrong with a policy, where, and how to mend it; status 1 if it cannot be used.

    Warnings leave the status at 0: rules that can never fire, that change nothing, or that would touch speech
    that should pass, with examples.

    Parameters
    ----------
    policy
        A TOML file, or a starter's name (neighbours, support, open-source, public-room).
    """
    try:
        text = source(policy)
    except NoPolicyError as trouble:
        print(f"folkmoot diagnose: {trouble}", file=sys.stderr)
        return 2
    found, findings = examine(text)
    told = [str(finding) for finding in findings]
    if found is not None:
        touched = touches.touched(found)
        told += [touches.shown(touched)] if touched else []
    print("\n\n".join(told) or "Nothing is wrong with it; it touches no example of speech that should pass.")
    return 0 if found is not None else 1
