"""The executed notebook that is kept beside a page: the same for the same inputs, but for one time stamp."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

#: What papermill and nbclient write on each cell: how long it took, and when.
TIMINGS = ("papermill", "execution")
INJECTED = "injected-parameters"


def tidied(notebook: Any, made: datetime) -> Any:
    """Take out of an executed notebook what differs from run to run, and set the time it was made.

    Times of cells, the temporary folder that it was written in, and the number papermill draws for the cell of
    parameters say nothing about the content; the time that stays is that of the page.

    Parameters
    ----------
    notebook : NotebookNode
        Is changed.
    made : datetime

    Returns
    -------
    NotebookNode
        The same one.
    """
    about = notebook.metadata.get("papermill", {})
    for name in ("start_time", "duration", "output_path"):
        about.pop(name, None)
    about["end_time"] = made.isoformat(timespec="seconds")
    if about.get("input_path"):
        about["input_path"] = Path(str(about["input_path"])).name
    for cell in notebook.cells:
        for name in TIMINGS:
            cell.metadata.pop(name, None)
        if INJECTED in cell.metadata.get("tags", []):
            cell["id"] = INJECTED
    return notebook
