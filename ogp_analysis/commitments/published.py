"""The rules held against the columns that OGP derived itself, and every row where they differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ogp_analysis.commitments import derived
from ogp_analysis.commitments.rules import Stage, decide, latest_completion
from ogp_analysis.errors import ParameterError
from ogp_analysis.scales import rated, scale
from ogp_analysis.sources.ogp import CommitmentTable

Answer = Callable[[CommitmentTable], pd.Series]
DIFFERING = ("row", "member", "title", "indicator", "rule", "published", "by_rule")


@dataclass(frozen=True)
class PublishedCheck:
    """How far the rules reproduce OGP's own derived columns.

    Attributes
    ----------
    summary : DataFrame
        One row an indicator and rule: ``agree``, ``differ``, ``published_without_rating`` (the file prints a
        value, the rule has no rating to decide on), ``decided_unpublished`` (the other way round),
        ``yes_published``.
    differing : DataFrame
        Every row that differs: ``row``, ``member``, ``title``, ``indicator``, ``rule``, ``published``,
        ``by_rule``.
    """

    summary: pd.DataFrame
    differing: pd.DataFrame


def star_rule(table: CommitmentTable) -> pd.Series:
    """The rule of the star that a commitment of the 2015 edition was judged by.

    The founders' reports of 2013 did not rate potential impact; every later report in that edition did. So a
    commitment that was assessed without a rating of impact is a founder's.

    Returns
    -------
    Series of str
        ``starred_founders`` or ``starred_2014``; missing where the commitment was not assessed, or its impact
        cannot be read.

    Raises
    ------
    ParameterError
        For other editions, whose star columns name their rule.
    """
    if table.edition != "2015-05":
        raise ParameterError(
            f"The star columns of edition {table.edition} name their rule.",
            hint="Read them from table.published, or recompute with decide(table.rated, rule).",
        )
    assessed = was_reviewed(table)
    founders = table.rated["potential_impact"].isin(["NR", "ND", "NA"])
    out = pd.Series("starred_2014", index=table.rated.index).mask(founders, "starred_founders")
    # without a readable impact it cannot be told which of the two it was
    told = founders | rated(table.rated["potential_impact"])
    return out.where(assessed & told).rename("star_rule")


def was_reviewed(table: CommitmentTable) -> pd.Series:
    """Whether each commitment was reviewed: as the file says, else whether it carries any rating."""
    said = table.commitments["assessed"]
    seen = (
        rated(table.rated["specificity"])
        | rated(table.rated["verifiable"])
        | rated(latest_completion(table.rated))
    )
    return said.astype("boolean").fillna(seen).astype(bool).rename("reviewed")


def check_published(table: CommitmentTable) -> PublishedCheck:
    """Recompute each of OGP's derived columns from the ratings in the same file, and compare.

    Returns
    -------
    PublishedCheck

    Notes
    -----
    Several columns of the edition of 2024 print 0 for a commitment that nobody rated; such rows are counted as
    ``published_without_rating`` and never as agreeing.
    """
    rows, differing = [], [pd.DataFrame(columns=list(DIFFERING))]
    for indicator, rule, computed, printed in _comparisons(table):
        told = printed.where(~printed.str.upper().isin(["NR", "ND", "NA", "", "FALSE"]))
        both = told.notna() & computed.notna()
        odd = both & (told != computed)
        rows.append(
            (
                indicator,
                rule,
                int((both & ~odd).sum()),
                int(odd.sum()),
                int((told.notna() & computed.isna()).sum()),
                int((told.isna() & computed.notna()).sum()),
                int((both & (told == "1")).sum()),
            )
        )
        if odd.any():
            found = table.commitments.loc[odd, ["member", "title"]].rename_axis("row").reset_index()
            found = found.assign(
                indicator=indicator, rule=rule, published=told[odd].to_numpy(), by_rule=computed[odd].to_numpy()
            )
            differing.append(found[list(DIFFERING)])
    columns = ["indicator", "rule", "agree", "differ"]
    columns += ["published_without_rating", "decided_unpublished", "yes_published"]
    return PublishedCheck(
        pd.DataFrame(rows, columns=columns), pd.concat(differing[1:] or differing, ignore_index=True)
    )


def _comparisons(table: CommitmentTable) -> list[tuple[str, str, pd.Series, pd.Series]]:
    """Indicator, rule, what the rule gives as text, what is printed."""
    out = []
    if table.edition == "2015-05" and "starred" in table.published:
        era = star_rule(table)
        for key in ("starred_founders", "starred_2014"):
            own = era == key
            printed = table.published["starred"].where(own, "NR")
            out.append(("starred", key, _flag(decide(table.rated, key, stage="progress").where(own)), printed))
    for indicator, (rule, answer) in _ANSWERS.items():
        if indicator in table.published:
            out.append((indicator, rule, answer(table), table.published[indicator]))
    return out


def _flag(answers: pd.Series) -> pd.Series:
    return answers.astype(object).map({True: "1", False: "0"})


def _by_rule(key: str, stage: Stage = "latest") -> tuple[str, Answer]:
    return key, lambda table: _flag(decide(table.rated, key, stage=stage))


def _score(table: CommitmentTable) -> pd.Series:
    codes = {label.key: label.codes["all"][0] for label in scale("assessment_score").labels}
    return derived.assessment_score(table.rated).astype(object).map(codes)


def _constraint(table: CommitmentTable) -> pd.Series:
    codes = {label.key: label.codes["all"][0] for label in scale("binding_constraint").labels}
    return derived.binding_constraint(table.rated).astype(object).map(codes)


def _completion_code(table: CommitmentTable) -> pd.Series:
    codes = {label.key: label.codes["2016"][0] for label in scale("completion").labels}
    return latest_completion(table.rated).astype(object).map(codes)


def _completion_rank(table: CommitmentTable) -> pd.Series:
    return scale("completion").ranks(latest_completion(table.rated)).map(str, na_action="ignore").astype(object)


_ANSWERS: dict[str, tuple[str, Answer]] = {
    "starred_2014": _by_rule("starred_2014", "progress"),
    "starred_2015": _by_rule("starred_2015", "progress"),
    "starred_current_progress": _by_rule("starred_current", "progress"),
    "starred_current_end": _by_rule("starred_current", "end_of_term"),
    "high_ambition": _by_rule("high_ambition"),
    "high_completion": _by_rule("high_completion"),
    "strong_results": _by_rule("strong_results_as_published"),
    "ambitious_and_complete_or_opened": _by_rule("ambitious_and_complete_or_opened"),
    "assessment_score": ("assessment_score", _score),
    "binding_constraint": ("binding_constraint", _constraint),
    "completion": ("latest_completion, coded", _completion_code),
    "completion_rescaled": ("latest_completion, ranked", _completion_rank),
}
