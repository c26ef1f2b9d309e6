"""Unpadded Base64 as Matrix writes it (specification: appendices, "Unpadded Base64")."""

import base64
import binascii


class NotBase64Error(ValueError):
    """The text is not Base64, padded or not."""


def encode(body: bytes) -> str:
    """Write bytes as unpadded Base64."""
    return binascii.b2a_base64(body, newline=False).decode().rstrip("=")


def encode_url_safe(body: bytes) -> str:
    """Write bytes as unpadded Base64 of the URL-safe alphabet."""
    return base64.urlsafe_b64encode(body).decode().rstrip("=")


def decode(text: object) -> bytes:
    """Read Base64 of the ordinary alphabet, with or without padding; NotBase64Error for anything else."""
    if not isinstance(text, str):
        raise NotBase64Error
    bare = text.rstrip("=")
    try:
        return binascii.a2b_base64(bare + "=" * (-len(bare) % 4), strict_mode=True)
    except (binascii.Error, ValueError) as trouble:
        raise NotBase64Error from trouble
