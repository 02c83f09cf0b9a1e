"""Say in words what a map shows, for readers who cannot see it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ogp_analysis.locale import Language
from ogp_analysis.maps.frame import Frame

SHOWN = 3


def value_text(value: float, decimals: int, unit: str, language: Language) -> str:
    """Write a value with its unit, in the reader's number format.

    Examples
    --------
    >>> from ogp_analysis.locale import get_language
    >>> value_text(12.5, 1, "%", get_language("id")), value_text(3, 0, "per 1,000", get_language("en"))
    ('12,5%', '3 per 1,000')
    """
    number = language.number(float(value), decimals)
    return number + (unit if unit == "%" else f" {unit}" if unit else "")


def value_texts(values: pd.Series, decimals: int, unit: str, language: Language) -> list[str]:
    """Write each value as :func:`value_text` does; a missing one is empty."""
    return ["" if pd.isna(value) else value_text(value, decimals, unit, language) for value in values]


def empty_words(language: Language) -> dict[str, str]:
    """Give what is written of a district without a value, by its state."""
    return {
        "no_data": language.t("No data"),
        "not_applicable": language.t("Not applicable"),
        "withheld": language.t("Small count, not shown"),
    }


def tips(table: pd.DataFrame, printed: Sequence[str], language: Language, prefix: str = "d-") -> dict[str, str]:
    """Give what is shown when the pointer rests on a district: its name and its value or state."""
    words = empty_words(language)
    return {
        f"{prefix}{code}": f"{name}: {words.get(state, text)}"
        for code, name, state, text in zip(table["code"], table["name"], table["state"], printed, strict=True)
    }


def pattern_text(
    table: pd.DataFrame,
    frame: Frame,
    *,
    decimals: int,
    unit: str,
    counts: Sequence[tuple[str, int]] = (),
    ranks: bool = False,
) -> list[str]:
    """Describe numbers on a map: how many, range, highest and lowest three, classes, what is missing.

    Parameters
    ----------
    table : DataFrame
        Columns ``name``, ``value``, ``state``; one row a district.
    frame : Frame
        Says what a district is called, and the language.
    decimals, unit
        How values are written.
    counts : sequence of (label, number)
        Districts in each class.
    ranks : bool
        The values are ranks: 1 comes first, and the largest number is no high value but the last place.

    Returns
    -------
    list of str
        Sentences.
    """
    language, unit_name = frame.spoken, frame.unit_name
    t = language.t
    known = table[table["value"].notna()].sort_values(["value", "name"], ascending=[ranks, True])
    say = [
        t(
            "{n} of {total} {unit} have a value.",
            n=_n(len(known), language),
            total=_n(len(table), language),
            unit=unit_name,
        )
    ]

    def listed(rows: pd.DataFrame) -> str:
        return "; ".join(
            f"{name} ({value_text(value, decimals, unit, language)})"
            for name, value in zip(rows["name"], rows["value"], strict=True)
        )

    if len(known) and known["value"].nunique() == 1:
        value = value_text(known["value"].iloc[0], decimals, unit, language)
        say.append(t("All of them have the same value: {value}.", value=value))
    elif len(known) > 2 * SHOWN:
        low = value_text(known["value"].min(), decimals, unit, language)
        high = value_text(known["value"].max(), decimals, unit, language)
        say.append(t("The values run from {low} to {high}.", low=low, high=high))
        other_way = known.sort_values(["value", "name"], ascending=[not ranks, True])
        first, last = ("First: {names}", "Last: {names}") if ranks else ("Highest: {names}", "Lowest: {names}")
        for text, rows in ((first, known), (last, other_way)):
            shown = rows.head(SHOWN)
            more = int((rows["value"].iloc[SHOWN:] == shown["value"].iloc[-1]).sum())
            sentence = t(text, names=listed(shown))
            if more:
                sentence += t(" (and {n} more with the last value)", n=_n(more, language))
            say.append(sentence + ".")
    elif len(known):
        order = "From first to last: {names}" if ranks else "From high to low: {names}"
        say.append(t(order, names=listed(known)) + ".")
    if counts:
        parts = "; ".join(f"{label}: {_n(count, language)}" for label, count in counts)
        say.append(t("Number of {unit} in each class: {parts}.", unit=unit_name, parts=parts))
    return say + missing_text(table, frame)


def missing_text(table: pd.DataFrame, frame: Frame) -> list[str]:
    """Name the districts without data, those the question does not apply to, and illustrative values."""
    language = frame.spoken
    say = []
    for state, text in (
        ("no_data", "No data (which is not zero) for {n} {unit}: {names}."),
        ("not_applicable", "Not applicable to {n} {unit}: {names}."),
        ("withheld", "Not shown, because the count is small, for {n} {unit}: {names}."),
        ("illustrative", "Illustrative values, not measured, for {n} {unit}: {names}."),
    ):
        names = sorted(table.loc[table["state"] == state, "name"])
        if names and len(names) == len(table):
            names = [language.t("all")]
        if names:
            n = _n(int((table["state"] == state).sum()), language)
            say.append(language.t(text, n=n, unit=frame.unit_name, names=language.list(names)))
    return say


def _n(number: int, language: Language) -> str:
    return language.number(number, 0)
