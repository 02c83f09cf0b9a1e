"""The accounts of relief as a reader meets them: one row a line, each figure with its day and its source."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ogp_analysis import quality, recovery
from ogp_analysis.recovery import Account
from ogp_analysis.reports.present import pair, worded_terms
from ogp_analysis.tables import list_in

if TYPE_CHECKING:
    from ogp_analysis.reports.context import Report

#: Headings of an account's columns; those of its stages are also named in sentences.
HEADERS = {
    "line_name": "Line",
    "provider": "Paid by",
    "terms": "Cut",
    "base": "Before",
    "announced": "Announced",
    "planned": "Planned",
    "delivered": "Delivered or in place",
    "spent": "Spent",
    "forgone": "Revenue given up",
    "rates": "Rate",
    "note": "Remark",
}


def ledger_columns(account: Account) -> dict[str, str]:
    """Columns of an account's table: the line, who paid, every stage that something was found for, and rates."""
    stages = [stage for stage in account.stages if stage not in account.not_found]
    return {name: HEADERS[name] for name in ("line_name", "provider", "terms", *stages, "rates", "note")}


def ledger_formats(account: Account) -> dict[str, str]:
    """How the columns of :func:`ledger_columns` are shown."""
    cited = [name for name in ledger_columns(account) if name in (*account.stages, "terms", "rates")]
    return {"provider": "label", **dict.fromkeys(cited, "cited")}


def ledger(account: Account, terms: pd.DataFrame, report: Report) -> pd.DataFrame:
    """One row a line of the account that anything is known of, every figure with its day and its sources.

    Parameters
    ----------
    account : Account
    terms : DataFrame
        From :func:`ogp_analysis.recovery.measure_terms`: what is cut, for lines whose relief is a cut.
    report : Report

    Returns
    -------
    DataFrame
        ``line_name``, ``provider``, ``terms``, a column a stage, ``rates`` (done / promised) and ``note``. The
        cells of terms, stages and rates are tuples of (text, source ids) pairs; None where nothing is known. A
        stage's figure that has a rival says so.
    """
    rates = recovery.achievement(account.figures)
    cuts = worded_terms(terms, report.language)
    rows = []
    for _, line in account.lines.iterrows():
        figures = account.figures[account.figures["line_id"] == line["line_id"]]
        measures = list_in(str(line["measure_ids"]))
        cut = [
            (f"{term['cut_text']}, {term['paid']}".removesuffix(", —"), term["source_id"])
            for _, term in cuts[cuts["measure_id"].isin(measures)].iterrows()
        ]
        own = rates[rates["line_id"] == line["line_id"]].drop_duplicates(["done", "promised"])
        several = own["done"].nunique() > 1
        notes = [report.text(line, "note"), *(report.text(figure, "note") for _, figure in figures.iterrows())]
        if figures.empty and not cut:
            continue
        stages = {
            stage: tuple(_figure(figure, report) for _, figure in figures[figures["stage"] == stage].iterrows())
            or None
            for stage in account.stages
        }
        rows.append(
            {
                "line_name": report.text(line, "name"),
                "provider": line["provider"],
                "terms": tuple(cut) or None,
                **stages,
                "rates": tuple((_rate(row, several, report), "") for _, row in own.iterrows()) or None,
                "note": " ".join(dict.fromkeys(note for note in notes if note != "—")) or None,
            }
        )
    return pd.DataFrame(rows)


def amount_text(value: float, counts: str, unit: str, report: Report) -> str:
    """An amount with what it counts; money in rupiah as the language writes it."""
    if counts == "rupiah":
        return report.language.rupiah(value)
    return f"{report.language.number(value)} {unit}"


def _figure(figure: pd.Series[Any], report: Report) -> tuple[str, str]:
    amount = amount_text(figure["value"], figure["counts"], report.text(figure, "unit"), report)
    day = report.language.period(figure["as_of"])
    if figure["state"] != "measured":
        day = f"{day}, {report.label(figure['state'])}"
    if figure["rival"]:
        day = f"{day}, {report.t('sources disagree')}"
    ids = [figure["source_id"], *([] if pd.isna(figure["also_source_ids"]) else [figure["also_source_ids"]])]
    return f"{amount} ({day})", ";".join(ids)


