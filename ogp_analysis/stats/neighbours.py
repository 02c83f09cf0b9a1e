"""Which units touch which: spatial weights that go by label, with islands and separate parts named."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING

from ogp_analysis.errors import ParameterError
from ogp_analysis.extras import extra_package
from ogp_analysis.stats.checks import named

if TYPE_CHECKING:
    import geopandas as gpd


@dataclass(frozen=True)
class Neighbours:
    """The neighbours of each unit.

    Attributes
    ----------
    of : mapping
        Each label with the tuple of its neighbours' labels.

    Examples
    --------
    >>> where = Neighbours.from_lists({"a": ["b"], "b": ["a"], "c": []})
    >>> where.islands, len(where.parts)
    (('c',), 2)
    """

    of: Mapping[Hashable, tuple[Hashable, ...]]

    @classmethod
    def from_lists(cls, neighbours: Mapping[Hashable, Iterable[Hashable]]) -> Neighbours:
        """Neighbours as given, checked.

        Parameters
        ----------
        neighbours : mapping
            Each label with those of its neighbours. It need not be mutual.

        Raises
        ------
        ParameterError
            If there are no units, or a neighbour is no unit, the unit itself, or named twice.

        Examples
        --------
        >>> Neighbours.from_lists({"a": ["x"]})
        Traceback (most recent call last):
        ...
        ogp_analysis.errors.ParameterError: 'a' has neighbours that are no units: 'x'.
        What to do: Give every neighbour a list of its own, or leave it out.
        """
        lists = {unit: tuple(others) for unit, others in neighbours.items()}
        if not lists:
            raise ParameterError("There are no units.", hint="Give each unit the list of its neighbours.")
        for unit, others in lists.items():
            unknown = [other for other in others if other not in lists]
            if unknown:
                raise ParameterError(
                    f"{named([unit])} has neighbours that are no units: {named(unknown)}.",
                    hint="Give every neighbour a list of its own, or leave it out.",
                )
            if unit in others or len(set(others)) < len(others):
                raise ParameterError(
                    f"{named([unit])} is its own neighbour, or has one twice.", hint="Correct its list."
                )
        return cls(lists)

    @property
    def units(self) -> tuple[Hashable, ...]:
        """Labels, in an order that does not hang on that of the rows."""
        return tuple(sorted(self.of, key=_sortable))

    @property
    def islands(self) -> tuple[Hashable, ...]:
        """Units without any neighbour."""
        return tuple(unit for unit in self.units if not self.of[unit])

    @property
    def parts(self) -> tuple[tuple[Hashable, ...], ...]:
        """Units that hang together, the largest part first; more than one means that some are cut off."""
        touching: dict[Hashable, set[Hashable]] = {unit: set(others) for unit, others in self.of.items()}
        for unit, others in self.of.items():
            for other in others:
                touching[other].add(unit)
        left, found = dict.fromkeys(self.units), []
        while left:
            part, ahead = set(), [next(iter(left))]
            while ahead:
                unit = ahead.pop()
                if unit not in part:
                    part.add(unit)
                    ahead.extend(touching[unit] - part)
            found.append(tuple(unit for unit in left if unit in part))
            left = dict.fromkeys(unit for unit in left if unit not in part)
        return tuple(sorted(found, key=len, reverse=True))

    def without(self, units: Iterable[Hashable]) -> Neighbours:
        """The same without some units, who are nobody's neighbours any more.

        Raises
        ------
        ParameterError
            If one of them is no unit.

        Examples
        --------
        >>> Neighbours.from_lists({"a": ["b"], "b": ["a"], "c": []}).without(["c"]).units
        ('a', 'b')
        """
        out = set(units)
        unknown = [unit for unit in out if unit not in self.of]
        if unknown:
            raise ParameterError(f"No such units: {named(unknown)}.", hint="Leave out only units that are there.")
        return Neighbours.from_lists(
            {
                unit: [other for other in others if other not in out]
                for unit, others in self.of.items()
                if unit not in out
            }
        )


def contiguity(outlines: gpd.GeoDataFrame) -> Neighbours:
    """Units that share a border or a corner (queen contiguity), by the labels of the index.

    The borders must fit exactly: a sliver between two outlines parts them. Compare ``islands`` and ``parts`` of
    the result with a map.

    Parameters
    ----------
    outlines : GeoDataFrame
        One row a unit, its label in the index: ``outlines.set_index("code_bps")``.

    Returns
    -------
    Neighbours

    Raises
    ------
    OgpAnalysisError
        If libpysal is not installed.
    ParameterError
        If a label is missing or occurs twice, or a unit has no outline.

    Examples
    --------
    >>> import geopandas as gpd
    >>> from shapely import box
    >>> squares = gpd.GeoDataFrame(index=["a", "b", "c"], geometry=[box(at, 0, at + 1, 1) for at in (0, 1, 3)])
    >>> where = contiguity(squares)  # doctest: +SKIP
    >>> where.of["a"], where.islands  # doctest: +SKIP
    (('b',), ('c',))
    """
    labels = outlines.index
    if not labels.is_unique or labels.to_frame().isna().to_numpy().any():
        raise ParameterError(
            "A label of the outlines is missing or occurs twice.", hint="Dissolve them to one row a unit first."
        )
    lacking = outlines.geometry.isna() | outlines.geometry.is_empty
    if lacking.any():
        raise ParameterError(
            f"No outline of: {named(labels[lacking])}.", hint="Complete the outlines, or leave these units out."
        )
    if not len(outlines):
        raise ParameterError("There are no outlines.", hint="Give one row a unit.")
    if len(outlines) == 1:
        return Neighbours.from_lists({labels[0]: ()})
    weights = extra_package("libpysal", "spatial").weights.Queen.from_dataframe(
        outlines, ids=list(labels), use_index=False, silence_warnings=True
    )
    return Neighbours.from_lists({unit: weights.neighbors[unit] for unit in labels})


def _sortable(unit: Hashable) -> tuple[str, float, str]:
    """Numbers of every type by size, other labels by their text."""
    if isinstance(unit, Real):
        return "", float(unit), ""
    return type(unit).__name__, 0.0, str(unit)
