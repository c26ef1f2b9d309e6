"""A settings file in words: every setting with what it means, those left as they are commented out."""

import json
from collections.abc import Mapping
from typing import Any

from folkmoot.settings import Settings, definitions

Chosen = Mapping[tuple[str, str], Any]


def written(chosen: Chosen) -> str:
    """Return a settings file (TOML) that sets what was chosen, and explains the rest."""
    lines = [
        "# Settings of Folkmoot. A line that begins with # is a default; take the # away to change it.",
        "# Any setting can also be given in the environment, such as FOLKMOOT_WEB_PORT=8460.",
        "# `folkmoot doctor --settings THIS-FILE` says whether everything is right.",
    ]
    section = ""
    for one in definitions():
        if one.section != section:
            section = one.section
            lines += ["", f"# {_purpose(section)}", f"[{section}]"]
        lines.append(f"# {one.description}")
        value = chosen.get((one.section, one.name))
        mark = "#" if value is None else ""
        lines.append(f"{mark}{one.name} = {_toml(one.default if value is None else value)}")
    return "\n".join(lines) + "\n"


def _purpose(section: str) -> str:
    kind = type(getattr(Settings(), section))
    return str(kind.__doc__).splitlines()[0]


def _toml(value: Any) -> str:
    # Text, numbers, true, false and lists of text are written alike in JSON and in TOML.
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
