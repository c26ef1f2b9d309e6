"""Measures the shipped models: `python -m lab.evaluate [--data FOLDER] [--show]`; prints the figures, and
writes them into the model card."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

from folkmoot.detect.model_second import load as second_opinion
from folkmoot.detect.model_weights import unpack
from folkmoot.detect.models import Models
from lab.card import card
from lab.default import default_figures, second_figures
from lab.measure import hate_figures, must_pass, open_figures
from lab.sources import DATA, HERE, MissingDataError

WEIGHTS: Final = HERE.parent / "src" / "folkmoot" / "detect" / "weights"
HELD_OUT: Final = HERE / "held_out.json"
HELD_OUT_SECOND: Final = HERE / "held_out_second.json"


def figures(models: Models, both: Models, folder: Path) -> dict[str, Any]:
    """Every figure of the card."""
    held_out = json.loads(HELD_OUT.read_text("utf-8"))
    return {
        "held_out": held_out["heads"],
        "prose": held_out["prose"],
        "default": default_figures(models, folder, held_out["spoken"]),
        "second": second_figures(json.loads(HELD_OUT_SECOND.read_text("utf-8")), both, folder),
        "must_pass": must_pass(models, folder),
        "hatecheck": hate_figures(models, folder),
        "open": open_figures(models, folder),
    }


def main() -> int:
    """Measure, print, and write the card."""
    options = argparse.ArgumentParser(description="Measure the shipped models.")
    options.add_argument("--data", type=Path, default=DATA, help="the folder with the data sets")
    options.add_argument("--weights", type=Path, default=WEIGHTS / "folkmoot.weights")
    options.add_argument("--show", action="store_true", help="print each message that should have passed")
    chosen = options.parse_args()
    header, rows = unpack(chosen.weights.read_bytes())
    try:
        found = figures(Models(header, rows), Models(header, rows, second_opinion()), chosen.data)
    except MissingDataError as error:
        print(error, file=sys.stderr)
        return 2
    text = card(header, found)
    print(text)
    if chosen.show:
        for name, figure in found["must_pass"].items():
            print(f"\n{name}:", *figure["which"], sep="\n  ")
    if chosen.weights.parent == WEIGHTS:
        (WEIGHTS / "CARD.md").write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
