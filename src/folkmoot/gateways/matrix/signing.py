"""The policy server's one question: may this event be delivered? (specification: "Policy Servers").

An answer is a signature over the event, or a refusal in words. The same event gets the same answer for ever;
many who ask at once wait for one judgement; and a fault of ours is answered as the group chose, open or
closed.
"""

import asyncio
from collections import OrderedDict
from typing import TypeVar

from folkmoot import observe
from folkmoot.gateways.matrix import asgi, extract, pdus
from folkmoot.gateways.matrix.acl import Acls
from folkmoot.gateways.matrix.asgi import RefusedError
from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.gateways.matrix.own_keys import OwnKeys
from folkmoot.gateways.matrix.pdus import BadEventError, Pdu
from folkmoot.gateways.matrix.ports import Answer, Answers, Judging, Room, Rooms, Ruling, Terms
from folkmoot.gateways.matrix.remote_keys import RemoteKeys
from folkmoot.gateways.matrix.room_versions import find
from folkmoot.vocabulary import OnFailure

_log = observe.logger("matrix.sign")
PREFIX = "org.folkmoot."
"""Begins the name of each field of ours in a refusal."""
_NEVER_REFUSED = frozenset({"m.room.redaction"})
_MOST_RECENT = 10_000
_KEEPING = 2.0

T = TypeVar("T")


