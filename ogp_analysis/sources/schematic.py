"""A schematic outline of districts from the points of their villages, for when no official file is at hand.

The construction uses nothing but points, and every constant is stated in units of the points' own spacing:

1. *Land* is the alpha shape of all points (the Delaunay triangles whose circumscribed circle is small against
   the spacing), widened by the half diagonal of a square cell, so that the cell of a village on the coast fits in.
2. Each village starts with the Voronoi cell of its point.
3. The points are taken as *centroids* of the villages, and a centroid is not in general the site of a Voronoi
   cell. The sites are therefore moved in small steps until the centroids of the cells meet the points (Lloyd's
   iteration run backwards). Cells on the edge of the land keep their sites, as their true extent is not known.
4. The cells are cut at the edge of the land and merged by district. Land that is nearest to a village too far off
   to have a cell (an island of another place across the water) belongs to no district.

Sources: S. Lloyd, "Least squares quantization in PCM" (1982); H. Edelsbrunner and others, "On the shape of a set
of points in the plane" (1983).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ogp_analysis.errors import DataError, ParameterError, Problem, file_row

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

METHOD_VERSION = "2"
"""Raised with every change that moves a line of the outline; reports stamp it."""
WIDEST_GAP = 4.0
"""In median spacings: the largest circumradius of a triangle that still counts as land. A wider hole between
points is not a village that was left out, but water or the end of the data."""
REACH = math.sqrt(0.5)
"""In median spacings: how far land goes beyond the outermost points, half the diagonal of a square cell."""
RIM = 6.0
"""In median spacings: villages further than this from the city shape the land, but have no cell."""
STEPS = 30
"""Rounds of moving sites; the error is flat well before."""
STEP_SIZE = 0.25
"""Share of the error that a site moves in one round; small, as its neighbours move at the same time."""
GRID = 0.01
"""Metres to which corners are rounded, so that neighbours share them exactly."""
COLUMNS = ("code", "district", "inside", "lon", "lat")
FILE = "village points"


def schematic_outline(points: pd.DataFrame, *, metric_crs: str | None = None) -> gpd.GeoDataFrame:
    """Compute one schematic outline per district from the points of villages in and around a city.

    The outline is a drawing aid: it shows which district lies where and beside which. It is **not** an official
    boundary, and no area may be taken from it. The module's text gives the construction and its sources.

    Parameters
    ----------
    points : DataFrame
        One row a village. ``code`` (text, unique); ``district`` (text, the district's code); ``inside`` (bool, or
        the texts ``true`` and ``false``: whether the village belongs to the city); ``lon``, ``lat`` (degrees,
        WGS 84, numbers or text; the centroid of the village). Villages outside fix the outer edge of the city; a
        belt six villages deep is used. Other columns are ignored.
    metric_crs : str, optional
        A projected reference system in metres, for example ``"EPSG:32749"``. Without it, the UTM zone of the
        points.

    Returns
    -------
    GeoDataFrame
        ``district`` and ``geometry`` (EPSG:4326), one row a district, sorted by code. ``attrs["multipart"]`` lists
        the districts that come in more than one piece, ``attrs["method_version"]`` the version of the rule.

    Raises
    ------
    DataError
        A column is missing, a code is empty or repeated, a coordinate is missing or impossible, two points
        coincide.
    ParameterError
        Fewer than four points, none inside, all on one line, or a reference system that is unknown or not in
        metres.

    Examples
    --------
    Two districts of four villages each, on a square grid:

    >>> import pandas as pd
    >>> rows = [(f"v{x}{y}", "west" if x < 2 else "east", True, 110.40 + x / 100, -7.00 + y / 100)
    ...         for x in range(4) for y in range(2)]
    >>> outline = schematic_outline(pd.DataFrame(rows, columns=["code", "district", "inside", "lon", "lat"]))
    >>> list(outline["district"])
    ['east', 'west']
    >>> east, west = outline.to_crs(outline.estimate_utm_crs()).area
    >>> round(east / west, 1)
    1.0
    """
    import geopandas as gpd
    import numpy as np
    import shapely

    table = _checked(points)
    located = gpd.GeoSeries(gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")
    projected = located.to_crs(_metric(located, metric_crs))
    targets: Array = np.column_stack([projected.x, projected.y])
    inside = table["inside"].to_numpy(dtype=bool)
    land, spacing = _land(targets)
    near = shapely.distance(shapely.points(targets), shapely.multipoints(targets[inside])) <= RIM * spacing
    if near.sum() < 4:  # a place far from all others: its neighbours are needed all the same
        near[:] = True
    cells = _cells(targets[near], inside[near], land)
    district, inside = table["district"].to_numpy(dtype=object)[near], inside[near]
    codes = sorted(set(district[inside]))
    shapes = [shapely.union_all(cells[inside & (district == code)], grid_size=GRID) for code in codes]
    if not near.all():
        others = _nearest_to(targets, ~near, land)
        own = [shapely.multipoints(targets[near][inside & (district == code)]) for code in codes]
        shapes = [_without(shape, others, points) for shape, points in zip(shapes, own, strict=True)]
    outline = gpd.GeoDataFrame({"district": codes}, geometry=shapes, crs=projected.crs).to_crs("EPSG:4326")
    several = outline["district"][shapely.get_num_geometries(outline.geometry.to_numpy()) > 1]
    outline.attrs = {"method_version": METHOD_VERSION, "multipart": list(several)}
    return outline


def _nearest_to(targets: Array, chosen: Any, land: Any) -> Any:
    """The land that lies nearer to a chosen point than to any other: an island of others is nobody's here."""
    import shapely

    frame = shapely.buffer(shapely.envelope(land), 1.0)
    raw = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(targets), extend_to=frame, ordered=True))
    return shapely.union_all(shapely.intersection(raw[chosen], land, grid_size=GRID), grid_size=GRID)


