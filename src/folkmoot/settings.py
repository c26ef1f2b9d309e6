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

Port = Annotated[int, Meta(ge=0, le=65535)]
Seconds = Annotated[float, Meta(gt=0, le=3600)]


class SettingsError(Exception):
    """A setting is missing or wrong; the message names the file, the setting and the remedy."""


class Store(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where things are kept."""

    folder: Annotated[str, Meta(description="Folder for keys and, by default, the database. Mode 700.")] = "."
    url: Annotated[str, Meta(description="Database URL (SQLAlchemy). Empty: SQLite in the folder.")] = ""


class Web(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The console and the HTTP API."""

    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[Port, Meta(description="Port to listen on.")] = 8460
    public_url: Annotated[str, Meta(description="The address people open, as links in messages use it.")] = (
        "http://127.0.0.1:8460"
    )
    largest_request: Annotated[
        int, Meta(ge=1024, description="Largest request body of the HTTP API, in bytes.")
    ] = 1_048_576
    largest_batch: Annotated[int, Meta(ge=1, description="Most messages in one batch request.")] = 500
    most_at_once: Annotated[
        int, Meta(ge=1, description="Most requests of the HTTP API handled at the same time.")
    ] = 64
    metrics_open: Annotated[
        bool, Meta(description="Show /metrics to other machines too; otherwise only to this one.")
    ] = False


class PolicyServer(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The Matrix policy server."""

    server_name: Annotated[
        str, Meta(description="Its own Matrix server name; never that of a homeserver. Empty: switched off.")
    ] = ""
    localpart: Annotated[str, Meta(description="The name before the colon of the account you invite.")] = (
        "moot"
    )
    host: Annotated[str, Meta(description="Address to listen on.")] = "127.0.0.1"
    port: Annotated[Port, Meta(description="Port to listen on.")] = 8449
    certificate: Annotated[
        str, Meta(description="TLS certificate chain (PEM). Empty: plain HTTP behind a reverse proxy.")
    ] = ""
    certificate_key: Annotated[str, Meta(description="The certificate's key (PEM), mode 600.")] = ""
    authority: Annotated[
        str, Meta(description="A private authority (PEM) to trust beside the public ones.")
    ] = ""
    allow_networks: Annotated[
        tuple[str, ...], Meta(description="Private networks that we may call, such as 127.0.0.1/32.")
    ] = ()
    deadline: Annotated[
        Seconds, Meta(description="Seconds after which the group's open-or-closed setting answers.")
    ] = 2.0
    largest_event: Annotated[int, Meta(ge=65536, description="Largest request body, in bytes.")] = 262_144
    most_at_once: Annotated[int, Meta(ge=1, description="Most requests judged at the same time.")] = 512


class Bot(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The bot: an ordinary Matrix account that talks to people."""

    homeserver: Annotated[str, Meta(description="Client address of its homeserver. Empty: switched off.")] = (
        ""
    )
    account: Annotated[str, Meta(description="Its Matrix id, such as @folkmoot:example.org.")] = ""
    token_file: Annotated[str, Meta(description="File that holds its access token, mode 600.")] = ""
    device: Annotated[str, Meta(description="Its device id.")] = "FOLKMOOT"
    authority: Annotated[str, Meta(description="A private authority (PEM) for its homeserver.")] = ""
    watch_every: Annotated[Seconds, Meta(description="Seconds between two looks at the protection.")] = 30.0


class Keep(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long things are kept."""

    answers_days: Annotated[
        int, Meta(ge=1, le=365, description="Days an answer to a message is remembered (no text).")
    ] = 30
    sign_in_minutes: Annotated[
        int, Meta(ge=1, le=1440, description="Minutes a one-time sign-in link works.")
    ] = 15
    session_days: Annotated[int, Meta(ge=1, le=90, description="Days a console session lasts.")] = 14


class Logging(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the program says about itself; never message text."""

    level: Annotated[str, Meta(pattern="^(debug|info|warning|error)$", description="Least level shown.")] = (
        "info"
    )
    as_json: Annotated[bool, Meta(description="One JSON object a line, for a log collector.")] = False


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that an operator can set."""

    store: Store = Store()
    web: Web = Web()
    policy_server: PolicyServer = PolicyServer()
    bot: Bot = Bot()
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
