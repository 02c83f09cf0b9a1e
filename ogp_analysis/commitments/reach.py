"""Which kecamatan the evidence on each commitment touches, and which evidence is looked for."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.case import Case, known_by
from ogp_analysis.commitments.plan import plan_commitments, plan_progress
from ogp_analysis.quarter import Quarter


def evidence_by_district(case: Case, quarter: Quarter) -> pd.DataFrame:
    """How many pieces of dated evidence on each commitment name each kecamatan.

    Returns
    -------
    DataFrame of int
        Index ``commitment_key`` in the order of the plan, one column a kecamatan (``code_bps``, every one of the
        case). Evidence that names no kecamatan stands in none.

    Examples
    --------
    >>> from ogp_analysis import Quarter, load_case
    >>> evidence_by_district(load_case("semarang"), Quarter.parse("2023Q4")).shape
    (5, 16)
    """
    plan = plan_commitments(case, quarter)
    seen = plan_progress(case, quarter)
    seen = seen[known_by(seen["date"], quarter.last_day) & seen["code_bps"].notna()]
    table = pd.crosstab(seen["commitment_key"], seen["code_bps"])
    keys = pd.Index(plan["commitment_key"], name="commitment_key")
    codes = pd.Index(case.districts["code_bps"], name="code_bps")
    return table.reindex(index=keys, columns=codes, fill_value=0).astype(int)


def needed_evidence(case: Case, quarter: Quarter) -> pd.DataFrame:
    """What would show whether each commitment was kept, beside what was seen.

    The needs are drawn up by the project from the text of the commitments; they are no demand of OGP.

    Returns
    -------
    DataFrame
        The columns of ``commitment_needs`` for the member's plan, and: ``dated_evidence`` (pieces on the
        commitment by the quarter's end), ``districts_named`` (kecamatan that they name; missing where the need is
        not by kecamatan), ``districts`` (kecamatan of the case).
    """
    plan = plan_commitments(case, quarter)
    needs = case.table("commitment_needs")
    out = needs[needs["commitment_key"].isin(plan["commitment_key"])].reset_index(drop=True)
    named = (evidence_by_district(case, quarter) > 0).sum(axis=1)
    out["dated_evidence"] = (
        out["commitment_key"].map(plan.set_index("commitment_key")["dated_evidence"]).astype(int)
    )
    out["districts_named"] = out["commitment_key"].map(named).astype("Int64").where(out["by_district"])
    return out.assign(districts=len(case.districts))
