"""Whether a room is protected, judged from what was seen of it; and what would mend it. Pure."""

from enum import StrEnum

from msgspec import Struct

from folkmoot.gateways.matrix.bot import sight
from folkmoot.gateways.matrix.bot.notes import Wish
from folkmoot.gateways.matrix.bot.sight import Sight
from folkmoot.gateways.matrix.bot.surroundings import PolicyIdentity
from folkmoot.remember.records import Protection
from folkmoot.vocabulary import OnFailure

REINVITE_AFTER = 24 * 3600.0
"""Seconds in which we invite a policy user that left or was kicked once only, not to fight anybody."""
ACCEPT_WITHIN = 120.0
LIFT_AFTER = 60.0
"""Seconds without the policy server after which a group that chose *open* may write again."""
ENCRYPTED = (
    "The room is encrypted: messages can't be read before delivery, so only the sender, the time and the "
    "size are known."
)


class Mend(StrEnum):
    """What the bot does by itself to bring protection about."""

    NOTHING = "nothing"
    PLACE = "place"
    """Set `m.room.policy`, and invite the policy user if it isn't there."""
    INVITE = "invite"
    LIFT = "lift"
    """Clear `m.room.policy`, so that people can write while the policy server is away."""


class Assessment(Struct, frozen=True, kw_only=True):
    """What is true of a room's protection, why, and what would mend it."""

    state: Protection
    reason: str = ""
    remedy: str = ""
    mend: Mend = Mend.NOTHING


class Outage(Struct, frozen=True, kw_only=True):
    """Why the policy server can't be used, and for how long that has been so."""

    trouble: str
    seconds: float


def assess(
    seen: Sight,
    wish: Wish,
    policy: PolicyIdentity,
    *,
    account: str,
    outage: Outage | None,
    on_failure: OnFailure,
    now: float,
) -> Assessment:
    """Say whether the room is protected; the first thing that stands in the way is the reason."""
    if not seen.here:
        return _off(
            "I am no longer in the room, so I can't watch over it.", f"Invite {account} to the room again."
        )
    if seen.replaced:
        return _off("The room was replaced by a newer one.", f"Invite {account} to the new room.")
    if not wish.on:
        return _off("An administrator switched it off.", "To switch it on again: !moot protect on")
    found = _policing(seen, wish, policy, account, outage) or _membership(seen, wish, policy, account, now)
    if found is not None:
        return found
    if outage is not None:
        return _away(seen, wish, account, outage, on_failure)
    return _on(seen, account)


def powerful(seen: Sight, account: str) -> bool:
    """Say whether the bot may set `m.room.policy` and invite."""
    return seen.powers.of(account) >= power_needed(seen)


def power_needed(seen: Sight) -> int:
    """Return the power that the bot needs in the room."""
    return max(seen.powers.to_set(sight.POLICY), seen.powers.to_invite)


def _policing(
    seen: Sight, wish: Wish, policy: PolicyIdentity, account: str, outage: Outage | None
) -> Assessment | None:
    """What is wrong with `m.room.policy`, if anything."""
    able = powerful(seen, account)
    place = Mend.PLACE if able and outage is None else Mend.NOTHING
    remedy = "To switch it on again: !moot protect on" if able else _power(seen, account)
    if seen.policing is None:
        if wish.lifted and outage is not None:
            return _lifted(outage)
        if not wish.placed or wish.lifted:
            return _not_yet(able, remedy, outage)
        by = seen.policing_event.sender if seen.policing_event else ""
        return _off(f"The room no longer names a policy server{_by(by)}.", remedy)
    right = (seen.policing.via, seen.policing.key) == (policy.server_name, policy.public_key)
    if not right and not wish.placed:
        return _not_yet(able, remedy, outage)  # somebody has just asked for ours
    if seen.policing.via != policy.server_name:
        return _off("The room names another policy server (m.room.policy).", remedy)
    if seen.policing.key != policy.public_key:
        ours = seen.policing.by == account
        reason = "The room names a key that the policy server doesn't use (m.room.policy)."
        return _off(reason, remedy, place if ours else Mend.NOTHING)
    return None


