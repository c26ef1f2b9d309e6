"""What a reported message says, as it is sealed, and as it is given back to its author."""

from typing import Any

import msgspec

from folkmoot.gateways.matrix.bot.wire import Content, Event, part_of, text_of
from folkmoot.gateways.matrix.extract import message_of

MEDIA = "media:"
"""Before a message's id: under this subject it is sealed what it takes to send its attachment again."""
_KINDS = ("m.image", "m.video", "m.audio", "m.file")
_INFO = ("mimetype", "size", "w", "h", "duration")


def text_in(event: Event) -> str:
    """Return what a reader of a message sees, the very text by which it was judged; its newest version."""
    raw = {"type": event.kind, "sender": event.sender, "content": dict(event.edited or event.content)}
    found = message_of(raw, event.id, "")
    return found.text if found is not None else ""


def media_in(event: Event) -> str:
    """Return what it takes to send an attachment again, as JSON; empty where there is none to keep."""
    content = event.edited or event.content
    url = text_of(content.get("url"))
    if content.get("msgtype") not in _KINDS or not url.startswith("mxc://"):
        return ""
    info = part_of(content, "info")
    kept = {name: info[name] for name in _INFO if isinstance(info.get(name), int | str)}
    body = {name: text_of(content.get(name))[:4_000] for name in ("body", "filename") if content.get(name)}
    again = {"msgtype": content["msgtype"], "url": url[:1_000], **body, "info": kept}
    return msgspec.json.encode(again).decode()


def given_back(text: str, media: str | None) -> dict[str, Any]:
    """Return the message by which an author gets their own back: the attachment, or the text alone."""
    kept: Content = msgspec.json.decode(media, type=dict[str, Any]) if media else {}
    if kept:
        return {**kept, "m.mentions": {}}
    return {"msgtype": "m.text", "body": text, "m.mentions": {}}
