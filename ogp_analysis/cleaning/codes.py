"""Codes of districts and villages, translated by table only: the two official orders have nothing in common."""

from __future__ import annotations

import pandas as pd

from ogp_analysis.cleaning.frames import require_columns
from ogp_analysis.cleaning.names import resolve_names
from ogp_analysis.cleaning.text import clean, is_missing
from ogp_analysis.errors import DataError, ParameterError, Problem, file_row

CHECK_COLUMNS = ["row", "code", "name", "code_of_name", "name_of_code", "problem"]


def kemendagri_from_bps(codes: pd.Series, districts: pd.DataFrame) -> pd.Series:
    """Kemendagri codes (``33.74.14``) of districts given by BPS code (``3374010``).

    The two systems number the same districts in different orders, so the table alone can tell: in Kota Semarang
    ``3374010`` is Mijen and ``33.74.01`` is Semarang Tengah.

    Parameters
    ----------
    codes : Series of text
        7-digit BPS codes; missing cells stay missing.
    districts : DataFrame
        ``code_bps`` and ``code_kemendagri``, both text, each code once.

    Returns
    -------
    Series of string, named ``code_kemendagri``, on the same index

    Raises
    ------
    ParameterError
        If the codes are numbers: codes are text.
    DataError
        If a code is not in the table; all of them are listed.

    Examples
    --------
    >>> districts = pd.DataFrame(
    ...     {"code_bps": ["3374010", "3374130"], "code_kemendagri": ["33.74.14", "33.74.01"]}
    ... )
    >>> kemendagri_from_bps(pd.Series(["3374130", "3374010"]), districts).tolist()
    ['33.74.01', '33.74.14']
    """
    return _translate(codes, districts, "code_bps", "code_kemendagri", "districts")


def bps_from_kemendagri(codes: pd.Series, districts: pd.DataFrame) -> pd.Series:
    """BPS codes (``3374010``) of districts given by Kemendagri code (``33.74.14``).

    The counterpart of :func:`kemendagri_from_bps`, with the same parameters and errors.

    Examples
    --------
    >>> districts = pd.DataFrame({"code_bps": ["3374010"], "code_kemendagri": ["33.74.14"]})
    >>> bps_from_kemendagri(pd.Series(["33.74.14", None]), districts).tolist()
    ['3374010', <NA>]
    """
    return _translate(codes, districts, "code_kemendagri", "code_bps", "districts")


def village_kemendagri_from_bps(codes: pd.Series, villages: pd.DataFrame) -> pd.Series:
    """13-character Kemendagri codes (``33.74.14.1001``) of villages given by 10-digit BPS code (``3374010001``).

    Parameters and errors as for :func:`kemendagri_from_bps`, with the table of villages.

    Examples
    --------
    >>> villages = pd.DataFrame({"code_bps": ["3374010001"], "code_kemendagri": ["33.74.14.1001"]})
    >>> village_kemendagri_from_bps(pd.Series(["3374010001"]), villages).tolist()
    ['33.74.14.1001']
    """
    return _translate(codes, villages, "code_bps", "code_kemendagri", "villages")


def village_bps_from_kemendagri(codes: pd.Series, villages: pd.DataFrame) -> pd.Series:
    """10-digit BPS codes of villages given by 13-character Kemendagri code.

    Parameters and errors as for :func:`kemendagri_from_bps`, with the table of villages.

    Examples
    --------
    >>> villages = pd.DataFrame({"code_bps": ["3374010001"], "code_kemendagri": ["33.74.14.1001"]})
    >>> village_bps_from_kemendagri(pd.Series(["33.74.14.1001"]), villages).tolist()
    ['3374010001']
    """
    return _translate(codes, villages, "code_kemendagri", "code_bps", "villages")


def bps_from_nop(codes: pd.Series, districts: pd.DataFrame, *, city: str) -> pd.Series:
    """BPS codes of districts given by the three digits of a tax-object number (``010`` -> ``3374010``).

    The district part of a tax-object number (NOP) follows the tax office's numbering, which equals that of BPS in
    many cities but not by law. The composed code must therefore be in the table; compare a few names before
    joining.

    Parameters
    ----------
    codes : Series of text
        Exactly three digits; ``10`` has lost its zero and is refused.
    districts : DataFrame
        ``code_bps``.
    city : str
        The four digits of the city, such as ``3374``.

    Returns
    -------
    Series of string, named ``code_bps``

    Raises
    ------
    ParameterError
        If the codes are numbers, or ``city`` is not four digits.
    DataError
        If a code is not three digits or not in the table.

    Examples
    --------
    >>> districts = pd.DataFrame({"code_bps": ["3374010", "3374160"]})
    >>> bps_from_nop(pd.Series(["010", "160"]), districts, city="3374").tolist()
    ['3374010', '3374160']
    """
    if not (isinstance(city, str) and len(city) == 4 and city.isdecimal()):
        raise ParameterError(
            f"{city!r} is not the code of a city.", hint="Write four digits as text, such as '3374'."
        )
    require_columns(districts, ["code_bps"], "districts")
    known = {str(code) for code in districts["code_bps"]}
    texts = _texts(codes)
    problems = []
    for row, text in enumerate(texts, start=2):
        if not text:
            continue
        if not (len(text) == 3 and text.isdecimal()):
            problems.append(Problem("codes", row, _name(codes), text, "three digits, with the zeros in front"))
        elif city + text not in known:
            problems.append(
                Problem("codes", row, _name(codes), text, f"a district of {city}: {city + text} is none")
            )
    if problems:
        raise DataError(problems, hint="Check that the tax office numbers the districts as BPS does.")
    found = [city + text if text else pd.NA for text in texts]
    return pd.Series(found, index=codes.index, dtype="string", name="code_bps")


