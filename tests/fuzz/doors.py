"""The doors of the library, each with a damaged file or value to take in."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from ogp_analysis import Quarter, cleaning, load_case
from ogp_analysis.build import build_case
from ogp_analysis.case import Case
from ogp_analysis.changes.record import standing_of
from ogp_analysis.changes.standing import standing
from ogp_analysis.changes.subjects import SUBJECTS
from ogp_analysis.checkup import describe
from ogp_analysis.forms import import_form, write_form
from ogp_analysis.locale import get_language
from ogp_analysis.newcase.listed import read_list
from ogp_analysis.newcase.place import check_id
from ogp_analysis.newcase.scaffold import new_case
from ogp_analysis.quarter import Span
from ogp_analysis.recovery.example_roll import make_example_roll
from ogp_analysis.recovery.measures import measure_terms
from ogp_analysis.recovery.relief import ReliefTerms, assess_relief, compile_terms
from ogp_analysis.reports.parameters import NOTEBOOKS, check_parameters, injected_names
from ogp_analysis.reports.planfile import read_plan
from ogp_analysis.signs import sign_problem, visible
from ogp_analysis.sources.archives import boundary_files
from ogp_analysis.sources.boundaries import load_boundaries
from ogp_analysis.sources.ogp import read_commitments, read_process
from ogp_analysis.sources.ogp.editions import editions
from ogp_analysis.sources.tax_roll import open_roll
from ogp_analysis.tables import table_specs
from tests.attack.corpus import Call
from tests.attack.yard import ROOT, Yard
from tests.ogp.conftest import random_rows, to_text

from . import mutate
from .mutate import NASTY, Draw

Door = Callable[[Draw, Yard], Call]
DOORS: dict[str, tuple[Door, int]] = {}
QUARTER = Quarter(2023, 4)
RAW = ROOT / "data" / "raw"


def door(name: str, weight: int = 1) -> Callable[[Door], Door]:
    """Register a function that damages an input in a yard and gives the call that takes it in."""

    def keep(build: Door) -> Door:
        DOORS[name] = (build, weight)
        return build

    return keep


@lru_cache
def _case(name: str = "semarang") -> Case:
    return load_case(RAW / name)


def _copied(draw: Draw, yard: Yard) -> Path:
    """A case: mostly the small one, for speed."""
    name = draw.choice(("small", "small", "small", "semarang", "banggai"))
    if name == "small":
        return yard.case()
    folder = yard.folder / "cases" / name
    for path in (RAW / name).iterdir():
        if path.is_file():
            yard.put(folder / path.name, path.read_bytes())
    return folder


def _taken_in(folder: Path, out: Path) -> str:
    """Whatever a case that is accepted may be used for must be possible, or refused in words."""
    case = load_case(folder)
    describe(case, QUARTER)
    standing(case, QUARTER)
    build_case(case, out)
    return "accepted"


@door("table of a case", 8)
def _(draw: Draw, yard: Yard) -> Call:
    folder = _copied(draw, yard)
    tables = sorted(folder.glob("*.csv"))
    full = [path for path in tables if path.stat().st_size > 200]
    for path in draw.sample(full, draw.choice((1, 1, 1, 2, 3))):
        # it may be one that was damaged just before
        others = mutate.rows_of(draw.choice(full).read_text(encoding="utf-8", errors="replace"))
        yard.put(path, mutate.damage_csv(draw, path.read_bytes(), others))
    return lambda: _taken_in(folder, yard.folder / "out")


@door("cells of a case", 10)
def _(draw: Draw, yard: Yard) -> Call:
    """Values that keep to the schema more often: cells exchanged within a column, emptied, or near what is there."""
    folder = _copied(draw, yard)
    specs = table_specs()
    tables = [p for p in sorted(folder.glob("*.csv")) if p.stem in specs and p.stat().st_size > 200]
    for path in draw.sample(tables, draw.choice((1, 1, 2))):
        rows = mutate.rows_of(path.read_text(encoding="utf-8"))
        if len(rows) < 3:
            continue
        for _ in range(draw.choice((1, 1, 2, 8, 40))):
            row, other = rows[draw.randrange(1, len(rows))], rows[draw.randrange(1, len(rows))]
            at = draw.randrange(len(row))
            field = next((f for f in specs[path.stem].fields if f.name == rows[0][at]), None)
            allowed = tuple(getattr(field, "enum", ()) or ())
            near = ("2023-10-01", "2021", "2019/2020", "0", "1", "-1", "100", "1e9", "0.5", "", "", *allowed)
            row[at] = draw.choice((other[at], draw.choice(near), draw.choice(near)))
        if draw.random() < 0.2:
            del rows[draw.randrange(1, len(rows)) :]
        yard.put(path, mutate.encoded(mutate.as_csv(rows)))
    return lambda: _taken_in(folder, yard.folder / "out")


@door("datapackage.yaml", 3)
def _(draw: Draw, yard: Yard) -> Call:
    folder = _copied(draw, yard)
    path = folder / "datapackage.yaml"
    yard.put(path, mutate.damage_yaml(draw, path.read_text(encoding="utf-8")))
    return lambda: _taken_in(folder, yard.folder / "out")


PLAN = """case: semarang
quarter: 2023Q1..2023Q4
language: [id, en]
notebook: ["10_commitments", "40_district_profile"]
sets:
- {quarter: 2023Q3, district: ["33.74.01", Genuk]}
- quarter: 2022Q4
  table: commitments.csv
  member: Indonesia
