"""One jurisdiction's validated tables, as a reader of any quarter sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import pandas as pd

from ogp_analysis import reads
from ogp_analysis.casefile import (
    case_argument,
    case_folder,
    choice_problems,
    read_info,
    resource_paths,
)
from ogp_analysis.caserules import place_problems, rule_problems
from ogp_analysis.errors import DataError, ParameterError, Problem, nearest, shortened
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.tables import empty_table, read_table, reference_problems, table_specs

T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """The tables of one OGP member, read and checked.

    Parameters
    ----------
    id : str
        Short name, the name of the folder.
    folder : Path
        Where the tables are.
    info : dict
        The case's ``datapackage.yaml``.

    Examples
    --------
    >>> case = load_case("semarang")
    >>> len(case.table("districts"))
    16
    >>> int(case.values("jumlah_penduduk", "2020")["value"].sum())
    1653524
    """

    id: str
    folder: Path
    info: dict[str, Any] = field(repr=False)
    _tables: dict[str, pd.DataFrame] = field(repr=False, compare=False)
    # of this object alone: a case made from it with other tables starts with none
    _memory: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that the case has."""
        return tuple(self._tables)

    @property
    def jurisdiction(self) -> dict[str, Any]:
        """Name, country, codes, member since: the ``jurisdiction`` entry of ``datapackage.yaml``."""
        return dict(self.info["jurisdiction"])

    @property
    def districts(self) -> pd.DataFrame:
        """The kecamatan, in the order of the table."""
        return self.table("districts")

    def table(self, name: str) -> pd.DataFrame:
        """A table by name, as a copy; a table that the case leaves out is empty, with its columns.

        Raises
        ------
        ParameterError
            If no case has a table with that name.

        Examples
        --------
        >>> load_case("semarang").table("claim")
        Traceback (most recent call last):
        ...
        ogp_analysis.errors.ParameterError: There is no table 'claim'.
        What to do: Did you mean 'claims'?
        """
        reads.note(f"{name}.csv")
        if name in self._tables:
            return self._tables[name].copy()
        _check_name(name)
        return empty_table(table_specs()[name])

    def with_table(self, name: str, rows: pd.DataFrame) -> Case:
        """The case with another content of one table, in memory only; nothing on the disk changes.

        Parameters
        ----------
        name : str
        rows : DataFrame
            With the columns of the table. They are taken as they are: what is checked when a case is loaded is
            not checked again.

        Raises
        ------
        ParameterError
            If no case has a table with that name.

        Examples
        --------
        >>> case = load_case("semarang")
        >>> len(case.with_table("claims", case.table("claims").head(1)).table("claims"))
        1
        """
        _check_name(name)
        changed = {name: rows.reset_index(drop=True)}
        return Case(self.id, self.folder, self.info, {**self._tables, **changed})

    def remembered(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """A result that follows from the tables alone, computed once for this case.

        Sixteen profiles ask the same of the same tables. What is given is the object itself: who would change it
        makes a copy first. Who is given it has read the tables that it was computed from
        (:mod:`ogp_analysis.reads`), also where another process computed it before this one was forked.

        Parameters
        ----------
        key : tuple
            Names the computation and everything else that it depends on.
        make : function
            Computes it when it is asked for the first time.

        Examples
        --------
        >>> case = load_case("semarang")
        >>> case.remembered(("example",), lambda: 16), case.remembered(("example",), lambda: 17)
        (16, 16)
        """
        if key not in self._memory:
            with reads.recorded() as read:
                made = make()
            self._memory[key] = made, tuple(read)
        made, known = self._memory[key]
        reads.note(*known)
        return cast("T", made)

    def until(self, name: str, quarter: Quarter, column: str = "date") -> pd.DataFrame:
        """The rows of a table dated no later than a quarter's last day.

        A partial date counts when all the days it may mean lie in the past: ``2023`` is known to be over
        only after 31 December 2023. Undated rows are left out.

        Parameters
        ----------
        name : str
            Table.
        quarter : Quarter
            The quarter that the reader stands at the end of.
        column : str
            Column that holds the date.
        """
        frame = self.table(name)
        return frame[known_by(frame[column], quarter.last_day)]

    def undated(self, name: str, column: str = "date") -> pd.DataFrame:
        """The rows of a table that carry no date: shown, never counted for a quarter."""
        frame = self.table(name)
        return frame[frame[column].isna()]

    def periods(self, indicator: str, quarter: Quarter | None = None) -> list[str]:
        """Periods for which an indicator has a main value for at least one kecamatan, oldest first.

        Parameters
        ----------
        indicator : str
            Name in the ``indicators`` table.
        quarter : Quarter, optional
            Leave out periods that end after this quarter.
        """
        self._check_indicator(indicator)
        periods = self.remembered(("periods",), self._all_periods).get(indicator, [])
        return [text for text, last in periods if quarter is None or last <= quarter.last_day]

    def values(self, indicator: str, period: str) -> pd.DataFrame:
        """One indicator in one period for every kecamatan, rivals apart.

        A kecamatan without a row is *no data*: its value is missing and its state says so.

        Parameters
        ----------
        indicator : str
            Name in the ``indicators`` table.
        period : str
            One of :meth:`periods`.

        Returns
        -------
        DataFrame
            Index ``code_bps`` (every kecamatan, in the order of the case); columns ``name``, ``value``
            (float), ``state``, ``quality``, ``source_id``.

        Raises
        ------
        ParameterError
            If the indicator is not defined or has no value in the period.

        Examples
        --------
        >>> covid = load_case("semarang").values("covid19_kasus_aktif", "2020-08-27")
        >>> covid["state"].value_counts().to_dict()
        {'measured': 8, 'no_data': 8}
        """
        self._check_indicator(indicator)
        if period not in self.periods(indicator):
            hint = f"It has: {', '.join(self.periods(indicator)) or 'none'}."
            raise ParameterError(f"Indicator {indicator!r} has no period {period!r}.", hint=hint)
        return self.remembered(("values", indicator, period), lambda: self._values(indicator, period)).copy()

    def _all_periods(self) -> dict[str, list[tuple[str, date]]]:
        """Periods of every indicator's main values with their last days, oldest first."""
        frame = self.table("district_values")
        pairs = frame.loc[frame["role"] == "main", ["indicator", "period"]].drop_duplicates()
        out: dict[str, list[tuple[str, date]]] = {}
        for indicator, period in pairs.itertuples(index=False, name=None):
            out.setdefault(indicator, []).append((period, Span.parse(period).last))
        return {indicator: sorted(periods, key=lambda pair: pair[1]) for indicator, periods in out.items()}

    def _rows_of_periods(self) -> dict[tuple[str, str], list[int]]:
        """Where the main values of each indicator and period stand in their table."""
        frame = self.table("district_values")
        out: dict[tuple[str, str], list[int]] = {}
        for at, key in enumerate(zip(frame["indicator"], frame["period"], frame["role"], strict=True)):
            if key[2] == "main":
                out.setdefault(key[:2], []).append(at)
        return out

    def _values(self, indicator: str, period: str) -> pd.DataFrame:
        rows = self.remembered(("rows of periods",), self._rows_of_periods)[indicator, period]
        columns = ["value", "state", "quality", "source_id"]
        districts = self.districts.set_index("code_bps")
        out = self.table("district_values").iloc[rows].set_index("code_bps")[columns].reindex(districts.index)
        out["state"] = out["state"].fillna("no_data")
        out.insert(0, "name", districts["name"])
        return out

    def indicator(self, name: str) -> pd.Series[Any]:
        """The definition of one indicator: a row of the ``indicators`` table."""
        self._check_indicator(name)
        return self.remembered(("indicator", name), lambda: self._indicator(name)).copy()

    def _indicator(self, name: str) -> pd.Series[Any]:
        table = self.table("indicators")
        return table[table["indicator"] == name].iloc[0]

    def series(self, indicator: str, period: str) -> pd.Series[Any]:
        """What is known of an indicator in a period as a whole: coverage, breaks, printed total, note."""
        return self.remembered(("series", indicator, period), lambda: self._series(indicator, period)).copy()

    def _series(self, indicator: str, period: str) -> pd.Series[Any]:
        frame = self.table("district_series")
        frame = frame[(frame["indicator"] == indicator) & (frame["period"] == period)]
        if frame.empty:
            raise ParameterError(
                f"There is no row in district_series for {indicator!r} in {period!r}.",
                hint="Add one, with its coverage and source.",
            )
        return frame.iloc[0]

    def source_line(self, source_ids: str | list[str]) -> str:
        """Publisher and title of sources, for the foot of a map or table."""
        ids = [source_ids] if isinstance(source_ids, str) else list(dict.fromkeys(source_ids))
        sources: dict[str, Any] = {row["source_id"]: row for _, row in self.table("sources").iterrows()}
        lines = []
        for each in ids:
            publisher, title = sources[each]["publisher"], sources[each]["title"]
            lines.append(publisher if pd.isna(title) else f"{publisher}: {title}")
        return "; ".join(dict.fromkeys(lines))

    def district_code(self, text: str) -> str:
        """The BPS code of a kecamatan given by code or name.

        Raises
        ------
        ParameterError
            If no kecamatan has that code or name; names the nearest.

        Examples
        --------
        >>> load_case("semarang").district_code("33.74.01")
        '3374130'
        """
        frame, aliases = self.districts, self.table("district_aliases")
        wanted = str(text).strip().casefold()
        known = [(frame["code_bps"], frame[name]) for name in ("code_bps", "code_kemendagri", "name", "name_bps")]
        for codes, names in [*known, (aliases["code_bps"], aliases["alias"])]:
            pairs = zip(codes, names.fillna(""), strict=True)
            hits = {str(code) for code, name in pairs if name.casefold() == wanted != ""}
            if len(hits) == 1:
                return hits.pop()
        raise ParameterError(
            f"There is no kecamatan {shortened(str(text))!r} in {self.jurisdiction['name']}.",
            hint=nearest(str(text), frame["code_bps"] if wanted.isdigit() else frame["name"]),
        )

    def indicators_for(self, use: str) -> list[str]:
        """Names of the indicators that the reports put to a use, in the order of the table.

        Examples
        --------
        >>> load_case("semarang").indicators_for("population")
        ['jumlah_penduduk']
        """
        uses = table_specs()["indicators"].field("use").enum or ()
        if use not in uses:
            raise ParameterError(f"There is no use {use!r}.", hint=nearest(use, uses))
        table = self.table("indicators")
        return [str(name) for name in table.loc[table["use"] == use, "indicator"]]

    def _check_indicator(self, name: str) -> None:
        known = self.remembered(("indicators",), lambda: dict.fromkeys(self.table("indicators")["indicator"]))
        if name not in known:
            raise ParameterError(f"There is no indicator {name!r}.", hint=nearest(name, known))

    def __str__(self) -> str:
        reads.note(*(f"{name}.csv" for name in self._tables))
        info = self.jurisdiction
        since = info.get("member_since", "a day that is not known")
        counts = {name: len(frame) for name, frame in self._tables.items()}
        lines = [
            f"{info['name']}, {info['country']} (case '{self.id}', OGP member since {since})",
            f"  {counts['districts']} kecamatan, {counts.get('villages', 0)} kelurahan; "
            f"{counts['district_values']:,} district values of {counts['indicators']} indicators",
            f"  {counts['plans']} plans, {counts['commitments']} commitments, {counts['measures']} measures, "
            f"{counts['criteria']} criteria, {counts['claims']} claims",
            f"  every figure from one of {counts['sources']} sources; tables: case.tables",
        ]
        return "\n".join(lines)


def known_by(dates: pd.Series[Any], day: date) -> pd.Series[bool]:
    """Which partial dates lie wholly on or before a day; a missing date does not.

    Examples
    --------
    >>> known_by(pd.Series(["2023", "2023-12-31", "2024-01", None]), date(2023, 12, 31)).tolist()
    [True, True, False, False]
    """
    last = {text: Span.parse(text).last for text in dates.dropna().unique()}
    return dates.map(lambda text: text in last and last[text] <= day).astype(bool)


def load_case(case: str | Path) -> Case:
    """Load a case: every table read, checked and typed.

    Parameters
    ----------
    case : str or Path
        Name of a case (``"semarang"``) or a folder with ``datapackage.yaml`` and CSV tables.

    Returns
    -------
    Case

    Raises
    ------
    ParameterError
        If there is no such case.
    DataError
        If a table breaks its schema; every defect is listed with file, row, column and value.

    Examples
    --------
    >>> print(load_case("semarang"))
    Kota Semarang, Indonesia (case 'semarang', OGP member since 2020-10)
      16 kecamatan, 177 kelurahan; 1,111 district values of 46 indicators
      9 plans, 18 commitments, 56 measures, 50 criteria, 22 claims
      every figure from one of ... sources; tables: case.tables
    """
    folder = case_folder(case).resolve()
    return _load(folder, _fingerprint(folder))


def _fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    # files that change while a session is open must be read again
    return tuple((p.name, p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(folder.iterdir()) if p.is_file())


@lru_cache(maxsize=8)
def _load(folder: Path, fingerprint: tuple[tuple[str, int, int], ...]) -> Case:
    info = read_info(folder)
    tables: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    hints: list[str] = []
    for name, path in resource_paths(folder, info).items():
        try:
            tables[name] = read_table(path, table_specs()[name])
        except DataError as error:
            problems += error.problems
            hints.append(error.hint)
    if not problems:
        # what belongs to another place comes first: much else that is wrong follows from it
        problems = place_problems(info["jurisdiction"], tables["districts"])
        problems += [*reference_problems(tables), *rule_problems(tables), *choice_problems(info, tables)]
        hints = [f"Mend these entries in {folder} and run: ogp-analysis check {case_argument(folder)}"]
    if problems:
        raise DataError(problems, hint=" ".join(hints[:2]))
    return Case(folder.name, folder, info, tables)


def _check_name(table: str) -> None:
    if table not in table_specs():
        raise ParameterError(f"There is no table {table!r}.", hint=nearest(table, table_specs()))
