"""The start page, and the list of groups that a person administers."""

from litestar import Response, get
from litestar.response import Redirect

from folkmoot.remember import groups
from folkmoot.web.access import Who, the_viewer
from folkmoot.web.hall import PageRequest, hall_of
from folkmoot.web.rendering import page


@get("/", who=Who.ANYBODY)
async def landing(request: PageRequest) -> Response[bytes]:
    """Say what this is, to anybody."""
    return page(request, "landing.html")


@get("/groups", who=Who.SIGNED_IN)
async def my_groups(request: PageRequest) -> Response[bytes] | Redirect:
    """List the groups that the viewer administers now; with one only, go there."""
    viewer = the_viewer(request)
    if len(viewer.groups) == 1:
        return Redirect(f"/groups/{viewer.groups[0]}", status_code=303)
    found = await hall_of(request).store.read(lambda c: [groups.get(c, group) for group in viewer.groups])
    return page(request, "groups.html", groups=sorted(found, key=lambda one: one.title.casefold()))
