"""Checks the hand-written rows in lab/rows: shape, labels, hosts, and that no two rows are nearly the same.

Run it from the repository's root: `python lab/rows_lint.py`; it prints counts, or every fault and exits 1.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

ROWS = Path(__file__).parent / "rows"
CATEGORIES = frozenset(
    {
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
    }
)
KEYS = frozenset({"id", "lang", "text", "labels", "note"})
NEAR = 0.8
LONGEST = 90
LINK = re.compile(
    r"https?://([^\s/]+)|\b((?:[a-z0-9-]+\.)+(?:com|net|org|io|me|ru|vip|bet|xyz|shop|top))\b", re.I
)
SAFE_HOST = re.compile(r"(^|\.)(example(\.(com|net|org))?|test|invalid)$")
WORD = re.compile(r"\w+")
UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")


@dataclass(frozen=True)
class Row:
    """One row and the place where it stands."""

    place: str
    theme: str
    id: str
    lang: str
    text: str
    labels: dict[str, int]


def words(text: str) -> frozenset[str]:
    """Gives the set of a text's words; scripts without spaces are cut into pairs of characters."""
    found: set[str] = set()
    for word in WORD.findall(text.casefold()):
        if UNSPACED.search(word) and len(word) > 1:
            found.update(word[i : i + 2] for i in range(len(word) - 1))
        else:
            found.add(word)
    return frozenset(found)


def shape_fault(found: object) -> str | None:
    """Says what is wrong with a decoded line's shape, or nothing."""
    if not isinstance(found, dict):
        return "not an object"
    if not {"id", "lang", "text", "labels"} <= found.keys() <= KEYS:
        return f"keys are {sorted(found)}"
    if not all(isinstance(found[key], str) and found[key].strip() for key in ("id", "lang", "text")):
        return "id, lang and text must be text"
    if not isinstance(found["labels"], dict) or not found["labels"]:
        return "labels must be an object with at least one category"
    return None


def read(path: Path, faults: list[str]) -> Iterator[Row]:
    """Reads one file's rows, and notes each line that is not a row."""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        place = f"{path.name}:{number}"
        try:
            found = json.loads(line)
        except ValueError as error:
            faults.append(f"{place}: not JSON ({error})")
            continue
        fault = shape_fault(found)
        if fault is not None:
            faults.append(f"{place}: {fault}")
            continue
        yield Row(place, path.stem, found["id"], found["lang"], found["text"], found["labels"])


def label_faults(row: Row) -> Iterator[str]:
    """Gives what is wrong with a row's labels, given the file it stands in."""
    unknown = set(row.labels) - CATEGORIES
    if unknown:
        yield f"{row.place}: unknown categories {sorted(unknown)}"
    if any(value not in (0, 1) for value in row.labels.values()):
        yield f"{row.place}: a label is neither 0 nor 1"
    if row.theme.startswith("pass_"):
        if set(row.labels) != CATEGORIES or any(row.labels.values()):
            yield f"{row.place}: a row that must pass has every label 0"
    elif row.labels.get(row.theme) != 1:
        yield f"{row.place}: a row of {row.theme} has that label 1"


def text_faults(row: Row) -> Iterator[str]:
    """Gives what is wrong with a row's text: its length, its language code, a host that could exist."""
    if len(row.text) > 600 or len(row.text.split()) > LONGEST:
        yield f"{row.place}: too long"
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z]{2,4})?", row.lang):
        yield f"{row.place}: {row.lang!r} is no language code"
    for match in LINK.finditer(row.text):
        host = (match[1] or match[2]).split(":")[0].rstrip(".,;!?)").lower()
        if not SAFE_HOST.search(host):
            yield f"{row.place}: {host} could be a real host; use one below .example"


def near_faults(rows: list[Row]) -> Iterator[str]:
    """Gives every pair of rows whose words are the same to more than the stated share."""
    sets = [words(row.text) for row in rows]
    often = Counter(word for found in sets for word in found)
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for here, found in enumerate(sets):
        rare = sorted(found, key=lambda word: (often[word], word))
        candidates: set[int] = set()
        # Two sets this close must share one of their rarest words.
        for word in rare[: len(rare) - ceil(NEAR * len(rare)) + 1]:
            candidates.update(holders[word])
            holders[word].append(here)
        for there in sorted(candidates):
            shared = len(found & sets[there])
            if shared > NEAR * (len(found) + len(sets[there]) - shared):
                yield f"{rows[here].place}: nearly the same as {rows[there].place}"


def same_faults(rows: list[Row]) -> Iterator[str]:
    """Gives each id and each text that occurs twice."""
    ids: dict[str, str] = {}
    texts: dict[str, str] = {}
    for row in rows:
        for kind, key, seen in (("id", row.id, ids), ("text", row.text.casefold(), texts)):
            if key in seen:
                yield f"{row.place}: the same {kind} as {seen[key]}"
            seen.setdefault(key, row.place)


def copied_faults(rows: list[Row], kept_apart: Path) -> Iterator[str]:
    """Gives each row that also stands in the suite that is kept apart."""
    apart: set[frozenset[str]] = set()
    for path in sorted(kept_apart.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            apart.add(words(str(json.loads(line).get("text", ""))))
    for row in rows:
        if words(row.text) in apart:
            yield f"{row.place}: stands in {kept_apart.name} too"


def main() -> int:
    """Checks every file and prints the counts."""
    faults: list[str] = []
    rows = [row for path in sorted(ROWS.glob("*.jsonl")) for row in read(path, faults)]
    for row in rows:
        faults.extend(label_faults(row))
        faults.extend(text_faults(row))
    faults.extend(same_faults(rows))
    faults.extend(near_faults(rows))
    faults.extend(copied_faults(rows, ROWS.parents[1] / "tests" / "corpus" / "protected"))
    sys.stdout.write("".join(f"{fault}\n" for fault in faults))
    for title, counts in (
        ("file", Counter(r.theme for r in rows)),
        ("language", Counter(r.lang for r in rows)),
    ):
        told = ", ".join(f"{name} {count}" for name, count in counts.most_common())
        sys.stdout.write(f"{title}: {told}\n")
    sys.stdout.write(f"{len(rows)} rows, {len(faults)} faults\n")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
