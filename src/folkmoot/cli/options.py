"""Options that several commands have, each explained once."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

SettingsFile = Annotated[
    Path | None,
    Parameter(help="The settings file (TOML); without it, defaults and the environment hold."),
]
GroupId = Annotated[str, Parameter(help="The group's id, as `folkmoot groups` lists it.")]
PolicyName = Annotated[
    str,
    Parameter(help="A starter's name (neighbours, support, open-source, public-room) or a TOML file."),
]
Knowingly = Annotated[
    bool,
    Parameter(
        help="Do so although its rules would touch speech that should pass; without it, examples are shown."
    ),
]
