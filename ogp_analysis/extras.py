"""Packages that only some uses need, loaded when they are first needed."""

from __future__ import annotations

import importlib
import warnings
from types import ModuleType

from ogp_analysis.errors import OgpAnalysisError


def extra_package(name: str, extra: str) -> ModuleType:
    """A package that comes with an extra of this project.

    Parameters
    ----------
    name : str
        As it is imported, such as ``esda``.
    extra : str
        Such as ``spatial``.

    Returns
    -------
    module

    Raises
    ------
    OgpAnalysisError
        If it is not installed.

    Examples
    --------
    >>> extra_package("no_such_package", "spatial")
    Traceback (most recent call last):
    ...
    ogp_analysis.errors.OgpAnalysisError: The package 'no_such_package' is not installed.
    What to do: Install the extra 'spatial': pip install "ogp-analysis[spatial]"
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of what the packages themselves import
            return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise OgpAnalysisError(
            f"The package '{error.name}' is not installed.",
            hint=f"Install the extra '{extra}': pip install \"ogp-analysis[{extra}]\"",
        ) from error