def _not_yet(able: bool, remedy: str, outage: Outage | None) -> Assessment:
    """Nothing is set up so far, or we took it back ourselves."""
    if not able:
        reason = "I don't have enough power in the room."
        return Assessment(state=Protection.STARTING, reason=reason, remedy=remedy)
    if outage is not None:
        reason = f"The policy server can't be used: {outage.trouble}"
        return Assessment(state=Protection.STARTING, reason=reason)
    return Assessment(state=Protection.STARTING, reason="It is being switched on.", mend=Mend.PLACE)


def _membership(
    seen: Sight, wish: Wish, policy: PolicyIdentity, account: str, now: float
) -> Assessment | None:
    """What is wrong with the policy user's membership, if anything."""
    who = policy.user_id
    invite = f"Invite {who} to the room."
    if seen.membership == "join":
        return None
    if seen.membership == "invite":
        if wish.invited_at is not None and now - wish.invited_at > ACCEPT_WITHIN:
            return _off(
                f"{who} was invited and has not joined.",
                "The policy server may be unreachable for the room's homeserver; ask its operator to run "
                "“folkmoot doctor”.",
            )
        return Assessment(state=Protection.STARTING, reason=f"{who} was invited and is about to join.")
    if seen.membership == "ban":
        return _off(f"{who} is banned from the room.", "Lift the ban, then write: !moot protect on")
    if not powerful(seen, account):
        return _off(f"{who} is not in the room.", f"{invite} {_power(seen, account)}")
    if not wish.placed or not seen.membership:
        return Assessment(state=Protection.STARTING, reason=f"{who} is being invited.", mend=Mend.INVITE)
    removed = f"{who} was removed from the room{_by(seen.membership_by)}."
    reason = f"{who} left the room." if seen.membership_by == who else removed
    lately = wish.reinvited_at is not None and now - wish.reinvited_at < REINVITE_AFTER
    if lately:
        return _off(f"{reason} I invited it once already.", "To have it back: !moot protect on")
    return _off(reason, "I have invited it again. If that was on purpose: !moot protect off", Mend.INVITE)


def _away(seen: Sight, wish: Wish, account: str, outage: Outage, on_failure: OnFailure) -> Assessment:
    """The room is set up, and the policy server can't be used."""
    lift = on_failure is OnFailure.OPEN and wish.welcomed and powerful(seen, account)
    reason = f"The policy server can't be used: {outage.trouble}"
    if lift and outage.seconds >= LIFT_AFTER:
        return Assessment(state=Protection.OFF, reason=reason, remedy=_lifted(outage).remedy, mend=Mend.LIFT)
    remedy = (
        "Until it is back, homeservers may refuse every message in the room. "
        "To let people write meanwhile, tell me in our direct chat: protect off"
    )
    return _off(reason, remedy)


def _lifted(outage: Outage) -> Assessment:
    return _off(
        f"The policy server can't be used: {outage.trouble}",
        "Messages pass unjudged until it is back, as this group chose (on-failure open). "
        "I switch protection on again by myself.",
    )


def _on(seen: Sight, account: str) -> Assessment:
    remedy = "" if powerful(seen, account) else f"Nothing is wrong now. {_power(seen, account)}"
    return Assessment(state=Protection.ON, reason=ENCRYPTED if seen.encrypted else "", remedy=remedy)


def _power(seen: Sight, account: str) -> str:
    return f"Give {account} power level {power_needed(seen)} in the room, so that I can mend it."


def _by(person: str) -> str:
    return f" ({person} did that)" if person else ""


def _off(reason: str, remedy: str, mend: Mend = Mend.NOTHING) -> Assessment:
    return Assessment(state=Protection.OFF, reason=reason, remedy=remedy, mend=mend)