- quarter: 2022Q4
  since: 2021Q4
  roll: roll.csv
  boundaries: k.geojson
  only: ["*id*"]
"""


@door("plan file", 2)
def _(draw: Draw, yard: Yard) -> Call:
    path = yard.write("plan.yaml", mutate.damage_yaml(draw, PLAN))
    return lambda: _planned(path)


def _planned(path: Path) -> int:
    from ogp_analysis.reports.plan import chosen, plan_runs

    runs = []
    for each in read_plan(path):
        wanted = plan_runs(
            each.case, each.quarter, each.language or ("id",), each.notebook or ("10_commitments",), each.district,
            each.table, each.member, each.roll, each.since, each.published,
        )  # fmt: skip
        runs += chosen(wanted, each.only)
    return len(runs)


GIVEN = {"case": "semarang", "quarter": "2023Q4", "language": "id", "district": "33.74.01", "since": "2022Q4"}


@door("parameters of a page", 2)
def _(draw: Draw, yard: Yard) -> Call:
    notebook = draw.choice((*NOTEBOOKS, mutate.nasty_text(draw, tuple(NOTEBOOKS))))
    given: dict[str, Any] = {
        name: value for name, value in GIVEN.items() if name in NOTEBOOKS.get(notebook, GIVEN)
    }
    mutate.damage_tree(draw, given)
    cells = [f"{name} = {value!r}\n" for name, value in given.items()]
    cells.append(mutate.damage_lines(draw, "# Parameters\ncase = 'semarang'\nreport = open_report(globals())\n"))

    def call() -> object:
        injected_names([mutate.nasty_text(draw, tuple(cells)) for _ in range(3)] + cells)
        return check_parameters(notebook, given)

    return call


@lru_cache
def _form(shared: Path, small: Path, language: str) -> bytes:
    return write_form(load_case(small), shared / f"form-{language}.xlsx", language).read_bytes()


@door("returned form", 5)
def _(draw: Draw, yard: Yard) -> Call:
    case = yard.case()
    data = _form(yard.shared, _kept(yard, case), draw.choice(("en", "id")))
    if draw.random() < 0.3:
        data = mutate.damage_zip(draw, data, draw.choice((mutate.damage_xml, mutate.damage_bytes)))
    else:
        data = _other_cells(draw, data)
    path = yard.write("form.xlsx", data)
    dry = draw.random() < 0.3
    return lambda: import_form(path, case, dry_run=dry)


def _kept(yard: Yard, case: Path) -> Path:
    """A copy of the small case that is the same for all cases of a run."""
    folder = yard.shared / "for-forms" / "semarang"
    if not folder.exists():
        import shutil

        shutil.copytree(case, folder)
    return folder


def _other_cells(draw: Draw, data: bytes) -> bytes:
    """Cells of a workbook set to texts, numbers, days and formulas."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = load_workbook(io.BytesIO(data))
    for _ in range(draw.choice((1, 2, 5, 20))):
        sheet = draw.choice(book.worksheets)
        row, column = draw.randrange(1, sheet.max_row + 3), draw.randrange(1, sheet.max_column + 2)
        kind = draw.randrange(8)
        new: Any = draw.choice(NASTY)
        if kind == 0:
            new = draw.choice((0, -1, 1.5, 1e308, 10**15, True, date(2023, 12, 1), date(1900, 1, 1), None, None))
        elif kind <= 2:
            there = sheet.cell(draw.randrange(1, sheet.max_row + 1), column).value
            new = there
        elif kind == 3:
            sheet.delete_rows(row)
            continue
        elif kind == 4 and draw.random() < 0.3:
            sheet.delete_cols(column)
            continue
        elif kind == 5 and draw.random() < 0.3:
            sheet.title = draw.choice(("x", "Sheet", "Guide", "a" * 31))
            continue
        try:
            sheet.cell(row, column).value = new
        except (IllegalCharacterError, ValueError, AttributeError):  # merged cells are read-only
            continue
    out = io.BytesIO()
    try:
        book.save(out)
    except (ValueError, UnicodeEncodeError):  # half a surrogate pair
        return data
    return out.getvalue()


