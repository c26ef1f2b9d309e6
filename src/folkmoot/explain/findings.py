"""What detectors found, said in another language: their English sentences are taken apart and said anew."""

from folkmoot.explain.languages import Tongue


def finding(said: str, _: Tongue) -> str:
    """Return a finding's sentence in a language; as it was said where its form is not known."""
    return said
