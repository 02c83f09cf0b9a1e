"""The PDF of a page: tagged (PDF/UA-1), vector drawings, fonts inside; needs no browser and no system library."""

from ogp_analysis.reports.pdf.document import pdf_document
from ogp_analysis.reports.pdf.typeset import typeset

__all__ = ["pdf_document", "typeset"]
