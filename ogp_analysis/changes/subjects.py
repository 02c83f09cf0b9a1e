"""The items of a standing, subject by subject; each row holds what a report says of one thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from ogp_analysis import claims, commitments, membership, quality, recovery, scorecard
from ogp_analysis.case import Case
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.recovery.chance import shown_counts

Row = dict[str, Any]

_VALUES = ("district_values", "district_series", "districts", "indicators")
_EVIDENCE = ("commitments", "plans", "milestones", "progress", "assessments", "sources")
#: The tables that the items of a subject follow from; the subjects in the order of the reports.
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "membership": (),
    "criterion": ("criteria", "criteria_parts", "criteria_evidence", "sources"),
    "duty": ("duties", "duty_evidence", "criteria", "criteria_evidence", *_EVIDENCE),
    "claim": ("claims", "claim_evidence", "sources"),
    "commitment": _EVIDENCE,
    "milestone": _EVIDENCE,
    "measure": ("measures",),
    "amount": ("measure_amounts", "measures"),
    "revenue": ("revenue",),
    "value": _VALUES,
    "rate": _VALUES,
    "place": _VALUES,
    "scorecard": ("scorecards", "scorecard_items", "scorecard_values", *_VALUES),
    "known": ("evidence_needs", *_VALUES),
    "coverage": _VALUES,
}


def membership_status(case: Case, quarter: Quarter) -> Iterator[Row]:
    """Whether the jurisdiction was a member on the last day."""
    since = case.jurisdiction.get("member_since")
    if since is not None:
        text = "member" if Span.parse(str(since)).last <= quarter.last_day else "not_member"
        yield {"subject": "membership", "key": "member", "text": text, "period": str(since)}


def criteria(case: Case, quarter: Quarter) -> Iterator[Row]:
    """What the evidence allows to say of each criterion that a member can meet."""
    scopes = sorted(case.table("criteria")["scope"].unique())
    found = membership.criteria_findings(case, quarter, scopes) if scopes else pd.DataFrame()
    for row in _rows(found):
        if str(row["reason"]) != "not_judged":
            yield {
                **_of(row, "criterion", row["criterion_id"], "item"),
                "text": row["finding"],
            }


def duties(case: Case, quarter: Quarter) -> Iterator[Row]:
    """Each duty by its day, and whether it is met."""
    for row in _rows(membership.duties(case, quarter)):
        # the day of a duty that comes once may move with the plan; those that come again are told by it
        parts = [row["duty"], row["commitment_key"], row["due"] if pd.notna(row["period_from"]) else None]
        key = "/".join(str(part) for part in parts if pd.notna(part) and part is not None)
        one = {f"name_{each}": _named(row[f"name_{each}"], row["commitment_key"]) for each in ("en", "id")}
        yield {
            **_of(row, "duty", key),
            **one,
            "text": row["state"],
            "period": str(row["due"]) if pd.notna(row["due"]) else "",
        }


def claim_verdicts(case: Case, quarter: Quarter) -> Iterator[Row]:
    """The verdict on each claim that had been made."""
    for row in _rows(claims.claim_verdicts(case, quarter)):
        yield {
            **_of(row, "claim", row["claim_id"], "statement"),
            "text": row["verdict"],
        }


def commitment_states(case: Case, quarter: Quarter) -> Iterator[Row]:
    """State, claimed and verified progress and number of ratings of each commitment; state of each milestone."""
    for row in _rows(commitments.commitment_status(case, quarter)):
        key = row["commitment_key"]
        common = {**_of(row, "commitment", key, "title")}
        yield {**common, "text": row["state"]}
        for name in ("claimed", "verified"):
            if pd.notna(row[name]):
                yield {**common, "key": f"{key}/{name}", "text": f"{name}_{row[name]}"}
        if row["rating_count"]:
            yield {**common, "key": f"{key}/ratings", "value": row["rating_count"]}
    for row in _rows(commitments.milestone_status(case, quarter)):
        yield {
            **_of(row, "milestone", f"{row['commitment_key']}/{row['milestone_no']}", "text"),
            "text": row["state"],
        }


def measures(case: Case, quarter: Quarter) -> Iterator[Row]:
    """Each measure known by then: running, over, or without a known day."""
    for row in _rows(recovery.measure_spans(case, quarter)):
        end = Span.parse(str(row["end"])).last if pd.notna(row["end"]) else None
        over = end is not None and end <= quarter.last_day
        text = "over" if over else ("running" if end is not None else "end_unknown")
        yield {
            **_of(row, "measure", row["measure_id"], "name"),
            "text": text,
            "period": str(row["start"]) if pd.notna(row["start"]) else "",
        }


def amounts(case: Case, quarter: Quarter) -> Iterator[Row]:
    """Each amount of a measure and each figure of revenue whose day had come."""
    names = case.table("measures").set_index("measure_id")
    for row in _rows(case.until("measure_amounts", quarter, "as_of")):
        name = {
            f"name_{each}": _named(names[f"name_{each}"][row["measure_id"]], row[f"component_{each}"])
            for each in ("en", "id")
        }
        yield {
            **_of(row, "amount", row["amount_id"]),
            **name,
            "value": row["value"],
            "text": row["kind"],
            "period": str(row["as_of"]),
        }
    for row in _rows(case.until("revenue", quarter, "as_of")):
        yield {
            "subject": "revenue",
            "key": row["revenue_id"],
            "name_en": f"{row['tax']} {_years(row)}".strip(),
            "name_id": f"{row['tax']} {_years(row)}".strip(),
            "value": row["value"],
            "text": row["kind"],
            "period": str(row["as_of"]),
            "unit_en": "rupiah",
            "unit_id": "rupiah",
            "source_id": row["source_id"],
        }


def district_values(case: Case, quarter: Quarter) -> Iterator[Row]:
    """Value, rate and place of each kecamatan in the period that is shown, and how many kecamatan are known."""
    for definition in _rows(case.table("indicators")):
        indicator = definition["indicator"]
        periods = quality.shown_periods(case, indicator, quarter)["period"]
        shown = periods[periods != ""]
        for period in dict.fromkeys(shown):
            yield from _in_period(case, definition, period, list(shown.index[shown == period]))
        known = case.periods(indicator, quarter)
        if known:
            values = case.values(indicator, known[-1])
            yield {
                **_of(definition, "coverage", indicator, "name"),
                "value": int(values["value"].notna().sum()),
                "period": known[-1],
                "source_id": _joined(values["source_id"]),
            }


def _in_period(case: Case, definition: pd.Series[Any], period: str, codes: list[str]) -> Iterator[Row]:
    indicator = definition["indicator"]
    sources = case.values(indicator, period)["source_id"].to_dict()
    counts = shown_counts(case, indicator, period)
    values, shown = counts["value"].to_dict(), (counts["state"] == "shown").to_dict()
    rates = quality.rate(case, indicator, period) if pd.notna(definition["denominator"]) else None
    each_rate = {} if rates is None else rates["value"].dropna().to_dict()
    places = quality.places(case, indicator, period).to_dict()
    series = case.series(indicator, period)
    common = {**_of(definition, "value", indicator, "name"), "period": period, **_counting(series)}
    rated: Row = {}
    if rates is not None and not each_rate.keys().isdisjoint(codes):
        factor = f"{definition['per']:g}"
        below = case.series(str(definition["denominator"]), str(rates.attrs["denominator_period"]))
        rated = {**_counting(series, below), "subject": "rate", "unit_en": factor, "unit_id": factor}
    of = f"{len(places)}"
    for code in codes:
        seen = shown[code]
        text = "" if seen else "withheld"
        here = {**common, "code_bps": code, "source_id": sources[code]}
        yield {**here, "value": values[code], "text": text}
        if code in each_rate:
            yield {**here, **rated, "value": each_rate[code] if seen else None, "text": text}
        if code in places:
            place = places[code] if seen else None
            yield {**here, "subject": "place", "value": place, "text": text, "unit_en": of, "unit_id": of}


def scorecards(case: Case, quarter: Quarter) -> Iterator[Row]:
    """Rank of each kecamatan in each scorecard with its range; or that no rank can be computed."""
    cards = {row["scorecard_id"]: row for row in _rows(case.table("scorecards"))}
    for name in scorecard.scorecards_of(case):
        result = scorecard.scorecard(case, quarter, name)
        common = {
            **_of(cards[name], "scorecard", name, "name"),
        }
        if result.run is None:
            yield {**common, "text": "no_score"}
            continue
        for code, row in result.table.iterrows():
            if pd.notna(row["rank"]):
                text = f"{row['low']:.0f}–{row['high']:.0f}"
                yield {**common, "code_bps": str(code), "value": row["rank"], "text": text}


def evidence_known(case: Case, quarter: Quarter) -> Iterator[Row]:
    """For each thing that a reviewer needs to know: whether it is known for each kecamatan."""
    needs = {row["gap_id"]: row for row in _rows(case.table("evidence_needs"))}
    known = quality.evidence_matrix(case, quarter) if needs else pd.DataFrame()
    for gap in known.columns:
        for code, there in known[gap].items():
            yield {
                **_of(needs[gap], "known", str(gap), "item"),
                "code_bps": str(code),
                "text": "known" if there else "not_known",
            }


#: What gathers the items, and of which subjects.
GATHERED: Mapping[Callable[[Case, Quarter], Iterable[Row]], frozenset[str]] = {
    membership_status: frozenset({"membership"}),
    criteria: frozenset({"criterion"}),
    duties: frozenset({"duty"}),
    claim_verdicts: frozenset({"claim"}),
    commitment_states: frozenset({"commitment", "milestone"}),
    measures: frozenset({"measure"}),
    amounts: frozenset({"amount", "revenue"}),
    district_values: frozenset({"value", "rate", "place", "coverage"}),
    scorecards: frozenset({"scorecard"}),
    evidence_known: frozenset({"known"}),
}


def _rows(frame: pd.DataFrame) -> Iterator[pd.Series[Any]]:
    for _, row in frame.iterrows():
        yield row


def _of(row: pd.Series[Any], subject: str, key: str, name: str = "") -> Row:
    out: Row = {"subject": subject, "key": key, "source_id": row.get("source_id")}
    for language in ("en", "id"):
        if name:
            out[f"name_{language}"] = row[f"{name}_{language}"]
        out[f"unit_{language}"] = row.get(f"unit_{language}")
    return out


def _named(*parts: Any) -> str:
    return ", ".join(str(part) for part in parts if isinstance(part, str) and part)


def _counting(*series: pd.Series[Any]) -> Row:
    names = {"base": "base", "areas": "area_vintage"}
    return {name: _named(*(each[column] for each in series)) for name, column in names.items()}


def _years(row: pd.Series[Any]) -> str:
    years = [str(int(row[name])) for name in ("year", "year_to") if pd.notna(row[name])]
    return "–".join(years)


def _joined(ids: pd.Series[Any]) -> str:
    return ";".join(dict.fromkeys(part for text in ids.dropna() for part in str(text).split(";")))