class Signer:
    """Signs or refuses single events."""

    def __init__(
        self,
        server_name: str,
        keys: OwnKeys,
        remote_keys: RemoteKeys,
        rooms: Rooms,
        judging: Judging,
        answers: Answers,
        *,
        deadline: float = 2.0,
        media_deadline: float = 10.0,
        most_at_once: int = 512,
    ) -> None:
        """Judge at most `most_at_once` events at a time, each within `deadline` seconds.

        An event with pictures that are looked at has `media_deadline` seconds.
        """
        self._server_name = server_name
        self._key = keys.policy
        self._remote_keys = remote_keys
        self._rooms = rooms
        self._judging = judging
        self._answers = answers
        self._deadline = deadline
        self._more_for_media = max(0.0, media_deadline - deadline)
        self._slots = asyncio.Semaphore(most_at_once)
        self._acls = Acls()
        self._recent: OrderedDict[str, Answer] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Answer]] = {}
        self._last_terms: OrderedDict[str, Terms] = OrderedDict()
        self._last_rooms: OrderedDict[str, Room] = OrderedDict()

    async def sign(self, origin: str, event: JsonObject) -> asgi.Answer:
        """Answer `origin`, whose request was verified; RefusedError is the answer where we do not sign."""
        room = await self._room(origin, event)
        version = find(room.version)
        if version is None:
            raise RefusedError(
                400, "M_INCOMPATIBLE_ROOM_VERSION", f"Room version {room.version} is not known here."
            )
        try:
            pdu = pdus.read(event, version)
            if not pdus.is_invite_by_another_server(pdu):
                await pdus.verify(pdu, self._remote_keys)
        except BadEventError as trouble:
            observe.SIGN_REQUESTS.count("malformed")
            raise RefusedError(400, trouble.errcode, str(trouble)) from None
        if _never_refused(pdu):
            return self._signed(pdu)
        answer = await self._answer(pdu, room)
        if answer.error:
            observe.SIGN_REQUESTS.count("refused")
            fields = {PREFIX + name: value for name, value in answer.fields.items()}
            raise RefusedError(400, "M_FORBIDDEN", answer.error, fields)
        return self._signed(pdu)

    async def _room(self, origin: str, event: JsonObject) -> Room:
        name = event.get("room_id")
        room = await self._find_room(name) if isinstance(name, str) else None
        if room is None:
            observe.SIGN_REQUESTS.count("unknown")
            raise RefusedError(404, "M_NOT_FOUND", "This policy server was not invited to that room.")
        if not self._acls.allows(room.id, room.content("m.room.server_acl"), origin):
            observe.SIGN_REQUESTS.count("kept out")
            raise RefusedError(403, "M_FORBIDDEN", f"The room's access list keeps {origin} out.")
        return room

    async def _find_room(self, name: str) -> Room | None:
        try:
            async with asyncio.timeout(self._deadline):
                room = await self._rooms.find(name)
        except Exception as trouble:  # what we knew of the room serves until the rooms can be read again
            _log.error("rooms not to be had", room=name, trouble=asgi.place_of(trouble))
            return self._last_rooms.get(name)
        if room is not None:
            _note(self._last_rooms, name, room)
        return room

    def _signed(self, pdu: Pdu) -> asgi.Answer:
        observe.SIGN_REQUESTS.count("signed")
        return asgi.Answer({self._server_name: {self._key.id: self._key.sign(pdu.signed)}})

    async def _answer(self, pdu: Pdu, room: Room) -> Answer:
        known = self._recent.get(pdu.id)
        if known is not None:
            return known
        task = self._under_way.get(pdu.id)
        if task is None:
            task = asyncio.create_task(self._settle(pdu, room))
            self._under_way[pdu.id] = task
            task.add_done_callback(lambda _: self._under_way.pop(pdu.id, None))
        # Shielded: an asker who hangs up must not take the judgement from the others.
        return await asyncio.shield(task)

    async def _settle(self, pdu: Pdu, room: Room) -> Answer:
        """Judge an event; never raises."""
        terms, failure, answer = self._last_terms.get(room.id, Terms()), "", None
        keep = True
        try:
            async with asyncio.timeout(self._deadline) as limit, self._slots:
                terms = await self._judging.terms(room.id)
                _note(self._last_terms, room.id, terms)
                answer = await self._answers.find(pdu.id)
                if answer is not None:
                    keep = False
                else:
                    ruling = await self._judge(pdu, terms, limit)
                    answer = Answer(event=pdu.id, room=pdu.room, error=ruling.error, fields=ruling.fields)
                    keep = not ruling.remembered
        except TimeoutError:
            failure = "deadline"
        except Exception as trouble:  # whatever it was, the group's choice answers
            failure = "fault"
            _log.error("judging failed", event_id=pdu.id, room=room.id, trouble=asgi.place_of(trouble))
        if answer is None:
            observe.FAILURES.labels(failure).inc()
            answer = await self._without_judgement(pdu, terms, failure)
        if keep:
            answer = await self._keep(answer)
        _note(self._recent, pdu.id, answer)
        return answer

    async def _judge(self, pdu: Pdu, terms: Terms, limit: asyncio.Timeout) -> Ruling:
        message = extract.message_of(pdu.event, pdu.id, terms.group)
        if message is None:
            return Ruling(allowed=True, remembered=True)
        if message.encrypted:
            observe.UNREADABLE.inc()
            if not terms.sign_encrypted:
                return await self._judging.unreadable(message)
        until = limit.when()
        if message.pictures and terms.looks_at_pictures and until is not None:
            limit.reschedule(until + self._more_for_media)
        ruling = await self._judging.judge(message)
        if ruling.allowed:
            return Ruling(allowed=True, remembered=ruling.remembered)
        if not ruling.error:
            raise ValueError("a refusal needs a sentence")
        return ruling

    async def _without_judgement(self, pdu: Pdu, terms: Terms, failure: str) -> Answer:
        """Answer as the group chose: with a receipt if that can still be had, else in words alone."""
        try:
            async with asyncio.timeout(_KEEPING):
                message = extract.message_of(pdu.event, pdu.id, terms.group) if terms.group else None
                if message is not None:
                    ruling = await self._judging.failed(message, failure)
                    return Answer(
                        event=pdu.id,
                        room=pdu.room,
                        error=ruling.error,
                        fields=ruling.fields,
                        failure=failure,
                    )
        except Exception as trouble:
            _log.error("no receipt", event_id=pdu.id, trouble=asgi.place_of(trouble))
        return _in_words_alone(pdu, terms, failure)

    async def _keep(self, answer: Answer) -> Answer:
        try:
            async with asyncio.timeout(_KEEPING):
                return await self._answers.keep(answer)
        except Exception as trouble:  # the answer stands for as long as we run
            _log.error("answer not remembered", event_id=answer.event, trouble=asgi.place_of(trouble))
            return answer

    async def close(self) -> None:
        """Wait for the judgements under way."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)


def _never_refused(pdu: Pdu) -> bool:
    """Tell whether an event passes whatever it says: state and redactions.

    Receivers ask about state that senders never asked about (synapse#19587), so that refusing it would split
    the room: membership, power and settings pass, and m.room.policy, by which people switch us off. A kind of
    event that clients show as a message is judged even where it is sent as state.
    """
    return pdu.kind in _NEVER_REFUSED or (pdu.state_key is not None and pdu.kind not in extract.MESSAGE_KINDS)


def _in_words_alone(pdu: Pdu, terms: Terms, failure: str) -> Answer:
    closed = terms.on_failure is OnFailure.CLOSED
    return Answer(
        event=pdu.id,
        room=pdu.room,
        error=terms.closed_sentence if closed else "",
        fields={"outcome": "unchecked"} if closed else {},
        failure=failure,
    )


def _note(known: OrderedDict[str, T], key: str, value: T) -> None:
    known[key] = value
    known.move_to_end(key)
    while len(known) > _MOST_RECENT:
        known.popitem(last=False)
