"""A policy as a text file: read from TOML, and written to it."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from folkmoot.decide.diagnose import PolicyError, examine
from folkmoot.decide.rules import Policy, Rule

__all__ = ["Policy", "PolicyError", "Rule", "dump", "load"]


def load(text: str) -> Policy:
    """Read a policy from TOML; one that cannot be used is a `PolicyError` with every finding."""
    policy, findings = examine(text)
    if policy is None:
        raise PolicyError(findings)
    return policy


def dump(policy: Policy) -> str:
    """Write a policy as TOML, so that `load` gives the same policy back."""
    plain = msgspec.to_builtins(policy, builtin_types=(datetime,))
    return "\n".join(_table("", plain)).lstrip("\n") + "\n"


def _table(name: str, table: dict[str, Any]) -> Iterator[str]:
    """The lines of a table: its plain values first, then the tables below it."""
    below = {key: value for key, value in table.items() if _is_table(value) or (value and _are_tables(value))}
    for key, value in table.items():
        if key not in below and value is not None:
            yield f"{_key(key)} = {_value(value)}"
    for key, value in below.items():
        path = f"{name}.{_key(key)}" if name else _key(key)
        for one in value if isinstance(value, list | tuple) else [value]:
            if lines := list(_table(path, one)):
                yield ""
                yield f"[[{path}]]" if isinstance(value, list | tuple) else f"[{path}]"
                yield from lines


def _is_table(value: object) -> bool:
    return isinstance(value, dict)


def _are_tables(value: object) -> bool:
    return isinstance(value, list | tuple) and all(map(_is_table, value))


def _key(key: str) -> str:
    return key if key.replace("-", "").replace("_", "").isalnum() and key.isascii() else json.dumps(key)


def _value(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, list | tuple):
        if len(value) > 6 or any(isinstance(one, list | tuple) for one in value):
            return "[\n" + "".join(f"  {_value(one)},\n" for one in value) + "]"
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False)
