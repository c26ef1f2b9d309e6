"""The OpenAPI document, made from the very structs that requests are read with."""

from importlib.metadata import version
from typing import Any

import msgspec

from folkmoot.gateways.http import problems, review_openapi
from folkmoot.gateways.http.access import KNOWN_FOR
from folkmoot.gateways.http.problems import Kind
from folkmoot.gateways.http.reading import SECONDS_FOR_A_BODY
from folkmoot.gateways.http.wire import (
    LONGEST_TEXT,
    Batch,
    Judgement,
    Judgements,
    MessageToJudge,
    PolicyInForce,
    Problem,
)
from folkmoot.settings import Settings

_EXAMPLE = {
    "id": "m1",
    "text": "Is the path by the river open again?",
    "sender": "kim",
    "room": "general",
    "sent_at": 1795000000,
}
_ALWAYS = (problems.NO_TOKEN, problems.WRONG_TOKEN, problems.FAILED, problems.BUSY)
_WITH_A_BODY = (
    problems.NOT_JSON,
    problems.WRONG_FIELD,
    problems.TOO_MANY,
    problems.OTHER_GROUP,
    problems.TOO_SLOW,
    problems.TOO_LARGE,
    problems.WRONG_TYPE,
)


def document(settings: Settings) -> dict[str, Any]:
    """Return the document of this installation, with its own address and limits."""
    types = (MessageToJudge, Batch, Judgement, Judgements, PolicyInForce, Problem, *review_openapi.types())
    _, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    components["Batch"]["properties"]["messages"]["maxItems"] = settings.web.largest_batch
    for schema in components.values():
        _tidy(schema)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Folkmoot",
            "version": version("folkmoot"),
            "summary": "Judges messages by a group's own rules, and says why.",
            "description": _limits(settings),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": settings.web.public_url.rstrip("/")}],
        "security": [{"token": []}],
        "paths": {
            "/v1/judge": {"post": _judge(settings)},
            "/v1/policy": {"get": _policy()},
            **review_openapi.paths(),
            "/openapi.json": {"get": _open("openapi", "This document.", "application/json")},
            "/v1/docs": {"get": _open("docs", "This document as a page for people.", "text/html")},
        },
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A token opens one group. `folkmoot token GROUP` makes one that may "
                    "judge; with --may it may report, decide or act.",
                }
            },
        },
    }


def _limits(settings: Settings) -> str:
    web = settings.web
    return (
        f"A request has at most {web.largest_request} bytes and {web.largest_batch} messages, "
        f"and must arrive within {SECONDS_FOR_A_BODY:g} seconds. "
        f"At most {web.most_at_once} requests are handled at once. "
        f"A text has at most {LONGEST_TEXT} characters. "
        f"The same id always gets the same answer, for {settings.keep.answers_days} days. "
        f"An ended token stops working within {KNOWN_FOR:g} seconds."
    )


def _judge(settings: Settings) -> dict[str, Any]:
    second = {**_EXAMPLE, "id": "m2", "text": "Yes, since Monday."}
    return {
        "operationId": "judge",
        "summary": "Judge one message, or several of one group.",
        "description": "The answer has the shape of the request: one judgement, or a list of them. "
        "Nothing is judged unless the whole request is right. " + _limits(settings),
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"oneOf": [_ref("MessageToJudge"), _ref("Batch")]},
                    "examples": {
                        "one": {"summary": "One message", "value": _EXAMPLE},
                        "several": {"summary": "Several messages", "value": {"messages": [_EXAMPLE, second]}},
                    },
                }
            },
        },
        "responses": {
            "200": _answer("What was found.", {"oneOf": [_ref("Judgement"), _ref("Judgements")]}),
            **_problems(*_ALWAYS, *_WITH_A_BODY),
        },
    }


def _policy() -> dict[str, Any]:
    return {
        "operationId": "policy",
        "summary": "The rules of the token's group that are in force.",
        "responses": {"200": _answer("The rules.", _ref("PolicyInForce")), **_problems(*_ALWAYS)},
    }


def _open(name: str, summary: str, kind: str) -> dict[str, Any]:
    return {
        "operationId": name,
        "summary": summary,
        "security": [],
        "responses": {
            "200": {"description": summary, "content": {kind: {"schema": {}}}},
            **_problems(problems.BUSY),
        },
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {kind: {"schema": schema}}}


def _problems(*kinds: Kind) -> dict[str, Any]:
    """Return the answers for kinds of problems, those of one status together."""
    answers: dict[str, Any] = {}
    for status in sorted({kind.status for kind in kinds}):
        titles = ". Or: ".join(kind.title for kind in kinds if kind.status == status)
        answers[str(status)] = _answer(f"{titles}.", _ref("Problem"), "application/problem+json")
    return answers


def _tidy(schema: dict[str, Any]) -> None:
    """Take the indentation of the source out of descriptions."""
    if "description" in schema:
        schema["description"] = " ".join(schema["description"].split())