LIST = "kode,kecamatan,lon,lat\n" + "".join(
    f"99.71.{n:02d},Kecamatan {letter},{110 + n / 100},{-7 + n / 100}\n" for n, letter in enumerate("ABCDEFGH", 1)
)


@door("list for new-case", 3)
def _(draw: Draw, yard: Yard) -> Call:
    if draw.random() < 0.3:
        data, name = _as_workbook(draw, mutate.rows_of(LIST)), "list.xlsx"
    else:
        data, name = mutate.damage_csv(draw, LIST.encode()), "list.csv"
    path = yard.write(name, data)
    title = draw.choice(("Kota Contoh", "Kota Contoh", mutate.nasty_text(draw)))
    id_ = draw.choice(("contoh", "contoh", mutate.nasty_text(draw, ("contoh", "kota-contoh"))))

    def call() -> object:
        place = read_list(path, name=title, publisher="BPS", seen="2026-11-22")
        case = new_case(check_id(id_) or "contoh", place, into=yard.folder / "cases")
        _taken_in(case.folder, yard.folder / "out")
        return "accepted"

    return call


def _as_workbook(draw: Draw, rows: mutate.Rows) -> bytes:
    """A table as a workbook, with cells of several kinds, perhaps damaged as an archive."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in mutate.damage_rows(draw, rows):
        cells: list[Any] = [_sayable(cell) for cell in row]
        if draw.random() < 0.2 and cells:
            cells[draw.randrange(len(cells))] = draw.choice((1, 1.5, True, date(2020, 1, 1), None, "=1/0", 1e300))
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return mutate.damage_zip(draw, out.getvalue(), mutate.damage_xml) if draw.random() < 0.4 else out.getvalue()


def _sayable(text: str) -> str:
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    return ILLEGAL_CHARACTERS_RE.sub("", text.encode("utf-8", "ignore").decode())[:30_000]


@door("table of OGP", 5)
def _(draw: Draw, yard: Yard) -> Call:
    name = draw.choice(sorted(editions()))
    columns = list(editions()[name].columns.values())
    text = to_text(columns, random_rows(name, draw.choice((1, 3, 12)), draw.randrange(5)))
    read = read_process if name.startswith("process") else read_commitments
    if draw.random() < 0.2:
        path = yard.write("table.xlsx", _as_workbook(draw, mutate.rows_of(text)))
    else:
        path = yard.write("table.csv", mutate.damage_csv(draw, text.encode()))
    return lambda: _rated(read(path))


def _rated(table: Any) -> object:
    from ogp_analysis.commitments import derived, rules

    if hasattr(table, "rated") and hasattr(table, "ratings"):
        for key in rules.rules():
            rules.decide(table.rated, key)
            rules.outside_validity(table.commitments, key)
        derived.binding_constraint(table.rated)
        derived.funnel(table.rated)
        derived.assessment_score(table.rated)
        derived.completion_change(table.rated)
    return table


KECAMATAN = [f"{code:03d}" for code in range(10, 170, 10)]


@lru_cache
def _roll_text() -> str:
    frame = make_example_roll(70, seed=3)
    frame = frame[frame["SIKLUS_SPPT"] == 1].drop_duplicates(["NOP", "THN_PAJAK_SPPT"]).head(30)
    return str(frame.assign(NM_WP_SPPT="SITI RAHAYU").to_csv(index=False))


@lru_cache
def _terms() -> ReliefTerms:
    terms = measure_terms(_case(), QUARTER).query("category == 'pbb'")
    return compile_terms(terms, assumed_years={"PBB-25": (2020, 2020), "PBB-EXEMPT": (2021, 2021)})


@door("land-tax roll", 4)
def _(draw: Draw, yard: Yard) -> Call:
    kind, name = draw.randrange(10), "roll.csv"
    data = mutate.damage_csv(draw, _roll_text().encode())
    if kind == 0:
        data, name = gzip.compress(data), "roll.csv.gz"
        data = mutate.damage_bytes(draw, data) if draw.random() < 0.5 else data
    elif kind <= 2:
        rows = mutate.damage_rows(draw, mutate.rows_of(_roll_text()))
        frame = pd.DataFrame([row + [""] * (len(rows[0]) - len(row)) for row in rows[1:]]).astype(str)
        frame = frame.iloc[:, : len(rows[0])].set_axis(
            [f"{c}"[:200] or "x" for c in rows[0]][: frame.shape[1]], axis=1
        )
        out = io.BytesIO()
        try:
            frame.loc[:, ~frame.columns.duplicated()].to_parquet(out)
            data, name = out.getvalue(), "roll.parquet"
            data = mutate.damage_bytes(draw, data) if draw.random() < 0.5 else data
        except (ValueError, UnicodeEncodeError):
            pass
    path = yard.write(name, data)
    return lambda: assess_relief(
        open_roll(path, "3374", kecamatan=KECAMATAN), _terms(), date(2023, 12, 31), threads=1
    )


@lru_cache
def _outlines() -> dict[str, bytes]:
    """The outline computed from points, as GeoJSON and as a zipped Shapefile and GeoPackage."""
    import tempfile

    frame = load_boundaries(_case(), source="schematic")[["code_bps", "name", "geometry"]]
    found = {"k.geojson": str(frame.to_json()).encode()}
    with tempfile.TemporaryDirectory() as folder:
        frame.to_file(Path(folder) / "k.gpkg", driver="GPKG")
        found["k.gpkg"] = (Path(folder) / "k.gpkg").read_bytes()
        frame.to_file(Path(folder) / "k.shp")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for part in sorted(Path(folder).glob("k.*")):
                if part.suffix != ".gpkg":
                    archive.write(part, part.name)
        found["k.zip"] = out.getvalue()
    return found


@door("boundary file", 4)
def _(draw: Draw, yard: Yard) -> Call:
    outlines = _outlines()
    name = draw.choice(("k.geojson", "k.geojson", "k.geojson", "k.gpkg", "k.zip"))
    data = outlines[name]
    if name == "k.geojson":
        data = mutate.damage_json(draw, data.decode()) if draw.random() < 0.5 else _other_shapes(draw, data)
    elif name == "k.zip":
        data = mutate.damage_zip(draw, data)
    else:
        data = mutate.damage_bytes(draw, data)
    path = yard.write(name, data)
    return lambda: load_boundaries(_case(), path)


def _other_shapes(draw: Draw, data: bytes) -> bytes:
    """Coordinates moved, dropped, exchanged; rings turned, crossed, cut."""
    whole = json.loads(data)
    for feature in draw.sample(whole["features"], draw.choice((1, 1, 3, 16))):
        shape = feature["geometry"]
        parts = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        ring = draw.choice(draw.choice(parts))
        kind, at = draw.randrange(10), draw.randrange(len(ring))
        if kind == 0:
            ring[at] = [draw.uniform(-200, 200), draw.uniform(-100, 100)]
        elif kind == 1:
            ring[at] = draw.choice(
                ([], [110], [110, -7, 1], [110, -7, 1, 2], [None, 1], ["110", "-7"], [1e308, -1e308], [1e-320, 0])
            )
        elif kind == 2:
            del ring[at : at + draw.choice((1, 3, 1000))]
        elif kind == 3:
            draw.shuffle(ring)
        elif kind == 4:
            ring.reverse()
        elif kind == 5:
            ring[:] = [[y, x] for x, y, *_ in ring]
        elif kind == 6:
            size = draw.choice((10, 200, 1_000, 5_000))
            ring[:] = [[110.3 + draw.random() / 10, -7.05 + draw.random() / 10] for _ in range(size)]
            ring.append(ring[0])
        elif kind == 7:
            shape["type"] = draw.choice(
                ("MultiPolygon", "Polygon", "LineString", "MultiPoint", "GeometryCollection", "x")
            )
        elif kind == 8:
            scale = draw.choice((0.0, 1e-9, 111_000, 1e300, -1))
            ring[:] = [[x * scale, y * scale] for x, y, *_ in ring]
        else:
            feature["properties"][draw.choice(("code_bps", "name", "x"))] = draw.choice(
                (*NASTY, 3374010, 1.5, None)
            )
    if draw.random() < 0.1:
        whole["crs"] = {
            "type": "name",
            "properties": {
                "name": draw.choice(("EPSG:32749", "urn:ogc:def:crs:OGC:1.3:CRS84", "x", "EPSG:0", "EPSG:3857"))
            },
        }
    return json.dumps(whole).encode()


@door("downloaded archive")
def _(draw: Draw, yard: Yard) -> Call:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (
            "idn_adm3.shp",
            "idn_adm3.dbf",
            "a/idn_adm3.gdb/x",
            "readme.txt",
            mutate.nasty_text(draw) or "x",
        ):
            archive.writestr(name.replace("\x00", "").encode("utf-8", "ignore").decode() or "x", bytes(range(200)))
    fetched = yard.write("fetched", mutate.damage_zip(draw, out.getvalue()))
    where = yard.folder / "unpacked"
    where.mkdir()
    return lambda: boundary_files(fetched, where, "https://example.org/idn_adm.zip", "Use another source.")


@lru_cache
def _standing() -> str:
    from ogp_analysis.changes.record import standing_json

    whole = json.loads(standing_json(standing(_case(), QUARTER, subjects=tuple(SUBJECTS)[:3])))
    whole["items"] = whole["items"][:40]
    return json.dumps(whole)


@door("standing.json", 2)
def _(draw: Draw, yard: Yard) -> Call:
    path = yard.write("standing.json", mutate.damage_json(draw, _standing()))
    return lambda: standing_of(path)


PUBLISHED = sorted((ROOT / "tests" / "cleaning" / "data").glob("*.?s?")) + sorted(
    (ROOT / "tests" / "cleaning" / "data").glob("*.txt")
)


@door("published table", 4)
def _(draw: Draw, yard: Yard) -> Call:
    original = draw.choice(PUBLISHED)
    data = original.read_bytes()
    try:
        data = mutate.damage_csv(draw, data)
    except UnicodeDecodeError:
        data = mutate.damage_bytes(draw, data)
    path = yard.write(original.name, data)

    def call() -> object:
        table = cleaning.read_published(path)
        for column in table.data.columns[:6]:
            cleaning.parse_numbers(table.data[column], errors="report")
        cleaning.check_totals(table)
        return table

    return call


SEEDS = (
    "1.213", "1,213.5", "Rp577,5 miliar", "(1.234)", "12,5%", "27 April 2020", "04/27/2020", "2020-04-27", "April 2020", "Triwulan IV 2023",
    "2023Q4", "Semarang Tengah", "Kec. Gunung Pati", "3. Tugu", "3374010", "33.74.01", "33.74.010.001.001-0001.0", "TW II/2021", "Senin, 4 Mei 2020",
    "2020-04/2020-06", "Kelurahan Jatisari", "2,5 juta", "1e3", "½", "0,5 km²",
)  # fmt: skip


@door("cleaning function", 8)
def _(draw: Draw, yard: Yard) -> Call:
    case = _case()
    cells = pd.Series([mutate.odd_value(draw, SEEDS) for _ in range(draw.randrange(8))], dtype=object, name="x")
    if draw.random() < 0.3:
        cells.index = pd.Index([draw.choice((0, 1, "a", None)) for _ in cells], dtype=object)
    errors = draw.choice(("raise", "report"))
    one = mutate.odd_value(draw, SEEDS)
    villages = case.table("villages")
    calls: tuple[Callable[[], object], ...] = (
        lambda: cleaning.parse_numbers(
            cells,
            errors=errors,
            dash=draw.choice(("missing", "zero")),
            decimal=draw.choice((None, ",", ".", one)),
            between=draw.choice((None, (0, 100))),
            scale=draw.choice((1, 1000, 0.5)),
        ),
        lambda: cleaning.parse_number(one, decimal=draw.choice((",", "."))),
        lambda: cleaning.parse_dates(cells, errors=errors),
        lambda: cleaning.parse_quarters(cells, errors=errors),
        lambda: cleaning.parse_date(one),
        lambda: cleaning.parse_month(one),
        lambda: cleaning.parse_quarter(one),
        lambda: cleaning.resolve_names(
            cells, case.districts, case.table("district_aliases"), lookalikes=case.table("lookalikes")
        ),
        lambda: cleaning.resolve_villages(cells, villages),
        lambda: cleaning.bps_from_kemendagri(cells, case.districts),
        lambda: cleaning.kemendagri_from_bps(cells, case.districts),
        lambda: cleaning.village_bps_from_kemendagri(cells, villages),
        lambda: cleaning.village_kemendagri_from_bps(cells, villages),
        lambda: cleaning.bps_from_nop(cells, case.districts, city="3374"),
        lambda: cleaning.check_codes(pd.DataFrame({"c": cells, "n": list(cells)[::-1]}), case.districts, "c", "n"),
        lambda: Quarter.parse(one),
        lambda: Span.parse(str(one)),
        lambda: get_language(str(one)),
        lambda: case.district_code(str(one)),
        lambda: sign_problem(str(one)),
        lambda: visible(str(one)),
        lambda: load_case(str(one)),
        lambda: check_id(str(one)),
    )
    return draw.choice(calls)


@door("series of figures", 2)
def _(draw: Draw, yard: Yard) -> Call:
    count = draw.randrange(12)
    figures = (0, 1, 2, 2, 3, 10, 10.0, -1, 1e300, 1e-300, float("nan"), float("inf"), None, "x", "3")
    frame = pd.DataFrame(
        {
            "key": [draw.choice(("a", "b", "c", None)) for _ in range(count)],
            "period": [draw.choice(("2019", "2020", "2021", "2021-05", "")) for _ in range(count)],
            "value": [draw.choice(figures) for _ in range(count)],
            "other": [draw.choice(figures[:9]) for _ in range(count)],
        }
    )
    values = pd.Series([draw.choice(figures[:11]) for _ in range(count)], name="a")
    others = pd.Series([draw.choice(figures[:11]) for _ in range(count)], name="b")
    calls: tuple[Callable[[], object], ...] = (
        lambda: cleaning.find_duplicate_series(frame, "key", "period", "value"),
        lambda: cleaning.find_base_breaks(frame, "key", "period", "value"),
        lambda: cleaning.find_area_switches(frame, "key", "period", "value", "other"),
        lambda: cleaning.find_polluted_units(frame, "key", ["period"]),
        lambda: cleaning.find_label_swap(values, others, {"a": 3, "b": 5}),
        lambda: cleaning.years_to_rows(frame.rename(columns={"value": draw.choice(("2020", "2021", "x"))})),
    )
    return draw.choice(calls)
