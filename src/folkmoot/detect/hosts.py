"""Links of a kind, or to a host, that a rule names."""

from typing import Final

from folkmoot.detect.triggers import Find, Links
from folkmoot.text.links import Link

_SENTENCES: Final = {
    "shortener": "It links through {host}, which hides where the link leads.",
    "invite": "It invites people to another chat ({about}).",
    "lookalike": "It links to a site that looks like {about} and is another.",
    "mixed-script": "It links to a site whose name mixes letters of different alphabets.",
    "number": "It links to a bare network address instead of a name.",
    "hidden": "It writes a link so that programs should not see it.",
    "any": "It contains a link.",
}
_STRENGTH: Final = {"lookalike": 0.9, "mixed-script": 0.9}


def _under(link: Link, hosts: tuple[str, ...]) -> str | None:
    """The first of the hosts that the link's host is, or is below."""
    for host in hosts:
        if link.host == host or link.host.endswith("." + host):
            return host
    return None


def find(found: tuple[Link, ...], trigger: Links) -> Find | None:
    """The first link that the trigger names, with every place where one stands."""
    named: list[tuple[Link, str, str]] = []
    for link in found:
        if _under(link, trigger.except_hosts):
            continue
        if (host := _under(link, trigger.hosts)) is not None:
            named.append((link, "host", f"It links to {host}."))
            continue
        for kind in trigger.what:
            if kind == "any" or kind in link.kinds:
                named.append((link, kind, _SENTENCES[kind].format(host=link.domain, about=link.about)))
                break
    if not named:
        return None
    _, what, sentence = named[0]
    spans = tuple(link.span for link, _, _ in named)
    return Find(name=f"link.{what}", strength=_STRENGTH.get(what, 1.0), sentence=sentence, spans=spans)
