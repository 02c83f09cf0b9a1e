"""What changed since an earlier quarter, in the reader's words: on each page, and on a page of its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis.changes import CAUSES, SUBJECTS, Standing, check_order, makings, moves, standing, standing_of
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports import blocks
from ogp_analysis.reports.present import indicator_names, pair

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report

#: Subjects that stand one below the other in the table of statuses.
STATUSES = ("membership", "criterion", "duty", "claim", "commitment", "milestone", "measure")
AMOUNTS = ("amount", "revenue")
#: What a profile of a kecamatan tells of.
PROFILE = ("value", "place", "known", "scorecard")
#: Rows from which a table waits behind a line that opens it.
LONG = 12
#: Maps shown for two periods each: at most so many pairs.
PAIRS = 6
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


@dataclass(frozen=True)
class Changes:
    """What a page says of change.

    Attributes
    ----------
    since : Quarter
        The earlier quarter.
    before, after : Standing
        ``before`` as it was published, where that was given; else by the tables and method of today.
    moved : DataFrame
        See :func:`ogp_analysis.changes.moves`.
    published : bool
        Whether ``before`` is what a report published.
    """

    since: Quarter
    before: Standing
    after: Standing
    moved: pd.DataFrame
    published: bool = False


def changes_of(report: Report, subjects: Collection[str] = tuple(SUBJECTS), *, outlines: bool = False) -> Changes:
    """What moved between the quarter that a page names as the earlier one and its own.

    Parameters
    ----------
    report : Report
    subjects : collection of str
        Only these; a page reads only the tables that they follow from.
    outlines : bool
        Look also at the outlines that the maps are drawn with.

    Raises
    ------
    ParameterError
        If the published standing is of another case, or not earlier than the page.
    DataError
        If it cannot be read.
    """
    outline = outline_of(report) if outlines else None
    after = standing(report.case, report.quarter, outline, subjects)
    if report.published_file:
        before = _published(report)
        again = standing(report.case, before.quarter, outline, subjects)
        return Changes(before.quarter, before, after, moves(before, after, again), published=True)
    since = report.since

    def compare() -> tuple[Standing, pd.DataFrame]:
        first = standing(report.case, since, subjects=subjects)
        return first, moves(first, after)

    before, moved = report.case.remembered(("changes", since, report.quarter, tuple(subjects)), compare)
    return Changes(since, before, after, moved.copy())


def _published(report: Report) -> Standing:
    before = standing_of(report.published_file)
    check_order(before, report.case.id, report.quarter)
    return before


def outline_of(report: Report) -> dict[str, str]:
    """Which outlines the maps of a report are drawn with; empty without any."""
    if not report.has_outline:
        return {}
    about = report.boundaries.attrs["boundaries"]
    told = ("kind", "source_en", "vintage", "sha256", "method_version")
    return {name: str(about[name]) for name in told if about.get(name) is not None}


def show_changes(report: Report, subjects: Collection[str], *, district: str = "") -> None:
    """Show the section of a page on what changed since the earlier quarter: what it shows, and no more.

    Parameters
    ----------
    report : Report
    subjects : collection of str
        Of :data:`ogp_analysis.changes.SUBJECTS`.
    district : str
        BPS code; only what is about this kecamatan.
    """
    found = changes_of(report, subjects)
    moved = found.moved
    if district:
        moved = moved[moved["code_bps"] == district]
    report.heading("What changed since {quarter}", quarter=found.since)
    if moved.empty:
        report.say("Nothing of what this page shows is different from {quarter}.", quarter=found.since)
        return
    show_moves(report, moved, found, district=district)


def show_moves(report: Report, moved: pd.DataFrame, found: Changes, *, district: str = "") -> None:
    """Show moves as tables, subject by subject; nothing for a subject of which nothing moved."""
    statuses = status_rows(moved, report)
    if len(statuses):
        report.table(
            statuses,
            {
                "about": "About",
                "name": "What",
                "day": "Day",
                "before_text": "Before",
                "after_text": "Now",
                "causes_text": "Why",
                "source_id": "Source",
            },
            "What is said of commitments, duties, criteria, claims and measures",
            formats={"about": "msg", "day": "period", "before_text": "label", "after_text": "label"},
            optional=["day", "causes_text"],
            folded=len(statuses) > LONG,
            note="A dash under Before: it is new. A dash under Now: it is gone.",
        )
    sums = amount_rows(moved, report)
    if len(sums):
        report.table(
            sums,
            {
                "name": "What",
                "text": "Kind of figure",
                "day": "Day",
                "before": "Before",
                "after": "Now",
                "unit": "Unit",
                "causes_text": "Why",
                "source_id": "Source",
            },
            "Figures of measures and taxes",
            formats={"text": "label", "day": "period", "before": "mixed", "after": "mixed"},
            optional=["before", "causes_text"],
            folded=len(sums) > LONG,
        )
    if district:
        _district(report, moved)
    else:
        _districts(report, moved, found)
    ranks = rank_rows(moved, report)
    if len(ranks):
        report.table(
            ranks,
            {
                "scorecard": "Scorecard",
                "kecamatan": "Kecamatan",
                "before": "Before",
                "before_text": "Its range",
                "after": "Now",
                "after_text": "Its range now",
                "causes_text": "Why",
            },
            "Ranks in scorecards",
            formats={"before": "whole", "after": "whole"},
            optional=["kecamatan", "causes_text"],
            folded=len(ranks) > LONG,
            note="Where the ranges overlap, the rank may have moved by the choices made and not by the figures.",
        )
    known = known_rows(moved, report)
    if len(known):
        report.table(
            known,
            {"name": "What", "found": "Now known for", "lost": "No longer known for"},
            "What is known by kecamatan",
            optional=["found", "lost"],
        )
    series = _of(moved, ("coverage",))
    if len(series):
        report.table(
            series.assign(name=pair(series, "name", report.language), why=causes_texts(series, report)),
            {
                "name": "What",
                "before_period": "Newest before",
                "before": "Kecamatan with a value",
                "after_period": "Newest now",
                "after": "Kecamatan with a value now",
                "why": "Why",
                "source_id": "Source",
            },
            "Series that gained or lost something",
            formats={"before_period": "period", "after_period": "period", "before": "whole", "after": "whole"},
            optional=["why"],
            folded=len(series) > LONG,
        )


def _district(report: Report, moved: pd.DataFrame) -> None:
    rows = value_rows(moved, report)
    if len(rows):
        report.table(
            rows,
            {
                "name": "Indicator",
                "before_period": "Period before",
                "before": "Value before",
                "after_period": "Period",
                "after": "Value",
                "difference": "Difference",
                "unit": "Unit",
                "places": "Place",
                "causes_text": "Why",
                "source_id": "Source",
            },
            "Values and places",
            formats={
                "before_period": "period",
                "after_period": "period",
                "before": "mixed",
                "after": "mixed",
                "difference": "signed_mixed",
            },
            optional=["before_period", "before", "difference", "places", "causes_text"],
            folded=len(rows) > LONG,
            note="Counted otherwise: the source counts on another base, so a difference is no growth or decline.",
        )


def _districts(report: Report, moved: pd.DataFrame, found: Changes) -> None:
    rows = indicator_rows(moved, found, report)
    if len(rows):
        report.table(
            rows,
            {
                "name": "Indicator",
                "before_period": "Period before",
                "after_period": "Period",
                "more": "More in",
                "less": "Less in",
                "same": "The same in",
                "new": "New for",
                "gone": "Gone for",
                "causes_text": "Why",
                "source_id": "Source",
            },
            "Values by kecamatan: in how many they are more or less",
            formats={"before_period": "text", "after_period": "text"},
            optional=["gone", "new", "causes_text"],
            folded=len(rows) > LONG,
            note="Counted otherwise: the source counts on another base, so a difference is no growth or decline. "
            "Each kecamatan stands in its profile.",
        )


def _of(moved: pd.DataFrame, subjects: Collection[str]) -> pd.DataFrame:
    return moved[moved["subject"].isin(subjects)].reset_index(drop=True)


def causes_texts(rows: pd.DataFrame, report: Report) -> list[str]:
    """Why each row moved, in words; a dash where the cause is only newer data, which needs no word."""
    return [
        "—" if text == "newer_data" else ", ".join(report.label(cause) for cause in text.split(";"))
        for text in rows["causes"]
    ]


def status_rows(moved: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Moves of statuses, with names and causes in the reader's language."""
    rows = _of(moved, STATUSES)
    rows = rows[rows["before_text"] != rows["after_text"]]
    for side in ("before", "after"):
        rows[f"{side}_text"] = rows[f"{side}_text"].replace("", None)
    days = rows["after_period"].where(rows["after_period"] != "", rows["before_period"])
    names = pair(rows, "name", report.language)
    names = names.where(
        names != "", [report.label(text) if text in ("member",) else key for text, key in _keys(rows)]
    )
    return rows.assign(
        about=[STATES[subject] for subject in rows["subject"]],
        name=names,
        day=days.where(rows["subject"].isin(["duty", "measure"]) & (days != ""), None),
        causes_text=causes_texts(rows, report),
    )


