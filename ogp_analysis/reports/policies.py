"""Coded policies made ready for a reader: steps for the chart, codes in words."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from ogp_analysis.recovery import coding
from ogp_analysis.recovery.coding.scales import index_name

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report


def policy_steps(codes: pd.DataFrame, first: date, last: date, report: Report) -> pd.DataFrame:
    """Rows for :func:`ogp_analysis.charts.steps`: stringency over what was found, then each coded indicator."""
    daily = coding.daily_codes(codes, first, last)
    index = coding.index_steps(coding.daily_index(daily, "stringency"))
    labels = [
        report.t(
            "{value} over {n} of {all} ({indicators})", value=value, n=int(n), all=int(k), indicators=indicators
        )
        for value, n, k, indicators in zip(index["value"], index["found"], index["of"], index["base"], strict=True)
    ]
    name = report.t("{index}, mean of what was found", index=index_name("stringency", report.language.code))
    parts = [index.assign(panel=name, label=labels)]
    for key in dict.fromkeys(codes["indicator"]):
        own = coding.sub_index_steps(daily, key)
        shown = [report.language.number(value) for value in own["value"]]
        parts.append(own.assign(panel=coding.item(key).name(report.language.code), label=shown))
    columns = ["panel", "start", "end", "value", "base", "label"]
    return pd.concat([part[columns] for part in parts], ignore_index=True)


def phase_spans(measures: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """The restrictions in force in the time of the codes whose first and last day are both known.

    Parameters
    ----------
    measures : DataFrame
        From :func:`ogp_analysis.recovery.measure_spans`.
    codes : DataFrame
        From :func:`ogp_analysis.recovery.coding.policy_codes`.
    """
    spans = measures[(measures["category"] == "restriction") & (measures["dating"] == "span")]
    near = (spans["first_day"] <= max(codes["last_day"])) & (spans["last_day"] >= min(codes["first_day"]))
    own: pd.DataFrame = spans[near]
    return own.assign(label=own["measure_id"], start=own["first_day"], end=own["last_day"])


def phase_words(spans: pd.DataFrame, report: Report) -> list[str]:
    """What the short names of :func:`phase_spans` stand for, for the foot of the chart."""
    return [f"{row['label']}: {report.text(row, 'name')}." for _, row in spans.iterrows()]


def worded_codes(codes: pd.DataFrame, report: Report) -> pd.DataFrame:
    """Codes in words: ``item`` (indicator), ``days``, ``code_text`` (value, what it means, and the flag)."""
    language = report.language.code
    found = [coding.item(key, book) for key, book in zip(codes["indicator"], codes["codebook"], strict=True)]
    flags = [None if pd.isna(flag) else int(flag) for flag in codes["flag"]]
    values = [int(value) for value in codes["value"]]
    return codes.assign(
        item=[each.name(language) for each in found],
        days=[
            f"{report.language.period(a)} – {report.language.period(b)}"
            for a, b in zip(codes["start"], codes["end"], strict=True)
        ],
        code_text=[
            report.t(
                "{value} of {all}: {meaning}",
                value=value,
                all=each.maximum,
                meaning=each.meaning(value, flag, language),
            )
            for each, value, flag in zip(found, values, flags, strict=True)
        ],
    )


def worded_readings(codes: pd.DataFrame, first: date, last: date, report: Report) -> pd.DataFrame:
    """Both kinds of index over time, with the days on which nothing was found left out of the first reading.

    Returns
    -------
    DataFrame
        One row an index and run of days on which something was found: ``index_name``, ``days``, ``indicators``,
        ``count`` (found of all), ``of_found``, ``oxford``, ``highest``, ``published``.
    """
    daily = coding.daily_codes(codes, first, last)
    rows = []
    for index in ("stringency", "economic_support"):
        readings = coding.daily_index(daily, index)
        published = dict(zip(readings["day"], readings["oxford_publishes"], strict=True))
        for _, run in coding.index_steps(readings).iterrows():
            if run["found"]:
                rows.append(
                    {
                        "index_name": index_name(index, report.language.code),
                        "days": f"{report.language.date(run['start'])} – {report.language.date(run['end'])}",
                        "indicators": run["base"],
                        "count": report.t("{n} of {all}", n=int(run["found"]), all=int(run["of"])),
                        "of_found": run["value"],
                        "oxford": run["oxford"],
                        "highest": run["highest"],
                        "published": bool(published[run["start"]]),
                    }
                )
    return pd.DataFrame(rows)


def worded_not_found(not_found: pd.DataFrame, report: Report) -> pd.DataFrame:
    """What was not found, with the name of each indicator in ``item``."""
    names = [coding.item(key).name(report.language.code) for key in not_found["indicator"]]
    return not_found.assign(item=names)
