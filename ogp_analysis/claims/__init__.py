"""Claims that somebody made, beside what other sources say."""

from ogp_analysis.claims.conflicts import conflict_ratios
from ogp_analysis.claims.ledger import claim_evidence, claim_figures, claim_verdicts

__all__ = ["claim_evidence", "claim_figures", "claim_verdicts", "conflict_ratios"]
