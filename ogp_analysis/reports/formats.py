"""What lies beside a web page: the same page as PDF, its figures as CSV, and what it was made from."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from ogp_analysis.locale import get_language
from ogp_analysis.reports.blocks import page_blocks
from ogp_analysis.reports.epoch import source_date_epoch
from ogp_analysis.reports.page import stamp_text
from ogp_analysis.reports.parameters import Parameters
from ogp_analysis.reports.pdf import pdf_document, typeset
from ogp_analysis.reports.provenance import PROVENANCE, provenance_json
from ogp_analysis.reports.results import RESULTS, results_csv


def write_formats(executed: Path, run: Parameters, notebook: Path) -> list[Path]:
    """Write PDF, results and provenance beside an executed notebook, from that notebook alone.

    Parameters
    ----------
    executed : Path
        The executed notebook; the PDF takes its name.
    run : Parameters
        What it was run with.
    notebook : Path
        The notebook before it was executed.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    OgpAnalysisError
        If the PDF cannot be set.
    """
    import nbformat

    blocks = page_blocks(nbformat.read(executed, as_version=4))  # type: ignore[no-untyped-call]
    language = get_language(run.language)
    made_at = source_date_epoch() or datetime.now(UTC)
    pdf = executed.with_suffix(".pdf")
    results, record = executed.with_name(RESULTS), executed.with_name(PROVENANCE)
    document = pdf_document(
        blocks,
        language,
        place=str(run.case.jurisdiction["name"]),
        stands=language.quarter(run.quarter),
        stamp=stamp_text(run, language, language.date(made_at.date())),
    )
    pdf.write_bytes(typeset(document, made_at))
    results.write_text(results_csv(blocks, executed.stem), encoding="utf-8", newline="\n")
    given = os.environ.get("OGP_ANALYSIS_BOUNDARIES")
    text = provenance_json(
        run, blocks, made_at, notebook, boundary_file=Path(given) if given else None, outputs=[pdf, results]
    )
    record.write_text(text, encoding="utf-8", newline="\n")
    return [pdf, results, record]
