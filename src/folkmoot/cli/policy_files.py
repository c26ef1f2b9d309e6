"""Policies that a command names: a starter's, or a TOML file's."""

from pathlib import Path

from folkmoot.decide import starters


class NoPolicyError(Exception):
    """There is no such policy, or its file can't be read; the message says what to do."""


def source(name: str) -> str:
    """A policy as TOML, by a starter's name or a file's; `NoPolicyError` if there is none."""
    if name in starters.names():
        return starters.text(name)
    path = Path(name)
    if not path.is_file():
        known = ", ".join(starters.names())
        raise NoPolicyError(
            f"There is no starter policy and no file “{name}”. Starters: {known}; or name a TOML file."
        )
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as trouble:
        raise NoPolicyError(f"The policy file “{name}” is not UTF-8. Save it as UTF-8.") from trouble
    except OSError as trouble:
        raise NoPolicyError(f"The policy file “{name}” can't be read ({trouble.strerror}).") from trouble
