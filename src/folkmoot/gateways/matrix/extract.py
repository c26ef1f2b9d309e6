"""From an event to the message that is judged: everything in it that a reader may come to see.

Clients differ: some show `body`, some `formatted_body`, some the new content of an edit, some the text for
clients that know no edits. Whatever any of them shows is judged. Nothing here recurses.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from folkmoot.gateways.matrix import attached, html_text, names
from folkmoot.gateways.matrix.canonical_json import JsonObject
from folkmoot.vocabulary import Message

MESSAGE_KINDS = frozenset(
    {
        "m.room.message",
        "m.sticker",
        "m.reaction",
        "m.poll.start",
        "m.poll.end",
        "org.matrix.msc3381.poll.start",
        "org.matrix.msc3381.poll.end",
        "m.message",
        "m.emote",
        "m.image",
        "m.video",
        "m.audio",
        "m.voice",
        "m.file",
        "m.location",
    }
)
"""Kinds of event that clients show as messages; sent as state, they are judged all the same."""
ENCRYPTED = "m.room.encrypted"

_PLAIN = ("body", "filename", "m.caption", "org.matrix.msc1767.caption", "geo_uri")
_TEXT = ("m.text", "org.matrix.msc1767.text", "m.message", "org.matrix.msc1767.message", "m.caption")
_HTML = ("formatted_body", "org.matrix.msc1767.html", "m.html")
_POLL = ("m.poll", "m.poll.start", "org.matrix.msc3381.poll.start")
_PLACE = ("m.location", "org.matrix.msc3488.location")
_PROFILE = ("com.beeper.per_message_profile", "m.per_message_profile")
_PREVIEWS = ("com.beeper.linkpreviews", "m.url_previews")
_MEDIA = {
    "m.image": "image/*",
    "m.video": "video/*",
    "m.audio": "audio/*",
    "m.voice": "audio/*",
    "m.file": "application/octet-stream",
    "m.sticker": "image/*",
}
_PILL = re.compile(r"https://matrix\.to/#/([^?]+)|matrix:u/([^?]+)", re.IGNORECASE)
_MOST_MENTIONS = 1000
_FEWEST_LETTERS = 3


def message_of(event: JsonObject, event_id: str, group: str) -> Message | None:
    """Return the message in an event; None where there is nothing that anyone reads or sees."""
    kind = event.get("type")
    found = _Found()
    content = event.get("content")
    if isinstance(content, dict):
        for part in _versions(content):
            found.read(str(kind), part)
    encrypted = kind == ENCRYPTED
    text = found.text()
    if not encrypted and not text and not found.media and not found.pictures:
        return None
    sent_at = event.get("origin_server_ts")
    return Message(
        id=event_id,
        text=text,
        sender=str(event.get("sender")),
        room=str(event.get("room_id")),
        group=group,
        sent_at=sent_at / 1000 if isinstance(sent_at, int) else None,
        mentions=tuple(found.mentions),
        mentions_room=found.mentions_room,
        media=tuple(dict.fromkeys(found.media)),
        pictures=tuple(dict.fromkeys(found.pictures)),
        encrypted=encrypted,
    )


def _versions(content: JsonObject) -> Iterator[JsonObject]:
    # The new content of an edit first: it is what nearly every reader will see.
    new = content.get("m.new_content")
    if isinstance(new, dict):
        yield new
    yield content


class _Found:
    """What one event shows, gathered."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._lines: set[str] = set()
        self._words: set[str] = set()
        self.mentions: dict[str, None] = {}
        self.mentions_room = False
        self.media: list[str] = []
        self.pictures: list[str] = []

    def text(self) -> str:
        """Return every piece, each on lines of its own."""
        return "\n".join(self._pieces)

    def read(self, kind: str, content: JsonObject) -> None:
        """Gather from one content."""
        for text in _plain_texts(kind, content):
            self._add(text)
        for source in _html_texts(content):
            self._add_html(source)
        self._read_mentions(content.get("m.mentions"))
        self._read_media(kind, content)
        self.pictures.extend(attached.pictures(kind, content))

    def _add(self, text: str) -> None:
        # Line by line, so that the parts that two versions of a text share are judged once.
        new = [line for line in text.split("\n") if _bare(line) not in self._lines]
        for line in new:
            self._lines.add(_bare(line))
            self._words.update(line.split())
        piece = "\n".join(new).strip()
        if piece:
            self._pieces.append(piece)

    def _add_html(self, source: str) -> None:
        readable = html_text.read(source)
        self._add(readable.text)
        for value in readable.attributes:
            if value not in self._words and not self._is_pill(value):
                self._add(value)

    def _is_pill(self, value: str) -> bool:
        pill = _PILL.fullmatch(value)
        if pill is None:
            return False
        person = unquote(pill[1]) if pill[1] is not None else "@" + unquote(pill[2])
        if names.server_of(person) is None:
            return False
        self._mention(person)
        return True

    def _mention(self, person: object) -> None:
        if names.server_of(person) is not None and len(self.mentions) < _MOST_MENTIONS:
            self.mentions[str(person)] = None

    def _read_mentions(self, mentions: object) -> None:
        if not isinstance(mentions, dict):
            return
        people = mentions.get("user_ids")
        for person in people if isinstance(people, list) else []:
            self._mention(person)
        self.mentions_room = self.mentions_room or mentions.get("room") is True

    def _read_media(self, kind: str, content: JsonObject) -> None:
        shown_as = content.get("msgtype", kind)
        fallback = _MEDIA.get(shown_as) if isinstance(shown_as, str) else None
        attached = content.get("m.file", content.get("org.matrix.msc1767.file"))
        for note in (content.get("info"), attached):
            kind_of_media = note.get("mimetype") if isinstance(note, dict) else None
            if isinstance(kind_of_media, str) and (fallback or note is attached):
                self.media.append(kind_of_media.lower()[:100])
                return
        if fallback is not None:
            self.media.append(fallback)


