"""Who sent a request: the server whose key signed all of it, for us."""

from folkmoot.gateways.matrix import x_matrix
from folkmoot.gateways.matrix.asgi import RefusedError, Request
from folkmoot.gateways.matrix.canonical_json import JsonObject, NotCanonicalError
from folkmoot.gateways.matrix.remote_keys import RemoteKeys
from folkmoot.gateways.matrix.x_matrix import BadAuthorizationError


class Callers:
    """Verifies X-Matrix authorization (specification: "Request Authentication")."""

    def __init__(self, server_name: str, keys: RemoteKeys) -> None:
        """Accept requests made for `server_name`."""
        self._server_name = server_name
        self._keys = keys

    async def verify(self, request: Request, content: JsonObject | None) -> str:
        """Return the name of the server that sent the request; RefusedError (401) if none proved it."""
        try:
            claims = x_matrix.parse_all(request.authorization, self._server_name)
            origin = claims[0].origin
            if origin == self._server_name:
                raise BadAuthorizationError("The origin is this server itself.")
            covered = x_matrix.covered(request.method, request.uri, origin, self._server_name, content)
        except BadAuthorizationError as trouble:
            raise _unauthorized(str(trouble)) from trouble
        except NotCanonicalError as trouble:
            raise RefusedError(
                400, "M_BAD_JSON", f"The request's body has no canonical form: {trouble}."
            ) from None
        found = False
        for claim in claims:
            key = await self._keys.for_request(origin, claim.key)
            found = found or key is not None
            if key is not None and key.verifies(covered, claim.signature):
                return origin
        if not found:
            raise _unauthorized(f"The signing key could not be had from {origin}.")
        raise _unauthorized("The signature is wrong.")


def _unauthorized(error: str) -> RefusedError:
    return RefusedError(401, "M_UNAUTHORIZED", error)
