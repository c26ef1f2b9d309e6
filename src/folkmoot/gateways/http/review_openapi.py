"""The part of the OpenAPI document that is about people, made from the routes themselves."""

from typing import Any

from folkmoot.gateways.http import problems
from folkmoot.gateways.http.problems import Kind
from folkmoot.gateways.http.review_routes import ROUTES, ReviewRoute

_ALWAYS = (problems.NO_TOKEN, problems.WRONG_TOKEN, problems.WRONG_SCOPE, problems.FAILED, problems.BUSY)
_WITH_A_BODY = (
    problems.NOT_JSON,
    problems.WRONG_FIELD,
    problems.TOO_SLOW,
    problems.TOO_LARGE,
    problems.WRONG_TYPE,
    problems.NOT_ALLOWED,
    problems.TAKEN,
    problems.NOT_POSSIBLE,
)
_ID = {
    "name": "id",
    "in": "path",
    "required": True,
    "description": "What it is about, by the id that an answer gave you.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{1,64}$"},
}
_BY = {
    "name": "Folkmoot-By",
    "in": "header",
    "required": True,
    "description": "Who asks, by your own id of them, percent-encoded. You vouch for it.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[A-Za-z0-9._~@:%-]+$"},
}


def types() -> tuple[Any, ...]:
    """Return every struct that is asked or answered."""
    found = [one.answer for one in ROUTES] + [one.asked for one in ROUTES if one.asked is not None]
    return tuple(dict.fromkeys(found))


def paths() -> dict[str, Any]:
    """Return the paths, each with its methods."""
    found: dict[str, Any] = {}
    for one in ROUTES:
        found.setdefault(one.path, {})[one.method.lower()] = _operation(one)
    return found


def _operation(one: ReviewRoute) -> dict[str, Any]:
    kinds = [*_ALWAYS, *(_WITH_A_BODY if one.asked is not None else ())]
    parameters = []
    if one.path == "/v1/appeals" and one.asked is not None:
        kinds.append(problems.UNKNOWN)
    if "{id}" in one.path:
        parameters.append(_ID)
        kinds += [problems.UNKNOWN, problems.NOT_FOUND, problems.NOT_ALLOWED]
    if one.by:
        parameters.append(_BY)
        kinds += [problems.NO_PERSON, problems.NOT_ALLOWED]
    named = [part for part in one.path.split("/")[2:] if part != "{id}"]
    about = "-one" if one.path.endswith("{id}") else ""
    made: dict[str, Any] = {
        "operationId": f"{one.method.lower()}-{'-'.join(named)}{about}",
        "summary": one.summary,
        "description": f"For a token that may {' or '.join(sorted(one.may))}.",
        "responses": {"200": _answer(one.summary, one.answer.__name__), **_refusals(kinds)},
    }
    if parameters:
        made["parameters"] = parameters
    if one.asked is not None:
        made["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _ref(one.asked.__name__), "examples": {}}},
        }
    return made


def _refusals(kinds: list[Kind]) -> dict[str, Any]:
    """Return the answers for kinds of problems, those of one status together."""
    answers: dict[str, Any] = {}
    for kind in sorted(set(kinds), key=lambda one: (one.status, one.name)):
        known = answers.get(str(kind.status))
        said = f"{known['description']} Or: {kind.title}." if known else f"{kind.title}."
        answers[str(kind.status)] = _answer(said, "Problem", "application/problem+json")
    return answers


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, name: str, kind: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {kind: {"schema": _ref(name)}}}
