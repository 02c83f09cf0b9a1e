"""Land-tax rolls in SISMIOP layout, read without names, streets or whole object numbers in any result."""

from ogp_analysis.sources.tax_roll.exclusions import REASONS, Exclusions
from ogp_analysis.sources.tax_roll.roll import TaxRoll, city_code, kecamatan_codes, open_roll
from ogp_analysis.sources.tax_roll.scan import scan_roll

__all__ = ["REASONS", "Exclusions", "TaxRoll", "city_code", "kecamatan_codes", "open_roll", "scan_roll"]
