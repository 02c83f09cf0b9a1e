"""Sources that disagree on a figure: by how much, and how long before the member was admitted."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.quarter import Quarter, Span


def conflict_ratios(case: Case, quarter: Quarter) -> pd.DataFrame:
    """Pairs of figures that disagree on one thing, with the larger over the smaller.

    ``ratio = larger / smaller``; missing where the smaller is 0. ``days_before`` runs from the last day that
    the figures are about to the first day that the admission may mean, as the case gives it
    (``jurisdiction.admitted``, else ``member_since``), so it is the fewest days it can have been; missing after
    the admission.

    Parameters
    ----------
    case : Case
    quarter : Quarter
        Conflicts dated later are left out.

    Returns
    -------
    DataFrame
        The columns of ``conflicts`` of those rows that give both values, with ``ratio``, ``difference``
        (larger - smaller) and ``days_before``.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> ratios = conflict_ratios(load_case("semarang"), Quarter.parse("2020Q4")).set_index("conflict_id")
    >>> ratios.loc[["conflict-01", "conflict-02"], "ratio"].round(1).tolist()
    [4.7, 6.3]
    """
    frame = case.until("conflicts", quarter)
    frame = frame.dropna(subset=["value_a", "value_b"]).reset_index(drop=True)
    pair = frame[["value_a", "value_b"]]
    larger, smaller = pair.max(axis=1), pair.min(axis=1)
    frame["ratio"] = (larger / smaller).where(smaller > 0)
    frame["difference"] = larger - smaller
    info = case.jurisdiction
    known = info.get("admitted", info.get("member_since"))
    admitted = Span.parse(str(known)).first if known else None
    days = [(admitted - Span.parse(text).last).days if admitted else None for text in frame["date"]]
    frame["days_before"] = pd.Series(days, index=frame.index, dtype="Int64")
    frame["days_before"] = frame["days_before"].where(frame["days_before"] >= 0)
    return frame
