"""One jurisdiction's validated tables, as a reader of any quarter sees them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from ogp_analysis.errors import DataError, OgpAnalysisError, ParameterError, Problem, nearest, shortened
from ogp_analysis.quarter import Quarter, Span
from ogp_analysis.tables import PARTIAL, empty_table, read_table, reference_problems, table_specs

PACKAGE = Path(__file__).parent
DATAPACKAGE = "datapackage.yaml"
REQUIRED_ENTRIES = ("name", "title", "jurisdiction", "resources")
#: What ``jurisdiction`` must hold, as text: a code that YAML reads as a number has lost its form already.
JURISDICTION = {
    "name": (r".*\S.*", "the name of the jurisdiction"),
    "country": (r".*\S.*", "the country"),
    "member_since": (PARTIAL, "a year, month or day"),
    "code_bps": (r"[0-9]{4}", "the 4 digits of BPS"),
    "code_kemendagri": (r"[0-9]{2}\.[0-9]{2}", "a code such as 33.74"),
}


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
        if name in self._tables:
            return self._tables[name].copy()
        if name not in table_specs():
            raise ParameterError(f"There is no table {name!r}.", hint=nearest(name, table_specs()))
        return empty_table(table_specs()[name])

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
        frame = self.table("district_values")
        frame = frame[(frame["indicator"] == indicator) & (frame["role"] == "main")]
        if quarter is not None:
            frame = frame[known_by(frame["period"], quarter.last_day)]
        return sorted(frame["period"].unique(), key=lambda text: Span.parse(text).last)

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
        frame = self.table("district_values")
        frame = frame[(frame["indicator"] == indicator) & (frame["role"] == "main")]
        chosen = frame[frame["period"] == period]
        if chosen.empty:
            hint = f"It has: {', '.join(self.periods(indicator)) or 'none'}."
            raise ParameterError(f"Indicator {indicator!r} has no period {period!r}.", hint=hint)
        columns = ["value", "state", "quality", "source_id"]
        districts = self.districts.set_index("code_bps")
        out = chosen.set_index("code_bps")[columns].reindex(districts.index)
        out["state"] = out["state"].fillna("no_data")
        out.insert(0, "name", districts["name"])
        return out

    def indicator(self, name: str) -> pd.Series[Any]:
        """The definition of one indicator: a row of the ``indicators`` table."""
        self._check_indicator(name)
        table = self.table("indicators")
        return table[table["indicator"] == name].iloc[0]

    def series(self, indicator: str, period: str) -> pd.Series[Any]:
        """What is known of an indicator in a period as a whole: coverage, breaks, printed total, note."""
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
        frame = self.districts
        wanted = str(text).strip().casefold()
        for column in ("code_bps", "code_kemendagri", "name", "name_bps"):
            hit = frame.loc[frame[column].str.casefold() == wanted, "code_bps"]
            if len(hit) == 1:
                return str(hit.iloc[0])
        aliases = self.table("district_aliases")
        hit = aliases.loc[aliases["alias"].str.casefold() == wanted, "code_bps"]
        if hit.nunique() == 1:
            return str(hit.iloc[0])
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
        known = list(self.table("indicators")["indicator"])
        if name not in known:
            raise ParameterError(f"There is no indicator {name!r}.", hint=nearest(name, known))

    def __str__(self) -> str:
        info = self.jurisdiction
        counts = {name: len(frame) for name, frame in self._tables.items()}
        lines = [
            f"{info['name']}, {info['country']} (case '{self.id}', OGP member since {info['member_since']})",
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


def case_folders() -> dict[str, Path]:
    """Every case that can be found, by name: the working folder's, the repository's, the package's.

    Looks for ``data/raw/<case>/datapackage.yaml`` in the folder that ``OGP_ANALYSIS_DATA`` names, then in
    the working folder, then beside the package (a checkout), then inside it (an installed wheel).
    """
    roots = [Path.cwd() / "data" / "raw", PACKAGE.parent / "data" / "raw", PACKAGE / "_data" / "raw"]
    given = os.environ.get("OGP_ANALYSIS_DATA")
    if given:
        if not Path(given).is_dir():
            raise ParameterError(
                f"OGP_ANALYSIS_DATA names {given}, which is no folder.",
                hint="Name the folder that holds the cases.",
            )
        roots.insert(0, Path(given))
    found: dict[str, Path] = {}
    for root in roots:
        for path in sorted(root.glob(f"*/{DATAPACKAGE}")):
            found.setdefault(path.parent.name, path.parent)
    return found


def case_folder(case: str | Path) -> Path:
    """The folder of a case given by name or by path.

    Raises
    ------
    ParameterError
        If there is no such case; names the nearest.
    """
    if isinstance(case, Path) or os.sep in str(case) or "/" in str(case):
        folder = Path(case)
        if not (folder / DATAPACKAGE).is_file():
            raise ParameterError(
                f"{folder} holds no case: {DATAPACKAGE} is not there.",
                hint="Give the folder that holds datapackage.yaml and the CSV tables.",
            )
        return folder
    folders = case_folders()
    if case not in folders:
        raise ParameterError(f"There is no case {shortened(case)!r}.", hint=nearest(case, folders))
    return folders[case]


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
      9 plans, 18 commitments, 56 measures, 44 criteria, 22 claims
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
    for name, path in _resources(folder, info).items():
        try:
            tables[name] = read_table(path, table_specs()[name])
        except DataError as error:
            problems += error.problems
            hints.append(error.hint)
    if not problems:
        problems = [*reference_problems(tables), *_rule_problems(tables), *_choice_problems(info, tables)]
        hints = [f"Mend these entries in {folder} and run: ogp-analysis check {case_argument(folder)}"]
    if problems:
        raise DataError(problems, hint=" ".join(hints[:2]))
    return Case(folder.name, folder, info, tables)


def case_argument(folder: Path) -> str:
    """How a case is named on a command line: by its name where that leads to the folder, else by its path."""
    known = case_folders().get(folder.name)
    return folder.name if known is not None and known.resolve() == folder.resolve() else str(folder)


def _rule_problems(tables: dict[str, pd.DataFrame]) -> list[Problem]:
    """Rows that are well formed and still say two things at once."""
    values = tables["district_values"]
    file, problems = "district_values.csv", []
    empty = values["value"].isna()
    wrong = empty != values["state"].isin(["no_data", "not_applicable"])
    for at, row in values[wrong].iterrows():
        expected = "no value with this state" if row["state"] in ("no_data", "not_applicable") else "a value"
        problems.append(
            Problem(file, int(str(at)) + 2, "value", str(row["value"]), f"{expected} ({row['state']})")
        )
    main = values[values["role"] == "main"]
    key = ["indicator", "code_bps", "period"]
    rows = {
        tuple(cells): int(str(at)) + 2
        for at, cells in zip(main.index[::-1], main[key].to_numpy()[::-1], strict=True)
    }
    for at, cells in zip(main.index, main[key].to_numpy(), strict=True):
        if rows[tuple(cells)] != int(str(at)) + 2:
            words = f"'rival', for row {rows[tuple(cells)]} has the main value of {' | '.join(cells)}"
            problems.append(Problem(file, int(str(at)) + 2, "role", "main", words))
    series = tables["district_series"].set_index(["indicator", "period"]).index
    pairs = main.drop_duplicates(["indicator", "period"])
    for at, cells in zip(pairs.index, pairs[["indicator", "period"]].to_numpy(), strict=True):
        if tuple(cells) not in series:
            words = f"a row in district_series.csv for {cells[0]} in {cells[1]}: its coverage and source"
            problems.append(Problem(file, int(str(at)) + 2, "indicator, period", None, words))
    return problems


def _choice_problems(info: dict[str, Any], tables: dict[str, pd.DataFrame]) -> list[Problem]:
    """Entries of ``jurisdiction`` that name something which is not there."""
    problems = []
    plans = sorted(tables["plans"]["plan_id"])
    chosen = info["jurisdiction"].get("plan_id")
    if chosen is not None and chosen not in plans:
        words = f"a plan of plans.csv. {nearest(str(chosen), plans)}"
        problems.append(Problem(DATAPACKAGE, None, "jurisdiction.plan_id", str(chosen), words))
    scopes = table_specs()["criteria"].field("scope").enum or ()
    call = info["jurisdiction"].get("call")
    if call is not None and call not in scopes:
        words = f"a scope of criteria.csv. {nearest(str(call), scopes)}"
        problems.append(Problem(DATAPACKAGE, None, "jurisdiction.call", str(call), words))
    return problems


def read_info(folder: Path) -> dict[str, Any]:
    """The ``datapackage.yaml`` of a case.

    Raises
    ------
    DataError
        If it is not YAML or an entry that the case needs is missing.
    """
    path = folder / DATAPACKAGE
    try:
        info = yaml.safe_load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise DataError(
            [Problem(path.name, None, None, None, "UTF-8 text")], hint=f"Save {path} as UTF-8."
        ) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        raise DataError([Problem(path.name, row, None, None, "valid YAML")], hint=f"Mend {path}.") from error
    entries: dict[str, Any] = info if isinstance(info, dict) else {}
    problems = [
        Problem(path.name, None, name, None, "this entry, which is missing")
        for name in REQUIRED_ENTRIES
        if name not in entries
    ]
    if "jurisdiction" in entries:
        problems += _jurisdiction_problems(path.name, entries["jurisdiction"])
    if "resources" in entries:
        problems += _resource_problems(path.name, entries["resources"])
    if problems:
        raise DataError(problems, hint=f"Mend {path}.")
    return entries


def _jurisdiction_problems(file: str, entry: object) -> list[Problem]:
    if not isinstance(entry, dict):
        return [Problem(file, None, "jurisdiction", str(entry), "entries such as name, country, code_bps")]
    problems = []
    for name, (pattern, words) in JURISDICTION.items():
        value = entry.get(name)
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            shown = None if value is None else str(value)
            problems.append(Problem(file, None, f"jurisdiction.{name}", shown, f"{words}, in quotation marks"))
    return problems


def _resource_problems(file: str, entry: object) -> list[Problem]:
    if not isinstance(entry, list):
        return [Problem(file, None, "resources", str(entry), "a list of tables")]
    problems, seen = [], set()
    for each in entry:
        name = each.get("name") if isinstance(each, dict) else each
        path = each.get("path") if isinstance(each, dict) else None
        if not isinstance(name, str) or path != f"{name}.csv":
            words = "name and path of a table, such as name: plans and path: plans.csv, in the folder of the case"
            problems.append(Problem(file, None, "resources", f"{name}: {path}", words))
        elif name in seen:
            problems.append(Problem(file, None, "resources", name, "each table once"))
        seen.add(str(name))
    return problems


def _resources(folder: Path, info: dict[str, Any]) -> dict[str, Path]:
    listed = {entry["name"]: folder / entry["path"] for entry in info["resources"]}
    specs = table_specs()
    problems = [
        Problem(DATAPACKAGE, None, "resources", name, f"the name of a known table. {nearest(name, specs)}")
        for name in listed
        if name not in specs
    ]
    problems += [
        Problem(DATAPACKAGE, None, "resources", None, f"a resource '{name}', which is missing")
        for name, spec in specs.items()
        if not spec.optional and name not in listed
    ]
    if problems:
        raise OgpAnalysisError(
            "\n".join(str(problem) for problem in problems), hint=f"Mend 'resources' in {folder / DATAPACKAGE}."
        )
    return listed
