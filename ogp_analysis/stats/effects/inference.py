"""How chance is measured: by clustered errors, by drawing signs for whole clusters, or row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

import pandas as pd

from ogp_analysis.errors import ParameterError
from ogp_analysis.stats.checks import need_draws, need_level
from ogp_analysis.stats.effects.bootstrap import wild_cluster_bootstrap
from ogp_analysis.stats.effects.notes import Note
from ogp_analysis.stats.effects.obstacles import FEW_CLUSTERS

ERRORS = ("auto", "cluster", "wild_cluster", "heteroskedastic")


@dataclass(frozen=True)
class Inference:
    """How errors are to be computed.

    Attributes
    ----------
    errors : str
        ``auto``: by clusters, and by the wild bootstrap with fewer than 50 of them (A. C. Cameron and D. L.
        Miller, *Journal of Human Resources* 50, 2015, 317-372); row by row without clusters. Or ``cluster``,
        ``wild_cluster``, ``heteroskedastic``.
    level : float
    draws, seed : int
        Of the wild bootstrap.

    Examples
    --------
    >>> Inference().kind(16), Inference().kind(60), Inference().kind(None)
    ('wild_cluster', 'cluster', 'heteroskedastic')
    """

    errors: str = "auto"
    level: float = 0.95
    draws: int = 9999
    seed: int = 0

    def __post_init__(self) -> None:
        need_level(self.level)
        need_draws(self.draws)
        if self.errors not in ERRORS:
            raise ParameterError(f"There are no errors {self.errors!r}.", hint=f"Use one of: {', '.join(ERRORS)}.")

    def kind(self, clusters: int | None) -> str:
        """Which errors fit so many clusters; None means that the rows are not clustered."""
        if self.errors == "auto":
            if clusters is None:
                return "heteroskedastic"
            return "wild_cluster" if clusters < FEW_CLUSTERS else "cluster"
        if clusters is None and self.errors != "heteroskedastic":
            raise ParameterError(f"{self.errors!r} needs clusters.", hint="Give unit or cluster.")
        return self.errors

    def cautions(self, clusters: int | None) -> tuple[Note, ...]:
        """What to bear in mind about so many clusters."""
        if clusters is None or clusters >= FEW_CLUSTERS:
            return ()
        wild = self.kind(clusters) == "wild_cluster"
        return (Note.of("few_clusters" if wild else "few_clusters_analytic", found=clusters),)

    def by_signs(
        self, rows: pd.DataFrame, tested: Sequence[str], others: Sequence[str], absorb: Sequence[str]
    ) -> tuple[float, float | None, float | None]:
        """p, low and high by the wild bootstrap; None where the interval has no end."""
        found = wild_cluster_bootstrap(
            rows, "y", tested, cluster="cluster", others=others, absorb=absorb, draws=self.draws, seed=self.seed,
            level=self.level,
        )  # fmt: skip
        low, high = (bound if isfinite(bound) else None for bound in (found.low, found.high))
        return found.p, low, high
