"""What is written around an action: that it begins, that it is done, that it failed, that it has to wait.

Each function is one transaction. None of them touches the chat.
"""

import msgspec
from sqlalchemy import Connection

from folkmoot.act import breaker
from folkmoot.act.errand import BEGUN, NOWHERE, Errand, by_room, flat, impossible, practised, rooms_of
from folkmoot.act.platform import BANNED, HOW, LaterError, Receipt
from folkmoot.remember import actions, errands, groups, log, outbox, rooms
from folkmoot.remember.deciding import Action, ActionState
from folkmoot.remember.records import Letter
from folkmoot.vocabulary import ActionKind

FAILED = "action-failed"
"""The kind of letter that tells administrators what could not be done, and why: {"action", "trouble"}."""
RESTORED = "restored"
"""The kind of letter by which an author gets a removed message's text back: {"action"}."""
MOST_ATTEMPTS = 8
"""After which a person is told; homeservers that are away altogether are waited for without end."""
_HOUR = 3600.0
_SOON = 5.0
_TURN = 1.0
_TOLD = "told"
_KEPT = frozenset({"level", "was", "rules"})
"""Names in a room's receipt under which hands keep what was there before."""
_OVERLAPPING = frozenset({ActionKind.MUTE, ActionKind.BAN, ActionKind.LOCK_DOWN})


class DroppedError(Exception):
    """The action was taken back before its hands touched anything."""


def begin(connection: Connection, letter: Letter, *, at: float) -> Errand | None:
    """Note that an action begins, and return what is to be done; None where nothing is, or not now."""
    action = actions.get(connection, letter.body.get("action", ""))
    if action is None or action.state in (ActionState.DONE, ActionState.FAILED, ActionState.HELD):
        outbox.done(connection, letter.id, at=at)
        return None
    if action.state is ActionState.DROPPED:
        return _take_back(connection, letter, action, at)
    if errands.inverse(connection, action.id) is not None:
        # Taken back before it was done: what its hands may have begun, its inverse will give back.
        actions.drop(connection, action.id)
        outbox.done(connection, letter.id, at=at)
        return None
    practice = groups.get(connection, action.group).practice
    if errands.earlier(connection, action):
        outbox.postpone(connection, (letter.id,), until=at + _TURN)
        return None
    if not practice and breaker.holds(connection, action, at=at):
        outbox.postpone(connection, (letter.id,), until=at + _HOUR)
        return None
    if action.inverse_of is not None:
        return _begin_inverse(connection, letter, action, at)
    if action.kind in NOWHERE:
        _finish(connection, letter, action, {"practice": "yes"} if practice else {}, at)
        return None
    return _begin(connection, action, practice=practice)


def keep(connection: Connection, errand: Errand, receipt: Receipt) -> None:
    """Keep what was there before an act, which may begin then; DroppedError if it must not any more."""
    action = actions.get(connection, errand.action.id)
    if action is None or action.state is not ActionState.WANTED:
        raise DroppedError
    actions.note(connection, action.id, {**errand.action.receipt, BEGUN: "yes", **receipt})


def done(connection: Connection, letter: Letter, errand: Errand, receipt: Receipt, *, at: float) -> None:
    """Note that an action took effect, once; one that was dropped meanwhile is taken back next."""
    action = errand.action
    if errand.kind is not action.kind:
        _taken_back(connection, letter, action, at)
        return
    now = actions.get(connection, action.id)
    if now is not None and now.state is ActionState.DROPPED:
        # What must be known to take it back may only be known now.
        actions.note(connection, action.id, {**now.receipt, BEGUN: "yes", **receipt})
        return
    _finish(connection, letter, action, receipt, at)
    told = impossible(receipt)
    if told:
        _tell(connection, action, " ".join(told), at)


def cant(connection: Connection, letter: Letter, errand: Errand, trouble: str, *, at: float) -> None:
    """Note that an action can't be done, and tell administrators."""
    now = actions.get(connection, errand.action.id)
    if now is not None and now.state is ActionState.WANTED:
        actions.failed(connection, errand.action, trouble, at=at)
    outbox.done(connection, letter.id, at=at)
    _tell(connection, errand.action, trouble, at)


def later(connection: Connection, letter: Letter, errand: Errand, trouble: LaterError, *, at: float) -> None:
    """Try an action again: soon if the chat is away, later and later if it is there and it failed.

    After many attempts administrators are told. A restriction is given up then; what takes something back
    is tried for ever.
    """
    if trouble.away:
        outbox.postpone(connection, (letter.id,), until=at + _SOON)
        return
    if letter.attempts + 1 < MOST_ATTEMPTS:
        outbox.failed(connection, letter.id, str(trouble), at=at)
        return
    said = f"It did not work {MOST_ATTEMPTS} times: {trouble}."
    takes_back = errand.action.inverse_of is not None or errand.kind is not errand.action.kind
    if not takes_back:
        cant(connection, letter, errand, said, at=at)
        return
    action = actions.get(connection, errand.action.id) or errand.action
    if _TOLD not in action.receipt:
        actions.note(connection, action.id, {**action.receipt, _TOLD: "yes"})
        _tell(connection, action, f"{said} It is tried again every hour.", at)
    outbox.postpone(connection, (letter.id,), until=at + _HOUR)


