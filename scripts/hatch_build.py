"""Builds the models' scorer when there is a C compiler; without one Python does the same, later."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FOLDER = Path("src/folkmoot/detect")
SOURCE = "model_score.c"
NAMES = {"darwin": "libmodels.dylib", "win32": "models.dll"}


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles one file of C99; whatever goes wrong, the installation goes on."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the library, and take it into the wheel."""
        if self.target_name != "wheel" or os.environ.get("FOLKMOOT_PURE"):
            return
        built = compiled(Path(self.root) / FOLDER)
        if built is None:
            print("folkmoot: no C compiler, so the models are scored in Python.", file=sys.stderr)
        elif version != "editable":
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"
            build_data["force_include"][str(built)] = f"folkmoot/detect/{built.name}"


def compiled(folder: Path) -> Path | None:
    """The library, built anew; None where that cannot be done."""
    target = folder / NAMES.get(sys.platform, "libmodels.so")
    target.unlink(missing_ok=True)
    for compiler in (os.environ.get("CC"), "cc", "gcc", "clang"):
        path = shutil.which(compiler) if compiler else None
        if path is None:
            continue
        command = [path, "-std=c99", "-O3", "-ffp-contract=off", "-fPIC", "-shared", "-o", str(target)]
        try:
            subprocess.run(
                [*command, str(folder / SOURCE), "-lm"], check=True, capture_output=True, timeout=120
            )
        except (OSError, subprocess.SubprocessError):
            continue
        return target
    return None
