"""The HTTP API: any chat system can ask for a judgement, with the token of one group."""

from folkmoot.gateways.http.api import HttpApi

__all__ = ["HttpApi"]
