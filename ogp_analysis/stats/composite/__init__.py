"""Composite indices: from a table of indicators to scores, ranks, and how sure these are.

A :class:`Structure` says what the index consists of, a :class:`Recipe` what is done to the data step by step;
:func:`build` does it and gives a :class:`Run`, which keeps every table in between and can be replayed with
something changed. :func:`monte_carlo`, :func:`drop_one` and :func:`sobol` say how far ranks hang on the choices
made; :func:`audit`, :func:`profile`, :func:`compare_runs` and :func:`build_panel` look at the result from other
sides. Each step is a function of its own as well and works on any table of units by codes.

What all have in common: data meet the structure by code, never by position; a missing value is never taken as
zero; ranks go by unrounded scores; no result depends on the order of rows, columns or codes (beyond rounding);
texts for readers are codes with parameters (:class:`Note`), which the page words.

The method is that of OECD/JRC, *Handbook on Constructing Composite Indicators*, 2008; the scope that of the R
package COINr (W. Becker and others, *JOSS* 7(78), 2022, 4567), of which no code is used. Scores and ranks
agree with its formulas to 1e-9 (``docs/composite.md``).
"""

from ogp_analysis.stats.composite.aggregate import Aggregated, aggregate
from ogp_analysis.stats.composite.agreement import Agreement, agreement
from ogp_analysis.stats.composite.audit import Audit, audit, correlations
from ogp_analysis.stats.composite.choices import Choice, Noise, Span
from ogp_analysis.stats.composite.coinr import data_from_coinr, structure_from_coinr
from ogp_analysis.stats.composite.compare import Comparison, compare_runs
from ogp_analysis.stats.composite.components import Components, cronbach_alpha, principal_components
from ogp_analysis.stats.composite.denominate import denominate
from ogp_analysis.stats.composite.doubt import benefit_of_doubt
from ogp_analysis.stats.composite.impute import Imputed, impute
from ogp_analysis.stats.composite.means import generalised_mean
from ogp_analysis.stats.composite.moments import moments
from ogp_analysis.stats.composite.normalise import normalise
from ogp_analysis.stats.composite.notes import Note
from ogp_analysis.stats.composite.outranking import copeland
from ogp_analysis.stats.composite.periods import Panel, build_panel
from ogp_analysis.stats.composite.profile import profile, strengths, weaknesses
from ogp_analysis.stats.composite.ranks import ranks
from ogp_analysis.stats.composite.recipe import Recipe, read_recipe, recipe
from ogp_analysis.stats.composite.run import Run, build
from ogp_analysis.stats.composite.screen import Screened, screen
from ogp_analysis.stats.composite.sensitivity import Sensitivity, sobol, sobol_indices
from ogp_analysis.stats.composite.structure import Structure, read_structure, structure
from ogp_analysis.stats.composite.treat import Treated, treat
from ogp_analysis.stats.composite.uncertainty import DropOne, Uncertainty, drop_one, monte_carlo
from ogp_analysis.stats.composite.weigh import (
    Optimised,
    effective_weights,
    equal_weights,
    optimised_weights,
    pca_weights,
    weigh,
)

__all__ = [
    "Aggregated",
    "Agreement",
    "Audit",
    "Choice",
    "Comparison",
    "Components",
    "DropOne",
    "Imputed",
    "Noise",
    "Note",
    "Optimised",
    "Panel",
    "Recipe",
    "Run",
    "Screened",
    "Sensitivity",
    "Span",
    "Structure",
    "Treated",
    "Uncertainty",
    "aggregate",
    "agreement",
    "audit",
    "benefit_of_doubt",
    "build",
    "build_panel",
    "compare_runs",
    "copeland",
    "correlations",
    "cronbach_alpha",
    "data_from_coinr",
    "denominate",
    "drop_one",
    "effective_weights",
    "equal_weights",
    "generalised_mean",
    "impute",
    "moments",
    "monte_carlo",
    "normalise",
    "optimised_weights",
    "pca_weights",
    "principal_components",
    "profile",
    "ranks",
    "read_recipe",
    "read_structure",
    "recipe",
    "screen",
    "sobol",
    "sobol_indices",
    "strengths",
    "structure",
    "structure_from_coinr",
    "treat",
    "weaknesses",
    "weigh",
]
