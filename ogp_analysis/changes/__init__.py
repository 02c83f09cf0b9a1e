"""What changed between two quarters or since a report: whether data, method or boundaries moved."""

from ogp_analysis.changes.moves import CAUSES, check_order, makings, moves
from ogp_analysis.changes.record import standing_json, standing_of
from ogp_analysis.changes.standing import Standing, standing
from ogp_analysis.changes.subjects import SUBJECTS

__all__ = [
    "CAUSES",
    "SUBJECTS",
    "Standing",
    "check_order",
    "makings",
    "moves",
    "standing",
    "standing_json",
    "standing_of",
]
