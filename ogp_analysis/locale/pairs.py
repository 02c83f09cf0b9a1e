"""Texts that a table has in English and Indonesian, side by side, in the language of the reader."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ogp_analysis.locale import Language


def pair(frame: pd.DataFrame, name: str, language: Language) -> pd.Series[Any]:
    """The column of a pair in the reader's language, see :meth:`ogp_analysis.locale.Language.text`.

    Parameters
    ----------
    frame : DataFrame
        With ``<name>_en`` and, as a rule, ``<name>_id``.
    name : str
    language : Language

    Examples
    --------
    >>> from ogp_analysis.locale import get_language
    >>> words = pd.DataFrame({"name_en": ["house"], "name_id": ["rumah"]})
    >>> pair(words, "name", get_language("id")).tolist()
    ['rumah']
    """
    own = f"{name}_{language.code}"
    if own in frame:
        return frame[own]
    english = frame[f"{name}_en"]
    indonesian = frame.get(f"{name}_id", english)
    texts = [a if pd.isna(a) else language.text(str(a), str(b)) for a, b in zip(english, indonesian, strict=True)]
    return pd.Series(texts, index=frame.index, dtype=english.dtype, name=english.name)


def pair_text(row: pd.Series[Any], name: str, language: Language) -> Any:
    """The text of a pair in the reader's language, from one row; missing where the row has none."""
    own = f"{name}_{language.code}"
    if own in row:
        return row[own]
    english = row.get(f"{name}_en")
    if english is None or pd.isna(english):
        return english
    return language.text(str(english), str(row.get(f"{name}_id", english)))
