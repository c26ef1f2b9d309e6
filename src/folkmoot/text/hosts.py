"""What a host name is: whose domain, a shortener, an invitation, or a name made to be taken for another."""

from functools import cache
from typing import Final

from publicsuffixlist import PublicSuffixList

from folkmoot.text.letters import LETTERS, LOOKALIKES


def names(written: str) -> frozenset[str]:
    """The names in a row of names."""
    return frozenset(written.split())


SHORTENERS: Final = names(
    "adf.ly bit.do bit.ly bitly.com buff.ly clck.ru cutt.ly goo.gl goo.su is.gd kutt.it lnkd.in ow.ly "
    "qps.ru rb.gy rebrand.ly reurl.cc s.id shorte.st shorturl.at soo.gd t.cn t.co t.ly tiny.cc tiny.one "
    "tinyurl.com u.to url.cn urlz.fr v.gd vk.cc vo.la x.gd clk.wiki linktr.ee"
)
"""Hosts whose links do not say where they lead."""

INVITES: Final = {
    "t.me": "Telegram", "telegram.me": "Telegram", "telegram.dog": "Telegram", "discord.gg": "Discord",
    "discord.com/invite": "Discord", "discordapp.com/invite": "Discord", "dsc.gg": "Discord",
    "wa.me": "WhatsApp",
    "chat.whatsapp.com": "WhatsApp", "whatsapp.com/channel": "WhatsApp", "api.whatsapp.com/send": "WhatsApp",
    "matrix.to": "Matrix", "signal.group": "Signal", "signal.me": "Signal", "line.me": "LINE",
    "lin.ee": "LINE",
    "invite.viber.com": "Viber", "m.me": "Messenger", "snapchat.com/add": "Snapchat",
    "join.skype.com": "Skype",
    "u.wechat.com": "WeChat", "zalo.me": "Zalo", "teams.live.com/l/invite": "Teams", "guilded.gg": "Guilded",
}  # fmt: skip
"""Hosts, or hosts with the beginning of a path, that lead into another chat."""

BRANDS: Final = {
    "paypal": "paypal.com", "amazon": "amazon.com", "google": "google.com", "microsoft": "microsoft.com",
    "apple": "apple.com", "facebook": "facebook.com", "instagram": "instagram.com",
    "whatsapp": "whatsapp.com",
    "telegram": "telegram.org", "discord": "discord.com", "steamcommunity": "steamcommunity.com",
    "steampowered": "steampowered.com", "netflix": "netflix.com", "binance": "binance.com",
    "coinbase": "coinbase.com",
    "metamask": "metamask.io", "opensea": "opensea.io", "trustwallet": "trustwallet.com",
    "ledger": "ledger.com",
    "twitter": "twitter.com", "linkedin": "linkedin.com", "github": "github.com", "roblox": "roblox.com",
    "santander": "santander.com", "sberbank": "sberbank.ru", "wildberries": "wildberries.ru",
    "whatsappweb": "whatsapp.com",
    "mercadolibre": "mercadolibre.com", "mercadopago": "mercadopago.com", "alipay": "alipay.com",
    "taobao": "taobao.com",
    "sparkasse": "sparkasse.de", "postbank": "postbank.de", "kleinanzeigen": "kleinanzeigen.de",
    "correos": "correos.es",
}  # fmt: skip
"""Names that swindlers imitate, and whose they are."""

_OWN: Final = names(
    "discord.gift discord.new discord.media discord.gg discordapp.com discordstatus.com googleapis.com "
    "googleusercontent.com telegra.ph appleid.com icloud.com amazonaws.com paypalobjects.com "
    "githubusercontent.com github.io"
)
_RESERVED: Final = names("example test invalid onion i2p")
"""Endings that are no public suffix and still make a host."""

_LURES: Final = names(
    "account airdrop bonus claim confirm event free gift gifts giveaway help login logon nitro parcel pay "
    "payment promo refund reward safe secure security service signin support track unlock update validate "
    "verify wallet"
)
_CONFUSED: Final = str.maketrans("1!0357|í", "ll" + "oest" + "l" + "i")


def dotted(written: str) -> str:
    """An address of one to four numbers, decimal or hexadecimal, as four; empty if it is none."""
    parts = [int(part, 16 if part.startswith("0x") else 10) for part in written.lower().split(".")]
    *first, last = parts
    room = 256 ** (4 - len(first))
    if any(part > 255 for part in first) or last >= room:
        return ""
    whole = last + sum(part << 8 * (3 - place) for place, part in enumerate(first))
    return ".".join(str(whole >> shift & 255) for shift in (24, 16, 8, 0))


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True, accept_unknown=False)


def domain(host: str) -> str | None:
    """The registrable domain of a host; None where no such public suffix exists."""
    found: str | None = _suffixes().privatesuffix(host)
    if found is None and (labels := host.split("."))[-1] in _RESERVED and len(labels) > 1:
        return ".".join(labels[-2:])
    return found


def unpunycode(host: str) -> str:
    """A host with its encoded labels as a reader of the address bar sees them."""
    if "xn--" not in host:
        return host
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host


def skeleton(name: str) -> str:
    """What a name looks like at a glance: look-alikes, digits and doubled shapes undone."""
    plain = name.translate(LETTERS).translate(LOOKALIKES).translate(_CONFUSED).replace(" ", "")
    return plain.replace("rn", "m").replace("vv", "w").replace("cl", "d").replace("i", "l")


_SKELETONS: Final = {skeleton(brand): brand for brand in BRANDS}


def imitates(host: str, registered: str) -> str | None:
    """The well-known domain that a host wants to be taken for; None where it is what it says."""
    label, _, _ = registered.partition(".")
    if registered in _OWN or label in BRANDS:
        return _dangling(host, registered) if label not in BRANDS else None
    brand = _SKELETONS.get(skeleton(label))
    if brand:
        return BRANDS[brand]
    return _lured(label) or _dangling(host, registered)


def _lured(label: str) -> str | None:
    """A brand joined to a word that swindlers join it to: paypal-login."""
    pieces = label.split("-")
    for piece in pieces:
        brand = _SKELETONS.get(skeleton(piece))
        if brand and not _LURES.isdisjoint(pieces):
            return BRANDS[brand]
    for lure in (one for one in _LURES if one in label):
        brand = _SKELETONS.get(skeleton(label.removesuffix(lure).removeprefix(lure)))
        if brand:
            return BRANDS[brand]
    return None


def _dangling(host: str, registered: str) -> str | None:
    """A brand's whole domain in front of somebody else's: paypal.com.example.net."""
    before = host.removesuffix(registered).rstrip(".")
    if "." not in before:
        return None
    for brand_domain in BRANDS.values():
        if (
            before == brand_domain
            or before.endswith("." + brand_domain)
            or before.startswith(brand_domain + "-")
        ):
            return brand_domain
    return None
