"""What every part of the bot works with, put together once."""

from collections.abc import Awaitable, Callable

from msgspec import Struct

from folkmoot.gateways.matrix.bot.wire import Wire
from folkmoot.intake.receipts import Receipts
from folkmoot.remember.store import Store

Clock = Callable[[], float]
SignIn = Callable[[str, str], Awaitable[str]]
"""Makes a one-time link to the console for a group and a person."""
Changed = Callable[[], Awaitable[None]]
"""Called after a change of a group, so that judging takes it over at once."""


class PolicyIdentity(Struct, frozen=True, kw_only=True):
    """The policy server as rooms name it."""

    user_id: str
    """The account that has to be a member, such as `@moot:policy.example`."""
    server_name: str
    public_key: str
    """Its policy key (ed25519, unpadded base64)."""


class Surroundings(Struct, frozen=True, kw_only=True):
    """The outside of the bot: its account, the store, the clock, the policy server, and makers of links."""

    account: str
    """The bot's own Matrix id."""
    wire: Wire
    store: Store
    clock: Clock
    policy: PolicyIdentity
    receipts: Receipts
    sign_in: SignIn
    changed: Changed
    homeservers: tuple[str, ...] = ()
    """Whose members may have rooms protected; all homeservers if there is none."""