def _bare(line: str) -> str:
    # "* " begins the text that stands in for an edit in clients that know none.
    return " ".join(line.split()).removeprefix("* ")


def _strings(content: JsonObject, keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        value = content.get(key)
        if isinstance(value, str):
            yield value


def _parts(content: JsonObject, keys: tuple[str, ...]) -> Iterator[JsonObject]:
    for key in keys:
        value = content.get(key)
        if isinstance(value, dict):
            yield value


def _plain_texts(kind: str, content: JsonObject) -> Iterator[str]:
    yield from _strings(content, _PLAIN)
    yield from _extensible(content, "text/plain")
    for place in _parts(content, _PLACE):
        yield from _strings(place, ("description", "uri"))
    for poll in _parts(content, _POLL):
        yield from _poll_texts(poll)
    for profile in _parts(content, _PROFILE):
        yield from _strings(profile, ("displayname",))
    for key in _PREVIEWS:
        for preview in _listed(content.get(key)):
            yield from _strings(preview, ("og:title", "og:description", "matched_url", "og:url"))
    relation = content.get("m.relates_to")
    if kind == "m.reaction" and isinstance(relation, dict):
        yield from (key for key in _strings(relation, ("key",)) if _says_something(key))


def _says_something(reaction: str) -> bool:
    # Twenty people who answer with the same thumb are no campaign; a reaction made of words is a message.
    return sum(letter.isalnum() for letter in reaction) >= _FEWEST_LETTERS and not reaction.startswith(
        "mxc://"
    )


def _poll_texts(poll: JsonObject) -> Iterator[str]:
    question = poll.get("question")
    for part in [question, *_listed(poll.get("answers"))]:
        if isinstance(part, dict):
            yield from _strings(part, ("body",))
            yield from _extensible(part, "text/plain")


def _html_texts(content: JsonObject) -> Iterator[str]:
    yield from _strings(content, _HTML)
    yield from _extensible(content, "text/html")


def _extensible(content: JsonObject, wanted: str) -> Iterator[str]:
    """Texts of extensible events (MSC1767): a string, or a list of versions of one text."""
    for key in _TEXT:
        value: Any = content.get(key)
        if isinstance(value, str) and wanted == "text/plain":
            yield value
        for part in _listed(value):
            kind = part.get("mimetype", "text/plain")
            is_html = isinstance(kind, str) and kind.lower().startswith("text/html")
            if is_html == (wanted == "text/html"):
                yield from _strings(part, ("body",))


def _listed(value: object) -> list[JsonObject]:
    if not isinstance(value, list):
        return []
    return [one for one in value if isinstance(one, dict)]
