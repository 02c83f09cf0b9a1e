import importlib

import pytest

from ogp_analysis.errors import OgpAnalysisError
from ogp_analysis.extras import extra_package


@pytest.mark.parametrize("extra", ["spatial", "composite", "effects"])
def test_a_package_not_installed_is_named_with_its_extra(extra):
    with pytest.raises(OgpAnalysisError, match="The package 'not_there_at_all' is not installed") as problem:
        extra_package("not_there_at_all", extra)
    assert f"ogp-analysis[{extra}]" in problem.value.hint


def test_what_a_package_itself_misses_is_named_and_not_the_package(monkeypatch):
    def half(name):
        raise ModuleNotFoundError("No module named 'numba'", name="numba")

    monkeypatch.setattr(importlib, "import_module", half)
    with pytest.raises(OgpAnalysisError, match="'numba'"):
        extra_package("esda", "spatial")
