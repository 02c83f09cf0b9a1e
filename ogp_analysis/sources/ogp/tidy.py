"""From the rows under a recognised header to columns: ratings, tags, disagreements, and what was left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.scales import STATES, Scale, normalised, scale
from ogp_analysis.sources.ogp.editions import Header, all_names, folded

#: Column of the tidy table of ratings -> what is rated, at which stage, on which scale.
RATINGS: dict[str, tuple[str, str, str]] = {
    "specificity": ("specificity", "design", "specificity"),
    "verifiable": ("verifiable", "design", "yes_no"),
    "ati": ("ati", "design", "yes_no"),
    "cp": ("cp", "design", "yes_no"),
    "pa": ("pa", "design", "yes_no"),
    "ti": ("ti", "design", "yes_no"),
    "relevant": ("relevant", "design", "yes_no"),
    "potential_impact": ("potential_impact", "design", "potential_impact"),
    "potential_for_results": ("potential_for_results", "design", "potential_for_results"),
    "newness": ("newness", "design", "newness"),
    "timebound": ("timebound", "design", "timebound"),
    "completion_progress": ("completion", "progress", "completion"),
    "completion_projected": ("completion_projected", "progress", "completion"),
    "schedule": ("schedule", "progress", "schedule"),
    "completion_end": ("completion", "end_of_term", "completion"),
    "completion_change": ("completion_change", "end_of_term", "completion_change"),
    "early_results": ("early_results", "end_of_term", "early_results"),
    "diog": ("diog", "end_of_term", "diog"),
    "diog_ati": ("diog_ati", "end_of_term", "diog_by_value"),
    "diog_cp": ("diog_cp", "end_of_term", "diog_by_value"),
    "diog_pa": ("diog_pa", "end_of_term", "diog_by_value"),
}
#: Column of the process table -> scale; every other question is yes or no.
PROCESS_SCALES = {
    "access_development": "access",
    "access_implementation": "access",
    "iap2_development": "iap2",
    "iap2_implementation": "iap2",
}
_NUMBER = re.compile(r"-?\d+([.,]\d+)?")
_NOT_NUMBER = re.compile(r"[^\W\d_]")
#: Columns of people who answer for a commitment: dropped before anything else sees them.
_PERSONAL = re.compile(
    r"^(contact (name|position|e ?mail|telephone|phone)|person .*|title department|e ?mail|phone)$"
)
LEFT_OUT = ("row", "why", "text")
DISAGREEMENTS = ("row", "column", "text", "code", "label", "code_means")
UNREADABLE = ("row", "column", "value")


def body(header: Header) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Split what stands under (and above) a header into commitments and lines that are none.

    Returns
    -------
    rows : DataFrame of str
        Index ``row`` (the row of the file, from 1), one column a place of the file.
    left_out : DataFrame
        ``row``, ``why``, ``text``: lines above the header, repeated headers, totals, empty lines.
    """
    grid = header.grid
    head = [folded(cell) for cell in grid.rows[header.row - 1]]
    width = len(head)
    member = header.places[header.edition.fields["member"]]
    title = header.places.get(header.edition.fields.get("title", ""), member)
    left = [
        (number, "above the header", _shown(cells)) for number, cells in enumerate(grid.rows[: header.row - 1], 1)
    ]
    kept: list[list[str]] = []
    numbers: list[int] = []
    problems = []
    for number, cells in enumerate(grid.rows[header.row :], header.row + 1):
        if len(cells) != width:
            if not any(cell.strip() for cell in cells[width:]):
                cells = [*cells[:width], *[""] * (width - len(cells))]
            else:
                problems.append(
                    Problem(grid.name, number, None, f"{len(cells)} cells", f"{width} cells, as in the header")
                )
                continue
        if cells[member].strip() and cells[title].strip() and not _is_total(cells[member]):
            if _is_other_header(cells, head, member, title):
                problems.append(
                    Problem(grid.name, number, None, "the header of another table", "one table in a file")
                )
                continue
            if folded(cells[member]) == head[member]:
                left.append((number, "repeated header", _shown(cells)))
            else:
                kept.append(cells)
                numbers.append(number)
            continue
        left.append((number, _why(cells, head, cells[member], cells[title]), _shown(cells)))
    if problems:
        hint = "A comma or quotation mark inside a cell may have cut the line, or two tables stand in one file."
        raise DataError(problems, hint=hint)
    if not kept:
        raise DataError(
            [Problem(grid.name, header.row + 1, None, None, "rows below the header")],
            hint="The file holds a header only; download it again.",
        )
    columns = np.array(kept, dtype=object).T
    index = pd.Index(numbers, name="row", dtype="int64")
    frame = pd.DataFrame(dict(enumerate(columns)), index=index)
    return frame, pd.DataFrame(left, columns=list(LEFT_OUT))


