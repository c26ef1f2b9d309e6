"""The statement of reasons of one verdict: readable by whoever has its link, without an account."""

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from sqlalchemy import Connection

from folkmoot.explain.reasons import Reason, Statement, statement
from folkmoot.remember import groups, verdicts
from folkmoot.remember.records import Group
from folkmoot.web.access import Who
from folkmoot.web.hall import PageRequest, hall_of
from folkmoot.web.rendering import page, translate
from folkmoot.web.rule_views import policy_of
from folkmoot.web.verdict_views import Read, verdict_views, with_names


@get("/receipt/{token:str}", who=Who.ANYBODY)
async def receipt(request: PageRequest, token: FromPath[str]) -> Response[bytes]:
    """Say what was done, where and when, by which rule, found how, and what the member can do."""
    hall = hall_of(request)
    verdict = hall.receipts.verdict(token)
    if verdict is None:
        raise NotFoundException

    def look(connection: Connection) -> tuple[Group, Read]:
        found = verdicts.get(connection, verdict)
        if found is None:
            raise NotFoundException
        return groups.get(connection, found.group), with_names(connection, found.group, [found])

    group, was = await hall.store.read(look)
    return page(
        request,
        "receipt.html",
        group=group,
        verdict=verdict_views(was, translate(request))[0],
        said=_statement(group, was),
    )


def _statement(group: Group, was: Read) -> Statement:
    """Return the statement of reasons in the very words that the member was sent."""
    record = was.records[0]
    version = was.versions.get(record.policy_version)
    deciding = record.finding.rules[0] if record.finding.rules else ""
    rule = policy_of(version).rule(deciding) if version is not None else None
    return statement(
        record.done,
        None if rule is None else Reason(rule=rule.id, sentence=rule.sentence, category=rule.category),
        record.finding.signals,
        at=record.at,
        group=group.title,
        room=was.titles[record.room],
        link=None,
        failure=record.finding.failure,
    )
