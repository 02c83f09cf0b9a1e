"""The duties of a member as a calendar file that any calendar program opens (iCalendar, RFC 5545)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

import pandas as pd

from ogp_analysis import __version__
from ogp_analysis.case import Case
from ogp_analysis.locale import Language
from ogp_analysis.locale.pairs import pair_text
from ogp_analysis.membership import duties
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports.cells import label
from ogp_analysis.reports.epoch import source_date_epoch


def duties_calendar(case: Case, quarter: Quarter, language: Language) -> bytes:
    r"""The duties that have a day, each an event of that whole day, as of a quarter.

    Duties without a day, and those that bind countries only, are left out. An event keeps its ``UID`` from quarter
    to quarter, so that importing a later file moves and rewrites it. The same tables give the same bytes: the
    stamp is ``SOURCE_DATE_EPOCH``, else the beginning of the quarter's last day.

    Parameters
    ----------
    case : Case
    quarter : Quarter
    language : Language
        Of names and descriptions.

    Returns
    -------
    bytes
        UTF-8, lines of at most 75 octets that end in CRLF.

    Examples
    --------
    >>> from ogp_analysis import get_language, load_case
    >>> file = duties_calendar(load_case("semarang"), Quarter.parse("2023Q4"), get_language("en"))
    >>> [line for line in file.decode("utf-8").split("\r\n") if line.startswith("DTSTART")][-1]
    'DTSTART;VALUE=DATE:20240131'
    """
    from icalendar import Calendar

    place = str(case.jurisdiction["name"])
    stamp = source_date_epoch() or datetime.combine(quarter.last_day, time(), UTC)
    out = Calendar()
    out.add("prodid", f"-//ogp-analysis//{__version__}//{language.code.upper()}")
    out.add("version", "2.0")
    out.add("method", "PUBLISH")
    out.add("x-wr-calname", language.t("Duties of {place} as a member of OGP", place=place))
    table = duties(case, quarter)
    for _, row in table[table["due"].notna()].iterrows():
        out.add_component(_event(row, case, quarter, language, stamp))
    return bytes(out.to_ical())


def _event(row: pd.Series[Any], case: Case, quarter: Quarter, language: Language, stamp: datetime) -> Any:
    from icalendar import Event

    known = [part for part in (row["commitment_key"], row["period_from"]) if pd.notna(part)]
    parts = [case.id, row["duty"], *(known or [case.jurisdiction.get("plan_id")])]
    event = Event()
    event.add("uid", "-".join(str(part) for part in parts if pd.notna(part)) + "@ogp-analysis")
    event.add("dtstamp", stamp)
    event.add("dtstart", row["due"])
    event.add("dtend", row["due"] + timedelta(days=1))
    names = [case.jurisdiction["name"], _text(row, "name", language), _text(row, "title", language)]
    event.add("summary", ": ".join(str(part) for part in names if part))
    state = label(row["state"], language)
    if pd.notna(row["detail"]):
        state = f"{state} ({label(row['detail'], language)})"
    lines = [
        _text(row, "says", language),
        language.t("As of {day}: {state}", day=language.date(quarter.last_day), state=state),
        language.t("Rule: {source}", source=_source(row, case)),
    ]
    if row["status"] == "unconfirmed":
        lines.append(language.t("The rule is not confirmed by a source."))
    event.add("description", "\n".join(line for line in lines if line))
    event.add("transp", "TRANSPARENT")  # a day on which something is due is no day on which one is busy
    return event


def _text(row: pd.Series[Any], name: str, language: Language) -> str:
    value = pair_text(row, name, language)
    return "" if pd.isna(value) else str(value)


def _source(row: pd.Series[Any], case: Case) -> str:
    if pd.notna(row["basis"]):
        return str(row["basis"])
    address = case.table("sources").set_index("source_id")["url"][row["source_id"]]
    return case.source_line(row["source_id"]) if pd.isna(address) else str(address)
