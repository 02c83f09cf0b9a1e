"""The rules of membership, claims and scorecards as a page to read, made from the tables that decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.commitments.handbook import STATUS
from ogp_analysis.figures import OUTCOMES, SAYS
from ogp_analysis.membership.duty_rules import duty_rules
from ogp_analysis.membership.eligibility_rules import eligibility_rules
from ogp_analysis.membership.versions import Version
from ogp_analysis.scorecard import CHOICES, DRAWS, RECIPE, scorecards_of
from ogp_analysis.scorecard.result import SPREAD
from ogp_analysis.scorecard_items import indicator_names
from ogp_analysis.verdict import CLAIM_RULES, CRITERION_RULES, INDEPENDENCE, OWN_WORD, Rule

#: What the entries of ``eligibility.yaml`` mean, in the order of the page.
NAMES = {
    "core": "Core eligibility of a country",
    "fiscal_transparency": "Points for fiscal transparency",
    "access_to_information": "Points for access to information",
    "asset_disclosure": "Points for asset disclosure",
    "citizen_engagement": "Points for citizen engagement",
    "review": "Review of a member below the mark",
    "values_check": "Values check of a country that wants to join",
}
OWN = "This project's own rule; no source is claimed for it."


def membership_handbook(case: Case) -> str:
    """The second part of ``docs/rules.md``: eligibility, duties, findings, verdicts, scorecards.

    Parameters
    ----------
    case : Case
        Whose scorecards are listed.

    Examples
    --------
    >>> from ogp_analysis import load_case
    >>> membership_handbook(load_case("semarang")).splitlines()[0]
    '# How membership, claims and scorecards are judged'
    """
    lines = [
        "# How membership, claims and scorecards are judged",
        "",
        "Made by `docs/make.py` from `membership/eligibility.yaml`, `membership/duties.yaml`, `verdict.py`,",
        "`figures.py`, `scorecard/result.py` and the case's tables of scorecards. A rule holds from the day of",
        "the oldest text of it that was seen; it may be older. Versions of one rule with a gap or an overlap are",
        "refused. What each takes for granted and does not prove stands on its page:",
        "[all pages](methods/index.md).",
        "",
        "## Eligibility of countries",
        "",
        "A city joins and stays by the rules of OGP Local; these are shown for comparison. `core_eligibility`,",
        "`eligibility_history` and `values_check` in `ogp_analysis.membership` compute them.",
    ]
    for key, versions in eligibility_rules().items():
        lines += ["", f"### `{key}`: {NAMES[key]}", ""]
        for one in versions:
            lines += [f"- `{one['id']}`, {_days(one)}: {_eligibility(key, one)}", *_place(one)]
    lines += [
        "",
        "## Duties of members",
        "",
        "`duties` in `ogp_analysis.membership` gives each its days and its state. A case adds duties in its",
        "table `duties`. A duty is *missed* only where a source dated after the day says so (for one that comes",
        "again, where the source speaks of the last day of the period); where nothing was found it is *unknown*.",
        "",
        "| duty | rule | counted | binds | in force | source |",
        "|---|---|---|---|---|---|",
    ]
    for key, versions in duty_rules().items():
        for one in versions:
            cells = [
                f"`{key}`: {one['name_en']}",
                one["says_en"],
                _counted(one),
                "local members" if one["binds"] == "local" else "countries, shown only",
                _days(one),
                f"{one['source']} ({STATUS[one['status']]})",
            ]
            lines.append(_row(cells))
    lines += ["", "## Findings on a criterion or duty", "", *_first_that_fits(CRITERION_RULES)]
    lines += ["", f"Own word of a government: sources of kind {', '.join(sorted(OWN_WORD))}. {OWN}"]
    lines += ["", "## Verdicts on a claim", "", *_first_that_fits(CLAIM_RULES)]
    lines += ["", f"A verdict is on the words of a claim, not on the honesty of who made it. {OWN}"]
    lines += ["", "### How independent the sources are", "", *_table(("found", "when"), INDEPENDENCE)]
    lines += [
        "",
        "Context is left out. Where the table says nothing else, a source has its word from its publisher.",
    ]
    lines += ["", "### A claimed figure beside another", ""]
    lines += _table(
        ("side by side", "when", "stance that a reader may take"),
        [(name, SAYS[name], ", ".join(OUTCOMES[name])) for name in SAYS],
    )
    lines += ["", f"The first that fits decides; a table with another stance is refused. {OWN}"]
    return "\n".join([*lines, "", *_scorecards(case)]) + "\n"


def _days(one: Version) -> str:
    first, last = one.get("valid_from"), one.get("valid_to")
    if not first and not last:
        return "undated"
    return f"from {first}" if not last else f"{first or '…'} to {last}"


def _place(one: Version) -> list[str]:
    lines = [f"  - source: {one['source']} ({STATUS[one['status']]})"]
    if one.get("missing_status"):
        lines.append(f"  - where values are missing: {STATUS[one['missing_status']]}")
    return lines


def _eligibility(key: str, one: Version) -> str:
    if key == "core":
        metrics = ", ".join(f"`{name}`" for name in one["metrics"])
        return (
            f"at least {one['share']} of the points that can be had with {metrics}; with more than"
            f" {one['missing_allowed']} without a value there is not enough data. `reached >= share * available`"
        )
    if key == "review":
        years = f"below the mark in {one['years']} years in a row"
        return f"{years}; a year without enough data is neither below nor above"
    if key == "values_check":
        names = ", ".join(f"`{name}`" for name in one["indicators"])
        least = f"{one['lowest_pass']} or more, of 0 to {one['highest']}"
        return f"{least}, on at least one of {names} (V-Dem); members are not checked"
    return f"{', '.join(map(str, one['points']))} points: {one['says_en']}"


def _counted(one: Version) -> str:
    if one.get("assessment"):
        return "by `assessment_duties`, from the report itself"
    day = str(one["anchor"]).replace("_", " ")
    if one.get("every_months"):
        return f"every {one['every_months']} months from `{day}` to the end of the plan"
    return f"{one['months']} months after `{day}`" if one["months"] else f"on the day of `{day}`"


def _first_that_fits(rules: Sequence[Rule]) -> list[str]:
    rows = [(str(number), rule.outcome, rule.says) for number, rule in enumerate(rules, start=1)]
    return ["The first that fits decides.", "", *_table(("", "found", "when"), rows)]


def _scorecards(case: Case) -> list[str]:
    lines = [
        "## Scorecards of the districts",
        "",
        f"`scorecard` in `ogp_analysis.scorecard` computes them; a case adds one by its tables. {OWN}",
        "",
        *_table(("step", "settings"), [(f"`{name}`", _settings(one)) for name, one in RECIPE.items()]),
        "",
        "Min-max: `low + (high - low) * (x - least) / (most - least)`, turned where less is better. Mean: of what",
        "is known, with its weights; none where less than two thirds of the weight is known. A missing value is",
        "never zero.",
        "",
        f"Range of a rank: nine of ten of {DRAWS:,} draws, each as likely, of one of the lines below, of one",
        f"item left out or none, and of every weight up to {SPREAD:.0%} larger or smaller.",
        "",
        *_table(("scale and mean",), [(_settings(one),) for one in CHOICES]),
    ]
    cards = case.table("scorecards").set_index("scorecard_id")
    items = case.table("scorecard_items")
    for name in scorecards_of(case):
        own = items[(items["scorecard_id"] == name) & (items["type"] == "indicator")]
        card = cards.loc[name]
        lines += ["", f"### `{name}`: {card['name_en']} ({case.jurisdiction['name']})", ""]
        lines += [str(card["about_en"]), str(card["limits_en"]), ""]
        rows = [
            (
                f"`{row['code']}`: {row['name_en']}",
                f"`{row['parent']}`",
                "more" if row["direction"] == 1 else "less",
                f"{row['weight']:g}",
                _from(row, case),
            )
            for _, row in own.iterrows()
        ]
        lines += _table(("item", "group", "better is", "weight", "from"), rows)
    return lines


def _settings(one: Any) -> str:
    parts = []
    for name, value in one.items():
        inner = (
            ", ".join(f"{key} {each}" for key, each in value.items()) if isinstance(value, dict) else str(value)
        )
        parts.append(f"{name}: {inner}")
    return "; ".join(parts)


def _from(row: pd.Series[Any], case: Case) -> str:
    if pd.notna(row["indicators"]):
        names = indicator_names(row["indicators"])
        base = case.indicator(names[0])
        return f"{' + '.join(f'`{name}`' for name in names)}, for each {base['per']:,} of `{base['denominator']}`"
    words = [f"filled in, {row['unit_en']}"]
    low, high = ("" if pd.isna(row[name]) else f"{row[name]:g}" for name in ("minimum", "maximum"))
    if low or high:
        words.append(f"{low or '…'} to {high or '…'}")
    if pd.notna(row["whole"]) and row["whole"]:
        words.append("whole")
    if pd.notna(row["part_of"]):
        words.append(f"at most `{row['part_of']}` of the same day")
    if pd.notna(row["needs"]):
        words.append(f"none where `{row['needs']}` is 0")
    return "; ".join(words)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [_row(head), "|" + "---|" * len(head), *(_row(row) for row in rows)]


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
