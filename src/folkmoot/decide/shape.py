"""Whether a policy's text has the right keys and kinds of values, everywhere at once; says what is wrong in
words."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from difflib import get_close_matches
from enum import Enum
from typing import Any, Final, NamedTuple

import msgspec.inspect as shapes

from folkmoot.decide.places import Path
from folkmoot.text.hosts import names
from folkmoot.vocabulary import Category


class Trouble(NamedTuple):
    """Something wrong, before its place in the text is looked up."""

    path: Path
    problem: str
    remedy: str
    at_key: bool = False
    """Whether the key is what is wrong, not its value."""
    warning: bool = False
    inside: tuple[int, int] | None = None
    """From which character of the value on, and how many are meant; None for the whole of it."""


_NEVER: Final = names(
    "politics political politician opinion opinions protest protests demonstration rally petition "
    "police government state officials authority authorities army military religion religious "
    "blasphemy atheism news rumour rumours rumor rumors misinformation disinformation fake-news "
    "propaganda leaks leaked election elections criticism extremism activism strike union unrest "
    "sedition insult-of-officials lese-majeste dissent censorship "
)
"""What people have wished to forbid, and what no category of ours is about."""

_KINDS: Final[dict[type, str]] = {
    shapes.StrType: "text in quotation marks",
    shapes.IntType: "a whole number",
    shapes.BoolType: "true or false",
    shapes.DateTimeType: "a date and time, such as 2026-11-22T09:00:00Z",
    shapes.VarTupleType: "a list in square brackets",
    shapes.StructType: "a table",
    shapes.DictType: "a table",
}


def _plain(value: object) -> str:
    """What kind of value somebody wrote."""
    if isinstance(value, bool):
        return "true or false"
    names = {str: "text", int: "a number", float: "a number with a fraction", list: "a list", dict: "a table"}
    return names.get(type(value), "a date or time" if hasattr(value, "isoformat") else "something else")


def nearest(word: str, known: list[str]) -> str:
    """A remedy that names what was probably meant, or all there is."""
    close = get_close_matches(
        word.lower().replace("_", "-"), [one.replace("_", "-") for one in known], 1, 0.6
    )
    meant = [one for one in known if close and one.replace("_", "-") == close[0]]
    return f"Did you mean “{meant[0]}”?" if meant else f"There is: {', '.join(known)}."


def troubles(value: Any, shape: shapes.Type, path: Path = ()) -> Iterator[Trouble]:
    """Everything that is wrong with a value's shape, in the order of the text."""
    if isinstance(shape, shapes.UnionType):
        yield from _union(value, shape, path)
    elif isinstance(shape, shapes.StructType):
        yield from _struct(value, shape, path)
    elif isinstance(shape, shapes.VarTupleType):
        yield from _list(value, shape, path)
    elif isinstance(shape, shapes.DictType):
        yield from _table(value, shape, path)
    elif isinstance(shape, shapes.EnumType):
        yield from _choice(value, [str(one.value) for one in shape.cls], shape.cls, path)
    elif isinstance(shape, shapes.LiteralType):
        yield from _choice(value, [str(one) for one in shape.values], None, path)
    else:
        yield from _simple(value, shape, path)


def _wrong(value: object, shape: shapes.Type, path: Path) -> Trouble:
    wanted = _KINDS.get(type(shape), "something else")
    name = next((part for part in reversed(path) if isinstance(part, str)), "the policy")
    return Trouble(path, f"“{name}” is {_plain(value)} here.", f"Write {wanted}.")


_TYPES: Final[dict[type, type]] = {
    shapes.StrType: str,
    shapes.IntType: int,
    shapes.BoolType: bool,
    shapes.DateTimeType: datetime,
}


def _simple(value: object, shape: shapes.Type, path: Path) -> Iterator[Trouble]:
    wanted = _TYPES.get(type(shape))
    if wanted and type(value) is not wanted:
        yield _wrong(value, shape, path)


def _list(value: object, shape: shapes.VarTupleType, path: Path) -> Iterator[Trouble]:
    if not isinstance(value, list):
        yield _wrong(value, shape, path)
        return
    for number, one in enumerate(value):
        yield from troubles(one, shape.item_type, (*path, number))


def _table(value: object, shape: shapes.DictType, path: Path) -> Iterator[Trouble]:
    if not isinstance(value, dict):
        yield _wrong(value, shape, path)
        return
    for key, one in value.items():
        yield from troubles(one, shape.value_type, (*path, key))


def _choice(value: object, known: list[str], cls: type[Enum] | None, path: Path) -> Iterator[Trouble]:
    if not isinstance(value, str):
        yield Trouble(path, f"“{path[-1]}” is {_plain(value)} here.", f"Write one of: {', '.join(known)}.")
    elif cls is Category and value.lower().replace("_", "-") in _NEVER:
        yield Trouble(
            path,
            f"“{value}” is no category: opinion is not an offence.",
            "Folkmoot has no rules about opinion, criticism, protest, religion, news or rumour. "
            f"If a behaviour is meant, name it: {', '.join(known)}.",
        )
    elif value not in known:
        known = [one for one in known if one != "allow"]  # no rule lets pass; exceptions do
        yield Trouble(path, f"There is no {path[-1]} “{value}”.", nearest(value, known))


def _union(value: object, shape: shapes.UnionType, path: Path) -> Iterator[Trouble]:
    structs = {str(one.tag): one for one in shape.types if isinstance(one, shapes.StructType) and one.tag}
    if not structs:
        (wanted,) = (one for one in shape.types if not isinstance(one, shapes.NoneType))
        yield from troubles(value, wanted, path)
    elif not isinstance(value, dict):
        remedy = 'Write a table, such as { kind = "words", any = ["…"] }.'
        yield Trouble(path, f"A trigger is {_plain(value)} here.", remedy)
    elif "kind" not in value:
        yield Trouble(
            path, "This trigger does not say its kind.", f"Add kind = one of: {', '.join(structs)}."
        )
    elif value["kind"] not in structs:
        yield Trouble(
            (*path, "kind"),
            f"There is no kind of trigger “{value['kind']}”.",
            nearest(str(value["kind"]), [*structs]),
        )
    else:
        yield from _struct(value, structs[value["kind"]], path)


def _struct(value: object, shape: shapes.StructType, path: Path) -> Iterator[Trouble]:
    if not isinstance(value, dict):
        yield _wrong(value, shape, path)
        return
    fields = {field.encode_name: field for field in shape.fields}
    for key, one in value.items():
        if key in fields:
            yield from troubles(one, fields[key].type, (*path, key))
        elif key != shape.tag_field:
            yield Trouble((*path, key), f"There is no “{key}” here.", nearest(key, [*fields]), at_key=True)
    yield from _missing(value, fields, path)


def _missing(
    value: Mapping[str, object], fields: Mapping[str, shapes.Field], path: Path
) -> Iterator[Trouble]:
    names = [part for part in path if isinstance(part, str)]
    whose = f"This {names[-1].removesuffix('s')}" if names else "The policy"
    for name, field in fields.items():
        if field.required and name not in value:
            wanted = _KINDS.get(type(field.type), "one of the words that docs/admins/policies.md names")
            remedy = "Add one with [[rules]]." if name == "rules" else f"Add {name} = {wanted}."
            yield Trouble(path, f"{whose} has no “{name}”.", remedy, at_key=True)