def _keys(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return [
        ("member" if subject == "membership" else "", key) for subject, key in rows[["subject", "key"]].to_numpy()
    ]


def amount_rows(moved: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Moves of figures of measures and taxes."""
    rows = _of(moved, AMOUNTS)
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
    """Moves of the values of one kecamatan, with its place before and now."""
    rows = _of(moved, ("value",))
    place = moved[moved["subject"] == "place"].set_index("key")

    def text(key: str) -> str:
        if key not in place.index:
            return "—"
        sides: list[Any] = [place[side][key] for side in ("before", "after")]
        return " → ".join("—" if pd.isna(side) else str(int(side)) for side in sides)

    for side in ("before", "after"):
        rows[f"{side}_period"] = rows[f"{side}_period"].replace("", None)
    return rows.assign(
        name=pair(rows, "name", report.language),
        unit=pair(rows, "unit", report.language),
        places=[text(key) for key in rows["key"]],
        causes_text=causes_texts(rows, report),
    )


def indicator_rows(moved: pd.DataFrame, found: Changes, report: Report) -> pd.DataFrame:
    """Moves of values over all kecamatan, one row an indicator: in how many they are more, less, the same.

    Kecamatan whose value is withheld on either side are in none of the counts of more and less.
    """
    values = _of(moved, ("value",))
    names = indicator_names(report.case, report.language)
    known = {side: _values(each) for side, each in (("before", found.before), ("after", found.after))}
    out = []
    for key, rows in values.groupby("key", sort=False):
        both = (
            known["before"]
            .get(key, pd.Series(dtype=float))
            .index.intersection(known["after"].get(key, pd.Series(dtype=float)).index)
        )
        first, last = (known[side][key].loc[both] if len(both) else pd.Series(dtype=float) for side in known)
        out.append(
            {
                "name": names.get(
                    str(key), rows[f"name_{'id' if report.language.code == 'id' else 'en'}"].iloc[0]
                ),
                "before_period": _periods(rows["before_period"], report),
                "after_period": _periods(rows["after_period"], report),
                "more": int((last > first).sum()),
                "less": int((last < first).sum()),
                "same": int((last == first).sum()),
                "new": int((rows["change"] == "appeared").sum()) or None,
                "gone": int((rows["change"] == "vanished").sum()) or None,
                "causes_text": ", ".join(
                    report.label(cause)
                    for cause in CAUSES
                    if cause != "newer_data" and any(cause in text.split(";") for text in rows["causes"])
                )
                or "—",
                "source_id": ";".join(
                    dict.fromkeys(part for text in rows["source_id"] for part in text.split(";") if part)
                ),
            }
        )
    return pd.DataFrame(out)


def _values(side: Standing) -> dict[Any, pd.Series[float]]:
    items = side.items[side.items["subject"] == "value"]
    return {key: rows.set_index("code_bps")["value"] for key, rows in items.groupby("key")}


def _periods(texts: pd.Series[str], report: Report) -> str:
    return ", ".join(report.language.period(text) for text in dict.fromkeys(texts) if text) or "—"


def rank_rows(moved: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Moves of ranks in scorecards, the largest first."""
    rows = _of(moved, ("scorecard",))
    rows = rows.iloc[(-rows["difference"].abs()).argsort(kind="stable")]
    return rows.assign(
        scorecard=pair(rows, "name", report.language),
        kecamatan=_names(report, rows["code_bps"]),
        before_text=_ranges(rows["before_text"], report),
        after_text=_ranges(rows["after_text"], report),
        causes_text=causes_texts(rows, report),
    )


def _ranges(texts: pd.Series[str], report: Report) -> list[str]:
    return [report.label(text) if text == "no_score" else text or "—" for text in texts]


def known_rows(moved: pd.DataFrame, report: Report) -> pd.DataFrame:
    """For which kecamatan a thing became known, or is known no longer."""
    rows = _of(moved, ("known",))
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


def _names(report: Report, codes: pd.Series[str]) -> list[str]:
    names = report.case.districts.set_index("code_bps")["name"]
    return [str(names.get(code, code)) if code else "—" for code in codes]


def cause_rows(found: Changes) -> pd.DataFrame:
    """How many items moved, by subject and cause: one column a cause, missing where none does."""
    counted = found.moved.groupby("subject", sort=False).size()
    rows = []
    for subject in SUBJECTS:
        if subject not in counted.index:
            continue
        own = found.moved.loc[found.moved["subject"] == subject, "causes"]
        causes = {
            cause: int(own.str.split(";").map(lambda each, cause=cause: cause in each).sum()) for cause in CAUSES
        }
        total = int((found.after.items["subject"] == subject).sum())
        rows.append({"about": STATES[subject], "total": total, "moved": int(counted[subject]), **causes})
    table = pd.DataFrame(rows, columns=["about", "total", "moved", *CAUSES])
    absent = [cause for cause in CAUSES if not table[cause].any()]
    return table.assign(**dict.fromkeys(absent, None))  # a column of nothing but zeros is left out of the page


def summary_words(found: Changes, report: Report) -> str:
    """The finding of the page on changes, in one or two sentences."""
    if found.moved.empty:
        return report.t("Nothing that the reports show is different from {quarter}.", quarter=found.since)
    kinds = found.moved["change"].value_counts()
    return report.t(
        "Since {quarter}: {changed} things are different, {new} are new and {gone} are gone, of {all} that the "
        "reports show.",
        quarter=found.since,
        changed=int(kinds.get("changed", 0)),
        new=int(kinds.get("appeared", 0)),
        gone=int(kinds.get("vanished", 0)),
        all=len(found.after.items),
    )


def making_words(found: Changes, report: Report) -> list[str]:
    """What the two sides were made from differently, one sentence each."""
    if not found.published:
        return [
            report.t(
                "Both quarters are computed with the tables and the method of today, so what moved is what was "
                "dated in between. What a report of {quarter} printed then may differ: give its standing.json to "
                "compare with that.",
                quarter=found.since,
            )
        ]
    differ = makings(found.before, found.after)
    words = [report.t("Compared is what the report of {quarter} printed.", quarter=found.since)]
    if differ["method"]:
        old, new = (each.made["method_version"] for each in (found.before, found.after))
        words.append(
            report.t(
                "The method moved: that report was made by version {old} of the method, this one by version "
                "{new}. The changelog of ogp-analysis says what differs.",
                old=str(old),
                new=str(new),
            )
        )
    if differ["tables"]:
        words.append(
            report.t(
                "The data moved: these tables are not those of then: {tables}.", tables=", ".join(differ["tables"])
            )
        )
    if differ["appeared"]:
        names = ", ".join(_names(report, pd.Series(differ["appeared"])))
        words.append(report.t("The boundaries moved: these kecamatan are new: {names}.", names=names))
    if differ["vanished"]:
        names = ", ".join(_names(report, pd.Series(differ["vanished"])))
        words.append(report.t("The boundaries moved: these kecamatan are no longer there: {names}.", names=names))
    if differ["outline"]:
        words.append(report.t("The outlines on the maps are not those of then; no figure follows from them."))
    if len(words) == 1:
        words.append(report.t("It was made from the same tables, by the same method and with the same outlines."))
    return words


def show_pairs(report: Report, found: Changes) -> None:
    """Show maps of the rates whose period moved: before and now beside each other, in the same classes."""
    from ogp_analysis.reports.pictures import rate_multiples

    wanted = [each for use in ("need", "facility", "burden") for each in report.case.indicators_for(use)]
    rates = found.moved[(found.moved["subject"] == "rate") & (found.moved["change"] == "changed")]
    shown = 0
    for indicator in wanted:
        rows = rates[rates["key"] == indicator]
        periods = [list(dict.fromkeys(rows[f"{side}_period"])) for side in ("before", "after")]
        there = report.case.periods(indicator, report.quarter) if len(rows) else []
        if any(len(each) != 1 or each[0] not in there for each in periods) or periods[0] == periods[1]:
            continue
        if shown == PAIRS:
            report.say("Further rates moved; their maps are on the pages of the kecamatan and of recovery.")
            return
        report.show(rate_multiples(report, indicator, [periods[0][0], periods[1][0]]))
        shown += 1


def keep_standing(report: Report, found: Changes) -> None:
    """Keep where the case stands now with the executed notebook, to be written beside the page."""
    from ogp_analysis.changes import standing_json

    report.keep(blocks.kept("standing.json", standing_json(found.after)))
