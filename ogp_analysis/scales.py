"""Published rating scales as data: ordered labels in two languages, with source, validity and codes.

A rating is a label of one scale or one of the missing states below. Labels are compared by the order of their own
scale; comparing or pooling across scales raises, since no official cross-walk between them exists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import pandas as pd
import yaml

from ogp_analysis.errors import ParameterError, nearest

#: Why a rating is missing, as OGP's tables print it; never a low rating, never one for another.
STATES: Mapping[str, str] = {
    "NR": "not reviewed",
    "ND": "no data",
    "NA": "not applicable",
    "empty": "empty cell",
    "not_asked": "the edition has no such column",
    "unreadable": "a text that is no label of the scale",
}
#: What a reviewer or a local monitoring body rates of a commitment, and the scale that each is rated on.
VARIABLES: Mapping[str, str] = {
    "specificity": "specificity",
    "verifiable": "yes_no",
    "relevant": "yes_no",
    "ati": "yes_no",
    "cp": "yes_no",
    "pa": "yes_no",
    "ti": "yes_no",
    "potential_impact": "potential_impact",
    "potential_for_results": "potential_for_results",
    "ambition": "page_ambition",
    "completion": "completion",
    "early_results": "early_results",
    "diog": "diog",
    "diog_ati": "diog_by_value",
    "diog_cp": "diog_by_value",
    "diog_pa": "diog_by_value",
}
#: The question behind each variable that is answered by yes or no, after OGP's help texts and glossary.
QUESTIONS: Mapping[str, str] = {
    "verifiable": "Are the objectives and actions clear enough, with activities that can be verified objectively?",
    "relevant": "Does it make government more transparent, participatory or accountable to the public?",
    "ati": "Does it open information that the government holds to the public?",
    "cp": "Does it bring the public to debate, to give input or to contribute?",
    "pa": "Does it make officials justify themselves, act on criticism or take responsibility, before the public?",
    "ti": "Does it use technology to advance one of the other values?",
}
#: How sure a scale or a rule is.
STATUSES = ("stated", "measured", "unconfirmed")
_PREFIX = re.compile(r"^[a-h]\.\s+")
_SPACES = re.compile(r"\s+")


def normalised(text: str) -> str:
    """A printed label without its counting letter, in one case, with single spaces.

    Examples
    --------
    >>> normalised("b.  Limited ")
    'limited'
    """
    return _PREFIX.sub("", _SPACES.sub(" ", text).strip().casefold())


@dataclass(frozen=True)
class Label:
    """One step of a scale.

    Attributes
    ----------
    key : str
        Name used in tables and code.
    en, id : str
        Name shown to readers.
    means : str
        Definition in short.
    rank : int or None
        Place in the order from 0; ``None`` for a rating that stands outside it.
    codes : mapping of str to tuple of str
        Codes printed beside the label, by coding (``"all"`` where every file uses the same).
    spellings : tuple of str
        Further printed forms.
    status : str
        ``stated``, ``measured`` or ``unconfirmed``.
    """

    key: str
    en: str
    id: str
    means: str
    rank: int | None = None
    codes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    spellings: tuple[str, ...] = ()
    status: str = ""


@dataclass(frozen=True)
class Scale:
    """An ordered scale of labels as published.

    Attributes
    ----------
    key, name_en, name_id, asks : str
        Name in code, names for readers, and the question it answers.
    labels : tuple of Label
        Those outside the order first, then from lowest to highest.
    valid_from, valid_to : int or None
        Years of plans that were rated on it; an open end is ``None``.
    source, status : str
        Where it was read, and how sure that is.
    """

    key: str
    name_en: str
    name_id: str
    asks: str
    labels: tuple[Label, ...]
    valid_from: int
    valid_to: int | None
    source: str
    status: str

    @cached_property
    def by_key(self) -> dict[str, Label]:
        """The labels by their key."""
        return {label.key: label for label in self.labels}

    @cached_property
    def dtype(self) -> pd.CategoricalDtype:
        """The type of a column of ratings: missing states first, then the labels of this scale."""
        return pd.CategoricalDtype([*STATES, *self.by_key])

    @cached_property
    def by_spelling(self) -> dict[str, str]:
        """Every printed form, normalised, with the key or state that it stands for."""
        states = {"nr": "NR", "nd": "ND", "na": "NA", "": "empty"}
        forms = {normalised(form): label.key for label in self.labels for form in (label.en, *label.spellings)}
        return states | forms

    def name(self, language: str) -> str:
        """The name for readers of a language."""
        from ogp_analysis.locale import get_language  # Babel, which a table of ratings alone has no need of

        return get_language(language).word(self.name_en, self.name_id)

    def label(self, key: str) -> Label:
        """The label with a key.

        Raises
        ------
        ParameterError
            If the scale has no such label.

        Examples
        --------
        >>> scale("completion").label("substantial").rank
        2
        """
        if key not in self.by_key:
            raise ParameterError(
                f"The scale '{self.key}' has no label {key!r}.", hint=nearest(str(key), list(self.by_key))
            )
        return self.by_key[key]

    def codes(self, coding: str) -> dict[str, tuple[str, ...]]:
        """Codes of one generation of files, each with the keys of the labels it stands beside."""
        out: dict[str, tuple[str, ...]] = {}
        for label in self.labels:
            for code in label.codes.get(coding, label.codes.get("all", ())):
                out[code.casefold()] = (*out.get(code.casefold(), ()), label.key)
        return out

    def read(self, printed: pd.Series) -> pd.Series:
        """Turn printed labels into ratings on this scale.

        Letters before a label (``b. Limited``), case and spaces do not matter; ``NR``, ``ND``, ``NA`` and
        empty cells become their states; a text that is none of these becomes ``unreadable``.

        Parameters
        ----------
        printed : Series of str

        Returns
        -------
        Series
            Categorical of :attr:`dtype`, same index and name.

        Examples
        --------
        >>> scale("completion").read(pd.Series(["c. Substantial", "NR", "unclear", "?"])).tolist()
        ['substantial', 'NR', 'no_evidence', 'unreadable']
        """
        texts = printed.astype("category")
        keys = [self.by_spelling.get(normalised(str(text)), "unreadable") for text in texts.cat.categories]
        # one more at the end: a missing value has the code -1, and is an empty cell
        place = self.dtype.categories.get_indexer(pd.Index([*keys, "empty"]))
        codes = place[texts.cat.codes.to_numpy()]
        return pd.Series(pd.Categorical.from_codes(codes, dtype=self.dtype), printed.index, name=printed.name)

    def ordered(self, ratings: pd.Series) -> pd.Series:
        """Ratings as an ordered categorical; missing states and labels outside the order become missing.

        Examples
        --------
        >>> completion = scale("completion")
        >>> completion.ordered(completion.read(pd.Series(["Limited", "Unclear", "Complete"]))).tolist()
        ['limited', nan, 'complete']
        """
        _require(ratings, self)
        ranked = [label.key for label in self.labels if label.rank is not None]
        return ratings.where(ratings.isin(ranked)).astype(pd.CategoricalDtype(ranked, ordered=True))

    def ranks(self, ratings: pd.Series) -> pd.Series:
        """Places in the order (``Int64``); missing where there is none."""
        _require(ratings, self)
        ranks = {label.key: label.rank for label in self.labels if label.rank is not None}
        return ratings.astype(object).map(ranks).astype("Int64")


def scale(key: str) -> Scale:
    """The published scale with a name.

    Raises
    ------
    ParameterError
        If there is none.

    Examples
    --------
    >>> [label.key for label in scale("potential_for_results").labels]
    ['unclear', 'modest', 'substantial']
    """
    table = scales()
    if key not in table:
        raise ParameterError(f"There is no scale {key!r}.", hint=nearest(str(key), list(table)))
    return table[key]


@cache
def scales() -> dict[str, Scale]:
    """Every scale by its name."""
    text = (Path(__file__).parent / "scales.yaml").read_text(encoding="utf-8")
    return {key: _scale(key, entry) for key, entry in yaml.safe_load(text).items()}


def question(variable: str) -> str:
    """What is asked of a commitment under a variable of :data:`VARIABLES`.

    Examples
    --------
    >>> question("completion")
    'How much of what was promised has been done?'
    """
    return QUESTIONS.get(variable) or scale(VARIABLES[variable]).asks


def scale_of(ratings: pd.Series) -> Scale:
    """The scale that a column of ratings is on.

    Raises
    ------
    ParameterError
        If the column is no rating of one scale: plain text, or two scales put one under the other.
    """
    dtype = ratings.dtype
    if isinstance(dtype, pd.CategoricalDtype):
        found = set(dtype.categories)
        for candidate in scales().values():
            if set(candidate.dtype.categories) == found:
                return candidate
    raise ParameterError(
        f"The column {ratings.name!r} does not hold ratings on one published scale.",
        hint="Ratings on different scales (such as potential impact and potential for results, or 'did it open"
        " government' and early results) have no official cross-walk: count each on its own. Plain text becomes"
        " ratings with scale(...).read(...).",
    )


def at_least(ratings: pd.Series, lowest: str) -> pd.Series:
    """Whether each rating reaches a label of its scale.

    A missing state gives a missing answer, never *no*. A rating that stands outside the order (completion that
    could not be established, a withdrawn commitment) was made and does not reach the label: *no*.

    Parameters
    ----------
    ratings : Series
        Ratings on one scale, from :meth:`Scale.read`.
    lowest : str
        Key of the label to reach.

    Returns
    -------
    Series of boolean
        Nullable, same index and name.

    Examples
    --------
    >>> at_least(scale("completion").read(pd.Series(["d. Complete", "Unclear", "NR"])), "substantial").tolist()
    [True, False, <NA>]
    """
    own = scale_of(ratings)
    rank = own.label(lowest).rank
    if rank is None:
        raise ParameterError(f"The label {lowest!r} stands outside the order of the scale '{own.key}'.")
    answers: dict[str, bool | None] = dict.fromkeys(STATES) | {
        label.key: label.rank is not None and label.rank >= rank for label in own.labels
    }
    by_code = pd.array([answers[key] for key in ratings.cat.categories], dtype="boolean")
    codes = ratings.cat.codes.to_numpy()
    out = pd.Series(by_code.take(codes, allow_fill=True), index=ratings.index, name=ratings.name)
    return out.astype("boolean")


def rated(ratings: pd.Series) -> pd.Series:
    """Whether there is a rating at all, on the order of the scale or outside it."""
    own = scale_of(ratings)
    return ratings.isin(list(own.by_key))


def _require(ratings: pd.Series, own: Scale) -> None:
    found = scale_of(ratings)
    if found.key != own.key:
        raise ParameterError(
            f"The column {ratings.name!r} is on the scale '{found.key}', not '{own.key}'.",
            hint="Scales are not converted into each other: no official cross-walk exists.",
        )


def _scale(key: str, entry: dict[str, object]) -> Scale:
    values = dict(entry)
    labels = values.pop("labels")
    assert isinstance(labels, list)
    made = tuple(
        Label(
            **{
                **label,
                "codes": {
                    coding: (code,) if isinstance(code, str) else tuple(code)
                    for coding, code in label.get("codes", {}).items()
                },
                "spellings": tuple(label.get("spellings", ())),
                "status": label.get("status", values["status"]),
            }
        )
        for label in labels
    )
    return Scale(key=key, labels=made, **{"valid_to": None, **values})  # type: ignore[arg-type]
