"""The rows that the models learn from and are measured on: checked against the manifest, in one shape."""

import gzip
import hashlib
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any, Final

from folkmoot.detect.model_features import windows
from folkmoot.detect.model_signs import alike, signs
from folkmoot.text.fold import Folded, fold

HERE: Final = Path(__file__).parent
DATA: Final = HERE.parents[1] / "shared" / "data"
HEADS: Final = (
    "spam",
    "scam",
    "gambling",
    "sexual",
    "sexual-selling",
    "drugs",
    "violence",
    "harassment",
    "hate",
    "self-harm",
)
FOLDS: Final = 4
LENDING: Final = frozenset({"scam", "gambling", "sexual-selling"})
"""Kinds of written rows that are advertisements too, whatever else they are."""
PROSE_WEIGHT: Final = 16.0
"""What a text of OpenAI's set counts beside the many more messages that were written for this."""
_STOOD_IN: Final = re.compile(r"\[(?:USER|URL)\]|@(?:user|USER)\b|@url\b|\bURL\b|\|LBR\|")
"""What data sets put in the place of names and links: nobody writes so, and nothing is learnt from it."""
_OAI: Final = {"S": "sexual", "H": "hate", "HR": "harassment", "V": "violence", "SH": "self-harm"}


class MissingDataError(OSError):
    """A file of the manifest is not there, or is another; say where to put which."""


@dataclass(frozen=True)
class Row:
    """One labelled text; a head that `labels` leaves out is not known."""

    text: str
    lang: str
    source: str
    labels: dict[str, int]
    weight: float = 1.0
    kind: str = ""
    """What a source says besides, such as the test a row belongs to."""
    known: dict[str, int] = field(default_factory=dict)
    """The labels as the source has them."""
    of: str = ""
    """The text that this one is a copy of."""

    @property
    def fold(self) -> int:
        """The part of a cross-validation that the row is in: by its text, so that it stays there."""
        return hashlib.sha256((self.of or self.text).encode()).digest()[0] % FOLDS

    @property
    def kept(self) -> bool:
        """Whether the row is of the half that is measured only, never learnt from."""
        return hashlib.sha256(self.text.encode()).digest()[1] % 2 == 1


def manifest() -> dict[str, Any]:
    """What lab/manifest.toml says."""
    return tomllib.loads((HERE / "manifest.toml").read_text("utf-8"))


def read(name: str, folder: Path = DATA) -> list[dict[str, Any]]:
    """The lines of a file of the manifest, after its hash was checked."""
    entry = next(one for one in manifest()["files"] if one["name"] == name)
    path = folder / name
    if not path.is_file():
        raise MissingDataError(
            f"{path} is not there. Put the data sets into {folder}, or name their folder with --data."
        )
    raw = path.read_bytes()
    found = hashlib.sha256(raw).hexdigest()
    if found != entry["sha256"]:
        raise MissingDataError(
            f"{path} has the SHA-256 {found}, and lab/manifest.toml says {entry['sha256']}. "
            "Get the file that the manifest names, or, if yours is meant, write its hash there."
        )
    lines = [json.loads(line) for line in gzip.decompress(raw).decode().splitlines()]
    if len(lines) != entry["rows"]:
        raise MissingDataError(f"{path} has {len(lines)} rows, and lab/manifest.toml says {entry['rows']}.")
    return lines


def open_rows(name: str, folder: Path = DATA) -> Iterator[Row]:
    """The rows of one of the large files, each label under the head that it teaches; of each source no more
    than the manifest says."""
    sources = manifest()["sources"]
    counts: Counter[str] = Counter()
    for line in read(name, folder):
        source = sources[line["source"]]
        counts[line["source"]] += 1
        if counts[line["source"]] > source.get("most", inf):
            continue
        labels = dict(_taught(line, source))
        text = " ".join(_STOOD_IN.sub(" ", line["text"]).split())
        if labels and text:
            weight = source.get("weight", 1.0)
            yield Row(text, line["lang"], line["source"], labels, weight, known=line["labels"])


def _taught(line: dict[str, Any], source: dict[str, Any]) -> Iterator[tuple[str, int]]:
    if source.get("only_negative") and line["labels"].get("hate") == 1:
        return
    for theirs, ours in source["labels"].items():
        if theirs in line["labels"]:
            yield ours, line["labels"][theirs]
    if source.get("benign"):
        yield from ((head, 0) for head in HEADS)
    if line["source"] == "synth":
        yield from _split(line)


_SELLING: Final = re.compile(
    r"selling|menu|escort|massage|folder|channel|on cam|incall|looking for sex tonight"
    r"|free .*(?:dm|link|pm|inbox|t\.me|write|whatsapp|telegram)",
    re.I,
)
_FRAUD: Final = re.compile(
    r"make \d|invest|giveaway|airdrop|suspended|hacker|nitro|cloned|signals|profit|you have won|parcel"
    r"|loan|удал|заработок|ingresos|兼职",
    re.I,
)


def _split(line: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """The finer heads of rows that were written by rules before those heads were told apart."""
    labels, text = line["labels"], line["text"]
    if labels.get("sexual") == 1:
        yield "sexual-selling", int(bool(_SELLING.search(text)))
    elif labels.get("sexual") == 0:
        yield "sexual-selling", 0
    if labels.get("spam") == 1 and _FRAUD.search(text):
        yield "scam", 1
    elif labels.get("spam") == 0:
        yield "scam", 0
    if all(value == 0 for value in labels.values()):
        yield "harassment", 0


_HOSTS: Final = ("com", "net", "top", "ru", "shop", "org", "xyz", "io")


def _with_a_host(text: str) -> str:
    """The text with an ending in place of `.example`, which nobody's links end with."""
    return text.replace(".example", f".{_HOSTS[hashlib.sha256(text.encode()).digest()[5] % len(_HOSTS)]}")


def written_rows(folder: Path = HERE / "rows") -> Iterator[Row]:
    """The rows that were written for this project."""
    for path in sorted(folder.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            found = json.loads(line)
            weight = 10.0 if path.stem.startswith("pass") else 8.0
            if path.stem in LENDING:
                found["labels"].setdefault("spam", 1)
            yield Row(_with_a_host(found["text"]), found["lang"], path.stem, found["labels"], weight)


def prose_rows(folder: Path = DATA) -> Iterator[Row]:
    """The development half of OpenAI's moderation set, under our heads."""
    for line in read("dev_oai_half.jsonl.gz", folder):
        labels = {ours: line["labels"][theirs] for theirs, ours in _OAI.items() if theirs in line["labels"]}
        if line["labels"].get("S3") == 1:
            labels["sexual"] = 1
        if line["labels"].get("H2") == 1:
            labels["hate"] = 1
        yield Row(line["text"], "en", "oai", labels, PROSE_WEIGHT, known=line["labels"])


def other_rows(name: str, folder: Path = DATA) -> Iterator[Row]:
    """The rows of a set that is only measured on."""
    for line in read(name, folder):
        yield Row(line["text"], line["lang"], line["source"], line["labels"], kind=line.get("func", ""))


def views(rows: Iterable[Row]) -> list[bytes]:
    """The rows' texts as the models see them: the first window, after the text's signs."""
    return [seen(fold(row.text)) for row in rows]


def seen(folded: Folded) -> bytes:
    """The first window of a text as it stands, after its signs."""
    return signs(folded) + windows(alike(folded.readings[0]))[0]
