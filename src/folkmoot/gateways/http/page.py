"""The API's documentation as a page for people: one file, no script, nothing from elsewhere."""

from importlib.resources import files
from typing import Any

import msgspec
from jinja2 import Environment, StrictUndefined

from folkmoot.gateways.http.problems import KINDS

POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def render(document: dict[str, Any]) -> bytes:
    """Return the page for an OpenAPI document, as HTML."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals["kind_of"] = _kind_of
    environment.filters["as_json"] = _as_json
    template = environment.from_string(_file("page.html"))
    return template.render(document=document, problems=KINDS).encode()


def style() -> bytes:
    """Return the page's style sheet."""
    return _file("page.css").encode()


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _as_json(value: Any) -> str:
    return msgspec.json.format(msgspec.json.encode(value)).decode()


def _kind_of(schema: dict[str, Any]) -> str:
    """Return the type of a field in words, with its bounds."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(_kind_of(one) for one in schema["anyOf"])
    kind = str(schema.get("type", "anything"))
    if kind == "array":
        items = schema.get("items")
        kind = f"array of {_kind_of(items)}" if isinstance(items, dict) else "array"
    return kind + _bounds(schema)


def _bounds(schema: dict[str, Any]) -> str:
    words = {
        "minLength": "at least {} long",
        "maxLength": "at most {} long",
        "minItems": "at least {}",
        "maxItems": "at most {}",
        "minimum": "from {}",
        "maximum": "to {}",
    }
    found = [text.format(schema[name]) for name, text in words.items() if name in schema]
    return f" ({', '.join(found)})" if found else ""
