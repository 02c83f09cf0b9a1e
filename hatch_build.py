"""Build hook: the built-in cases and the notebooks travel inside the wheel.

An editable install reads them from the repository itself, so that there is one copy to edit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Only what a case is made of. Boundaries and other downloads that somebody keeps in a case's folder
# have terms of their own and are never shipped.
CASE_FILES = {".csv", ".yaml", ".md"}


class CarryCases(BuildHookInterface[Any]):
    """Add ``data/raw/<case>/`` and ``notebooks/*.ipynb`` to a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Name the files to add; called by hatchling before it packs the wheel."""
        if self.target_name != "wheel" or version != "standard":
            return
        root = Path(self.root)
        raw = root / "data" / "raw"
        found = {
            path: f"ogp_analysis/_data/raw/{path.relative_to(raw).as_posix()}"
            for path in sorted(raw.glob("*/**/*"))
            if path.is_file() and path.suffix in CASE_FILES and not _hidden(path.relative_to(raw))
        }
        if not found:
            raise FileNotFoundError(f"No case to ship: {raw} holds no <case>/*.csv or *.yaml.")
        for path in sorted((root / "notebooks").glob("*.ipynb")):
            found[path] = f"ogp_analysis/_notebooks/{path.name}"
        build_data["force_include"].update({str(source): target for source, target in found.items()})


def _hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