def check_codes(
    frame: pd.DataFrame,
    districts: pd.DataFrame,
    code_column: str,
    name_column: str,
    *,
    aliases: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """List the rows of somebody else's table whose code and name point to different districts.

    Third-party files number districts in orders of their own, and call the numbers "Kode BPS". Nothing is changed;
    a row is good only if its code is in the table and its name resolves (see :func:`resolve_names`) to that code.

    Parameters
    ----------
    frame : DataFrame
        The table to check.
    districts : DataFrame
        ``code_bps``, ``code_kemendagri``, ``name`` and, if there is one, ``name_bps``.
    code_column, name_column : str
        Columns of ``frame``. Codes with points are read as Kemendagri's, others as those of BPS.
    aliases : DataFrame, optional
        ``alias``, ``code_bps``.

    Returns
    -------
    DataFrame
        One row a disagreement, on the index of ``frame``: ``row`` (as in a spreadsheet, the header is row 1),
        ``code``, ``name``, ``code_of_name`` (in the same system as ``code``), ``name_of_code``, ``problem``. Empty
        if all is well.

    Raises
    ------
    ParameterError
        If a column is lacking or the codes are numbers.

    Examples
    --------
    >>> districts = pd.DataFrame(
    ...     {
    ...         "code_bps": ["3374010", "3374130"],
    ...         "code_kemendagri": ["33.74.14", "33.74.01"],
    ...         "name": ["Mijen", "Semarang Tengah"],
    ...     }
    ... )
    >>> theirs = pd.DataFrame({"kode": ["33.74.01", "3374130"], "kec": ["Mijen", "Smg Tengah"]})
    >>> bad = check_codes(theirs, districts, "kode", "kec")
    >>> bad[["code", "name", "code_of_name", "name_of_code"]].to_dict("records")
    [{'code': '33.74.01', 'name': 'Mijen', 'code_of_name': '33.74.14', 'name_of_code': 'Semarang Tengah'}]
    """
    require_columns(frame, [code_column, name_column], "frame")
    require_columns(districts, ["code_bps", "code_kemendagri", "name"], "districts")
    resolved = resolve_names(frame[name_column], districts, aliases).codes
    records, index = [], []
    by_bps = districts.astype({"code_bps": str}).drop_duplicates("code_bps").set_index("code_bps")
    bps_of = {str(b): str(b) for b in by_bps.index}
    bps_of |= {str(k): str(b) for b, k in by_bps["code_kemendagri"].items()}
    texts = _texts(frame[code_column])
    for row, (label, code, name, found) in enumerate(
        zip(frame.index, texts, frame[name_column], resolved, strict=True), start=2
    ):
        bps = bps_of.get(code)
        expected = None if pd.isna(found) else str(found)
        if bps is not None and bps == expected:
            continue
        if bps is None:
            problem = "no code" if not code else "the code is not in the table"
        else:
            problem = "the name does not resolve" if expected is None else "the code and the name disagree"
        of_name = expected
        if expected is not None and "." in code:
            of_name = str(by_bps.loc[expected, "code_kemendagri"])
        of_code = None if bps is None else str(by_bps.loc[bps, "name"])
        records.append((row, code, clean(name), of_name, of_code, problem))
        index.append(label)
    return pd.DataFrame(records, columns=CHECK_COLUMNS, index=pd.Index(index, name=frame.index.name))


def _translate(codes: pd.Series, table: pd.DataFrame, source: str, target: str, what: str) -> pd.Series:
    require_columns(table, [source, target], what)
    problems = [
        Problem(what, file_row(position), column, str(table[column].iloc[position]), "each code once")
        for column in (source, target)
        for position in table[column].duplicated().to_numpy().nonzero()[0]
    ]
    if problems:
        raise DataError(problems, hint="Correct the table: a code may stand in one row only.")
    lookup = {str(key): str(value) for key, value in zip(table[source], table[target], strict=True)}
    texts = _texts(codes)
    problems = [
        Problem("codes", row, _name(codes), text, f"a {source} of the table of {what}")
        for row, text in enumerate(texts, start=2)
        if text and text not in lookup
    ]
    if problems:
        raise DataError(
            problems, hint="Codes are translated by table, never by arithmetic: mend the code or the table."
        )
    found = [lookup[text] if text else pd.NA for text in texts]
    return pd.Series(found, index=codes.index, dtype="string", name=target)


def _texts(codes: pd.Series) -> list[str]:
    if any(isinstance(code, int | float) and not is_missing(code) for code in codes):
        raise ParameterError(
            f"The codes in {_name(codes)!r} are numbers; codes are text.",
            hint="Read the file again with dtype=str: a number has lost its leading zeros and its points.",
        )
    return [clean(code) for code in codes]


def _name(series: pd.Series) -> str:
    return "" if series.name is None else str(series.name)
