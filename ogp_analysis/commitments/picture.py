"""The global picture from counts: shares, funnel, ladder, completion by era, associations, one member among all.

Every function takes the counts of :func:`~ogp_analysis.commitments.reference.count_table`, whether they come from
a downloaded table or from the case.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.commitments.derived import gates_from_counts
from ogp_analysis.commitments.reference import LADDER, expand
from ogp_analysis.commitments.rules import STAR_RULES, rule
from ogp_analysis.errors import ParameterError, nearest
from ogp_analysis.scales import VARIABLES, scale

if TYPE_CHECKING:
    from ogp_analysis.stats.association import Association, ClusterInterval, CrossTable, Within
    from ogp_analysis.stats.shrinkage import Shrunk
    from ogp_analysis.stats.standing import Standing


SHARE_COLUMNS = (
    "rule", "group", "count", "total", "undecided", "share", "low", "high", "jeffreys_low", "jeffreys_high",
    "members", "mean_of_members", "mean_low", "mean_high",
)  # fmt: skip


@dataclass(frozen=True)
class Chain:
    """Whether two ratings of the chain from design to results go together.

    Attributes
    ----------
    first, second : str
        The two ratings.
    table : CrossTable
        Every pair of labels, also those outside the order of their scale.
    overall : Association
        tau-b, chi-square over all commitments with both ratings on their order; takes commitments as independent.
    by_member : ClusterInterval
        Interval of tau-b that draws whole members.
    inside : Within
        Permutation test among commitments of the same member.
    """

    first: str
    second: str
    table: CrossTable
    overall: Association
    by_member: ClusterInterval
    inside: Within


def answers(counts: pd.DataFrame, key: str) -> pd.DataFrame:
    """The answers of one rule, one row a commitment: ``member``, ``era``, ``answer`` (nullable boolean).

    Raises
    ------
    ParameterError
        If the counts hold no answer of this rule: the edition does not rate what it needs.
    """
    rows = _of(counts, "rule", key)
    out = expand(rows[["member", "era", "first_label", "count"]])
    yes = out.pop("first_label").map({"yes": True, "no": False})
    return out.assign(answer=yes.astype("boolean"))


def rule_shares(counts: pd.DataFrame, keys: Sequence[str], *, by: str | None = None) -> pd.DataFrame:
    """Share of commitments that meet each rule, with intervals, pooled and as mean of members.

    Each share has its own denominator: the commitments for which its rule could be decided. Rules of the star of
    different eras are different rules, and stand in lines of their own.

    Parameters
    ----------
    counts : DataFrame
    keys : sequence of str
        Names of rules.
    by : {"era", "member"}, optional
        One line for each of them.

    Returns
    -------
    DataFrame
        ``rule``, the column ``by`` if given, ``count``, ``total``, ``undecided``, ``share``, ``low`` and ``high``
        (Wilson, 95%), ``jeffreys_low``, ``jeffreys_high``, ``members``, ``mean_of_members``, ``mean_low``,
        ``mean_high`` (bootstrap over members).
    """
    from ogp_analysis.stats.proportions import interval, pooled_and_mean

    if by not in (None, "era", "member"):
        raise ParameterError(f"Shares cannot be told apart by {by!r}.", hint="Use one of: era, member.")
    rows = []
    for key in keys:
        frame = answers(counts, key)
        for group, part in [(None, frame)] if by is None else sorted(frame.groupby(by)):
            both = pooled_and_mean(part["answer"], part["member"])
            own = both.pooled
            low, high = interval(own.count, own.total, "jeffreys")
            rows.append(
                {
                    "rule": key,
                    "group": group,
                    "count": own.count,
                    "total": own.total,
                    "undecided": own.undecided,
                    "share": own.share,
                    "low": own.low,
                    "high": own.high,
                    "jeffreys_low": low,
                    "jeffreys_high": high,
                    "members": both.members,
                    "mean_of_members": both.mean,
                    "mean_low": both.low,
                    "mean_high": both.high,
                }
            )
    out = pd.DataFrame(rows, columns=list(SHARE_COLUMNS))
    return out.drop(columns="group") if by is None else out.rename(columns={"group": by})


def one_star_rule(keys: Sequence[str]) -> str:
    """The single rule of the star among some keys.

    Raises
    ------
    ParameterError
        If there is more than one: stars of different rules are never counted together.
    """
    stars = [key for key in keys if key in STAR_RULES]
    if len(set(stars)) > 1:
        raise ParameterError(
            f"Stars of {len(set(stars))} rules cannot be counted together: {', '.join(sorted(set(stars)))}.",
            hint="The rule changed three times. Recompute all commitments under one of them with decide().",
        )
    if not stars:
        raise ParameterError("None of these is a rule of the star.", hint=f"Use one of: {', '.join(STAR_RULES)}.")
    return stars[0]


def labels(counts: pd.DataFrame, variable: str, *, by: str | None = None) -> pd.DataFrame:
    """How often each label of a rating was given; missing states stand apart, outside the shares.

    Returns
    -------
    DataFrame
        The column ``by`` if given, ``label``, ``count``, ``rated`` (number rated in the group), ``share``; labels
        in the order of the scale, then the missing states with a missing share.
    """
    rows = _of(counts, "rating", variable)
    own = scale(VARIABLES[variable])
    keys = ["first_label"] if by is None else [by, "first_label"]
    out = rows.groupby(keys)["count"].sum().reset_index().rename(columns={"first_label": "label"})
    is_rating = out["label"].isin(list(own.by_key))
    rated = out["count"].where(is_rating, 0)
    out["rated"] = rated.sum() if by is None else rated.groupby(out[by]).transform("sum")
    out["share"] = (out["count"] / out["rated"]).where(is_rating)
    order = {key: number for number, key in enumerate([*own.by_key, *own.dtype.categories])}
    out = out.assign(order=out["label"].map(order)).sort_values(([] if by is None else [by]) + ["order"])
    return out.drop(columns="order").reset_index(drop=True)


def gates(counts: pd.DataFrame, *, member: str | None = None, reviewed: bool = True) -> pd.DataFrame:
    """The funnel to a star from counts.

    Parameters
    ----------
    counts : DataFrame
    member : str, optional
        One member only.
    reviewed : bool
        Leave out commitments of which not even the first gate was judged.

    Returns
    -------
    DataFrame
        As :func:`~ogp_analysis.commitments.derived.funnel`.
    """
    rows = _of(counts, "gate", "binding_constraint")
    if member is not None:
        rows = rows[rows["member"] == _member(counts, member)]
    number = {str(label): int(n) for label, n in rows.groupby("first_label")["count"].sum().items()}
    undecided = {label.removeprefix("undecided:"): n for label, n in number.items() if ":" in label}
    total = sum(number.values())
    if reviewed:
        total -= undecided.pop("specificity", 0)
    return gates_from_counts(number, undecided, total)


def chain(counts: pd.DataFrame, first: str, second: str, *, draws: int = 2000, seed: int = 0) -> Chain:
    """Cross two ratings and ask whether they go together, overall and among commitments of the same member.

    Labels outside the order of their scale (completion that could not be established) stand in the cross-table and
    are left out of the measures. Commitments of one member are not independent: read the interval by member and
    the test inside members before the plain p-value.
    """
    from ogp_analysis.stats.association import association, cluster_interval, cross_table, within

    rows = one_edition(counts)
    rows = rows[(rows["kind"] == "cross") & (rows["first"] == first) & (rows["second"] == second)]
    if rows.empty:
        held = counts[counts["kind"] == "cross"][["first", "second"]].drop_duplicates().to_numpy().tolist()
        raise ParameterError(
            f"The counts cross no '{first}' with '{second}'.",
            hint="They cross: " + "; ".join(f"{a} with {b}" for a, b in held) + ".",
        )
    frame = expand(rows[["member", "first_label", "second_label", "count"]])
    one, two = (_rated(frame[f"{side}_label"], name) for side, name in (("first", first), ("second", second)))
    kept = [pd.CategoricalDtype(list(scale(VARIABLES[name]).by_key)) for name in (first, second)]
    table = cross_table(one.astype(kept[0]).rename(first), two.astype(kept[1]).rename(second))
    x, y = scale(VARIABLES[first]).ordered(one), scale(VARIABLES[second]).ordered(two)
    return Chain(
        first,
        second,
        table,
        association(x.rename(first), y.rename(second)),
        cluster_interval(x, y, frame["member"], draws, seed),
        within(x, y, frame["member"], draws, seed),
    )


def member_rates(counts: pd.DataFrame, key: str) -> Shrunk:
    """Each member's rate under a rule, stabilised: the fewer commitments, the closer to the common mean.

    The formula and its source are those of :func:`~ogp_analysis.stats.shrinkage.shrink`; of a member counted are
    the commitments for which the rule could be decided.
    """
    from ogp_analysis.stats.shrinkage import shrink

    number = _by_member(counts, key)
    return shrink(number["count"], number["total"])


def place(counts: pd.DataFrame, key: str, member: str, *, group: Sequence[str] | None = None) -> Standing:
    """Where a member stands among others under a rule, as a percentile with its range.

    The formula and its source are those of :func:`~ogp_analysis.stats.standing.standing`; of each member counted
    are the commitments for which the rule could be decided.

    Parameters
    ----------
    counts : DataFrame
    key : str
        Rule.
    member : str
        As the edition names it.
    group : sequence of str, optional
        The members to compare with (same region, same year, local members); without it all others.
    """
    from ogp_analysis.stats.standing import standing

    number = _by_member(counts, key)
    own = number["count"].to_dict(), number["total"].to_dict()
    others = number.drop(index=_member(counts, member))
    if group is not None:
        others = others.loc[[_member(counts, name) for name in group if name != member]]
    return standing(own[0][member], own[1][member], others["count"], others["total"], label=member)


def ladder_counts(counts: pd.DataFrame) -> pd.DataFrame:
    """In how many members each policy area came how far; one row an area, one column a rung."""
    rows = one_edition(counts)
    rows = rows[rows["kind"] == "ladder"]
    table = pd.crosstab(rows["first"], rows["first_label"]).reindex(columns=list(LADDER), fill_value=0)
    table["nc"] = len(members(counts)) - table.drop(columns="nc").sum(axis=1)
    return table.rename_axis(index="policy_area", columns="rung")


def one_edition(counts: pd.DataFrame) -> pd.DataFrame:
    """The counts themselves, once it is sure that they are of one edition, and possible.

    Raises
    ------
    ParameterError
        If they are of several editions, since later ones contain the commitments of earlier ones again; or if a
        number or an answer is not possible.
    """
    found = sorted(counts["edition"].dropna().unique())
    if len(found) > 1:
        raise ParameterError(
            f"These are counts of {len(found)} editions: {', '.join(found)}.",
            hint="Use one edition at a time: later ones hold the commitments of earlier ones again.",
        )
    wrong = ~(counts["count"] >= 1) | (counts["count"] % 1 != 0)
    if wrong.any():
        raise ParameterError(
            f"A count of {counts.loc[wrong, 'count'].iloc[0]} commitments is not possible.",
            hint="Counts are whole numbers from 1 on; make them with count_table().",
        )
    answers_ = counts.loc[counts["kind"] == "rule", "first_label"]
    odd = sorted(set(answers_.dropna()) - {"yes", "no", "undecided"})
    if odd:
        raise ParameterError(
            f"The answer of a rule is yes, no or undecided, not {odd[0]!r}.",
            hint="Make counts with count_table().",
        )
    return counts


def members(counts: pd.DataFrame) -> list[str]:
    """The members that the counts know of, in alphabetical order."""
    own = one_edition(counts)
    return sorted(own.loc[own["kind"] == "gate", "member"].unique())


def _by_member(counts: pd.DataFrame, key: str) -> pd.DataFrame:
    rows = _of(counts, "rule", key)
    table = rows.pivot_table(index="member", columns="first_label", values="count", aggfunc="sum", fill_value=0)
    table = (
        table.reindex(columns=["yes", "no"], fill_value=0)
        .reindex(pd.Index(members(counts), name="member"), fill_value=0)
        .astype(int)
    )
    return pd.DataFrame({"count": table["yes"], "total": table["yes"] + table["no"]})


def _of(counts: pd.DataFrame, kind: str, first: str) -> pd.DataFrame:
    if kind == "rule":
        rule(first)
    rows = one_edition(counts)
    rows = rows[(rows["kind"] == kind) & (rows["first"] == first)]
    if rows.empty:
        held = sorted(counts.loc[counts["kind"] == kind, "first"].unique())
        raise ParameterError(
            f"The counts hold nothing on {first!r}: this edition does not rate it.", hint=nearest(first, held)
        )
    return rows


def _member(counts: pd.DataFrame, member: str) -> str:
    known = members(counts)
    if member not in known:
        raise ParameterError(f"The counts know no member {member!r}.", hint=nearest(member, known))
    return member


def _rated(keys: pd.Series, variable: str) -> pd.Series:
    own = scale(VARIABLES[variable])
    return pd.Series(pd.Categorical(keys, dtype=own.dtype), keys.index)
