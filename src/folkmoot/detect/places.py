"""What a list of phrases can name besides phrases: a price, a weight, a link, an invitation, a contact."""

import re
from itertools import islice
from typing import Final

from folkmoot.text.fold import Folded
from folkmoot.text.links import Link
from folkmoot.vocabulary import Span

NAMES: Final = ("<price>", "<link>", "<invite>", "<contact>", "<amount>")

_MONEY: Final = (
    r"[$€£¥₹₽₺₴₩₪฿₫₦₱]|r\$|rp|(?<![^\W\d_])(?:usd|eur|euros?|gbp|quid|bucks|dollars?|usdt|btc|rs|inr|rub|brl|mxn|idr)\b"
    r"|(?<![^\W\d_])(?:try|tl|pln|zł|zl|kč|chf|aed|sar|lira|reais|pesos?|soles|ribu|juta|rb|р)\b|руб\w*|грн|лир\w*"
    r"|(?<![^\W\d_])(?:rubl\w{0,3}|dwlar|dolar|riy?al|ryal|jnyh|gineh|dinar|drhm|dirham)\b"
    r"|元|块|塊|円|원|ريال|درهم|دينار|جنيه|دولار|रुपये|रुपए|रु"
)
_AMOUNT: Final = r"\d(?:[.,' ]?\d){0,12}"
_PRICE: Final = re.compile(
    rf"(?:{_MONEY})\s?(?:{_AMOUNT})(?:\s?k\b)?|(?:{_AMOUNT})\s?k?\s?(?:{_MONEY})", re.IGNORECASE
)
_CONTACT: Final = re.compile(
    r"(?<![\w.@/])@\w{4,32}\b(?![.:@])|(?<![\w.])\+?\d(?:[\s().\-]?\d){8,14}(?![\w.])"
)
_QUANTITY: Final = re.compile(
    r"(?<![\w.,])\d{1,6}(?:[.,]\d{1,3})?\s?"
    r"(?:(?:g|gr|gramm?s?|mg|ml|oz|kg|lbs?|г|гр|мг|кг|грамм\w{0,3}|غ|غرام|جرام|گرم)\b"
    r"|克|公克|毫克|グラム|그램|ग्राम|กรัม)",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(rb"[0-9]")
MOST: Final = 32


def _matches(folded: Folded, expression: re.Pattern[str]) -> list[Span]:
    """Where it stands as written; where it does not, as read with tricks undone."""
    # Whatever is looked for has a digit, of any script, or begins with an @ in the text as it is written.
    if not _DIGIT.search(folded.readings[0]) and not (expression is _CONTACT and "@" in folded.judged):
        return []
    found = [folded.uncut(*match.span()) for match in islice(expression.finditer(folded.judged), MOST)]
    if found:
        return found
    for number, reading in enumerate(folded.readings):
        view = reading.decode()
        for match in islice(expression.finditer(view), MOST):
            start = len(view[: match.start()].encode())
            found.append(folded.locate(number, start, start + len(match[0].encode())))
    return found


def find(name: str, folded: Folded, found: tuple[Link, ...]) -> list[Span]:
    """Where in the original the named thing stands."""
    if name == "<price>":
        return _matches(folded, _PRICE)
    if name == "<contact>":
        return _matches(folded, _CONTACT)
    if name == "<amount>":
        return _matches(folded, _QUANTITY)
    return [link.span for link in found if name == "<link>" or "invite" in link.kinds]
