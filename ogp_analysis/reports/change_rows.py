"""The rows of the tables on what changed: moves in the reader's words, subject by subject."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis.changes import CAUSES, SUBJECTS, Standing
from ogp_analysis.reports.present import indicator_names, pair

if TYPE_CHECKING:
    from ogp_analysis.reports.change_set import Changes
    from ogp_analysis.reports.context import Report

#: Subjects that stand one below the other in the table of statuses.
STATUSES = ("membership", "criterion", "duty", "claim", "commitment", "milestone", "measure")
AMOUNTS = ("amount", "revenue")
#: On which side a small count is withheld: before, after.
WITHHELD: Mapping[tuple[bool, ...], str | None] = {
    (False, False): None,
    (True, False): "before",
    (False, True): "now",
    (True, True): "before and now",
}
STATES: Mapping[str, str] = {
    "membership": "Membership",
    "criterion": "Criteria",
    "duty": "Duties",
    "claim": "Claims",
    "commitment": "Commitments",
    "milestone": "Milestones",
    "measure": "Measures",
    "amount": "Amounts of measures",
    "revenue": "Taxes",
    "value": "Values by kecamatan",
    "rate": "Rates by kecamatan",
    "place": "Places among the kecamatan",
    "scorecard": "Ranks in scorecards",
    "known": "What is known by kecamatan",
    "coverage": "Series",
}


def moves_of(moved: pd.DataFrame, subjects: Collection[str]) -> pd.DataFrame:
    """The moves of some subjects."""
    return moved[moved["subject"].isin(subjects)].reset_index(drop=True)


def moved_by(causes: pd.Series[str], cause: str) -> pd.Series[bool]:
    """Which moves have a cause among theirs, which are joined by a semicolon.

    Examples
    --------
    >>> moved_by(pd.Series(["newer_data;method", "method"]), "newer_data").tolist()
    [True, False]
    """
    return causes.map(lambda text: cause in text.split(";")).astype(bool)


def causes_texts(rows: pd.DataFrame, report: Report) -> list[str]:
    """Why each row moved, in words; dashes, for the column to be left out, where newer data moved all of them."""
    if (rows["causes"] == "newer_data").all():
        return ["—"] * len(rows)
    return [", ".join(report.label(cause) for cause in text.split(";")) for text in rows["causes"]]


def status_rows(moved: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Moves of statuses, with names and causes in the reader's language."""
    rows = moves_of(moved, STATUSES)
    rows = rows[rows["before_text"] != rows["after_text"]]
    for side in ("before", "after"):
        rows[f"{side}_text"] = rows[f"{side}_text"].replace("", None)
    days = rows["after_period"].where(rows["after_period"] != "", rows["before_period"])
    names = pair(rows, "name", report.language)
    keys = zip(rows["subject"], rows["key"], strict=True)
    names = names.where(names != "", [_unnamed(subject, key, report) for subject, key in keys])
    return rows.assign(
        about=[STATES[subject] for subject in rows["subject"]],
        name=names,
        day=days.where(rows["subject"].isin(["duty", "measure"]) & (days != ""), None),
        causes_text=causes_texts(rows, report),
    )


def _unnamed(subject: str, key: str, report: Report) -> str:
    """What a thing is called that has no name in the tables."""
    if subject == "membership":
        return report.label("member")
    if subject == "milestone":
        commitment, _, number = key.partition("/")
        return report.t("{commitment}, milestone {number} (no text)", commitment=commitment, number=number)
    return key


