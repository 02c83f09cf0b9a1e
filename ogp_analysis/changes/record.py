"""A standing as text: kept beside the report that shows it, so that a later one can be held against it."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from ogp_analysis.changes.standing import ITEMS, TEXTS, Standing
from ogp_analysis.errors import DataError, ParameterError, Problem, shortened
from ogp_analysis.intake import read_whole
from ogp_analysis.quarter import Quarter
from ogp_analysis.signs import sign_problem, suspect

FORM = 1
#: The standing of the built-in case has 1 MB.
LARGEST = 100 * 2**20
KEYS = ("form", "case", "quarter", "made", "items")
KEPT = {"version": str, "method_version": str, "tables": dict, "districts": list, "outline": dict}


def standing_json(standing: Standing) -> str:
    """A standing as JSON: what it was made from, and one line an item.

    Numbers are written in full, so that reading gives the same standing; a missing number is ``null``.

    Parameters
    ----------
    standing : Standing
    """
    head = {"form": FORM, "case": standing.case, "quarter": str(standing.quarter), "made": dict(standing.made)}
    lines = [json.dumps(_plain(row), ensure_ascii=False) for row in standing.items.to_dict("records")]
    start = json.dumps(head, indent=1, ensure_ascii=False)[:-2]
    return f'{start},\n "items": [\n' + ",\n".join(lines) + "\n ]\n}\n"


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    known = {name: value for name, value in row.items() if value != ""}
    return known | {"value": None if pd.isna(row["value"]) else float(row["value"])}


def standing_of(path: str | Path) -> Standing:
    """Read a standing that a report kept.

    Parameters
    ----------
    path : str or Path
        ``standing.json``.

    Raises
    ------
    ParameterError
        If there is no such file.
    DataError
        If it is not what :func:`standing_json` writes, with the entry and what was expected.
    """
    path = Path(path)
    try:
        text = read_whole(path, largest=LARGEST).decode("utf-8")
        found = json.loads(text, parse_constant=_refused, parse_float=_finite, parse_int=_finite)
    except FileNotFoundError as error:
        raise ParameterError(
            f"There is no file {str(path)!r}.", hint="Give the standing.json of an earlier report."
        ) from error
    except (ValueError, RecursionError) as error:
        raise DataError(
            [Problem(path.name, getattr(error, "lineno", None), None, None, "JSON in UTF-8")],
            hint="Take the file from the report again: it was damaged or edited.",
        ) from error
    problems = _problems(path.name, found)
    if problems:
        raise DataError(problems, hint="Take the file from the report again: it was damaged or edited.")
    quarter = _quarter(path.name, found["quarter"])
    rows = [dict.fromkeys(TEXTS, "") | item for item in found["items"]]
    items = pd.DataFrame(rows, columns=list(ITEMS)).astype({"value": float})
    return Standing(found["case"], quarter, items, found["made"])


def _refused(text: str) -> float:
    raise ValueError(f"{text} is no number")


def _finite(text: str) -> float | int:
    """A number that can be computed with: JSON knows no bound, and ``1e999`` would be read as infinite."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{shortened(text)} is no number")
    return number if number != int(number) or "." in text else int(number)


def _quarter(file: str, text: object) -> Quarter:
    try:
        return Quarter.parse(text)
    except ParameterError as error:
        raise DataError(
            [Problem(file, None, "quarter", str(text), "a quarter such as 2023Q4")], hint=error.hint
        ) from error


def _problems(file: str, found: Any) -> list[Problem]:
    if not isinstance(found, dict) or set(found) != set(KEYS):
        return [Problem(file, None, None, None, f"an object with {', '.join(KEYS)}")]
    if found["form"] != FORM:
        return [
            Problem(file, None, "form", str(found["form"]), f"{FORM}; make that report again with this version")
        ]
    made, out = found["made"], []
    if not isinstance(found["case"], str):
        out.append(Problem(file, None, "case", str(found["case"]), "the id of a case, as text"))
    for name, kind in KEPT.items():
        if not isinstance(made, dict) or not isinstance(made.get(name), kind):
            out.append(Problem(file, None, f"made.{name}", None, f"of the kind {kind.__name__}"))
    seen: set[tuple[str, ...]] = set()
    for row, item in enumerate(found["items"] if isinstance(found["items"], list) else [None], start=1):
        if not isinstance(item, dict) or not set(item) <= set(ITEMS):
            out.append(Problem(file, row, "items", None, f"an object with some of {', '.join(ITEMS)}"))
            continue
        for name, value in item.items():
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not (number or value is None if name == "value" else isinstance(value, str)):
                out.append(Problem(file, row, name, str(value), "a number or null" if name == "value" else "text"))
            elif isinstance(value, str) and suspect(value) and (words := sign_problem(value)):
                out.append(Problem(file, row, name, value, words))
        if not item.get("subject") or not item.get("key"):
            out.append(Problem(file, row, "subject, key", None, "what the item is about"))
        key = tuple(str(item.get(name, "")) for name in ("subject", "key", "code_bps"))
        if key in seen:
            out.append(Problem(file, row, "key", "/".join(key), "each item once"))
        seen.add(key)
    return out
