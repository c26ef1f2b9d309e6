"""A group's rules: for its administrators, and on a page that every member can read."""

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from msgspec import Struct
from sqlalchemy import Connection

from folkmoot.remember import groups, policies
from folkmoot.remember.groups import UnknownGroupError
from folkmoot.remember.records import Group, PolicyVersion
from folkmoot.web.access import Who
from folkmoot.web.hall import PageRequest, hall_of
from folkmoot.web.rendering import Translate, page, translate
from folkmoot.web.rule_views import changes, policy_of, rule_views

_MOST_VERSIONS = 50


class VersionView(Struct, frozen=True, kw_only=True):
    """One version of the rules in the history."""

    number: int
    at: float
    by: str
    note: str
    changes: tuple[str, ...]


@get("/groups/{group:str}/rules", who=Who.ADMINISTRATOR)
async def rules(request: PageRequest, group: FromPath[str]) -> Response[bytes]:
    """Show the rules in force and their history to an administrator."""
    return await _rules_page(request, group, None, public=False)


@get("/groups/{group:str}/rules/{version:int}", who=Who.ADMINISTRATOR)
async def rules_then(request: PageRequest, group: FromPath[str], version: FromPath[int]) -> Response[bytes]:
    """Show an earlier version of the rules to an administrator."""
    return await _rules_page(request, group, version, public=False)


@get("/g/{group:str}/rules", who=Who.ANYBODY)
async def public_rules(request: PageRequest, group: FromPath[str]) -> Response[bytes]:
    """Show the rules in force and their history to every member."""
    return await _rules_page(request, group, None, public=True)


@get("/g/{group:str}/rules/{version:int}", who=Who.ANYBODY)
async def public_rules_then(
    request: PageRequest, group: FromPath[str], version: FromPath[int]
) -> Response[bytes]:
    """Show an earlier version of the rules to every member."""
    return await _rules_page(request, group, version, public=True)


async def _rules_page(
    request: PageRequest, group: str, version: int | None, *, public: bool
) -> Response[bytes]:
    _ = translate(request)

    def look(connection: Connection) -> tuple[Group, list[PolicyVersion], PolicyVersion]:
        found = groups.get(connection, group)
        history = policies.history(connection, group)
        wanted = found.policy_version if version is None else version
        shown = next((one for one in history if one.version == wanted), None)
        if shown is None:
            raise NotFoundException
        return found, history, shown

    try:
        found, history, shown = await hall_of(request).store.read(look)
    except UnknownGroupError as unknown:
        raise NotFoundException from unknown
    return page(
        request,
        "public_rules.html" if public else "rules.html",
        group=found,
        shown=shown,
        policy=policy_of(shown),
        rules=rule_views(policy_of(shown), _, public=public),
        history=_history(history, _),
        base=f"/g/{group}/rules" if public else f"/groups/{group}/rules",
    )


def _history(history: list[PolicyVersion], _: Translate) -> list[VersionView]:
    shown = history[: _MOST_VERSIONS + 1]
    older: list[PolicyVersion | None] = [*shown[1:], None]
    return [
        VersionView(
            number=version.version,
            at=version.made_at,
            by=version.made_by,
            note=version.note,
            changes=tuple(changes(None if before is None else policy_of(before), policy_of(version), _)),
        )
        for version, before in zip(shown, older, strict=True)
    ][:_MOST_VERSIONS]