def _rate(row: pd.Series[Any], several: bool, report: Report) -> str:
    """A rate with what it is of; also with what was done where a line has several figures of that."""
    done, promised = (
        report.language.rupiah(row[name]) if row["counts"] == "rupiah" else report.language.number(row[name])
        for name in ("done", "promised")
    )
    percent = "—" if pd.isna(row["percent"]) else report.language.percent(row["percent"], 1)
    if several:
        return f"{done} / {promised} = {percent}"
    return report.t("{percent} of {promised}", percent=percent, promised=promised)


def not_found_words(account: Account, report: Report) -> str:
    """Which stages of an account were looked for and found nowhere; empty when each has a figure."""
    if not account.not_found:
        return ""
    stages = report.language.list([report.t(HEADERS[stage]).lower() for stage in account.not_found])
    return report.t("Looked for in this account and not found in the sources seen: {stages}.", stages=stages)


def reach_words(account: Account, report: Report) -> list[str]:
    """At most how many households the deliveries of a line can have reached, in a sentence a line."""
    names = account.lines.set_index("line_id")
    sentences = []
    for _, bound in recovery.reach_bounds(account.figures).iterrows():
        values = {
            "line": report.text(names.loc[bound["line_id"]], "name"),
            "deliveries": bound["deliveries"],
            "households": bound["households"],
        }
        if bound["without_at_least"] > 0:
            share = report.language.percent(100 * bound["at_most_share"], 1)
            text = report.t(
                "{line}: {deliveries} deliveries among {households} households reach {share} of them at most, "
                "and leave at least {without} without one.",
                **values,
                share=share,
                without=bound["without_at_least"],
            )
        else:
            text = report.t(
                "{line}: {deliveries} deliveries among {households} households; how many of them were reached "
                "cannot be told, for one may have received several.",
                **values,
            )
        sentences.append(text)
    return sentences


def sum_words(account: Account, report: Report) -> list[str]:
    """Whether the parts of each amount of an account add up, and whether price times number is the money."""
    case, lines = report.case, account.lines.set_index("line_id")
    amounts = case.table("measure_amounts").set_index("amount_id")
    sums = quality.amount_sums(case, report.quarter)
    sentences = []
    for _, row in sums[sums["line_id"].isin(lines.index)].iterrows():
        whole = amounts.loc[row["amount_id"]]
        counts, unit = whole["counts"], report.text(whole, "unit")
        name = report.text(lines.loc[row["line_id"]], "name")
        stage = report.t(HEADERS[recovery.STAGES[whole["kind"]]]).lower()
        values = {
            "line": f"{name} ({stage})",
            "n": row["parts"],
            "computed": amount_text(row["computed"], counts, unit, report),
            "stated": amount_text(row["stated"], counts, unit, report),
            "choice": report.language.list(
                [amount_text(amounts.loc[each, "value"], counts, unit, report) for each in row["choice"]]
            ),
        }
        sentences.append(_sum(bool(row["agrees"]), bool(row["choice"]), values, report))
    products = quality.amount_products(case, report.quarter)
    for _, row in products[products["line_id"].isin(lines.index)].iterrows():
        values = {
            "line": report.text(lines.loc[row["line_id"]], "name"),
            "number": row["number"],
            "each": report.language.rupiah(row["each"]),
            "computed": report.language.rupiah(row["computed"]),
            "stated": report.language.rupiah(row["stated"]),
        }
        if row["agrees"]:
            sentences.append(report.t("{line}: {number} at {each} make {computed}, as printed.", **values))
        else:
            sentences.append(
                report.t("{line}: {number} at {each} make {computed}; {stated} is printed.", **values)
            )
    return sentences