def _without(shape: Any, other: Any, points: Any) -> Any:
    """A shape less another, without slivers that hold none of its points; itself where they share no area."""
    import shapely

    if shapely.area(shapely.intersection(shape, other, grid_size=GRID)) <= 1.0:
        return shape
    parts = shapely.get_parts(shapely.difference(shape, other, grid_size=GRID))
    return shapely.union_all(parts[shapely.intersects(parts, points)], grid_size=GRID)


def _checked(points: pd.DataFrame) -> pd.DataFrame:
    """Take the five columns as text and numbers, sorted by code so that the rows' order cannot matter."""
    import pandas as pd

    missing = [Problem(FILE, None, name, None, "this column") for name in COLUMNS if name not in points.columns]
    if missing:
        raise DataError(missing, hint=f"Give a table with the columns {', '.join(COLUMNS)}.")
    table = points.loc[:, list(COLUMNS)].reset_index(drop=True)
    flags = table["inside"].map(lambda value: {"true": True, "false": False}.get(str(value).casefold()))
    numbers = pd.DataFrame({name: pd.to_numeric(table[name], errors="coerce") for name in ("lon", "lat")})
    problems: list[Problem] = []

    def note(bad: pd.Series[bool], column: str, expected: str) -> None:
        for row in table.index[bad]:
            problems.append(Problem(FILE, file_row(row), column, str(table.at[row, column]), expected))

    for name in ("code", "district"):
        note(table[name].isna() | (table[name].astype(str).str.strip() == ""), name, "a code")
    note(table["code"].duplicated(), "code", "each village once")
    note(flags.isna(), "inside", "true or false")
    note(~numbers["lon"].abs().le(180), "lon", "degrees between -180 and 180")
    note(~numbers["lat"].abs().le(90), "lat", "degrees between -90 and 90")
    note(numbers.duplicated() & numbers.notna().all(axis=1), "lon", "a point that no other village has")
    if problems:
        raise DataError(problems, hint="Correct these rows of the table of village points.")
    table = table.assign(inside=flags.astype(bool), lon=numbers["lon"], lat=numbers["lat"])
    if len(table) < 4 or not table["inside"].any():
        raise ParameterError(
            f"A schematic outline needs at least four points, and one of them inside the city; "
            f"there are {len(table)}, {int(table['inside'].sum())} of them inside.",
            hint="Add villages to the table of village points, or give a boundary file.",
        )
    return table.sort_values("code", ignore_index=True)


def _metric(located: gpd.GeoSeries, wanted: str | None) -> Any:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if wanted is None:
        return located.estimate_utm_crs()
    hint = "Give a UTM zone, for example 'EPSG:32749'."
    try:
        crs = CRS.from_user_input(wanted)
    except CRSError as error:
        raise ParameterError(f"{wanted!r} is not a known reference system.", hint=hint) from error
    if not crs.is_projected or any(axis.unit_name != "metre" for axis in crs.axis_info[:2]):
        raise ParameterError(f"{wanted!r} does not measure in metres.", hint=hint)
    return crs


def _land(targets: Array) -> tuple[Any, float]:
    """Alpha shape of the points, widened by :data:`REACH`, and the median distance to the nearest neighbour."""
    import numpy as np
    import shapely

    points = shapely.points(targets)
    _, gaps = shapely.STRtree(points).query_nearest(
        points, exclusive=True, return_distance=True, all_matches=False
    )
    spacing = float(np.median(gaps))
    triangles = shapely.get_parts(shapely.delaunay_triangles(shapely.multipoints(targets)))
    if len(triangles) == 0:
        raise ParameterError("All village points lie on one line.", hint="Add villages around the city.")
    corners = shapely.get_coordinates(triangles).reshape(-1, 4, 2)
    sides = np.linalg.norm(np.diff(corners, axis=1), axis=2).prod(axis=1)
    kept = triangles[sides <= WIDEST_GAP * spacing * 4 * shapely.area(triangles)]
    # The points belong in whatever happens: a lone village is an island, not sea.
    return shapely.union_all([*kept, shapely.multipoints(targets)]).buffer(REACH * spacing), spacing


def _cells(targets: Array, inside: Any, land: Any) -> Any:
    """Cells, in the order of the points, whose centroids come as close to the points as was reached."""
    import numpy as np
    import shapely

    frame = shapely.buffer(shapely.envelope(land), 1.0)
    rim = shapely.boundary(shapely.convex_hull(shapely.multipoints(targets)))
    sites, best, best_error, free = targets.copy(), None, math.inf, None
    for _ in range(STEPS + 1):
        raw = shapely.get_parts(
            shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=frame, ordered=True)
        )
        if free is None:
            # A cell on the shore has no known extent, nor have the outermost cells, which run to the frame.
            free = shapely.contains_properly(land, raw) & (shapely.distance(rim, raw) > GRID)
        off = np.zeros_like(sites)
        off[free] = (targets - shapely.get_coordinates(shapely.centroid(raw)))[free]
        error = float(np.linalg.norm(off[inside], axis=1).mean())
        if error < best_error:
            best, best_error = raw, error
        sites = sites + STEP_SIZE * off
    # All cells are cut on one grid: the corners of neighbours are then the same numbers.
    return shapely.intersection(best, land, grid_size=GRID)
