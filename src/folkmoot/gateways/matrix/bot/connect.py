"""The bot of an installation, from its settings."""

import stat
from pathlib import Path

from folkmoot.gateways.matrix.bot.bot import Bot
from folkmoot.gateways.matrix.bot.http_wire import HttpWire
from folkmoot.gateways.matrix.bot.members.homeserver_reports import SynapseReports
from folkmoot.gateways.matrix.bot.reachable import HttpsReach
from folkmoot.gateways.matrix.bot.surroundings import Changed, Clock, PolicyIdentity, SignIn, Surroundings
from folkmoot.gateways.matrix.dialling import Dialler
from folkmoot.gateways.matrix.reach import Reach
from folkmoot.intake.receipts import Receipts
from folkmoot.remember.store import Store
from folkmoot.settings import Settings

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class TokenFileError(Exception):
    """The file with the bot's access token can't be used; the message names it and the remedy."""


def connect(
    settings: Settings,
    store: Store,
    policy: PolicyIdentity,
    receipts: Receipts,
    *,
    clock: Clock,
    sign_in: SignIn,
    changed: Changed,
) -> Bot:
    """Return the bot that the settings describe, not started yet; TokenFileError if it has no token."""
    own, server = settings.bot, settings.policy_server
    token = read_token(Path(own.token_file))
    wire = HttpWire(own.homeserver, own.account, token, device=own.device, authority=own.authority)
    authority = Path(server.authority) if server.authority else None
    reach = HttpsReach(policy, Dialler(Reach(server.allow_networks), authority, connections=2))
    here = Surroundings(
        account=own.account,
        wire=wire,
        store=store,
        clock=clock,
        policy=policy,
        receipts=receipts,
        sign_in=sign_in,
        changed=changed,
        homeservers=server.allowed_homeservers,
    )
    listed = None
    if own.reports_token_file:
        by = read_token(Path(own.reports_token_file), "bot.reports_token_file")
        listed = SynapseReports(own.homeserver, by, authority=own.authority)
    return Bot(here, reach, watch_every=own.watch_every, listed=listed, list_every=own.reports_every)


def read_token(path: Path, setting: str = "bot.token_file") -> str:
    """Return the access token in a file that only its owner can read."""
    try:
        if path.stat().st_mode & _OTHERS:
            raise TokenFileError(f"{path}: others may read this access token. Run: chmod 600 {path}")
        token = path.read_text(encoding="ascii").strip()
    except OSError as trouble:
        raise TokenFileError(
            f"{path}: cannot be read ({trouble.strerror}). {setting} names the file with the token."
        ) from trouble
    except UnicodeDecodeError as trouble:
        raise TokenFileError(f"{path}: is no access token. Write the token alone into it.") from trouble
    if not token or len(token.split()) != 1:
        raise TokenFileError(f"{path}: is no access token. Write the token alone into it.")
    return token