def ratings(
    header: Header, rows: pd.DataFrame, scales: dict[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read every rating of an edition by its label, and compare the label with the code beside it.

    Returns
    -------
    rated : DataFrame of categorical
        One column a rating, on its scale; a rating that the edition does not have is ``not_asked``.
    codes : DataFrame of str
        The codes as printed, where there are any.
    disagreements, unreadable : DataFrame
        Cells whose code says something else than their label; cells whose text is no label.
    """
    rated: dict[str, pd.Series] = {}
    codes: dict[str, pd.Series] = {}
    disagreeing = [pd.DataFrame(columns=list(DISAGREEMENTS))]
    unreadable = [pd.DataFrame(columns=list(UNREADABLE))]
    for key, scale_name in scales.items():
        own = scale(scale_name)
        at = header.edition.ratings.get(key)
        if at is None or at.text not in header.places:
            fixed = np.zeros(len(rows), dtype=int) + own.dtype.categories.get_loc("not_asked")
            rated[key] = pd.Series(pd.Categorical.from_codes(fixed, dtype=own.dtype), rows.index)
            continue
        printed = rows[header.places[at.text]]
        labels = own.read(printed)
        rated[key] = labels
        bad = printed[labels == "unreadable"]
        if len(bad):
            unreadable.append(pd.DataFrame({"row": bad.index, "column": at.text, "value": bad.to_numpy()}))
        if at.code is not None and at.code in header.places:
            code = rows[header.places[at.code]].str.strip()
            codes[key] = code
            odd = _disagreeing(own, labels, printed, code, header.edition.coding, at.text)
            if len(odd):
                disagreeing.append(odd)
    return (
        pd.DataFrame(rated, index=rows.index),
        pd.DataFrame(codes, index=rows.index),
        pd.concat(disagreeing[1:] or disagreeing, ignore_index=True),
        pd.concat(unreadable[1:] or unreadable, ignore_index=True),
    )


def contradictions(header: Header, rows: pd.DataFrame) -> None:
    """Refuse a column that stands twice with different cells: which of them counts cannot be known.

    Raises
    ------
    DataError
        Naming the first such cells.
    """
    problems = []
    for name, place in header.again.items():
        first, second = rows[header.places[name]], rows[place]
        differ = first.str.strip() != second.str.strip()
        problems += [
            Problem(header.grid.name, int(row), name, value, f"what the first column of this name has: {own!r}")
            for row, value, own in zip(rows.index[differ], second[differ], first[differ], strict=True)
        ]
    if problems:
        raise DataError(problems, hint="Delete the column that is wrong.")


def personal(header: Header) -> tuple[str, ...]:
    """Names of columns with names, posts, phones or e-mails of people; their cells are read no further."""
    return tuple(name for name in header.unknown if _PERSONAL.fullmatch(folded(name)))


def duplicates(rows: pd.DataFrame) -> pd.DataFrame:
    """Lines that are equal to an earlier one in every cell: ``row``, ``same_as``.

    They stay in the table, since commitments whose text is cut alike look the same.
    """
    again = rows.duplicated()
    if not again.any():
        return pd.DataFrame(columns=["row", "same_as"])
    first = pd.Series(rows.index, index=rows.index).groupby(list(map(rows.get, rows.columns))).transform("first")
    return pd.DataFrame({"row": rows.index[again], "same_as": first[again].to_numpy()})


def tags(header: Header, rows: pd.DataFrame) -> pd.DataFrame:
    """The policy areas of each commitment, long: one row a tag, or a missing state where no tag was coded.

    Returns
    -------
    DataFrame
        ``row``, ``policy_area`` (as printed), ``state`` (``tagged``, or one of
        :data:`~ogp_analysis.scales.STATES`). A commitment that was coded without a tag has no row for it.
    """
    states = {"1": "tagged", "0": "", "nr": "NR", "nd": "ND", "na": "NA", "": "empty"}
    pieces = []
    for area in header.edition.tags:
        if area not in header.places:
            continue
        cells = rows[header.places[area]].astype("category")
        meaning = [states.get(normalised(text), "unreadable") for text in cells.cat.categories]
        state = np.array([*meaning, "empty"], dtype=object)[cells.cat.codes.to_numpy()]
        kept = state != ""
        pieces.append(pd.DataFrame({"row": rows.index[kept], "policy_area": area, "state": state[kept]}))
    out = pd.concat(pieces, ignore_index=True) if pieces else pd.DataFrame(columns=["row", "policy_area", "state"])
    return out.sort_values(["row", "policy_area"], kind="stable", ignore_index=True)


def unreadable_tags(header: Header, rows: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """Cells of policy areas that are neither 0, 1 nor a missing mark: ``row``, ``column``, ``value``."""
    odd = found[found["state"] == "unreadable"]
    values = [rows.at[row, header.places[area]] for row, area in zip(odd["row"], odd["policy_area"], strict=True)]
    return pd.DataFrame(
        {"row": odd["row"], "column": odd["policy_area"], "value": values}, columns=list(UNREADABLE)
    )


def short_lines(header: Header, rows: pd.DataFrame) -> pd.DataFrame:
    """Lines with fewer cells than the header: ``row``, ``column`` (``whole line``), ``value`` (how many).

    The cells that lack are empty; a line that was cut looks the same.
    """
    width = len(header.grid.rows[header.row - 1])
    lengths = {row: len(header.grid.rows[row - 1]) for row in rows.index}
    short = {row: length for row, length in lengths.items() if length < width}
    return pd.DataFrame(
        {
            "row": list(short),
            "column": "whole line",
            "value": [f"{length} cells of {width}" for length in short.values()],
        },
        columns=list(UNREADABLE),
    )


def whole_numbers(printed: pd.Series, column: str) -> tuple[pd.Series, pd.DataFrame]:
    """Read a column of years or running numbers; what is neither a number nor a missing mark is listed."""
    text = printed.str.strip()
    is_number = text.str.fullmatch(r"\d{1,4}(\.0+)?")
    out = text.where(is_number).str.replace(r"\.0+$", "", regex=True).astype("Int64")
    bad = text[~is_number & ~text.str.casefold().isin([*(state.casefold() for state in STATES), ""])]
    return out, pd.DataFrame({"row": bad.index, "column": column, "value": bad.to_numpy()})


def _disagreeing(
    own: Scale, labels: pd.Series, printed: pd.Series, code: pd.Series, coding: str, column: str
) -> pd.DataFrame:
    meant = own.codes(coding)
    states = {state.casefold(): (state,) for state in ("NR", "ND", "NA")} | {"": ("empty",)}
    pairs = pd.DataFrame({"label": labels.astype(object), "code": code, "text": printed})
    distinct = pairs[["label", "code"]].drop_duplicates()
    wrong = [
        (label, mark)
        for label, mark in distinct.itertuples(index=False)
        if label not in (meant | states).get(mark.casefold(), ()) and label != "unreadable"
    ]
    if not wrong:
        return pd.DataFrame(columns=list(DISAGREEMENTS))
    odd = pairs[pd.MultiIndex.from_frame(pairs[["label", "code"]]).isin(wrong)]
    said = [" or ".join((meant | states).get(mark.casefold(), ("nothing",))) for mark in odd["code"]]
    return pd.DataFrame(
        {
            "row": odd.index,
            "column": column,
            "text": odd["text"].to_numpy(),
            "code": odd["code"].to_numpy(),
            "label": odd["label"].to_numpy(),
            "code_means": said,
        }
    )


def _is_other_header(cells: Sequence[str], head: Sequence[str], member: int, title: int) -> bool:
    if folded(cells[member]) not in all_names() and folded(cells[title]) not in all_names():
        return False
    names = {folded(cell) for cell in cells} - {""}
    return len(names & all_names()) >= 5 and len(names & set(head)) < len(names) / 2


def _is_total(text: str) -> bool:
    return folded(text) in {"total", "totals", "grand total", "sum", "jumlah"}


def _why(cells: Sequence[str], head: Sequence[str], member: str, title: str) -> str:
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return "empty line"
    same = sum(bool(folded(cell)) and folded(cell) == name for cell, name in zip(cells, head, strict=True))
    if same >= len(filled) / 2:
        return "repeated header"
    numbers = sum(bool(_NUMBER.fullmatch(text)) for text in filled)
    named = bool(member.strip() or _NOT_NUMBER.search(title))
    if _is_total(member) or (numbers >= len(filled) / 2 and not named):
        return "totals or running numbers"
    return "no member" if not member.strip() else "no title"


def _shown(cells: Sequence[str]) -> str:
    return " | ".join(cell.strip()[:40] for cell in cells if cell.strip())[:160]