def _begin(connection: Connection, action: Action, *, practice: bool) -> Errand:
    before = by_room(action.receipt)
    if BEGUN not in action.receipt:
        before = _from_those_that_stand(connection, action)
        actions.note(connection, action.id, {**action.receipt, BEGUN: "yes", **flat(before)})
    present = [room.id for room in rooms.of_group(connection, action.group)]
    return Errand(
        action=_without_notes(action),
        kind=action.kind,
        rooms=rooms_of(action, present),
        before=before,
        practice=practice,
        spared=action.person in rooms.administrators_of(connection, action.group),
    )


def _begin_inverse(connection: Connection, letter: Letter, action: Action, at: float) -> Errand | None:
    """Begin to take an action back; one that never began is dropped, and that is all."""
    original = actions.get(connection, action.inverse_of or "")
    if original is None:
        _finish(connection, letter, action, {}, at)
        return None
    if original.state in (ActionState.WANTED, ActionState.HELD):
        actions.drop(connection, original.id)
    happened = original.state is ActionState.DONE or BEGUN in original.receipt
    practice = practised(original.receipt)
    if action.kind in NOWHERE:
        if action.kind is ActionKind.RESTORE and happened and not practice:
            outbox.put(connection, action.group, RESTORED, {"action": action.id}, at=at)
        _finish(connection, letter, action, {"practice": "yes"} if practice else {}, at)
        return None
    if not happened:
        _finish(connection, letter, action, {"how": "never done"}, at)
        return None
    return _inverse_errand(connection, action, action.kind, original)


def _inverse_errand(connection: Connection, action: Action, kind: ActionKind, original: Action) -> Errand:
    before = by_room(original.receipt)
    if original.kind is ActionKind.BAN:
        _remember_the_kicked(connection, original, before)
    present = [room.id for room in rooms.of_group(connection, action.group)]
    others = errands.standing(connection, original) if original.kind in _OVERLAPPING else []
    return Errand(
        action=_without_notes(action),
        kind=kind,
        rooms=tuple(room for room in before if "cant" not in before[room]) or rooms_of(original, present),
        before=before,
        stands=frozenset(room for other in others for room in _given_back_by(other)),
        practice=practised(original.receipt),
    )


def _remember_the_kicked(connection: Connection, ban: Action, before: dict[str, Receipt]) -> None:
    """Who was banned after a kick that was undone since is asked back too: only the ban hindered that."""
    for kick, back in errands.undone(connection, ban.group, ban.person, ActionKind.KICK):
        hindered = by_room(back.receipt)
        for room, was in by_room(kick.receipt).items():
            if room in before and hindered.get(room, {}).get(HOW) == BANNED:
                before[room] = {**before[room], "was": was.get("was", "")}


def _take_back(connection: Connection, letter: Letter, action: Action, at: float) -> Errand | None:
    """What was dropped when its hands may have begun is taken back, unless another action does that."""
    inverse = action.kind.inverse
    if BEGUN not in action.receipt or errands.inverse(connection, action.id) is not None or inverse is None:
        outbox.done(connection, letter.id, at=at)
        return None
    if inverse in NOWHERE:
        if inverse is ActionKind.RESTORE:
            outbox.put(connection, action.group, RESTORED, {"action": action.id}, at=at)
        _taken_back(connection, letter, action, at)
        return None
    return _inverse_errand(connection, action, inverse, action)


def _taken_back(connection: Connection, letter: Letter, action: Action, at: float) -> None:
    outbox.done(connection, letter.id, at=at)
    log.write(
        connection, action.group, "action.taken-back", by="folkmoot", at=at, subject=action.id,
        what=action.kind.value, person=action.person, decision=action.decision,
    )  # fmt: skip


def _finish(connection: Connection, letter: Letter, action: Action, receipt: Receipt, at: float) -> None:
    actions.done(connection, action, at=at, receipt=receipt)
    outbox.done(connection, letter.id, at=at)


def _tell(connection: Connection, action: Action, trouble: str, at: float) -> None:
    body = {"action": action.id, "trouble": trouble[:500]}
    outbox.put(connection, action.group, FAILED, body, at=at)


def _from_those_that_stand(connection: Connection, action: Action) -> dict[str, Receipt]:
    """Return what was there before others held the same person to the same: that is what must come back."""
    if action.kind not in _OVERLAPPING:
        return {}
    found: dict[str, Receipt] = {}
    for other in errands.standing(connection, action):
        rooms_of_theirs = by_room(other.receipt)
        found |= {room: rooms_of_theirs[room] for room in _given_back_by(other)}
    return found


def _given_back_by(action: Action) -> list[str]:
    """Return the rooms in which taking an action back would give something back."""
    return [room for room, one in by_room(action.receipt).items() if not _KEPT.isdisjoint(one)]


def _without_notes(action: Action) -> Action:
    """Return an action with what it was wanted with, and none of what was noted while it was being done."""
    kept = {name: value for name, value in action.receipt.items() if " " not in name and name != BEGUN}
    return msgspec.structs.replace(action, receipt=kept)
