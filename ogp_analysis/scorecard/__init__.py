"""Scorecards of the districts: an index as a table of the case, its ranks, and how far they hang on choices."""

from ogp_analysis.scorecard.check import check_scorecards
from ogp_analysis.scorecard.data import Items, scorecard_data, scorecard_structure, scorecards_of
from ogp_analysis.scorecard.result import CHOICES, DRAWS, RECIPE, Scorecard, scorecard

__all__ = [
    "CHOICES",
    "DRAWS",
    "RECIPE",
    "Items",
    "Scorecard",
    "check_scorecards",
    "scorecard",
    "scorecard_data",
    "scorecard_structure",
    "scorecards_of",
]
