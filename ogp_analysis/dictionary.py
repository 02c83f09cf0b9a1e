"""The data dictionary, printed from the schemas.

``python -m ogp_analysis.dictionary > docs/data-dictionary.md`` writes it anew.
"""

from __future__ import annotations

from ogp_analysis.tables import Field, table_specs


def data_dictionary() -> str:
    """Every table and column of a case as Markdown.

    Examples
    --------
    >>> data_dictionary().splitlines()[0]
    '# Data dictionary'
    """
    lines = [
        "# Data dictionary",
        "",
        "Made from `ogp_analysis/tables.yaml` by `python -m ogp_analysis.dictionary`. A case is a folder of these",
        "tables as CSV (UTF-8) with a `datapackage.yaml`. An empty cell is *missing*; a zero is a measured zero.",
        "Partial dates are `2020`, `2020-04`, `2020-04-27`, or two of them joined by `/`.",
    ]
    for name, spec in table_specs().items():
        note = " The case may leave it out." if spec.optional else ""
        lines += ["", f"## {name}", "", f"One row is {spec.row}. Key: {', '.join(spec.key)}.{note}", ""]
        lines += ["| column | type | allowed | meaning |", "|---|---|---|---|"]
        lines += [f"| {f.name} | {_type(f)} | {_allowed(f)} | {f.about} |" for f in spec.fields]
    return "\n".join(lines) + "\n"


def _type(field: Field) -> str:
    kind = {"partial": "partial date"}.get(field.type, field.type)
    return f"{kind}, required" if field.required else kind


def _allowed(field: Field) -> str:
    if field.enum:
        return ", ".join(field.enum)
    if field.refers:
        several = "several, joined by `;`: " if field.list else ""
        return f"{several}{field.refers[0]}.{field.refers[1]}"
    if field.minimum is not None or field.maximum is not None:
        low = "" if field.minimum is None else f"from {field.minimum:g}"
        high = "" if field.maximum is None else f"to {field.maximum:g}"
        return f"{low} {high}".strip()
    return f"`{field.pattern}`".replace("|", "\\|") if field.pattern else ""


if __name__ == "__main__":
    print(data_dictionary(), end="")
