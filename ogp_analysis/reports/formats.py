"""What lies beside a web page: the same page as PDF, its figures as CSV, and what it was made from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ogp_analysis.locale import get_language
from ogp_analysis.reports.blocks import page_blocks
from ogp_analysis.reports.links import page_path
from ogp_analysis.reports.page import stamp_text
from ogp_analysis.reports.parameters import Parameters
from ogp_analysis.reports.pdf import pdf_document, typeset
from ogp_analysis.reports.provenance import PROVENANCE, provenance_json
from ogp_analysis.reports.results import RESULTS, results_csv

if TYPE_CHECKING:
    from nbformat import NotebookNode


def write_formats(
    notebook: NotebookNode,
    run: Parameters,
    folder: Path,
    made: datetime,
    *,
    source: Path,
    boundaries: str | None = None,
    read: Collection[str] | None = None,
) -> list[Path]:
    """Write PDF, results and provenance of a page, all from its one executed notebook.

    Parameters
    ----------
    notebook : NotebookNode
        Executed.
    run : Parameters
        What it was run with.
    folder : Path
        Where to write.
    made : datetime
        When the page was made.
    source : Path
        The notebook before it was executed.
    boundaries : str, optional
        A boundary file that the user gave.
    read : collection of str, optional
        Names of the tables that the page was made from; all of the case when it is not known.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    OgpAnalysisError
        If the PDF cannot be set.
    """
    blocks = page_blocks(notebook)
    language = get_language(run.language)
    stem = page_path(run.notebook, run.language, run.district).stem
    pdf, results, record = folder / f"{stem}.pdf", folder / RESULTS, folder / PROVENANCE
    document = pdf_document(
        blocks,
        language,
        place=str(run.case.jurisdiction["name"]),
        stands=language.quarter(run.quarter),
        stamp=stamp_text(run, language, language.date(made.date())),
    )
    pdf.write_bytes(typeset(document, made))
    results.write_text(results_csv(blocks, stem), encoding="utf-8", newline="\n")
    made_files = [pdf, results]
    for block in blocks:
        if block["kind"] == "kept":
            made_files.append(folder / block["name"])
            made_files[-1].write_text(block["text"], encoding="utf-8", newline="\n")
    text = provenance_json(
        run,
        blocks,
        made,
        source,
        boundaries=Path(boundaries) if boundaries else None,
        read=read,
        outputs=made_files,
    )
    record.write_text(text, encoding="utf-8", newline="\n")
    return [*made_files, record]
