"""OGP's commitments table and process table, read from any published edition into one tidy form."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ogp_analysis.scales import STATES, scale
from ogp_analysis.sources.ogp import tidy
from ogp_analysis.sources.ogp.editions import Edition, Header, recognise
from ogp_analysis.sources.ogp.grid import read_grids

FIELDS = (
    "commitment_id", "member", "plan", "plan_number", "plan_id", "number", "title", "short_title", "theme",
    "level", "region", "year", "report_year_progress", "report_year_end", "start", "end", "cluster", "compound",
    "url",
)  # fmt: skip
#: Controls, and what turns the direction of writing or is seen by nobody.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
NUMBERS = ("plan_number", "year", "report_year_progress", "report_year_end")


@dataclass(frozen=True)
class CommitmentTable:
    """One edition of OGP's commitments table, tidy. Every table is keyed by ``row``, the row of the file.

    Attributes
    ----------
    edition : str
        ``2015-05``, ``2016`` or ``2024``.
    name : str
        File, and sheet of a workbook.
    commitments : DataFrame
        One row a commitment: what identifies and describes it, as printed. ``plan`` is the member and the plan's
        number; ``assessed`` is missing where the file does not say.
    rated : DataFrame of categorical
        One column a rating and stage (:data:`~ogp_analysis.sources.ogp.tidy.RATINGS`), each on its scale, with the
        missing states kept apart. This is what the rules of :mod:`ogp_analysis.commitments.rules` work on.
    codes : DataFrame of str
        The codes printed beside the labels.
    tags : DataFrame
        ``row``, ``policy_area``, ``state``: long.
    published : DataFrame of str
        OGP's own derived columns as printed, to check the rules against.
    other : DataFrame of str
        Every further column as printed; among them those no edition is known to have.
    disagreements, unreadable, left_out : DataFrame
        Labels and codes that contradict each other (the label is used); cells that are no label; lines that are
        no commitment.
    duplicates : DataFrame
        ``row``, ``same_as``: lines equal to an earlier one in every cell; they stay in the table.
    unknown_columns, missing_columns : tuple of str
        Columns that the edition is not known to have, and those it should have.
    personal_columns : tuple of str
        Columns of names, posts, phones and e-mails of people: dropped.
    """

    edition: str
    name: str
    commitments: pd.DataFrame
    rated: pd.DataFrame
    codes: pd.DataFrame
    tags: pd.DataFrame
    published: pd.DataFrame
    other: pd.DataFrame
    disagreements: pd.DataFrame
    unreadable: pd.DataFrame
    left_out: pd.DataFrame
    duplicates: pd.DataFrame
    unknown_columns: tuple[str, ...]
    missing_columns: tuple[str, ...]
    personal_columns: tuple[str, ...]

    @cached_property
    def ratings(self) -> pd.DataFrame:
        """The ratings, long: ``row``, ``stage``, ``variable``, ``scale``, ``label``, ``state``, ``code``.

        ``label`` is missing where ``state`` is not ``rated``. Ratings that the edition does not have are left out.
        """
        pieces = []
        for column in self.rated:
            ratings = self.rated[column]
            keys = ratings.cat.categories.to_numpy(dtype=object)[ratings.cat.codes.to_numpy()]
            if (keys == "not_asked").all():
                continue
            variable, stage, scale_name = tidy.RATINGS[str(column)]
            missing = np.isin(keys, list(STATES))
            pieces.append(
                pd.DataFrame(
                    {
                        "row": self.rated.index,
                        "stage": stage,
                        "variable": variable,
                        "scale": scale_name,
                        "label": np.where(missing, np.array([None], dtype=object), keys),
                        "state": np.where(missing, keys, "rated"),
                        "code": self.codes[column].to_numpy() if column in self.codes else None,
                    }
                )
            )
        return pd.concat(pieces, ignore_index=True)

    def __str__(self) -> str:
        count = len(self.commitments)
        assessed = self.commitments["assessed"]
        known = f", {int(assessed.sum()):,} of them assessed" if assessed.notna().any() else ""
        lines = [
            f"OGP commitments table, edition {self.edition} ({self.name})",
            f"  {count:,} commitments of {self.commitments['member'].nunique()} members{known}",
            f"  {len(self.disagreements)} ratings whose label and code disagree (the label is used)",
            f"  {len(self.unreadable)} cells that are no label, {len(self.left_out)} lines that are no commitment",
        ]
        if self.unknown_columns:
            lines.append(
                f"  {len(self.unknown_columns)} unknown columns, kept: {', '.join(self.unknown_columns[:5])}"
            )
        if self.missing_columns:
            lines.append(f"  {len(self.missing_columns)} columns missing: {', '.join(self.missing_columns[:5])}")
        return "\n".join(lines)


@dataclass(frozen=True)
class ProcessTable:
    """OGP's table on how plans were made and carried out; one row a plan, keyed by ``row`` of the file.

    Attributes
    ----------
    edition, name : str
    plans : DataFrame
        ``member``, ``plan``, ``plan_number``, ``year``, ``notice_days`` (as printed).
    rated : DataFrame of categorical
        One column a question, on its scale.
    codes, published, other, disagreements, unreadable, left_out, duplicates
        As in :class:`CommitmentTable`.
    unknown_columns, missing_columns, personal_columns
        As in :class:`CommitmentTable`.
    """

    edition: str
    name: str
    plans: pd.DataFrame
    rated: pd.DataFrame
    codes: pd.DataFrame
    published: pd.DataFrame
    other: pd.DataFrame
    disagreements: pd.DataFrame
    unreadable: pd.DataFrame
    left_out: pd.DataFrame
    duplicates: pd.DataFrame
    unknown_columns: tuple[str, ...]
    missing_columns: tuple[str, ...]
    personal_columns: tuple[str, ...]


def read_commitments(path: str | Path) -> CommitmentTable:
    r"""Read any published edition of OGP's commitments table.

    The edition is recognised from its columns, wherever the header stands. Labels decide, never numbers, since
    codes shift between editions; a label and a code that contradict each other are listed.

    Parameters
    ----------
    path : str or Path
        A CSV or XLSX file as downloaded.

    Returns
    -------
    CommitmentTable

    Raises
    ------
    OgpAnalysisError
        If the file is missing, is no table, or has no header of a known edition.
    DataError
        If a line has more cells than the header, or nothing stands below it.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from ogp_analysis.sources.ogp.editions import editions
    >>> columns = list(editions()["2015-05"].columns.values())
    >>> cells = dict.fromkeys(columns, "NR") | {"Country": "Ruritania", "Commitment Title": "Publish the budget"}
    >>> cells |= {"Action Plan No.": "1", "Actual Completion": "c. Substantial", "_Actual Completion": "2"}
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "table.csv"
    ...     _ = file.write_text("\n".join([";".join(columns), ";".join(cells.values())]), encoding="utf-8")
    ...     table = read_commitments(file)
    >>> table.rated.loc[2, ["completion_progress", "potential_impact"]].tolist()
    ['substantial', 'NR']
    >>> table.disagreements[["row", "text", "code", "code_means"]].values.tolist()
    [[2, 'c. Substantial', '2', 'limited']]
    """
    scales = {column: scale_name for column, (_, _, scale_name) in tidy.RATINGS.items()}
    header, rows, common = _read(path, "commitments", lambda _: scales)
    fields, unread = _fields(header, rows)
    for name in FIELDS:
        if name not in fields:
            fields[name] = pd.Series(pd.NA, index=rows.index, dtype="Int64" if name in NUMBERS else "str")
    assessed = pd.Series(pd.NA, index=rows.index, dtype="boolean")
    if "assessed" in fields:
        flags = scale("yes_no").read(fields["assessed"]).astype(object)
        assessed = flags.map({"yes": True, "no": False}).astype("boolean")
        odd = fields["assessed"][flags == "unreadable"]
        column = header.edition.fields["assessed"]
        unread = _listed(unread, pd.DataFrame({"row": odd.index, "column": column, "value": odd.to_numpy()}))
    tags = tidy.tags(header, rows)
    unread = _listed(unread, tidy.unreadable_tags(header, rows, tags))
    further = [name for name in fields if name not in FIELDS and name != "assessed"]
    return CommitmentTable(
        commitments=fields[[*FIELDS, *further]].assign(assessed=assessed),
        tags=tags,
        **common | {"unreadable": _listed(common["unreadable"], unread)},
    )


def read_process(path: str | Path) -> ProcessTable:
    """Read OGP's process table: the six steps of making a plan, the level of influence, the self-assessment.

    Parameters
    ----------
    path : str or Path
        A CSV or XLSX file as downloaded.

    Raises
    ------
    OgpAnalysisError, DataError
        As :func:`read_commitments`.
    """
    header, rows, common = _read(
        path, "process", lambda edition: {key: tidy.PROCESS_SCALES.get(key, "yes_no") for key in edition.ratings}
    )
    fields, unread = _fields(header, rows)
    return ProcessTable(plans=fields, **common | {"unreadable": _listed(common["unreadable"], unread)})


def _read(
    path: str | Path, kind: str, scales: Callable[[Edition], dict[str, str]]
) -> tuple[Header, pd.DataFrame, dict[str, Any]]:
    """The header, the rows under it, and what both kinds of table hold alike."""
    header = recognise(read_grids(Path(path)), kind)
    rows, left_out = tidy.body(header)
    tidy.contradictions(header, rows)
    rated, codes, disagreements, unreadable = tidy.ratings(header, rows, scales(header.edition))
    personal = tidy.personal(header)
    return (
        header,
        rows,
        {
            "edition": header.edition.key,
            "name": header.grid.name,
            "rated": rated,
            "codes": codes,
            "published": _published(header, rows),
            "other": _other(header, rows),
            "disagreements": disagreements,
            "unreadable": _listed(unreadable, tidy.short_lines(header, rows)),
            "left_out": left_out,
            "duplicates": tidy.duplicates(rows),
            "unknown_columns": tuple(name for name in header.unknown if name not in personal),
            "missing_columns": header.missing,
            "personal_columns": personal,
        },
    )


def _listed(*frames: pd.DataFrame) -> pd.DataFrame:
    found = [frame for frame in frames if len(frame)]
    return pd.concat(found or [frames[0]], ignore_index=True)


def _fields(header: Header, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    out: dict[str, pd.Series] = {}
    unread = [pd.DataFrame(columns=list(tidy.UNREADABLE))]
    for name, column in header.edition.fields.items():
        if column not in header.places:
            continue
        # such characters would reach terminals and pages
        printed = rows[header.places[column]].str.replace(_CONTROL, "", regex=True).str.strip()
        if name in NUMBERS:
            out[name], bad = tidy.whole_numbers(printed, column)
            if len(bad):
                unread.append(bad)
        else:
            out[name] = printed
    member, number = out["member"], out["plan_number"]
    # a plan without a readable number is no plan that others could belong to
    named = member.astype(object) + " " + number.astype("string").fillna("").astype(object)
    out["plan"] = named.where(number.notna(), None)
    return pd.DataFrame(out, index=rows.index), pd.concat(unread[1:] or unread, ignore_index=True)


def _published(header: Header, rows: pd.DataFrame) -> pd.DataFrame:
    found = {
        name: rows[header.places[entry.column]].str.strip()
        for name, entry in header.edition.published.items()
        if entry.column in header.places
    }
    return pd.DataFrame(found, index=rows.index)


def _other(header: Header, rows: pd.DataFrame) -> pd.DataFrame:
    known = {name: header.places[name] for name in header.edition.other if name in header.places}
    unknown = {name: place for name, place in header.unknown.items() if name not in tidy.personal(header)}
    return pd.DataFrame({name: rows[place] for name, place in (known | unknown).items()}, index=rows.index)
