"""The links of a message, written out or hidden; found in the text and never fetched."""

import re
from itertools import islice
from typing import Final, NamedTuple

from folkmoot.text.fold import Folded
from folkmoot.text.hosts import INVITES, SHORTENERS, domain, dotted, imitates, names, unpunycode
from folkmoot.text.looks import Look
from folkmoot.text.scripts import mixed
from folkmoot.vocabulary import Span

MOST_LINKS: Final = 100
_LINK_LOOK: Final = int(Look.LINK)

_POINT: Final = r"(?:\.|[．。｡]|\s?[\[({<]\s?(?:\.|dot|d0t|punkt|punto|ponto|point|точка)\s?[\])}>]\s?)"
_LABEL: Final = r"[^\W_](?:[\w\-]{0,61}[^\W_])?"
_LINK: Final = re.compile(
    r"(?<![\w@.\-])(?:(?P<scheme>(?:h[tx]{2}ps?|ftp|tg|discord)\s?:\s?//\s?)"
    r"(?P<login>[^\s/?#@<>]{1,100}@)?)?"
    rf"(?P<host>{_LABEL}(?:{_POINT}{_LABEL}){{1,8}})"
    r"(?P<port>:\d{1,5})?(?P<path>[/?#][^\s<>\"'«»“”]{0,2000})?",
    re.IGNORECASE,
)
_DEEP: Final = re.compile(
    r"\b(?P<scheme>(?:tg|discord|whatsapp|viber|line|weixin|slack|skype|zalo|threema|kakaotalk|simplex)://"
    r"|matrix:(?:r|u|roomid)/)(?P<path>[\w.?=&/%+#:!@\-]{1,500})",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"h[tx]{2}ps?://(?:[^\s/?#@<>]{1,100}@)?"
    r"(?P<host>\[[\da-f:.]{2,45}\]|(?:0x[\da-f]{1,8}|\d{1,10})(?:\.(?:0x[\da-f]{1,8}|\d{1,10})){0,3})"
    r"(?=[:/?#\s]|$)(?::\d{1,5})?(?:[/?#][^\s<>\"'«»“”]{0,2000})?",
    re.IGNORECASE,
)
_SPOKEN: Final = re.compile(
    rf"(?<![\w@.\-])(?P<host>{_LABEL}(?:\s(?:dot|d0t|punkt|punto|ponto|точка)\s{_LABEL}){{1,3}})(?P<path>/\S{{0,500}})?(?!\w)",
    re.IGNORECASE,
)
_SPOKEN_ENDS: Final = names(
    "com net org io ru me gg co xyz top club vip bet app info online site shop link biz"
)
_POINTS: Final = re.compile(rf"{_POINT}|\s(?:dot|d0t|punkt|punto|ponto|точка)\s", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_WORDLIKE: Final = names(
    "ac ad af ag ai al am an ao as at au ba be bi bo by cd ch ci cm cn co cv cx da do ee el es et eu ex "
    "fm fo ga ge gg go he hi hm ht id ie il im in io is it je la lb li ls lt ly ma mc md me mg mk mo mp "
    "ms mu my na ne ng ni no np nu om or os pa pe ph pl pm pn pr ps pt py re rs sa sb sc sd se sh si sk "
    "sl sm sn so st su tc td tf th tj tl tm tn to tt tv tz ua us uy va vc ve vg vi vu ws ye zip mov app "
    "dev page name link help one now day here how new run live world works fun guru cool blog care team "
    "work today news love zone best rest win bar pub cafe fish diet like moe ninja rocks sucks wtf lol "
    "pics city town land"
)
"""Suffixes that are everyday words or file endings: a bare name before them may be two sentences run
together."""


_LEADING: Final = {
    host: [(f"{start}/", name) for start, name in INVITES.items() if start.partition("/")[0] == host]
    for host in {start.partition("/")[0] for start in INVITES}
}
"""For each host that leads into another chat how such links begin."""


class Link(NamedTuple):
    """One link, as it stands in the message."""

    span: Span
    host: str
    """Lower case, as a reader sees it."""
    domain: str
    """What can be registered, such as example.co.uk; the host itself for a number."""
    kinds: frozenset[str]
    """Some of: shortener, invite, lookalike, mixed-script, number, hidden."""
    about: str
    """For an invitation the chat system, for an imitation the domain imitated."""


def links(folded: Folded) -> tuple[Link, ...]:
    """Every link of a message, at most a hundred."""
    if not folded.looks & _LINK_LOOK:
        return ()
    named, other = [*_written(folded), *_spoken(folded)], [*_deep(folded), *_addresses(folded)]
    if other:  # what looks like a name inside them is none
        named = [one for one in named if not any(_within(one.span, whole.span) for whole in other)]
    return tuple([*named, *other][:MOST_LINKS])


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _written(folded: Folded) -> list[Link]:
    found = []
    for match in _LINK.finditer(folded.judged):
        link = _link(folded, match, bool(match["scheme"]))
        if link:
            found.append(link)
            if len(found) >= MOST_LINKS:
                break
    return found


def _spoken(folded: Folded) -> list[Link]:
    found = []
    for match in _SPOKEN.finditer(folded.judged):
        if re.split(r"\s", match["host"])[-1].lower() in _SPOKEN_ENDS:
            link = _link(folded, match, False)
            if link:
                found.append(link)
    return found


def _deep(folded: Folded) -> list[Link]:
    found = []
    for match in islice(_DEEP.finditer(folded.judged), MOST_LINKS):
        scheme = match["scheme"].partition(":")[0].lower()
        about = {"tg": "Telegram", "weixin": "WeChat", "line": "LINE"}.get(scheme, scheme.capitalize())
        span = folded.uncut(match.start(), match.end())
        found.append(Link(span, f"{scheme}:", f"{scheme}:", frozenset({"invite"}), about))
    return found


def _addresses(folded: Folded) -> list[Link]:
    """Links to a bare address that is not written as four numbers, which programs open all the same."""
    if "://" not in folded.judged:
        return []
    found = []
    for match in islice(_ADDRESS.finditer(folded.judged), MOST_LINKS):
        host = match["host"].lower()
        host = host if host.startswith("[") else dotted(host)
        if host and not _NUMBER.fullmatch(match["host"]):
            span = folded.uncut(match.start(), match.end())
            found.append(Link(span, host, host, frozenset({"number"}), ""))
    return found


def _link(folded: Folded, match: re.Match[str], written: bool) -> Link | None:
    host = unpunycode(_POINTS.sub(".", match["host"]).lower())
    span = folded.uncut(match.start(), match.end())
    hidden = _hidden(match)
    if _NUMBER.fullmatch(host):
        kinds = frozenset({"number"})
        return Link(span, host, host, kinds, "") if written or match["path"] else None
    registered = domain(host)
    if registered is None or not (written or hidden or _meant(match, host)):
        return None
    kinds, about = _kinds(host, registered, match["path"] or "")
    return Link(span, host, registered, kinds | {"hidden"} if hidden else kinds, about)


def _hidden(match: re.Match[str]) -> bool:
    """Whether the writer took care that no program sees a link, or that people take it for another."""
    host = match["host"]
    scheme = match.groupdict().get("scheme") or ""
    login = match.groupdict().get("login")
    return bool(login) or "hx" in scheme.lower() or " " in scheme or bool(re.search(r"[\s\[({<．]", host))


def _meant(match: re.Match[str], host: str) -> bool:
    """Whether a name without http:// is meant as a link and is not two sentences run together."""
    if (match["path"] and len(match["path"]) > 1) or host.startswith("www."):
        return True
    written = match["host"]
    if host in INVITES or host in SHORTENERS:
        return written.islower()
    if not (written.islower() or written.isupper()):
        return False
    name, _, ending = host.rpartition(".")
    return ending not in _WORDLIKE or (len(name) > 4 and bool(re.search(r"[a-z][\d\-]|[\d\-][a-z]", name)))


def _kinds(host: str, registered: str, path: str) -> tuple[frozenset[str], str]:
    kinds = set()
    bare = host.removeprefix("www.")
    whole = f"{bare}{path}/".lower()
    about = next((name for start, name in _LEADING.get(bare.lower(), ()) if whole.startswith(start)), "")
    if about:
        kinds.add("invite")
    if bare in SHORTENERS:
        kinds.add("shortener")
    if any(map(mixed, host.split("."))):
        kinds.add("mixed-script")
    if imitated := imitates(host, registered):
        kinds.add("lookalike")
        about = imitated
    return frozenset(kinds), about
