"""How far a member came in each policy area, by the furthest that at least one of its commitments got."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.commitments.published import was_reviewed
from ogp_analysis.commitments.rules import decide
from ogp_analysis.scales import at_least, scale
from ogp_analysis.sources.ogp import CommitmentTable

#: The rungs above "no commitment", in the order of the scale ``ladder``.
RUNGS = ("ca", "ir", "c", "a", "er")


def ladder(table: CommitmentTable) -> pd.DataFrame:
    """The ladder of every member in every policy area.

    Rule of the Global Report 2019 (printed on https://www.opengovpartnership.org/members/Ecuador/): no commitment;
    at least one commitment; at least one reviewed; at least one substantially or fully complete; at least one of
    moderate or transformative potential impact; at least one with major or outstanding results. The unit is "at
    least one commitment", not a mean. The rungs do not imply each other: a member may be ambitious and complete
    nothing.

    Parameters
    ----------
    table : CommitmentTable
        Any edition. Commitments whose tags were not coded are left out.

    Returns
    -------
    DataFrame
        One row a member and policy area of the edition: ``member``, ``policy_area``, ``commitments`` (number),
        five columns of bool named after :data:`RUNGS`, ``rung`` (the highest reached, on the scale ``ladder``) and
        ``open_rungs`` (number of higher rungs that could not be judged, because no commitment was rated on them).

    Examples
    --------
    See :func:`rungs_of`, which this applies to every member and area.
    """
    tags = table.tags[table.tags["state"] == "tagged"]
    marks = _marks(table)
    joined = tags.join(marks, on="row").assign(member=tags["row"].map(table.commitments["member"]))
    grouped = joined.groupby(["member", "policy_area"], sort=False)
    reached = grouped[list(RUNGS)].max()
    known = grouped[[f"{rung}_known" for rung in RUNGS]].max()
    areas = sorted(table.tags["policy_area"].unique())
    members = sorted(table.commitments["member"].unique())
    every = pd.MultiIndex.from_product([members, areas], names=["member", "policy_area"])
    out = reached.reindex(every, fill_value=False).astype(bool)
    sure = known.reindex(every, fill_value=False).astype(bool)
    out["rung"] = rungs_of(out)
    place = out["rung"].map({"nc": 0, **{rung: number for number, rung in enumerate(RUNGS, 1)}}).astype(int)
    unknown = [(~sure[f"{rung}_known"]) & (place < number) for number, rung in enumerate(RUNGS, 1)]
    out["open_rungs"] = pd.concat(unknown, axis=1).sum(axis=1).where(out["ca"], 0)
    out.insert(0, "commitments", grouped.size().reindex(every, fill_value=0))
    return out.reset_index()


def rungs_of(reached: pd.DataFrame) -> pd.Series:
    """The highest rung of each row of bool columns.

    Examples
    --------
    >>> rungs_of(pd.DataFrame({"ca": [True, False], "ir": [True, False], "c": [False, False],
    ...                        "a": [True, False], "er": [False, False]})).tolist()
    ['a', 'nc']
    """
    out = pd.Series("nc", index=reached.index, dtype=object)
    for rung in RUNGS:
        out = out.mask(reached[rung], rung)
    return out.astype(scale("ladder").dtype).rename("rung")


def _marks(table: CommitmentTable) -> pd.DataFrame:
    """Of each commitment: which rungs it reaches, and which of them were judged at all."""
    impact = at_least(table.rated["potential_impact"], "moderate")
    complete = decide(table.rated, "high_completion")
    results = decide(table.rated, "strong_results")
    reviewed = was_reviewed(table) | complete.notna() | impact.notna()
    marks = {"ca": pd.Series(True, index=table.rated.index, dtype="boolean"), "ir": reviewed.astype("boolean")}
    marks |= {"c": complete, "a": impact, "er": results}
    out = {rung: mark.fillna(False).astype(bool) for rung, mark in marks.items()}
    out |= {f"{rung}_known": mark.notna() for rung, mark in marks.items()}
    return pd.DataFrame(out)
