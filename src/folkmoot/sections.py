"""What an operator can set, section by section; `settings` reads it."""

from typing import Annotated

from msgspec import Meta, Struct

Port = Annotated[int, Meta(ge=0, le=65535)]
HomeserverName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.\-]*[A-Za-z0-9])?(:[0-9]{1,5})?$")]
Seconds = Annotated[float, Meta(gt=0, le=3600)]


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
    allowed_homeservers: Annotated[
        tuple[HomeserverName, ...],
        Meta(
            description="Homeservers whose members may have rooms protected here, bot included. Empty: all."
        ),
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
    reports_token_file: Annotated[
        str,
        Meta(
            description="File, mode 600, with a Synapse administrator's access token, by which reports from "
            "members' apps are taken over. Empty: they are not."
        ),
    ] = ""
    reports_every: Annotated[Seconds, Meta(description="Seconds between two looks at those reports.")] = 20.0


class Media(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Looking at pictures, where folkmoot[media] is installed; otherwise they are judged by type only."""

    look: Annotated[
        bool, Meta(description="Fetch and look at pictures in groups whose rules ask for it.")
    ] = True
    deadline: Annotated[
        Seconds, Meta(description="Seconds for a message with pictures, in place of policy_server.deadline.")
    ] = 10.0
    largest_file: Annotated[int, Meta(ge=65536, description="Largest picture that is fetched, in bytes.")] = (
        16_000_000
    )
    processes: Annotated[
        int, Meta(ge=1, description="Processes that look at pictures, each begun when needed.")
    ] = 1


class Judging(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Judging messages."""

    second_opinion: Annotated[
        bool,
        Meta(description="Ask a sentence encoder where the small models are not sure, if it is installed."),
    ] = True


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
