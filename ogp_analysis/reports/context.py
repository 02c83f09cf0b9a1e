"""What a notebook works with: its checked parameters, and ways to show results in the reader's language."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pandas as pd

from ogp_analysis import __version__, reads
from ogp_analysis.case import Case
from ogp_analysis.casefile import DATAPACKAGE
from ogp_analysis.errors import ParameterError
from ogp_analysis.locale import Language, get_language
from ogp_analysis.locale.pairs import pair_text
from ogp_analysis.quarter import Quarter
from ogp_analysis.reports import blocks
from ogp_analysis.reports.cells import label
from ogp_analysis.reports.html import as_of_text
from ogp_analysis.reports.lab_form import is_offered, offer_form
from ogp_analysis.reports.parameters import NOTEBOOKS, check_parameters, injected_names
from ogp_analysis.reports.pieces import Link, Piece, Work
from ogp_analysis.reports.tables import make_table

if TYPE_CHECKING:
    import geopandas as gpd

    from ogp_analysis.maps.figure import MapFigure
    from ogp_analysis.reports.blocks import Block


def open_report(notebook: str, names: MutableMapping[str, Any], boundaries: str | None = None) -> Report:
    """Check a notebook's parameters and open its report; the first call of every notebook.

    Works alike under papermill and by hand in JupyterLab: the values are taken from the notebook's own
    variables, and a name that papermill was given and that the notebook does not have is refused. In an open
    notebook it shows a form to choose other values with (:mod:`ogp_analysis.reports.lab_form`).

    Parameters
    ----------
    notebook : str
        Its name, without ``.ipynb``.
    names : mutable mapping
        The notebook's ``globals()``.
    boundaries : str, optional
        Path of a boundary file; without it the cached official set, else the schematic outline.

    Raises
    ------
    ParameterError
        If a name or value is not valid; says which is nearest.
    """
    wanted = NOTEBOOKS.get(notebook, ())
    given = {name: names[name] for name in wanted if name in names}
    for name in dict.fromkeys(injected_names(list(names.get("In", [])))):
        given.setdefault(name, names.get(name))
    checked = check_parameters(notebook, given)
    reads.note(DATAPACKAGE)
    if is_offered(names):
        offer_form(checked, names)
    return Report(
        notebook,
        checked.case,
        checked.quarter,
        get_language(checked.language),
        checked.district,
        boundaries or os.environ.get("OGP_ANALYSIS_BOUNDARIES") or None,
        checked.table,
        checked.member,
        checked.roll,
        checked.since,
        checked.published,
    )


@dataclass
class Report:
    """A page in the making.

    Attributes
    ----------
    notebook : str
    case : Case
    quarter : Quarter
        Everything is as of its last day.
    language : Language
    district : str or None
        BPS code, for a district profile.
    boundary_file : str or None
        A boundary file that was given; without it the cached official set, else the schematic outline.
    table_file, member : str
        A downloaded table of OGP and a member in it, for the explorer; empty for what the case carries.
    roll_file : str
        A land-tax roll; empty for an illustrative one.
    since_given : str
        The quarter to compare with; empty for the one before.
    published_file : str
        The standing of an earlier report; empty to compute it.
    illustrative : bool
        Whether the page rests on made-up values: then its title and every table and figure say so.
    """

    notebook: str
    case: Case
    quarter: Quarter
    language: Language
    district: str | None = None
    boundary_file: str | None = None
    table_file: str = ""
    member: str = ""
    roll_file: str = ""
    since_given: str = ""
    published_file: str = ""
    illustrative: bool = False
    _cited: list[str] = field(default_factory=list, repr=False)
    _lines: dict[str, list[str]] = field(default_factory=dict, repr=False)

    @property
    def since(self) -> Quarter:
        """The earlier quarter that the page is compared with."""
        return Quarter.parse(self.since_given) if self.since_given else self.quarter.previous()

    @cached_property
    def has_outline(self) -> bool:
        """Whether there is anything to draw a map from: a file that was given, a cached set, or village points."""
        from ogp_analysis.sources.boundary_cache import newest_kept

        reads.note(reads.BOUNDARIES)
        given = self.boundary_file is not None or newest_kept(self.case.id) is not None
        return given or not self.case.table("village_points").empty

    @cached_property
    def boundaries(self) -> gpd.GeoDataFrame:
        """The outlines of the kecamatan: the user's, the cached official ones, or the schematic ones."""
        from ogp_analysis.sources.boundaries import load_boundaries
        from ogp_analysis.sources.boundary_cache import newest_kept

        if self.boundary_file is None and newest_kept(self.case.id) is None:
            # follows from the tables alone, as what is remembered must
            drawn = self.case.remembered(
                ("schematic",), lambda: load_boundaries(self.case, None, source="schematic")
            )
            return drawn.copy()
        return load_boundaries(self.case, self.boundary_file)

    def t(self, text: str, **values: object) -> str:
        """A text of the catalogue in the reader's language; numbers and dates are written as the reader does."""
        return self.language.t(text, **{name: self._value(value) for name, value in values.items()})

    def label(self, code: object) -> str:
        """The reader's word for a code of the tables."""
        return label(code, self.language)

    def text(self, row: pd.Series[Any], name: str) -> str:
        """The one of a pair of columns that is in the reader's language, from one row."""
        value = pair_text(row, name, self.language)
        return "—" if value is None or pd.isna(value) else str(value)

    def marked(self, text: str) -> str:
        """A title or caption in the reader's language that says so where the page rests on made-up values."""
        return self.t("{title} (illustrative values)", title=text) if self.illustrative else text

    def title(self, text: str, **values: object) -> None:
        """Show the title of the page, and where and when it stands."""
        place = self.case.jurisdiction["name"]
        line = f"{place} · {as_of_text(self.quarter, self.language)}"
        self._display(blocks.title(self.marked(self.t(text, **values)), line))

    def keep(self, block: Block) -> None:
        """Keep something with the executed notebook that the page does not show."""
        self._display(block)

    def heading(self, text: str, **values: object) -> None:
        """Show the heading of a section."""
        self._display(blocks.heading(self.t(text, **values)))

    def subheading(self, text: str) -> None:
        """Show the heading of a part of a section, already in the reader's language."""
        self._display(blocks.heading(text, level=3))

    def say(self, text: str, **values: object) -> None:
        """Show a paragraph."""
        self._display(blocks.paragraph(self.t(text, **values)))

    def plain(self, text: str) -> None:
        """Show a paragraph that is already in the reader's language; nothing for a dash."""
        if text != "—":
            self._display(blocks.paragraph(text))

    def key(self, text: str, **values: object) -> None:
        """Show a main finding, set off from the rest."""
        self.finding(self.t(text, **values))

    def finding(self, text: str) -> None:
        """Show a main finding that is already in the reader's language."""
        if self.illustrative:
            text = self.t("Illustrative: {finding}", finding=text)
        self._display(blocks.finding(text))

    def points(self, lines: list[str]) -> None:
        """Show a list of lines that are already in the reader's language."""
        self._display(blocks.points(lines))

    def table(
        self,
        frame: pd.DataFrame,
        columns: Mapping[str, str],
        caption: str,
        *,
        formats: Mapping[str, str] | None = None,
        note: str = "",
        empty: str = "Nothing is known by this date.",
        named: bool = False,
        optional: Collection[str] = (),
        published: bool = False,
        folded: bool = False,
        **values: object,
    ) -> None:
        """Show a table.

        Parameters
        ----------
        frame : DataFrame
            Data; an empty one shows ``empty`` instead.
        columns : mapping of column to English header
            What to show; headers are looked up in the catalogue.
        caption, note, empty : str
            English; looked up in the catalogue.
        formats : mapping of column to kind, optional
            See :func:`ogp_analysis.reports.cells.formatted`.
        named : bool
            The headers are already in the reader's language: quarters, labels of a scale.
        optional : collection of str
            Columns that are left out when no row has anything in them.
        published : bool
            The rows come from published sources also where the page rests on made-up values.
        folded : bool
            Behind a line that opens it, for long tables; a printed page shows it.
        **values
            Filled into the caption.
        """
        title = self.t(caption, **values) if published else self.marked(self.t(caption, **values))
        if frame.empty:
            self._display(blocks.nothing(title, self.t(empty)))
            return
        headers = dict(columns) if named else {name: self.t(text) for name, text in columns.items()}
        made = make_table(
            frame,
            headers,
            self.language,
            caption=title,
            formats=formats,
            note=self.t(note) if note else "",
            cite=self.cite,
            optional=optional,
        )
        self._display(blocks.table(made, self.language, folded=folded))

    def show(self, figure: MapFigure | None) -> None:
        """Show a map or chart with its words and its table; None says that there is no map."""
        if figure is None:
            self.say("No map can be drawn: the case has neither outlines nor village points.")
            return
        if self.illustrative and figure.title not in figure.alt:
            # the title says that the values are made up; whoever hears the picture hears it, too
            figure = replace(figure, alt=f"{figure.title}. {figure.alt}")
        self._display(blocks.figure(figure, self.language, self._sources_of(figure.caption)))

    def cite(self, source_id: str) -> Link:
        """A reference to a source; the list of sources follows the order of first mention."""
        if source_id not in self._cited:
            self._cited.append(source_id)
        number = self._cited.index(source_id) + 1
        return Link(f"[{number}]", f"#src-{number}")

    def source_line(self, source_ids: str | list[str]) -> str:
        """Sources for the foot of a map, and into the list of the page."""
        ids = [source_ids] if isinstance(source_ids, str) else list(dict.fromkeys(source_ids))
        for each in ids:
            self.cite(each)
        line = self.case.source_line(ids)
        self._lines[line] = ids
        return line

    def sources(self) -> None:
        """Show every source that the page used, with address and dates; the last call of every notebook."""
        table = self.case.table("sources")
        rows: dict[str, Any] = {row["source_id"]: row for _, row in table.iterrows()}
        entries = [(source_id, tuple(self._entry(rows[source_id]))) for source_id in self._cited]
        outline = self.boundaries.attrs["boundaries"] if "boundaries" in self.__dict__ else None
        self._display(blocks.sources(self.t("Sources"), entries, outline))

    def _entry(self, row: pd.Series[Any]) -> list[Piece]:
        parts: list[Piece] = [row["publisher"]]
        if pd.notna(row["title"]):
            parts += [", ", Work(row["title"])]
        parts.append(f", {self.label(row['kind'])}")
        if pd.notna(row["date"]):
            parts.append(f", {self.language.period(row['date'])}")
        if pd.notna(row["url"]):
            # the whole address stands behind the link, and beside it in print
            site = urlsplit(row["url"]).netloc.removeprefix("www.") or row["url"]
            parts += [", ", Link(site, row["url"])]
        else:
            parts.append(f", {self.t('address not recorded')}")
        if pd.notna(row["seen"]):
            parts.append(f", {self.t('seen on {day}', day=date.fromisoformat(row['seen']))}")
        return parts

    def _sources_of(self, caption: str) -> list[str]:
        """The ids behind the lines of sources that a caption holds; a line within a longer one is not its own."""
        lines = [line for line in self._lines if line and line in caption]
        whole = [line for line in lines if not any(line != other and line in other for other in lines)]
        return list(dict.fromkeys(each for line in whole for each in self._lines[line]))

    def _value(self, value: object) -> object:
        if isinstance(value, bool):
            return self.t("yes") if value else self.t("no")
        if hasattr(value, "item"):  # numpy scalars
            value = value.item()
        if isinstance(value, int | float):
            return self.language.number(value)
        if isinstance(value, date):
            return self.language.date(value)
        if isinstance(value, Quarter):
            return self.language.quarter(value)
        if isinstance(value, str):
            return value
        raise ParameterError(f"A text cannot hold {value!r}.", hint="Give text, a number, a date or a quarter.")

    def _display(self, block: Block) -> None:
        from IPython.display import display

        display(block.bundle(), raw=True)  # type: ignore[no-untyped-call]

    def __str__(self) -> str:
        return (
            f"{self.notebook}, {self.case.id}, {self.quarter}, {self.language.code} (ogp-analysis {__version__})"
        )
