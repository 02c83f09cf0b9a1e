"""What a drop-down shows in the reader's language, and the value that the table keeps for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from ogp_analysis.case import Case
from ogp_analysis.forms.layout import VALUES, Form, fields_of, form_of
from ogp_analysis.labels import LABELS
from ogp_analysis.locale import Language
from ogp_analysis.locale.pairs import pair
from ogp_analysis.scales import VARIABLES, Label, normalised, scale
from ogp_analysis.scorecard_items import filled_rows
from ogp_analysis.tables import table_specs

#: Columns that hold a label of a published scale under an ``enum``: shown in the words of the scale.
SCALES = {("progress", "claimed_status"): "completion"}


@dataclass(frozen=True)
class Choices:
    """The values of a column and the words for them.

    Attributes
    ----------
    shown : mapping of str to str
        Value in the table to text in the drop-down.
    printed : str
        Put after a text that is none of the values where it would be read as one of them.

    Examples
    --------
    >>> yes_no = Choices({"Yes": "Ya", "No": "Tidak"}, " (sebagaimana tercetak)")
    >>> yes_no.show("Yes"), yes_no.show("Marginal"), yes_no.show("Ya")
    ('Ya', 'Marginal', 'Ya (sebagaimana tercetak)')
    >>> [yes_no.read(text) for text in ("Ya", "tidak", "Marginal", "Ya (sebagaimana tercetak)")]
    ['Yes', 'No', None, 'Ya']
    """

    shown: Mapping[str, str]
    printed: str

    def show(self, value: str) -> str:
        """The text for a value; a value that is none of the choices stays as it is."""
        if value in self.shown:
            return self.shown[value]
        return value if self.read(value) in (None, value) else value + self.printed

    def read(self, text: str) -> str | None:
        """The value for a text: as shown, or as the table keeps it; ``None`` if it is neither."""
        by_text = {shown: value for value, shown in self.shown.items()}
        if text in by_text:
            return by_text[text]
        if text in self.shown:
            return text
        if text.endswith(self.printed):
            return text[: -len(self.printed)]
        close = [value for shown, value in by_text.items() if shown.casefold() == text.casefold()]
        return close[0] if len(close) == 1 else None


@dataclass(frozen=True)
class AllChoices:
    """Every drop-down with words of its own: by table and column, and the ratings by what was rated."""

    columns: Mapping[tuple[str, str], Choices]
    ratings: Mapping[str, Choices]

    def of(self, table: str, column: str, row: Mapping[str, str]) -> Choices | None:
        """The choices of a cell; ``row`` holds the values of its row as the table keeps them."""
        if (table, column) == ("assessments", "label"):
            return self.ratings.get(row.get("variable", ""))
        return self.columns.get((table, column))


def all_choices(case: Case, language: Language, form: Form | None = None) -> AllChoices:
    """The choices of every column of a form (on commitments, if not given), in the order of the drop-downs."""
    form = form or form_of()
    printed = " " + language.t("(as printed)")
    found: dict[tuple[str, str], Choices] = {}
    for table in form.tables:
        for field in fields_of(table):
            if (table, field.name) in SCALES:
                own = scale(SCALES[table, field.name])
                labels = {value: own.label(own.by_spelling[normalised(value)]) for value in field.enum or ()}
                shown = {value: word(label, language) for value, label in labels.items()}
            elif field.enum:
                shown = {value: language.t(LABELS[value]) for value in field.enum}
            elif field.refers == ("districts", "code_bps"):
                districts = case.districts
                pairs = zip(districts["code_bps"], districts["name"], strict=True)
                shown = {str(code): f"{code} {name}" for code, name in pairs}
            elif (table, field.name) == (VALUES, "code"):
                shown = item_names(case, form.scorecard, language)
            else:
                continue
            found[table, field.name] = Choices(shown, printed)
    rated = table_specs()["assessments"].field("variable").enum or () if "assessments" in form.tables else ()
    ratings = {name: Choices(_labels(VARIABLES[name], language), printed) for name in rated}
    return AllChoices(found, ratings)


def filled_items(case: Case, scorecard: str) -> pd.DataFrame:
    """The items of a scorecard that are filled in, in the order of the table; empty if there is none."""
    items = filled_rows(case.table("scorecard_items"))
    return items[items["scorecard_id"] == scorecard]


def item_names(case: Case, scorecard: str, language: Language) -> dict[str, str]:
    """The items that are filled in, by code, in the reader's words; equal ones with their code."""
    items = filled_items(case, scorecard)
    names = pair(items, "name", language)
    twice = names.duplicated(keep=False)
    texts = [
        f"{name} ({code})" if again else str(name)
        for code, name, again in zip(items["code"], names, twice, strict=True)
    ]
    return dict(zip(items["code"], texts, strict=True))


def _labels(key: str, language: Language) -> dict[str, str]:
    return {label.en: word(label, language) for label in scale(key).labels}


def word(label: Label, language: Language) -> str:
    """A label of a scale in the reader's language."""
    return language.word(label.en, label.id)
