"""Files of others are exactly what was published, and say whose they are."""

import hashlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = [ROOT / "src/folkmoot/web/static/vendored", ROOT / "tests/console/vendored"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_every_vendored_file_is_listed_with_its_hash(folder: Path) -> None:
    """VENDORED.md names each file with package, version, licence and the hash that it has."""
    rows = re.findall(
        r"^\| `([^`]+)` \| (\S+) \| (\d+\.\d+\.\d+) \| [^|]+ \| `([0-9a-f]{64})` \|$",
        (folder / "VENDORED.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    listed = {name: digest for name, _, _, digest in rows}
    there = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.iterdir()
        if file.name != "VENDORED.md"
    }
    assert there == listed


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_the_script_fetches_what_is_listed(folder: Path) -> None:
    """Each vendored file can be fetched and compared anew, in the version that is listed."""
    script = (ROOT / "scripts/vendor.sh").read_text(encoding="utf-8")
    for name, package, version in re.findall(
        r"^\| `([^`]+)` \| (\S+) \| (\S+) \|",
        (folder / "VENDORED.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    ):
        assert re.search(
            rf"^take {re.escape(package)} {re.escape(version)} \S+ \S+/{re.escape(name)}$", script, re.M
        )
