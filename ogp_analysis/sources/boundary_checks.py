"""Checks of polygons that somebody says are the districts of a case: all there, sound, and in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ogp_analysis.errors import DataError, OgpAnalysisError, Problem

if TYPE_CHECKING:
    import geopandas as gpd

    from ogp_analysis.sources.boundary_case import CaseTables
    from ogp_analysis.sources.district_keys import DistrictMatch

REPAIR_LIMIT = 0.001
"""Share of a polygon's area that mending it may change."""
MOST_CROSSINGS = 250
"""Places where a polygon may cross itself and still be mended: the time it takes grows with their square."""
MOST_PAIRS = 200_000, 5
"""Pairs of sides near each other that are looked at for that: so many, and so many more for each side."""
BLOCK = 16
"""Sides that are compared with all others at a time."""
PROOF = 3
"""Villages of a district that must be known before their place counts: one on the rim may lie outside."""


def check_count(match: DistrictMatch, codes: Any, tables: CaseTables, file: str) -> None:
    """Each district must come once, or with at least as many villages as are known of it."""
    problems = []
    came = set(codes)
    for code in tables.districts["code_bps"]:
        if code not in came:
            problems.append(
                Problem(file, None, None, None, f"a feature for {tables.label(code)}, which is missing")
            )
    if match.level == "district":
        for row in codes.index[codes.duplicated()]:
            expected = f"{tables.label(codes[row])} once; an earlier feature has it ({match.found_in})"
            problems.append(Problem(f"{file}, feature {int(row) + 1}", None, None, None, expected))
    else:
        known = tables.inside()["code_bps"].value_counts()
        for code, count in codes.value_counts(sort=False).items():
            if count < known.get(code, 0):
                expected = f"{known[code]} villages of {tables.label(code)}"
                problems.append(Problem(file, None, None, f"{count}", expected))
    if problems:
        hint = "Give a file with each district once, or with each village once and its ten-digit code."
        raise DataError(problems, hint=hint)


def sound_polygons(ours: gpd.GeoDataFrame, codes: Any, tables: CaseTables, file: str) -> tuple[Any, list[str]]:
    """Polygons that are there, have an area and are valid; small defects are mended and said."""
    import numpy as np
    import shapely

    shapes = ours.geometry.to_numpy().copy()
    problems: list[Problem] = []
    remarks: list[str] = []
    for position, (row, shape) in enumerate(zip(ours.index, shapes, strict=True)):
        label = tables.label(codes[row])
        where = f"{file}, feature {int(row) + 1}"
        if shape is None or shape.is_empty:
            problems.append(Problem(where, None, "geometry", "nothing", f"a polygon for {label}"))
        elif shape.geom_type not in ("Polygon", "MultiPolygon"):
            problems.append(Problem(where, None, "geometry", shape.geom_type, f"a polygon for {label}"))
        elif not np.isfinite(shapely.get_coordinates(shape)).all():
            expected = f"coordinates that are numbers, for {label}"
            problems.append(Problem(where, None, "geometry", "a coordinate that is no number", expected))
        elif not shape.is_valid and tangled(shape):
            expected = f"a polygon for {label} that crosses itself in {MOST_CROSSINGS} places at most"
            found = f"many crossings; the first: {shapely.is_valid_reason(shape)}"
            problems.append(Problem(where, None, "geometry", found, expected))
        elif not shape.is_valid:
            mended = _polygons(shapely.make_valid(shape))
            reason = shapely.is_valid_reason(shape)
            if shape.area > 0 and abs(mended.area - shape.area) <= REPAIR_LIMIT * shape.area:
                shapes[position] = mended
                remarks.append(f"The polygon of {label} was invalid ({reason}) and was mended.")
            else:
                expected = f"a valid polygon for {label}; mending it would change its area by more than 0.1 %"
                problems.append(Problem(where, None, "geometry", reason, expected))
    if problems:
        raise DataError(problems, hint="Mend the polygons in a GIS program, for example QGIS: Fix geometries.")
    return np.array([shapely.force_2d(shape) for shape in shapes], dtype=object), remarks


def tangled(shape: Any, most: int = MOST_CROSSINGS) -> bool:
    """Whether a polygon's sides cross in more places than these, told without looking for all of them.

    Examples
    --------
    >>> import shapely
    >>> bow_tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    >>> tangled(bow_tie), tangled(bow_tie, most=0)
    (False, True)
    """
    import numpy as np
    import shapely

    points, ring = shapely.get_coordinates(shapely.get_rings(shape), return_index=True)
    goes_on = (ring[1:] == ring[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    sides = shapely.linestrings(np.stack([points[:-1][goes_on], points[1:][goes_on]], axis=1))
    tree, crossings, pairs = shapely.STRtree(sides), 0, 0
    for start in range(0, len(sides), BLOCK):
        one, other = tree.query(sides[start : start + BLOCK])
        one = one + start
        one, other = one[other > one], other[other > one]
        pairs += len(one)
        if pairs > MOST_PAIRS[0] + MOST_PAIRS[1] * len(sides):
            return True
        meet = shapely.intersects(sides[one], sides[other])
        crossings += int((~shapely.touches(sides[one[meet]], sides[other[meet]])).sum())
        if crossings > most:
            return True
    return False


def _polygons(shape: Any) -> Any:
    """Only the areas: mending may leave lines and points behind."""
    import shapely

    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])


def check_place(districts: gpd.GeoDataFrame, tables: CaseTables, file: str) -> None:
    """At least half of a district's known villages must lie in it: shows wrong codes, axes, reference systems."""
    import shapely

    inside = tables.inside()
    if inside.empty:
        return
    points = shapely.points(inside["lon"].to_numpy(), inside["lat"].to_numpy())
    shape_of = dict(zip(districts["code_bps"], districts.geometry, strict=True))
    inside = inside.assign(hit=shapely.within(points, [shape_of[code] for code in inside["code_bps"]]))
    if not inside["hit"].any():
        turned = shapely.points(inside["lat"].to_numpy(), inside["lon"].to_numpy())
        if shapely.within(turned, shapely.union_all(districts.geometry.to_numpy())).mean() > 0.5:
            raise swapped_axes(file)
        left, low, right, high = districts.total_bounds
        raise OgpAnalysisError(
            f"{file}: none of the known villages lies in its district. The file covers longitude {left:.2f} to "
            f"{right:.2f} and latitude {low:.2f} to {high:.2f}; the villages are around "
            f"{inside['lon'].mean():.2f}, {inside['lat'].mean():.2f}.",
            hint="Check that the file is about this city and names the reference system it is really in.",
        )
    by_district = inside.groupby("code_bps")["hit"].agg(["sum", "size"])
    wrong = by_district[(by_district["size"] >= PROOF) & (by_district["sum"] * 2 < by_district["size"])]
    problems = []
    for code, row in wrong.iterrows():
        expected = f"most known villages of {tables.label(code)} inside its polygon"
        problems.append(Problem(file, None, "geometry", f"{row['sum']} of {row['size']}", expected))
    if problems:
        raise DataError(problems, hint="The polygons seem to carry the codes of other districts: check the codes.")


def swapped_axes(file: str) -> OgpAnalysisError:
    """The message for coordinates in the order latitude, longitude."""
    return OgpAnalysisError(
        f"{file}: latitude and longitude are swapped; the first coordinate must be the longitude.",
        hint="Swap the axes in the program that wrote the file, and save it again.",
    )
