"""The policy server's own certificate, where it has one: its names, its dates, its key."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from folkmoot.cli.doctoring.findings import Found, not_needed, ok, wrong
from folkmoot.gateways.matrix.names import parse_server
from folkmoot.settings import Settings

_WHAT = "certificate"
_SOON = timedelta(days=7)
_OTHERS = 0o077


def certificate(read: Settings) -> Found:
    """See whether the certificate is for the policy server's name, in date, and fits its key."""
    ours = read.policy_server
    if not ours.server_name or not ours.certificate:
        return not_needed(_WHAT, "policy_server.certificate is empty: the reverse proxy has one.")
    try:
        first = x509.load_pem_x509_certificates(Path(ours.certificate).read_bytes())[0]
        key = Path(ours.certificate_key or ours.certificate)
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(ours.certificate, key)
    except (OSError, ValueError) as trouble:
        remedy = (
            "Give both policy_server.certificate and policy_server.certificate_key, which belong together."
        )
        return wrong(_WHAT, f"It can't be used: {trouble}.", remedy)
    if key.stat().st_mode & _OTHERS:
        return wrong(_WHAT, f"{key} is open to others.", f"Run: chmod 600 {key}")
    host = parse_server(ours.server_name).host
    if not any(_matches(host, name) for name in _names(first)):
        return wrong(_WHAT, f"It is for {', '.join(_names(first))}.", f"Get one for {host}.")
    ends = first.not_valid_after_utc
    if not first.not_valid_before_utc <= datetime.now(UTC) < ends - _SOON:
        return wrong(_WHAT, f"It is valid until {ends:%Y-%m-%d}.", "Renew it, then start Folkmoot again.")
    return ok(_WHAT, f"For {host}, valid until {ends:%Y-%m-%d}.")


def _names(one: x509.Certificate) -> list[str]:
    try:
        names = one.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    return names.get_values_for_type(x509.DNSName)


def _matches(host: str, name: str) -> bool:
    if name.startswith("*."):
        return host.lower().partition(".")[2] == name[2:].lower()
    return host.lower() == name.lower()
