"""The first sheet of the form: how to fill it in, how to hand it back, and what each rating means."""

from __future__ import annotations

from ogp_analysis import __version__
from ogp_analysis.case import Case
from ogp_analysis.forms.choices import SCALES, word
from ogp_analysis.forms.layout import columns
from ogp_analysis.forms.words import TITLES
from ogp_analysis.labels import LABELS
from ogp_analysis.locale import Language
from ogp_analysis.scales import VARIABLES, normalised, question, scale
from ogp_analysis.tables import table_specs

#: A line of the guide: its style (title, heading, text, label) and its one or two cells.
Line = tuple[str, str, str]


def guide_lines(case: Case, language: Language) -> list[Line]:
    """The guide, line by line, in the reader's language.

    Examples
    --------
    >>> from ogp_analysis.case import load_case
    >>> from ogp_analysis.locale import get_language
    >>> guide_lines(load_case("semarang"), get_language("id"))[0][1]
    'Formulir badan pemantau: Kota Semarang'
    """
    t = language.t
    place = case.jurisdiction["name"]
    sheets = {name: t(title) for name, title in TITLES.items()}
    lines: list[Line] = [
        ("title", t("Form for the monitoring body: {place}", place=place), ""),
        ("text", t("What the case holds already is filled in; the empty rows below are yours."), ""),
        ("text", t("Written by ogp-analysis {version}.", version=__version__), ""),
        ("heading", t("Filling in"), ""),
    ]
    steps = [
        t("Begin with the sheet {sources}: every row names the publication it was read in.", **sheets),
        t("A statement of the government alone never verifies anything."),
        t(
            "What a source claims goes into the sheet {progress}. What you rate yourselves goes into the sheet"
            " {assessments}, with the report that holds the rating.",
            **sheets,
        ),
        t("Columns marked * must be filled. Of two columns in two languages, fill both or neither."),
        t("Write dates no more exactly than the source does: 2023, 2023-08 or 2023-08-17."),
        t("What is not known stays empty: no zero, no dash, no guess."),
        t("Choose from the list where a cell offers one. No formulas, no merged cells."),
        t("You may sort, filter, hide, and add rows. Columns and sheets that you add are not read."),
        t("To take a row out of the case, put x in its first column; deleting it here leaves it in the case."),
        t("Names, numbers and addresses of private persons do not belong here."),
    ]
    lines += [("text", f"{number}. {step}", "") for number, step in enumerate(steps, start=1)]
    lines += [*handing_back(language), ("heading", t("What the ratings mean"), "")]
    claimed = {column.field.name: column for column in columns("progress", language)}["claimed_status"]
    lines += _scale_lines(f"{sheets['progress']}: {claimed.heading}", SCALES["progress", "claimed_status"],
                          language, claimed.field.enum)  # fmt: skip
    for variable in table_specs()["assessments"].field("variable").enum or ():
        lines += _scale_lines(
            f"{sheets['assessments']}: {language.t(LABELS[variable])}",
            VARIABLES[variable],
            language,
            asks=question(variable),
        )
    return lines


def handing_back(language: Language) -> list[Line]:
    """How any form is handed back."""
    t = language.t
    return [
        ("heading", t("Handing back"), ""),
        ("text", t("Save the file as .xlsx and give it to whoever keeps the case. They run:"), ""),
        ("text", "ogp-analysis import FILE.xlsx --dry-run", ""),
        (
            "text",
            t(
                "This lists the rows to mend, by sheet, row and column. Without --dry-run the rows are taken in:"
                " all of them or none."
            ),
            "",
        ),
        ("text", t("After that, go on with a new form: the old one does not know what has come in since."), ""),
    ]


def _scale_lines(
    title: str, key: str, language: Language, only: tuple[str, ...] | None = None, asks: str = ""
) -> list[Line]:
    own = scale(key)
    lines: list[Line] = [("subheading", title, language.t(asks or own.asks))]
    for label in own.labels:
        if only is None or normalised(label.en) in map(normalised, only):
            lines.append(("label", word(label, language), language.t(label.means)))
    return lines
