"""Readers of the tables that OGP's Independent Reporting Mechanism publishes."""

from ogp_analysis.sources.ogp.tables import CommitmentTable, ProcessTable, read_commitments, read_process

__all__ = ["CommitmentTable", "ProcessTable", "read_commitments", "read_process"]
