"""Keys and tokens that somebody let slip: whoever reads them can act in their name."""

import re
from typing import Final

from folkmoot.detect.triggers import Find
from folkmoot.text.fold import Folded
from folkmoot.text.looks import Look

_SECRET: Final = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY-----"
    r"|\b(?:gh[opsu]_[A-Za-z0-9]{36,255}|github_pat_\w{22,255}|glpat-[\w-]{20,255}|xox[abprs]-[\w-]{10,255})\b"
    r"|\bAKIA[0-9A-Z]{16}\b|\b[sr]k_live_[0-9A-Za-z]{20,255}\b|\bAIza[\w-]{35}\b|\bnpm_[A-Za-z0-9]{36}\b"
    r"|\bpypi-A[\w-]{50,400}|\bsyt_\w{4,200}_\w{20}_\w{6}\b|\bMDAxK\w{20,400}"
    r"|\beyJ[\w-]{10,2000}\.eyJ[\w-]{10,4000}\.[\w-]{20,1000}"
)
"""The forms that makers of keys chose so that slips are noticed: GitHub, GitLab, Slack, Amazon, Stripe,
Google, npm, PyPI,
Matrix, signed JSON tokens and private keys."""


def find(folded: Folded) -> Find | None:
    """Every key or token in the message."""
    if not folded.looks & int(Look.SECRET):
        return None
    spans = tuple(folded.uncut(*match.span()) for match in _SECRET.finditer(folded.judged))
    if not spans:
        return None
    return Find(name="secret", strength=1.0, sentence="It contains a secret key or token.", spans=spans)
