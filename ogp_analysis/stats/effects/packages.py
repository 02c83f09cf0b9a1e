"""Packages of the extra ``effects``, loaded when they are first needed."""

from __future__ import annotations

import warnings
from types import ModuleType

from ogp_analysis.errors import OgpAnalysisError


def effects_package(name: str) -> ModuleType:
    """A package of the extra ``effects``.

    Parameters
    ----------
    name : str

    Returns
    -------
    module

    Raises
    ------
    OgpAnalysisError
        If it is not installed.

    Examples
    --------
    >>> effects_package("no_such_package")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.OgpAnalysisError: The package 'no_such_package' is not installed.
    What to do: Install the extra 'effects': pip install "ogp-analysis[effects]"
    """
    from importlib import import_module

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of what the packages themselves import
            return import_module(name)
    except ModuleNotFoundError as error:
        raise OgpAnalysisError(
            f"The package '{error.name}' is not installed.",
            hint="Install the extra 'effects': pip install \"ogp-analysis[effects]\"",
        ) from error
