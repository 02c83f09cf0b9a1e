"""Rules that no schema of one table can express: rows that are well formed and still say two things at once."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from ogp_analysis.cleaning.text import total_of
from ogp_analysis.dates import succession_faults
from ogp_analysis.errors import ParameterError, Problem, file_row
from ogp_analysis.figures import OUTCOMES, compare_figures, parse_figure
from ogp_analysis.membership_rules import membership_problems
from ogp_analysis.quarter import Span
from ogp_analysis.scorecard_rules import scorecard_problems


def rule_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Rows that are well formed and still say two things at once."""
    values = tables["district_values"]
    file, problems = "district_values.csv", []
    empty = values["value"].isna()
    wrong = empty != values["state"].isin(["no_data", "not_applicable"])
    for at, row in values[wrong].iterrows():
        expected = "no value with this state" if row["state"] in ("no_data", "not_applicable") else "a value"
        problems.append(Problem(file, file_row(at), "value", str(row["value"]), f"{expected} ({row['state']})"))
    main = values[values["role"] == "main"]
    key = ["indicator", "code_bps", "period"]
    rows = {
        tuple(cells): file_row(at) for at, cells in zip(main.index[::-1], main[key].to_numpy()[::-1], strict=True)
    }
    for at, cells in zip(main.index, main[key].to_numpy(), strict=True):
        if rows[tuple(cells)] != file_row(at):
            words = f"'rival', for row {rows[tuple(cells)]} has the main value of {' | '.join(cells)}"
            problems.append(Problem(file, file_row(at), "role", "main", words))
    series = tables["district_series"].set_index(["indicator", "period"]).index
    pairs = main.drop_duplicates(["indicator", "period"])
    for at, cells in zip(pairs.index, pairs[["indicator", "period"]].to_numpy(), strict=True):
        if tuple(cells) not in series:
            words = f"a row in district_series.csv for {cells[0]} in {cells[1]}: its coverage and source"
            problems.append(Problem(file, file_row(at), "indicator, period", None, words))
    checks = (
        _code_problems,
        _pair_problems,
        _count_problems,
        _rate_problems,
        _account_problems,
        _figure_problems,
        _version_problems,
        membership_problems,
        scorecard_problems,
    )
    return problems + [problem for check in checks for problem in check(tables)]


def _code_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Kecamatan under a code of the ministry that is not their own: it stands in only where BPS's is not known."""
    districts = tables["districts"]
    same = (districts["code_bps"] == districts["code_kemendagri"]).fillna(False)
    wrong = districts["code_bps"].str.contains(".", regex=False) & ~same
    return [
        Problem("districts.csv", file_row(at), "code_bps", code, "7 digits, or the code_kemendagri of this row")
        for at, code in districts.loc[wrong, "code_bps"].items()
    ]


def _pair_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Kecamatan whose two codes are not those of the same place by the list of villages, and totals among them."""
    districts, problems = tables["districts"], []
    of_villages: dict[str, str] = {}
    if "villages" in tables:
        villages = tables["villages"]
        pairs = zip(villages["code_kemendagri"].str[:8], villages["code_bps"].str[:7], strict=True)
        of_villages = dict(pairs)
    rows = zip(
        districts.index,
        districts["code_bps"],
        districts["code_kemendagri"].fillna(""),
        districts["name"],
        strict=True,
    )
    for at, bps, kemendagri, name in rows:
        row, own = file_row(at), of_villages.get(kemendagri, bps)
        if own != bps and "." not in bps:
            words = f"{own}, which villages.csv has for the villages of {kemendagri}"
            problems.append(Problem("districts.csv", row, "code_bps", bps, words))
        if total_of(name) is not None:
            problems.append(Problem("districts.csv", row, "name", name, "the name of a kecamatan, not a total"))
    return problems


def place_problems(jurisdiction: Mapping[str, object], districts: pd.DataFrame) -> list[Problem]:
    """Kecamatan whose codes begin with those of another place than the case is about.

    Parameters
    ----------
    jurisdiction : mapping
        The entry of ``datapackage.yaml``.
    districts : DataFrame
        The table of that name.

    Examples
    --------
    >>> rows = pd.DataFrame({"code_bps": ["3374010", "3322010"], "code_kemendagri": ["33.74.14", None]})
    >>> place_problems({"code_bps": "3374"}, rows)[0].expected
    'a code that begins with 3374, as the case does'
    """
    problems = []
    for column, dotted in (("code_bps", False), ("code_kemendagri", True)):
        own = jurisdiction.get(column)
        codes = districts[column].dropna()
        codes = codes[codes.str.contains(".", regex=False) == dotted]
        if isinstance(own, str):
            words = f"a code that begins with {own}, as the case does"
            problems += [
                Problem("districts.csv", file_row(at), column, code, words)
                for at, code in codes[~codes.str.startswith(own)].items()
            ]
    return problems


def _count_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Counts and areas that somebody measured below zero; a difference (derived) may be."""
    values, indicators = tables["district_values"], tables["indicators"]
    kinds = dict(zip(indicators["indicator"], indicators["kind"], strict=True))
    counted = values["indicator"].map(kinds).isin(["count", "area"]) & (values["state"] == "measured")
    words = "zero or more, for a count or an area that was measured"
    return [
        Problem("district_values.csv", file_row(at), "value", f"{value:g}", words)
        for at, value in values.loc[counted & (values["value"] < 0), "value"].items()
    ]


