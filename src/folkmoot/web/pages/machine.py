"""What machines read: whether the program is well, its figures, and the files that pages load."""

from litestar import Response, get, head
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import text

from folkmoot import observe
from folkmoot.web.access import Who
from folkmoot.web.hall import PageRequest, hall_of

_LOG = observe.logger("console")


@get("/healthz", who=Who.ANYBODY, any_host=True)
async def health(request: PageRequest) -> Response[str]:
    """Answer 200 if the program runs and its database answers, else 503."""
    try:
        await hall_of(request).store.read(lambda c: c.execute(text("SELECT 1")).scalar_one())
    except Exception:
        _LOG.exception("The database does not answer.")
        return Response("The database does not answer.\n", status_code=503, media_type="text/plain")
    return Response("ok\n", media_type="text/plain")


@head("/healthz", who=Who.ANYBODY, any_host=True)
async def health_head(request: PageRequest) -> Response[None]:
    """The same without a body, as some monitors ask."""
    found = await health.fn(request)
    return Response(None, status_code=found.status_code, media_type="text/plain")


@get("/metrics", who=Who.THIS_MACHINE)
async def metrics() -> Response[bytes]:
    """Return all figures in Prometheus' text format."""
    return Response(generate_latest(observe.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})


@get("/static/{name:str}", who=Who.ANYBODY, any_host=True)
async def static(request: PageRequest, name: FromPath[str]) -> Response[bytes]:
    """Return one file; its name changes with its content, so it may be kept for ever."""
    asset = hall_of(request).assets.get(name)
    if asset is None:
        raise NotFoundException
    return Response(
        asset.body,
        media_type=asset.kind,
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
