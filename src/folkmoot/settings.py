"""What an operator can set: one definition each, giving TOML, environment, checks and documentation."""

import difflib
import ipaddress
import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from folkmoot.sections import Bot, Judging, Keep, Logging, Media, PolicyServer, Store, Web

__all__ = [
    "Bot",
    "Definition",
    "Judging",
    "Keep",
    "Logging",
    "Media",
    "PolicyServer",
    "Settings",
    "SettingsError",
    "Store",
    "Web",
    "definitions",
    "load",
]


class SettingsError(Exception):
    """A setting is missing or wrong; the message names the file, the setting and the remedy."""


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that an operator can set."""

    store: Store = Store()
    web: Web = Web()
    policy_server: PolicyServer = PolicyServer()
    bot: Bot = Bot()
    media: Media = Media()
    judging: Judging = Judging()
    keep: Keep = Keep()
    logging: Logging = Logging()

    def database_url(self) -> str:
        """Return the URL of the database in use."""
        return self.store.url or f"sqlite:///{Path(self.store.folder).resolve() / 'folkmoot.db'}"


class Definition(Struct, frozen=True, kw_only=True):
    """One setting as documentation, forms and environment see it."""

    section: str
    name: str
    variable: str
    kind: str
    default: Any
    description: str


def definitions() -> list[Definition]:
    """Return every setting there is, in order."""
    found = []
    for section in msgspec.structs.fields(Settings):
        hints = get_type_hints(section.type, include_extras=True)
        for field in msgspec.structs.fields(section.type):
            found.append(
                Definition(
                    section=section.name,
                    name=field.name,
                    variable=f"FOLKMOOT_{section.name}_{field.name}".upper(),
                    kind=_kind(hints[field.name]),
                    default=field.default,
                    description=_description(hints[field.name]),
                )
            )
    return found


def load(path: Path | None, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read settings from a TOML file, then let the environment override; SettingsError says what is wrong."""
    values = {} if path is None else _read(path)
    known = {one.variable: one for one in definitions()}
    for variable in sorted(environment):
        if variable in known:
            one = known[variable]
            section = values.setdefault(one.section, {})
            if isinstance(section, dict):
                section[one.name] = _from_environment(environment[variable], one.kind)
        elif variable.startswith(tuple(f"FOLKMOOT_{one.section}_".upper() for one in known.values())):
            raise SettingsError(f"{variable}: there is no such setting.{_nearest(variable, known)} {_SEE}")
    try:
        settings = msgspec.convert(values, Settings)
        for number, network in enumerate(settings.policy_server.allow_networks):
            _network(network, number)
    except msgspec.ValidationError as trouble:
        raise SettingsError(_explain(str(trouble), path, environment)) from trouble
    return settings


def _network(text: str, number: int) -> None:
    try:
        ipaddress.ip_network(text)
    except ValueError as trouble:
        where = f" - at `$.policy_server.allow_networks[{number}]`"
        raise msgspec.ValidationError(f"Expected a network: {trouble}{where}") from trouble


_SEE = "docs/operators/settings.md lists every setting."


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as trouble:
        raise SettingsError(
            f"{path}: cannot be read ({trouble.strerror}). `folkmoot init FOLDER` makes a settings file."
        ) from trouble
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as trouble:
        raise SettingsError(
            f"{path}: not valid TOML: {trouble}. Put text in quotes, and one `name = value` on a line."
        ) from trouble


def _explain(trouble: str, path: Path | None, environment: Mapping[str, str]) -> str:
    """Say where a wrong value stands (file or variable), which setting it is, and what it should be."""
    what, _, where = trouble.removesuffix("`").partition(" - at `$.")
    section, _, name = where.partition("[")[0].partition(".")
    file = str(path) if path is not None else "the environment"
    for one in definitions():
        if (one.section, one.name) == (section, name):
            place = one.variable if one.variable in environment else file
            return f"{place}: {section}.{name}: {what}. Wanted: {one.kind}. {one.description} {_SEE}"
    sections = {one.section for one in definitions()}
    if section in sections and "unknown field" not in what:
        return f"{file}: {section}: {what}. Write [{section}] on a line of its own. {_SEE}"
    unknown = what.rpartition(" field `")[2].removesuffix("`")
    names = {one.name for one in definitions() if one.section == section} if section else sections
    whole = f"{section}.{unknown}" if section else f"[{unknown}]"
    return f"{file}: {whole}: there is no such setting.{_nearest(unknown, names)} {_SEE}"


def _nearest(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _from_environment(text: str, kind: str) -> Any:
    if kind == "list":
        return [part.strip() for part in text.split(",") if part.strip()]
    if kind == "text":
        return text
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _kind(hint: Any) -> str:
    while get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    names = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    return names.get(hint, "list")


def _description(hint: Any) -> str:
    for note in getattr(hint, "__metadata__", ()):
        if isinstance(note, Meta) and note.description:
            return note.description
    return ""
