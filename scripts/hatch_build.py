"""Builds what is in C when there is a compiler; without one Python does the same, later."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = Path("src/folkmoot")
LIBRARIES = {"model_encoder.c": "encoder", "model_pieces.c": "pieces"}
NAMES = {"darwin": "lib{}.dylib", "win32": "{}.dll"}
EXTENSIONS = {
    "text/fold.c": "text/_fold.abi3.so",
    "text/sketch.c": "text/_sketch.abi3.so",
    "detect/model_score.c": "detect/_score.abi3.so",
    "intake/recall.c": "intake/_recall.abi3.so",
}
"""Modules for Python itself: by the stable interface, so that one file serves every Python from 3.11 on."""


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Compiles a few files of C; whatever goes wrong, the installation goes on."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build what can be built, and take it into the wheel."""
        if self.target_name != "wheel" or os.environ.get("FOLKMOOT_PURE"):
            return
        package = Path(self.root) / PACKAGE
        libraries = compiled(package / "detect")
        extensions = [place for place in EXTENSIONS.items() if extended(package, *place)]
        if len(libraries) < len(LIBRARIES) or len(extensions) < len(EXTENSIONS):
            print("folkmoot: no C compiler, or no Python.h: some steps are slower.", file=sys.stderr)
        if version == "editable" or not (libraries or extensions):
            return
        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["pure_python"] = False
        build_data["tag"] = f"{'cp311-abi3' if extensions else 'py3-none'}-{platform}"
        for place in [*libraries, *(package / target for _, target in extensions)]:
            build_data["force_include"][str(place)] = f"folkmoot/{place.relative_to(package)}"


def compiled(folder: Path) -> list[Path]:
    """The libraries of the encoder, built anew; without those that cannot be."""
    options = ["-std=c99", "-O3", "-ffp-contract=off", "-lm"]
    places = {
        folder / source: folder / NAMES.get(sys.platform, "lib{}.so").format(LIBRARIES[source])
        for source in LIBRARIES
    }
    return [target for source, target in places.items() if _built(source, target, options)]


def extended(package: Path, source: str, target: str) -> bool:
    """Whether an extension module could be built anew; Windows has no linker that leaves names open."""
    (package / target).unlink(missing_ok=True)
    if sys.platform == "win32":
        return False
    options = ["-std=c11", "-O3", "-ffp-contract=off", "-lm", "-I", sysconfig.get_paths()["include"]]
    options += ["-undefined", "dynamic_lookup"] if sys.platform == "darwin" else []
    return _built(package / source, package / target, options)


def _built(source: Path, target: Path, options: list[str]) -> bool:
    target.unlink(missing_ok=True)
    for compiler in (os.environ.get("CC"), "cc", "gcc", "clang"):
        path = shutil.which(compiler) if compiler else None
        if path is None:
            continue
        command = [path, "-fPIC", "-shared", "-o", str(target), str(source), *options]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError):
            continue
        return True
    return False
