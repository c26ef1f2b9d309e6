"""Writes the pages of docs/operators that follow from the code: settings, commands, metrics.

`scripts/docs.py` writes them; with `--check` it only says whether they are up to date.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.metrics import MetricWrapperBase

from folkmoot import observe
from folkmoot.cli import app
from folkmoot.review.permissions import COLUMNS, MEANING, cell
from folkmoot.settings import Settings, definitions

ROOT = Path(__file__).resolve().parent.parent
MARK = "<!-- Written by scripts/docs.py from the code: change the code, then run it. -->"


def settings_page() -> str:
    """Every setting, section by section."""
    lines = [
        "# Settings",
        "",
        MARK,
        "",
        "One TOML file, named with `--settings`; `folkmoot init` writes one with every setting explained.",
        "Each can be given in the environment instead, which wins over the file; a list is then separated",
        "with commas. A name that is not known, or a value of the wrong kind, stops the program with a",
        "message that names the place and the remedy. `folkmoot doctor` sees whether all of it works.",
    ]
    section = ""
    for one in definitions():
        if one.section != section:
            section = one.section
            purpose = str(type(getattr(Settings(), section)).__doc__).splitlines()[0]
            lines += ["", f"## [{section}]", "", purpose, ""]
            lines += ["| setting | kind | default | meaning | variable |", "|---|---|---|---|---|"]
        default = json.dumps(list(one.default) if isinstance(one.default, tuple) else one.default)
        lines.append(f"| `{one.name}` | {one.kind} | `{default}` | {one.description} | `{one.variable}` |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Every command with its options."""
    text = app.generate_docs(output_format="markdown")
    head, _, rest = text.partition("\n")
    return f"{head.replace('folkmoot', 'Commands')}\n\n{MARK}\n{rest.rstrip()}\n"


def metrics_page() -> str:
    """Every figure that /metrics gives."""
    lines = [
        "# Metrics",
        "",
        MARK,
        "",
        "`GET /metrics` on the console's port gives these in Prometheus' text format: to this machine only,",
        "unless `web.metrics_open` is set. No figure has a label that names a person, a room or a group,",
        "and none holds text of a message.",
        "",
        "| metric | kind | labels | meaning |",
        "|---|---|---|---|",
    ]
    for name, kind, labels, meaning in metrics(observe.REGISTRY):
        shown = ", ".join(f"`{label}`" for label in labels) or "none"
        lines.append(f"| `{name}{'_total' if kind == 'counter' else ''}` | {kind} | {shown} | {meaning} |")
    return "\n".join(lines) + "\n"


def metrics(registry: CollectorRegistry) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """What the registry holds, in the order in which it was named: name, kind, labels, meaning."""
    for collector in list(registry._collector_to_names):
        match collector:
            case MetricWrapperBase():
                yield collector._name, collector._type, collector._labelnames, collector._documentation
            case observe.Tally():
                yield collector._name, "counter", (collector._label,), collector._documentation
            case observe.Durations():
                yield collector._name, "histogram", (), collector._documentation
            case _:
                raise TypeError(f"The page does not know how to show {collector!r}.")


def permissions_page() -> str:
    """Who may do what, from the one table that every function asks."""
    text = (ROOT / "scripts" / "permissions.md").read_text(encoding="utf-8")
    head = f"| | {' | '.join(COLUMNS)} |\n|---|{'---|' * len(COLUMNS)}"
    rows = [f"| {MEANING[deed]} | {' | '.join(cell(deed, one) for one in COLUMNS)} |" for deed in MEANING]
    return text.replace("{mark}", MARK).replace("{table}", "\n".join([head, *rows]))


PAGES = {
    "docs/admins/permissions.md": permissions_page,
    "docs/operators/settings.md": settings_page,
    "docs/operators/commands.md": commands_page,
    "docs/operators/metrics.md": metrics_page,
}


def main(check: bool) -> int:
    """Write the pages, or say which are out of date."""
    status = 0
    for name, make in PAGES.items():
        path = ROOT / name
        text = make()
        if check and (not path.is_file() or path.read_text(encoding="utf-8") != text):
            print(f"{name} is out of date. Run: .venv/bin/python scripts/docs.py", file=sys.stderr)
            status = 1
        elif not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