def _rate_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Indicators with a denominator that do not say per how many of it."""
    indicators = tables["indicators"]
    lacking = indicators[indicators["denominator"].notna() & indicators["per"].isna()]
    words = "a number, such as 1000: the rate is per so many of the denominator"
    return [Problem("indicators.csv", file_row(at), "per", None, words) for at in lacking.index]


def _figure_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Figures of claims that cannot be read, and stances that the figures themselves do not allow."""
    problems = []
    for name in ("claims", "claim_evidence"):
        frame = tables[name]
        for at, row in frame[frame["value"].notna()].iterrows():
            number = file_row(at)
            if pd.isna(row["counts"]):
                words = "what the figure counts, such as national_members"
                problems.append(Problem(f"{name}.csv", number, "counts", None, words))
                continue
            try:
                parse_figure(str(row["value"]), str(row["counts"]))
            except ParameterError as error:
                words = f"a figure of '{row['counts']}'. {error.hint}"
                problems.append(Problem(f"{name}.csv", number, "value", str(row["value"]), words))
        for column in ("counts", "tolerance", "as_of"):
            if column not in frame.columns:
                continue
            for at, given in frame.loc[frame["value"].isna(), column].dropna().items():
                words = "nothing without a figure in 'value'"
                problems.append(Problem(f"{name}.csv", file_row(at), column, str(given), words))
    return problems or _stance_problems(tables["claims"], tables["claim_evidence"])


def _stance_problems(claims: pd.DataFrame, evidence: pd.DataFrame) -> list[Problem]:
    problems = []
    made = claims[claims["value"].notna()].drop_duplicates("claim_id").set_index("claim_id")
    for at, row in evidence[evidence["value"].notna() & evidence["claim_id"].isin(made.index)].iterrows():
        claim = made.loc[row["claim_id"]]
        outcome = compare_figures(
            str(claim["value"]),
            str(row["value"]),
            counts=str(claim["counts"]),
            found_counts=str(row["counts"]),
            as_of=claim["as_of"],
            found_as_of=row["as_of"],
            tolerance=0.0 if pd.isna(claim["tolerance"]) else float(claim["tolerance"]),
        )
        if row["stance"] not in OUTCOMES[outcome]:
            words = (
                f"{' or '.join(OUTCOMES[outcome])}: the figure {row['value']} beside the claimed "
                f"{claim['value']} is '{outcome}'"
            )
            problems.append(Problem("claim_evidence.csv", file_row(at), "stance", row["stance"], words))
    return problems


def _account_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Amounts that do not fit the whole they are a part of: they count something else, or are their own part."""
    amounts = tables["measure_amounts"]
    wholes = amounts.set_index("amount_id")
    file, problems = "measure_amounts.csv", []
    for at, row in amounts[amounts["part_of"].isin(wholes.index)].iterrows():
        number, whole = file_row(at), row["part_of"]
        seen = {row["amount_id"]}
        while isinstance(whole, str) and whole in wholes.index and whole not in seen:
            seen.add(whole)
            whole = wholes.loc[whole, "part_of"]
        if whole in seen:
            words = "a whole that is not, through its own wholes, a part of this amount"
            problems.append(Problem(file, number, "part_of", row["part_of"], words))
        elif row["counts"] != wholes.loc[row["part_of"], "counts"]:
            words = f"'{wholes.loc[row['part_of'], 'counts']}', as its whole {row['part_of']} counts"
            problems.append(Problem(file, number, "counts", row["counts"], words))
    return problems


def _version_problems(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Dated versions of one rule that leave a gap or overlap; a criterion without a key is a rule of its own."""
    problems = []
    for name, own, key in (("criteria", "criterion_id", "rule_key"), ("duties", "duty", "duty")):
        if name not in tables:
            continue
        table = tables[name]
        for rule, rows in table.groupby(table[key].fillna(table[own]), sort=False):
            texts = zip(rows.index, rows[own], rows["valid_from"], rows["valid_to"], strict=True)
            versions = [
                (
                    f"{one} (row {file_row(at)})",
                    None if pd.isna(first) else Span.parse(first).first,
                    None if pd.isna(last) else Span.parse(last).last,
                )
                for at, one, first, last in texts
            ]
            row = file_row(rows.index[0])
            problems += [
                Problem(f"{name}.csv", row, "valid_from, valid_to", str(rule), f"no gap or overlap, but {fault}")
                for fault in succession_faults(versions)
            ]
    return problems
