"""A table kept as a CSV file: every cell as text, every row where a spreadsheet has it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from ogp_analysis.errors import DataError, Problem
from ogp_analysis.intake import csv_records


def read_cells(path: Path) -> pd.DataFrame:
    r"""Read a CSV file in UTF-8; cells stay text, an empty one is an empty text.

    No row is left out, so that the number of each is that of the file, and none is longer or shorter than the
    header, so that no cell stands in another's column.

    Parameters
    ----------
    path : Path

    Returns
    -------
    DataFrame

    Raises
    ------
    DataError
        If there is no such file, it is no CSV in UTF-8, a column comes twice, or a row has more or fewer cells
        than the header.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.csv"
    ...     _ = path.write_text("code,level\na,01\n")
    ...     read_cells(path).to_dict("records")
    [{'code': 'a', 'level': '01'}]
    """
    if not path.is_file():
        raise DataError([Problem(path.name, None, None, None, "a file")], hint=f"There is no file {path}.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        wrong = Problem(path.name, None, None, None, f"a table with a header row, as CSV in UTF-8 ({error})")
        raise DataError([wrong], hint=f"Save {path} as 'CSV UTF-8'.") from None
    header, rows = csv_records(path, text)
    # columns that a spreadsheet program saved beyond the table: neither a name nor a cell
    used = [at for at, name in enumerate(header) if name or any(row[at] for row in rows)]
    names = [header[at] for at in used]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    if twice:
        raise DataError(
            [Problem(path.name, 1, name, None, "each column once") for name in twice], hint=f"Mend {path}."
        )
    return pd.DataFrame([[row[at] for at in used] for row in rows], columns=names, dtype=str)
