"""Gathers the fragments of changelog.d into CHANGELOG.md under a version: `scripts/changelog.py VERSION`."""

import datetime
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARK = "<!-- versions -->"
KINDS = {
    "operators": "For operators",
    "security": "Security",
    "added": "Added",
    "changed": "Changed",
    "fixed": "Fixed",
    "removed": "Removed",
}
NAME = re.compile(rf"[a-z0-9][a-z0-9-]*\.({'|'.join(KINDS)})\.md")


class FragmentError(Exception):
    """A fragment can't be used; the message names it and the remedy."""


def fragments(root: Path) -> dict[str, list[Path]]:
    """Return the fragments of each kind; FragmentError names one that is misnamed or empty."""
    found: dict[str, list[Path]] = {}
    for path in sorted((root / "changelog.d").glob("*")):
        if path.name == "README.md":
            continue
        match = NAME.fullmatch(path.name)
        if match is None:
            raise FragmentError(f"{path.name}: name it WHAT.KIND.md; KIND is one of {', '.join(KINDS)}.")
        if not path.read_text(encoding="utf-8").strip():
            raise FragmentError(f"{path.name}: is empty. Say what is different now.")
        found.setdefault(match[1], []).append(path)
    return found


def section(version: str, day: str, found: dict[str, list[Path]]) -> str:
    """Return the changelog's section of a version."""
    parts = [f"## {version} ({day})"]
    for kind, title in KINDS.items():
        if kind in found:
            said = [" ".join(path.read_text(encoding="utf-8").split()) for path in found[kind]]
            parts.append(f"### {title}\n\n" + "\n".join(f"- {one}" for one in said))
    return "\n\n".join(parts)


def gather(root: Path, version: str, day: str) -> int:
    """Write the section, then remove the fragments."""
    found = fragments(root)
    if not found:
        raise FragmentError("There is no fragment in changelog.d: nothing to gather.")
    path = root / "CHANGELOG.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(MARK, f"{MARK}\n\n{section(version, day, found)}", 1), encoding="utf-8")
    for paths in found.values():
        for one in paths:
            one.unlink()
    return sum(map(len, found.values()))


def main(given: list[str]) -> int:
    """Gather, or say why not."""
    if len(given) != 1 or not re.fullmatch(r"\d+\.\d+\.\d+", given[0]):
        print("Usage: scripts/changelog.py VERSION, such as 0.1.0", file=sys.stderr)
        return 2
    try:
        count = gather(ROOT, given[0], datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d"))
    except FragmentError as trouble:
        print(f"changelog: {trouble}", file=sys.stderr)
        return 2
    print(f"{count} fragments are in CHANGELOG.md under {given[0]}.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