def amount_rows(moved: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Moves of figures of measures and taxes."""
    rows = moves_of(moved, AMOUNTS)
    taxes = rows["subject"] == "revenue"
    names = [
        " ".join([report.label(text.split(" ")[0]), *text.split(" ")[1:]]) if tax else text
        for text, tax in zip(pair(rows, "name", report.language), taxes, strict=True)
    ]
    kind = rows["after_text"].where(rows["after_text"] != "", rows["before_text"])
    day = rows["after_period"].where(rows["after_period"] != "", rows["before_period"])
    return rows.assign(
        name=names,
        text=kind,
        day=day,
        unit=pair(rows, "unit", report.language),
        causes_text=causes_texts(rows, report),
    )


def value_rows(moved: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Moves of the values of one kecamatan, with its place before and now, and where a small count is withheld."""
    rows = moves_of(moved, ("value",))
    place = moved[moved["subject"] == "place"].set_index("key")

    def text(key: str) -> str:
        if key not in place.index:
            return "—"
        sides: list[Any] = [place[side][key] for side in ("before", "after")]
        return " → ".join("—" if pd.isna(side) else str(int(side)) for side in sides)

    for side in ("before", "after"):
        rows[f"{side}_period"] = rows[f"{side}_period"].replace("", None)
    withheld = zip(rows["before_text"] == "withheld", rows["after_text"] == "withheld", strict=True)
    return rows.assign(
        name=pair(rows, "name", report.language),
        unit=pair(rows, "unit", report.language),
        places=[text(key) for key in rows["key"]],
        withheld=pd.Series([WITHHELD[sides] for sides in withheld], dtype=object),
        causes_text=causes_texts(rows, report),
    )


def indicator_rows(moved: pd.DataFrame, found: Changes, report: Report) -> pd.DataFrame:
    """Moves of values over all kecamatan, one row an indicator: in how many they are more, less, the same.

    A kecamatan whose small count is withheld on either side is in none of these, but in ``withheld``. Where no
    kecamatan has two values to compare, ``more``, ``less`` and ``same`` are missing: that is not none of them.
    """
    values = moves_of(moved, ("value",))
    names = indicator_names(report.case, report.language)
    sides = [_values(each) for each in (found.before, found.after)]
    nothing = pd.DataFrame(columns=["value", "text"])
    out = []
    for key, rows in values.groupby("key", sort=False):
        first, last = (side.get(key, nothing) for side in sides)
        hidden = {code for side in (first, last) for code in side.index[side["text"] == "withheld"]}
        both = [code for code in first.index if code in last.index and code not in hidden]
        difference = last.loc[both, "value"] - first.loc[both, "value"]
        new = rows[(rows["change"] == "appeared") & ~rows["code_bps"].isin(hidden)]
        out.append(
            {
                "name": names.get(str(key), pair(rows, "name", report.language).iloc[0]),
                "before_period": _periods(rows["before_period"], report),
                "after_period": _periods(rows["after_period"], report),
                "more": int((difference > 0).sum()) if both else None,
                "less": int((difference < 0).sum()) if both else None,
                "same": int((difference == 0).sum()) if both else None,
                "new": len(new) or None,
                "gone": int((rows["change"] == "vanished").sum()) or None,
                "withheld": len(hidden) or None,
                "causes": ";".join(cause for cause in CAUSES if moved_by(rows["causes"], cause).any()),
                "source_id": ";".join(
                    dict.fromkeys(part for text in rows["source_id"] for part in text.split(";") if part)
                ),
            }
        )
    table = pd.DataFrame(out)
    return table.assign(causes_text=causes_texts(table, report)) if len(table) else table


def _values(side: Standing) -> dict[Any, pd.DataFrame]:
    items = side.items[side.items["subject"] == "value"]
    return {key: rows.set_index("code_bps")[["value", "text"]] for key, rows in items.groupby("key")}


def _periods(texts: pd.Series[str], report: Report) -> str:
    return ", ".join(report.language.period(text) for text in dict.fromkeys(texts) if text) or "—"


def rank_rows(moved: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Moves of ranks in scorecards, the largest first."""
    rows = moves_of(moved, ("scorecard",))
    rows = rows.iloc[(-rows["difference"].abs()).argsort(kind="stable")]
    return rows.assign(
        scorecard=pair(rows, "name", report.language),
        kecamatan=kecamatan_names(report, rows["code_bps"]),
        before_text=_ranges(rows["before_text"], report),
        after_text=_ranges(rows["after_text"], report),
        causes_text=causes_texts(rows, report),
    )


def _ranges(texts: pd.Series[str], report: Report) -> list[str]:
    return [report.label(text) if text == "no_score" else text or "—" for text in texts]


def known_rows(moved: pd.DataFrame, report: Report) -> pd.DataFrame:
    """For which kecamatan a thing became known, or is known no longer."""
    rows = moves_of(moved, ("known",))
    names = report.case.districts.set_index("code_bps")["name"]

    def listed(part: pd.DataFrame) -> str:
        if len(part) == len(names):
            return report.t("every kecamatan")
        return ", ".join(str(names.get(code, code)) for code in part["code_bps"]) or "—"

    return pd.DataFrame(
        [
            {
                "name": pair(part, "name", report.language).iloc[0],
                "found": listed(part[part["after_text"] == "known"]),
                "lost": listed(part[part["after_text"] != "known"]),
            }
            for _, part in rows.groupby("key", sort=False)
        ],
        columns=["name", "found", "lost"],
    )


def kecamatan_names(report: Report, codes: pd.Series[str]) -> list[str]:
    """The names of districts, a dash where there is no code; one that the case no longer has stays a code."""
    names = report.case.districts.set_index("code_bps")["name"]
    return [str(names.get(code, code)) if code else "—" for code in codes]


def cause_rows(found: Changes) -> pd.DataFrame:
    """How many items there are and how many moved, by subject, with a column a cause; missing where none does."""
    counted = found.moved.groupby("subject", sort=False).size()
    rows = []
    for subject in SUBJECTS:
        total = int((found.after.items["subject"] == subject).sum())
        moved = int(counted.get(subject, 0))
        if not total and not moved:
            continue
        own = found.moved.loc[found.moved["subject"] == subject, "causes"]
        causes = {cause: int(moved_by(own, cause).sum()) for cause in CAUSES}
        rows.append({"about": STATES[subject], "total": total, "moved": moved, **causes})
    table = pd.DataFrame(rows, columns=["about", "total", "moved", *CAUSES])
    absent = [cause for cause in CAUSES if not table[cause].any()]
    return table.assign(**dict.fromkeys(absent, None))  # a column of nothing but zeros is left out of the page
