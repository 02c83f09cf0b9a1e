"""A case described in the Frictionless Data Package standard (https://specs.frictionlessdata.io)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import yaml

from ogp_analysis.tables import table_specs

HEAD = (
    "# The case in the Frictionless Data Package standard. The entries above 'resources' are written by hand;\n"
    "# 'resources' is made from ogp_analysis/tables.yaml by: python -m ogp_analysis.datapackage FOLDER\n"
)


def resources(names: list[str]) -> list[dict[str, Any]]:
    """The ``resources`` entry for a set of tables, each with its Table Schema.

    Examples
    --------
    >>> resources(["districts"])[0]["path"]
    'districts.csv'
    """
    specs = table_specs()
    return [
        {
            "name": name,
            "path": f"{name}.csv",
            "description": f"One row is {specs[name].row}.",
            "profile": "tabular-data-resource",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": specs[name].table_schema(),
        }
        for name in specs
        if name in names
    ]


def render(info: dict[str, Any], names: list[str]) -> str:
    """The text of a ``datapackage.yaml``: the given entries, and resources made from the schemas."""
    whole = {**{key: value for key, value in info.items() if key != "resources"}, "resources": resources(names)}
    return HEAD + yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=110)


def rewrite(folder: Path) -> None:
    """Write the ``resources`` of a case's ``datapackage.yaml`` anew, for the CSV files that are there."""
    path = folder / "datapackage.yaml"
    info = yaml.safe_load(path.read_text(encoding="utf-8"))
    names = [name for name in table_specs() if (folder / f"{name}.csv").is_file()]
    path.write_text(render(info, names), encoding="utf-8")


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        rewrite(Path(argument))