def _sum(agrees: bool, chosen: bool, values: dict[str, Any], report: Report) -> str:
    if agrees and chosen:
        return report.t("{line}: with {choice}, its {n} parts add up to {computed}, as printed.", **values)
    if agrees:
        return report.t("{line}: its {n} parts add up to {computed}, as printed.", **values)
    if chosen:
        return report.t(
            "{line}: with {choice}, its {n} parts add up to {computed}; {stated} is printed.", **values
        )
    return report.t("{line}: its {n} parts add up to {computed}; {stated} is printed.", **values)


def provider_bars(parts: pd.DataFrame, account: Account, report: Report) -> pd.DataFrame:
    """The parts of a delivered amount for a bar chart: each with who paid for it.

    Parameters
    ----------
    parts : DataFrame
        From :func:`ogp_analysis.recovery.parts_by_provider`.
    account : Account
    report : Report
    """
    names = dict(zip(account.lines["line_id"], pair(account.lines, "name", report.language), strict=True))
    labels = [
        f"{names[line]} ({report.label(provider)})"
        for line, provider in zip(parts["line_id"], parts["provider"], strict=True)
    ]
    return pd.DataFrame({"label": labels, "value": parts["value"]})


def worded_taxes(taxes: pd.DataFrame, report: Report) -> pd.DataFrame:
    """The tax account in words: ``target_text`` and ``realised_text`` say when an amount was computed.

    Parameters
    ----------
    taxes : DataFrame
        From :func:`ogp_analysis.recovery.tax_account`.
    report : Report
    """

    def text(value: float, state: Any) -> str:
        if pd.isna(value):
            return "—"
        amount = report.language.rupiah(value)
        return amount if pd.isna(state) or state == "measured" else f"{amount} ({report.label(state)})"

    target = [text(*cells) for cells in zip(taxes["target"], taxes["target_state"], strict=True)]
    realised = [text(*cells) for cells in zip(taxes["realised"], taxes["realised_state"], strict=True)]
    return taxes.assign(target_text=target, realised_text=realised)


def misprint_words(misprints: pd.DataFrame, report: Report) -> list[str]:
    """A sentence for each printed target that is one digit away from realised plus shortfall.

    Parameters
    ----------
    misprints : DataFrame
        From :func:`ogp_analysis.recovery.misprinted_targets`.
    report : Report
    """
    return [
        report.t(
            "{tax}, {day}: the target is printed as {stated}, but the amounts realised and still missing that the "
            "same source prints add up to {computed}. The two differ in one digit: {stated} is likely a misprint.",
            tax=report.label(row["tax"]),
            day=report.language.period(row["as_of"]),
            stated=report.language.rupiah(row["stated"]),
            computed=report.language.rupiah(row["computed"]),
        )
        for _, row in misprints.iterrows()
    ]


def latest_tax_words(taxes: pd.DataFrame, tax: str, year: int, report: Report) -> str:
    """The newest figure on a tax in a sentence: its target, and what was realised by that day; empty without one.

    Parameters
    ----------
    taxes : DataFrame
        From :func:`ogp_analysis.recovery.tax_account`.
    tax : str
    year : int
    report : Report
    """
    known = taxes[(taxes["tax"] == tax) & taxes["target"].notna() & taxes["realised"].notna()]
    if known.empty:
        return ""
    newest = known.iloc[-1]
    values = {
        "tax": report.label(tax),
        "year": str(year),
        "day": report.language.period(newest["as_of"]),
        "target": report.language.rupiah(newest["target"]),
        "realised": report.language.rupiah(newest["realised"]),
        "percent": report.language.percent(newest["printed_percent"]),
    }
    if newest["realised_state"] == "derived":
        return report.t(
            "{tax} {year}, newest figure ({day}): {percent} of a target of {target}; that is about {realised}, "
            "an amount that the source does not print.",
            **values,
        )
    return report.t("{tax} {year}, newest figure ({day}): {realised} of a target of {target}.", **values)
