"""`folkmoot diagnose`: what is wrong with a policy, and which speech that should pass it would touch."""

import sys
from pathlib import Path

from folkmoot.decide import starters, touches
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
        text = starters.text(policy) if policy in starters.names() else Path(policy).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as trouble:
        why = "is not UTF-8; save it as UTF-8" if isinstance(trouble, ValueError) else "cannot be read"
        print(f"folkmoot diagnose: The policy file “{policy}” {why}.", file=sys.stderr)
        return 2
    found, findings = examine(text)
    told = [str(finding) for finding in findings]
    if found is not None:
        touched = touches.touched(found)
        told += [touches.shown(touched)] if touched else []
    print("\n\n".join(told) or "Nothing is wrong with it; it touches no example of speech that should pass.")
    return 0 if found is not None else 1
